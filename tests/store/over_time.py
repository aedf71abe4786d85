"""Values over time for the tests of history: states, incidents, mutes, issues."""

from hypothesis import strategies as st

from monitor.core.causes import Cause, CauseKind
from monitor.core.incidents import (
    Ending,
    Incident,
    IncidentId,
    IncidentTransition,
    IncidentTurn,
    Member,
)
from monitor.core.model import Link, Occurrence, Position, Resource, ResourceId, RunId, Url, Verdict
from monitor.core.mutes import Mute
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase, Sighting, State, Streak, Trouble
from monitor.core.tracked import Tracked, TrackedState
from tests.store.samples import (
    LECTURE,
    NOON,
    a_reference,
    a_resource,
    instants,
    maybe_instants,
    plain_jsons,
    reasons,
    texts,
    verdicts,
)


def an_incident(name="i1", opened_at=NOON, members=(LECTURE,), **more):
    plain = {
        "cause": Cause(kind=CauseKind.OWNER, key="youtube:channel:UC1", name="the channel UC1"),
        "status": Status.BROKEN,
        "reason": Reason.DELETED,
        "members": tuple(a_member(each) for each in members),
    }
    return Incident(id=IncidentId(name), opened_at=opened_at, **{**plain, **more})


def a_member(name=LECTURE, phase=Phase.CONFIRMED, **more):
    return Member(
        resource=a_resource(name),
        verdict=Verdict(reason=Reason.DELETED, detail="It was deleted."),
        since=NOON,
        phase=phase,
        links=(a_reference(name).link,),
        **more,
    )


def a_turn(name="t1", incident="i1", turn=IncidentTurn.OPENED, at=NOON, run="r1"):
    return IncidentTransition(
        id=name,
        incident=IncidentId(incident),
        turn=turn,
        at=at,
        run=RunId(run),
        sentence="The channel UC1 was terminated.",
    )


def a_mute(name="m1", what="https://a.test/*", since=NOON, until=None, **more):
    plain = {"reason": "It is on holiday.", "by": "the command line"}
    return Mute(id=name, what=what, since=since, until=until, **{**plain, **more})


streaks = st.builds(Streak, times=st.integers(0, 9), first=maybe_instants, last=maybe_instants)
sightings = st.builds(Sighting, instants, reasons)
troubles = st.builds(
    Trouble,
    phase=st.sampled_from(Phase),
    since=maybe_instants,
    began=maybe_instants,
    reason=st.none() | reasons,
    hard=streaks,
    soft=streaks,
    good=streaks,
)
states = st.builds(
    State,
    seen_at=maybe_instants,
    good_at=maybe_instants,
    reason=st.none() | reasons,
    broken=troubles,
    remark=troubles,
    turns=st.lists(instants, max_size=3).map(tuple),
    flapping=maybe_instants,
)


def incidents(text=texts, json=plain_jsons):
    """Draw incidents with such texts and facts in them."""
    many = st.lists(text, max_size=2).map(tuple)
    positions = st.builds(Position, line=st.integers(), column=st.integers())
    occurrences = st.builds(
        Occurrence,
        page=text,
        position=positions,
        element=text,
        attribute=text,
        text=text,
        context=many,
        used_at=st.none() | positions,
    )
    links = st.builds(Link, written=text, url=text.map(Url), occurrence=occurrences)
    resources = st.builds(
        Resource,
        id=text.map(ResourceId),
        provider=text,
        kind=text,
        url=text.map(Url),
        keys=st.dictionaries(text, text, max_size=2),
        needs=st.frozensets(text, max_size=2),
    )
    members = st.builds(
        Member,
        resource=resources,
        verdict=verdicts(json, text),
        since=instants,
        phase=st.sampled_from(Phase),
        links=st.lists(links, max_size=2).map(tuple),
        sources=many,
        known=st.dictionaries(text, json, max_size=2),
    )
    return st.builds(
        Incident,
        id=text.map(IncidentId),
        cause=st.builds(Cause, kind=st.sampled_from(CauseKind), key=text, name=text),
        status=st.sampled_from(Status),
        reason=reasons,
        opened_at=instants,
        members=st.lists(members, max_size=2).map(tuple),
        detail=text,
        flapping=st.booleans(),
        closed_at=maybe_instants,
        ending=st.none() | st.sampled_from(Ending),
        into=st.none() | text.map(IncidentId),
    )


issues = st.builds(
    Tracked,
    repository=texts,
    number=st.integers(),
    digest=texts,
    state=st.sampled_from(TrackedState),
    heard=st.integers(),
    closed_at=maybe_instants,
    marks=st.lists(texts, max_size=2).map(tuple),
)
