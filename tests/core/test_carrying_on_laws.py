"""What holds of incidents whatever happens, day after day."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.carrying_on import carry_on
from monitor.core.causes import credential
from monitor.core.fates import Fate, fate_of
from monitor.core.incidents import Ending, IncidentTurn, Seen, Watched
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase
from tests.core.days import (
    BRANCH,
    OTHER,
    OWNER,
    REPOSITORY,
    SERVICE,
    fails,
    link,
    refused,
    seen,
    suspect,
    works,
)

PAGES = {"https://course.example/": "course", "https://lectures.example/": "lectures"}
THINGS = {
    "https://example.org/a": (),
    "https://example.org/b": (),
    "https://example.org/c": (),
    "https://example.net/d": (),
    "https://github.com/e": (SERVICE, OWNER, REPOSITORY, BRANCH),
    "https://github.com/f": (SERVICE, OWNER, REPOSITORY),
    "https://github.com/g": (SERVICE, OWNER, OTHER),
    "https://github.com/h": (SERVICE,),
    "https://github.com/i": (SERVICE,),
}
PLACES = {
    url: [page for n, page in enumerate(PAGES) if (number + n) % 3] or list(PAGES)
    for number, url in enumerate(THINGS)
}
"""On which of the pages each stands: some on both."""

reasons = st.sampled_from(
    [
        Reason.NOT_FOUND,
        Reason.SERVER_ERROR,
        Reason.DELETED,
        Reason.BRANCH_GONE,
        Reason.RENAMED,
        Reason.MOVED,
        Reason.PART_MISSING,
    ]
)
phases = st.sampled_from([Phase.CONFIRMED, Phase.CONFIRMED, Phase.RECOVERING, Phase.FLAPPING])


@st.composite
def watched(draw, pages) -> list[Watched]:
    """Draw what the links on these pages come to; pages are read whole."""
    found = []
    mood = draw(st.sampled_from(["any", "well", "outage"]))
    for url, causes in THINGS.items():
        stands = [page for page in PLACES[url] if page in pages]
        if not stands or draw(st.integers(0, 9)) == 0:
            continue
        how = draw(st.sampled_from(["works", "suspect", "fails"])) if mood == "any" else mood
        if how in {"works", "well"}:
            found.append(works(url, *causes))
        elif how == "suspect":
            found.append(suspect(url, *causes))
        else:
            reason = draw(reasons) if how == "fails" else Reason.SERVER_ERROR
            links = tuple(link(url, page) for page in stands)
            sources = tuple(PAGES[page] for page in stands)
            phase = draw(phases)
            now = fails(url, *causes, reason=reason, phase=phase, links=links, sources=sources)
            known = draw(st.booleans())
            found.append(now if known else replace(now, well=frozenset()))
    return found


@st.composite
def histories(draw) -> list[Seen]:
    """Draw what the runs of some days saw, some of them of a part of the pages only."""
    days = []
    day = 0.0
    for _ in range(draw(st.integers(1, 6))):
        day += draw(st.sampled_from([0.5, 1, 1, 1, 40]))
        sources = draw(
            st.sampled_from([("course", "lectures"), ("course",), ("course", "lectures")])
        )
        unread = (
            draw(st.sets(st.sampled_from(sorted(PAGES)), max_size=1)) if len(sources) > 1 else ()
        )
        read = [page for page, source in PAGES.items() if source in sources and page not in unread]
        keys = draw(st.sampled_from([None, frozenset(), frozenset({"github"})]))
        days.append(
            seen(
                *draw(watched(read)),
                day=day,
                sources=sources,
                unread=tuple(unread),
                refused=draw(st.sampled_from([(), (), (refused(),), (refused("youtube"),)])),
                keys=keys,
                taken=tuple(draw(st.sets(st.sampled_from(["github", "youtube"])))),
                gone=tuple({"course", "lectures"} - {*sources}) if draw(st.booleans()) else (),
            )
        )
    return days


def told(known):
    return [each for each in known.values() if each.is_open]


@settings(max_examples=300, deadline=None)
@given(history=histories(), data=st.data())
def test_the_laws_of_carrying_on(history, data):
    known, happened = {}, []
    for run in history:
        before = dict(known)
        changed, turned = carry_on(list(known.values()), run)
        known |= {each.id: each for each in changed}
        happened += turned

        assert carry_on(list(known.values()), run) == ((), ())
        assert len({each.id for each in changed}) == len(changed)
        assert all(each != before.get(each.id) for each in changed)

        mixed = data.draw(st.permutations(run.watched))
        other = replace(run, watched=tuple(mixed))
        shuffled = data.draw(st.permutations(list(before.values())))
        assert carry_on(shuffled, other) == (changed, turned)

        by_id = {each.id: each for each in run.watched}
        held = Counter(
            (incident.status, member.resource.id)
            for incident in told(known)
            for member in incident.members
        )
        for each in run.watched:
            if each.trouble is not None:
                assert held[each.trouble.status, each.id] == 1
        for incident in told(known):
            if incident.status is not Status.UNKNOWN:
                assert any(
                    fate_of(member, incident.status, by_id, run) is Fate.AILS
                    or (fate_of(member, incident.status, by_id, run) is Fate.UNSEEN and member.ails)
                    for member in incident.members
                )
        assert_kept(before, known, by_id, run)

        for each in turned:
            incident = known[each.incident]
            if each.turn is IncidentTurn.CLOSED and incident.ending is Ending.RECOVERED:
                assert_well(before[incident.id], by_id, run)

    assert len({each.id for each in happened}) == len(happened)
    assert_stories(known, happened)


def assert_kept(before, known, by_id, run):
    """Check that what a run could not see, or not wholly, is as it was before."""
    for id_, incident in before.items():
        now = known[id_]
        assert (now.opened_at, now.status) == (incident.opened_at, incident.status)
        home = now if now.is_open else known[now.into or id_]
        for member in incident.members:
            if incident.is_open and fate_of(member, incident.status, by_id, run) is Fate.UNSEEN:
                assert member in home.members


def assert_well(incident, by_id, run):
    """Check that an incident that is called recovered has: each that ailed is well, or is not
    linked any more. A key was taken.
    """
    for member in incident.members:
        if member.ails and member.resource.id in by_id:
            now = by_id[member.resource.id]
            assert incident.status in now.well
        elif member.ails:
            assert {*member.sources} <= {*run.sources} | run.gone
    if incident.status is Status.UNKNOWN:
        assert incident.cause.key in {credential(name).key for name in run.keys.taken}


def assert_stories(known, happened):
    """Check that every incident is opened once, and then closed and opened again by turns."""
    for id_, incident in known.items():
        turns = [each.turn for each in happened if each.incident == id_]
        ends = [turn for turn in turns if turn in _ENDS]
        expected = [IncidentTurn.OPENED]
        while len(expected) < len(ends):
            expected += [IncidentTurn.CLOSED, IncidentTurn.REOPENED]
        assert ends == expected[: len(ends)]
        assert incident.is_open == (ends[-1] is not IncidentTurn.CLOSED)
        assert incident.is_open == (incident.ending is None)
        worse = [each for each in happened if each.incident == id_]
        assert max(Counter((each.turn, each.run) for each in worse).values()) == 1


_ENDS = {IncidentTurn.OPENED, IncidentTurn.CLOSED, IncidentTurn.REOPENED}
