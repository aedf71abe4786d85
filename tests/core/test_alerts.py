"""Who is told of what happened, and when."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import MOST_SINGLE, Channel, Due, due
from monitor.core.causes import Cause, CauseKind
from monitor.core.incidents import (
    Incident,
    IncidentId,
    IncidentTransition,
    IncidentTurn,
    Member,
)
from monitor.core.model import Resource, ResourceId, RunId, Url, Verdict
from monitor.core.quiet import Quiet
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase
from tests.core.days import link

NOW = datetime(2026, 11, 24, 3, 17, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPENED, WORSENED, FLAPPING, CLOSED, REOPENED = (
    IncidentTurn.OPENED,
    IncidentTurn.WORSENED,
    IncidentTurn.FLAPPING,
    IncidentTurn.CLOSED,
    IncidentTurn.REOPENED,
)
NIGHT = Quiet(start=time(22), end=time(7), zone=UTC)
MAIL = Channel(name="mail")
CHAT = Channel(name="chat", digest=False)


def incident(
    name: str = "i",
    *,
    status: Status = Status.BROKEN,
    provider: str = "web",
    page: str = "docs/index.md",
    links: int = 1,
    closed_at: datetime | None = None,
) -> Incident:
    url = Url(f"https://{name}.example/")
    resource = Resource(id=ResourceId(url), provider=provider, kind="page", url=url)
    member = Member(
        resource=resource,
        verdict=Verdict(reason=Reason.NOT_FOUND, detail=""),
        since=NOW,
        phase=Phase.CONFIRMED,
        links=tuple(link(url, page, line) for line in range(1, links + 1)),
    )
    return Incident(
        id=IncidentId(name),
        cause=Cause(kind=CauseKind.RESOURCE, key=name, name=name),
        status=status,
        reason=Reason.NOT_FOUND,
        opened_at=NOW,
        members=(member,),
        closed_at=closed_at,
    )


def story(*turns: IncidentTurn, of: str = "i", ago: timedelta = timedelta(0)):
    return [
        IncidentTransition(
            id=f"{of}{n}",
            incident=IncidentId(of),
            turn=turn,
            at=NOW - ago,
            run=RunId("r"),
            sentence=f"{turn} {n}",
        )
        for n, turn in enumerate(turns)
    ]


def decide(untold, *incidents, channel=MAIL, muted=(), now=NOW, tries=None) -> Due:
    known = {each.id: each for each in incidents}
    return due(untold, known, channel, muted, now, tries or {})


def ids(found: Due) -> list[list[str]]:
    return [[id_ for item in message for id_ in item.ids] for message in found.messages]


OPEN, OVER = incident(), incident(closed_at=NOW)


@pytest.mark.parametrize(
    ("turns", "known", "told", "silent"),
    [
        pytest.param([], OPEN, [], [], id="nothing happened"),
        pytest.param([OPENED], OPEN, [["i0"]], [], id="a new one"),
        pytest.param([OPENED, WORSENED], OPEN, [["i0", "i1"]], [], id="and it got worse"),
        pytest.param([CLOSED], OVER, [["i0"]], [], id="one that was told of is over"),
        pytest.param([WORSENED, CLOSED], OVER, [["i0", "i1"]], [], id="worse, then over"),
        pytest.param(
            [OPENED, WORSENED, CLOSED], OVER, [], ["i0", "i1", "i2"], id="over before it was told"
        ),
        pytest.param([CLOSED, REOPENED], OPEN, [["i0", "i1"]], [], id="over and back"),
        pytest.param([CLOSED, REOPENED, CLOSED], OVER, [["i0"]], ["i1", "i2"], id="back for a day"),
        pytest.param(
            [OPENED, CLOSED, REOPENED], OPEN, [["i2"]], ["i0", "i1"], id="over once, and back"
        ),
    ],
)
def test_what_happened_to_one_incident(turns, known, told, silent):
    found = decide(story(*turns), known)
    assert (ids(found), list(found.silent)) == (told, silent)
    assert found.waiting == ()


def test_an_end_is_told_where_the_beginning_may_have_been():
    found = decide(story(OPENED, CLOSED), OVER, tries={"i0": 1})
    assert ids(found) == [["i0", "i1"]]


def test_what_is_not_known_needs_no_telling():
    assert decide(story(OPENED)) == Due(silent=("i0",))


@pytest.mark.parametrize(
    ("turns", "turn"),
    [
        pytest.param([OPENED], OPENED, id="new"),
        pytest.param([OPENED, WORSENED], OPENED, id="new and worse is new"),
        pytest.param([WORSENED], WORSENED, id="worse"),
        pytest.param([WORSENED, FLAPPING], FLAPPING, id="worse, then coming and going"),
        pytest.param([WORSENED, CLOSED], CLOSED, id="worse, then over"),
        pytest.param([CLOSED, REOPENED], REOPENED, id="back again"),
    ],
)
def test_what_it_comes_to(turns, turn):
    ((item,),) = decide(story(*turns), OVER if turn is CLOSED else OPEN).messages
    assert item.turn is turn


@pytest.mark.parametrize(
    ("more", "told"),
    [
        pytest.param({}, True, id="no filter"),
        pytest.param({"turns": frozenset({OPENED})}, True, id="beginnings"),
        pytest.param({"turns": frozenset({CLOSED})}, False, id="ends alone"),
        pytest.param({"statuses": frozenset({Status.BROKEN})}, True, id="what is broken"),
        pytest.param({"statuses": frozenset({Status.WARNING})}, False, id="warnings alone"),
        pytest.param({"providers": frozenset({"web", "github"})}, True, id="its provider"),
        pytest.param({"providers": frozenset({"youtube"})}, False, id="another provider"),
        pytest.param({"pages": "docs/*"}, True, id="its page"),
        pytest.param({"pages": "blog/*"}, False, id="another page"),
    ],
)
def test_filters(more, told):
    found = decide(story(OPENED), OPEN, channel=replace(MAIL, **more))
    assert bool(found.messages) is told
    assert found.silent == (() if told else ("i0",))


def test_the_end_is_heard_by_who_heard_the_beginning():
    over = incident(closed_at=NOW)
    unlinked = replace(over, members=(replace(over.members[0], links=(), stood=("docs/a.md",)),))
    assert ids(decide(story(CLOSED), unlinked, channel=replace(MAIL, pages="docs/*"))) == [["i0"]]
    found = decide(story(CLOSED), unlinked, channel=replace(MAIL, pages="blog/*"))
    assert found == Due(silent=("i0",))


def test_what_is_muted_is_kept_for_later_without_a_word():
    assert decide(story(OPENED), OPEN, muted={"i"}) == Due()
    assert ids(decide(story(OPENED, ago=300 * DAY), OPEN)) == [["i0"]]


def test_what_was_over_before_its_mute_was_is_never_told():
    assert decide(story(OPENED, CLOSED), OVER, muted={"i"}) == Due(silent=("i0", "i1"))


def test_an_end_of_long_ago_is_no_news():
    assert ids(decide(story(CLOSED, ago=7 * DAY), OVER)) == [["i0"]]
    assert decide(story(CLOSED, ago=7 * DAY + HOUR), OVER) == Due(silent=("i0",))


def test_quiet_hours_wait():
    channel = replace(MAIL, quiet=NIGHT)
    asleep = decide(story(OPENED), OPEN, channel=channel)
    assert (asleep.messages, asleep.silent) == ((), ())
    assert [item.ids for item in asleep.waiting] == [("i0",)]
    assert asleep.until == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert ids(decide(story(OPENED), OPEN, channel=channel, now=asleep.until)) == [["i0"]]


def test_filters_do_not_sleep():
    channel = replace(MAIL, quiet=NIGHT, turns=frozenset({CLOSED}))
    assert decide(story(OPENED), OPEN, channel=channel) == Due(silent=("i0",))


@pytest.mark.parametrize(
    ("tries", "rest"),
    [
        pytest.param(0, timedelta(0), id="never tried"),
        pytest.param(1, 1 * HOUR, id="tried once"),
        pytest.param(2, 6 * HOUR, id="twice"),
        pytest.param(3, 1 * DAY, id="three times"),
        pytest.param(4, 2 * DAY, id="then once a day"),
        pytest.param(9, 7 * DAY, id="for as long as it takes"),
    ],
)
def test_a_channel_that_fails_rests_ever_longer(tries, rest):
    def at(now: datetime) -> Due:
        return decide(story(OPENED), OPEN, now=now, tries={"i0": tries})

    assert ids(at(NOW + rest)) == [["i0"]]
    if tries:
        early = at(NOW + rest - timedelta(seconds=1))
        assert (early.messages, early.until) == ((), NOW + rest)


def test_news_take_along_what_failed_before():
    untold = [*story(OPENED), *story(OPENED, of="j")]
    found = decide(untold, OPEN, incident("j"), tries={"i0": 1})
    assert ids(found) == [["i0", "j0"]]


def many(number: int):
    names = [f"n{n:02}" for n in range(number)]
    return [each for name in names for each in story(OPENED, of=name)], map(incident, names)


@pytest.mark.parametrize(
    ("channel", "number", "sizes"),
    [
        pytest.param(MAIL, 1, [1], id="a digest of one"),
        pytest.param(MAIL, 40, [40], id="a digest is one message, whatever it holds"),
        pytest.param(CHAT, 1, [1], id="one, singly"),
        pytest.param(CHAT, MOST_SINGLE, [1] * MOST_SINGLE, id="some, singly"),
        pytest.param(CHAT, MOST_SINGLE + 1, [MOST_SINGLE + 1], id="too many are a digest"),
        pytest.param(CHAT, 40, [40], id="the first run ever is one message, never forty"),
    ],
)
def test_digest_or_single(channel, number, sizes):
    untold, incidents = many(number)
    found = decide(untold, *incidents, channel=channel)
    assert [len(message) for message in found.messages] == sizes


def test_the_worst_comes_first():
    known = [
        incident("a", status=Status.WARNING, links=9),
        incident("b", closed_at=NOW, links=9),
        incident("c"),
        incident("d", links=2),
        incident("e", status=Status.UNKNOWN),
    ]
    untold = [t for i in known for t in story(OPENED if i.is_open else CLOSED, of=i.id)]
    assert ids(decide(untold, *known)) == [["d0", "c0", "e0", "a0", "b0"]]


names = st.sampled_from("ijk")


@st.composite
def situations(draw):
    """Return any situation, with a story that may have happened or not."""
    turns = draw(st.lists(st.tuples(names, st.sampled_from(IncidentTurn)), max_size=9))
    untold = [
        replace(story(turn, of=name, ago=draw(st.integers(0, 20)) * DAY)[0], id=f"t{n}")
        for n, (name, turn) in enumerate(turns)
    ]
    known = [
        incident(name, closed_at=draw(st.sampled_from([None, NOW])))
        for name in draw(st.sets(names))
    ]
    channel = Channel(
        name="any",
        digest=draw(st.booleans()),
        quiet=draw(st.sampled_from([None, NIGHT])),
        turns=draw(st.frozensets(st.sampled_from(IncidentTurn))),
    )
    tries = draw(st.dictionaries(st.sampled_from([each.id for each in untold] or [""]), st.just(1)))
    return untold, known, channel, draw(st.sets(names)), tries


@given(situations())
def test_laws(situation):
    untold, known, channel, muted, tries = situation
    found = decide(untold, *known, channel=channel, muted=muted, tries=tries)
    items = [item for message in (*found.messages, found.waiting) for item in message]
    told = [id_ for item in items for id_ in item.ids]
    held = {each.id for each in untold if each.incident in muted}

    assert not muted & {item.incident.id for item in items}, "what is muted is not told"
    assert not set(told) & set(found.silent), "nothing is told and passed over"
    assert set(told) | set(found.silent) | held == {each.id for each in untold}, "nothing is lost"
    assert max(Counter(told).values(), default=1) == 1, "nothing is told twice"
    assert not (found.messages and found.waiting), "all of it waits or nothing"
    assert not (found.messages and channel.quiet and channel.quiet.until(NOW)), "it is quiet"
    assert len(found.messages) <= MOST_SINGLE, "nobody is flooded"
    rest = [each for each in untold if each.id not in found.silent]
    again = decide(rest, *known, channel=channel, muted=muted, tries=tries)
    assert again == replace(found, silent=()), "it can be decided again"


def test_history_knows_a_channel_apart_from_other_readers():
    assert (MAIL.key, Channel(name="github").key) == ("alert mail", "alert github")
