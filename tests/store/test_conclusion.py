"""A run is concluded in one transaction: all that it comes to is written, or nothing is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.conclusion import Conclusion
from monitor.core.incidents import Ending, IncidentTurn
from monitor.core.model import PageRecord, ResourceId, RunId
from monitor.core.reasons import Reason
from monitor.core.states import PRESETS, Sighting, State, Transition, Turn, replay, step
from monitor.store.history import History
from tests.store.over_time import a_turn, an_incident
from tests.store.places import connected
from tests.store.samples import DAY, LECTURE, NOON, a_check, a_run, ended, spread

OTHER = ResourceId("web:https://other.test/")
PATIENT, STRICT = PRESETS["patient"], PRESETS["strict"]
BY_PATIENT = {LECTURE: "patient"}


async def observed(history, number, reason=Reason.ALIVE, id_=LECTURE, **verdict):
    """Store a run that has observed one resource, and return it as it ends."""
    at = NOON + number * DAY
    run = a_run(f"r{number}", at)
    history.begin(run)
    await history.record(run.id, a_check(id_, reason, at, **verdict))
    return ended(run)


def stepping(at, reason=Reason.ALIVE, digest="patient", policy=PATIENT):
    """Return what decides as a run does that met the lecture with a reason."""

    def decide(known):
        sighting = Sighting(at, reason)
        before = known.states.get(LECTURE)
        if before is None:
            state, happened = replay([*known.sightings(LECTURE), sighting], policy)
        else:
            state, happened = step(before, sighting, policy)
        return Conclusion(
            met={LECTURE: reason},
            states={LECTURE: state},
            policies={LECTURE: digest},
            happened={LECTURE: [each for each in happened if each.at == at]},
        )

    return decide


async def test_what_a_run_comes_to_is_there_afterwards(history):
    run = await observed(history, 1)
    incident, turn = an_incident(), a_turn()
    state = State(seen_at=NOON, reason=Reason.DELETED)
    happened = (
        Transition(turn=Turn.CONFIRMED, at=NOON, reason=Reason.DELETED),
        Transition(turn=Turn.FLAPPING, at=NOON, reason=Reason.DELETED),
    )
    conclusion = Conclusion(
        met={LECTURE: Reason.PART_MISSING},
        states={LECTURE: state},
        policies={LECTURE: "patient"},
        happened={LECTURE: happened},
        incidents=(incident,),
        turned=(turn,),
    )

    assert history.conclude(run, lambda _: conclusion, BY_PATIENT) is conclusion
    assert history.runs() == [run]
    assert history.states() == {LECTURE: state}
    assert history.transitions(LECTURE) == [*happened]
    assert spread(history.incident(incident.id)) == spread(incident)
    assert history.story(incident.id) == [turn]
    assert list(history.sightings()) == [(LECTURE, [Sighting(NOON + DAY, Reason.PART_MISSING)])]
    assert history.load(run.id).observations[LECTURE].verdict.reason is Reason.ALIVE


async def test_what_is_known_is_what_the_runs_before_came_to(history):
    first = await observed(history, 1, facts={"title": "Lezione ②"})
    history.conclude(first, stepping(NOON + DAY), BY_PATIENT)
    second = await observed(history, 2, Reason.GONE)
    seen = []

    def decide(known):
        seen.append(known)
        assert known.sightings(LECTURE) == [Sighting(NOON + DAY, Reason.ALIVE)]
        assert known.sightings(OTHER) == []
        assert known.good(LECTURE) == {"title": "Lezione ②"}
        assert known.good(OTHER) == {}
        return Conclusion()

    history.conclude(second, decide, {**BY_PATIENT, OTHER: "patient"})
    assert seen[0].states == {
        LECTURE: step(State(), Sighting(NOON + DAY, Reason.ALIVE), PATIENT)[0]
    }


@pytest.mark.parametrize(
    ("policies", "known"),
    [
        pytest.param({LECTURE: "patient"}, {LECTURE}, id="under the policy that holds now"),
        pytest.param({LECTURE: "strict"}, set(), id="folded under another policy"),
        pytest.param({}, set(), id="of a resource that this run does not ask for"),
    ],
)
async def test_a_state_is_known(history, policies, known):
    history.conclude(await observed(history, 1), stepping(NOON + DAY), BY_PATIENT)
    found = []
    history.conclude(
        await observed(history, 2),
        lambda known: found.append(set(known.states)) or Conclusion(),
        policies,
    )
    assert found == [known]


async def test_another_policy_is_folded_from_all_that_was_seen(history):
    for number in (1, 2):
        at = NOON + number * DAY
        run = await observed(history, number, Reason.NOT_ANSWERING)
        history.conclude(run, stepping(at, Reason.NOT_ANSWERING), BY_PATIENT)
    assert history.states()[LECTURE].phase == "suspect"

    run = await observed(history, 3, Reason.NOT_ANSWERING)
    decide = stepping(NOON + 3 * DAY, Reason.NOT_ANSWERING, "strict", STRICT)
    history.conclude(run, decide, {LECTURE: "strict"})
    assert history.states()[LECTURE].broken.began == NOON + DAY
    assert history.states()[LECTURE].since == NOON + DAY


async def test_incidents_are_known_as_they_were(history):
    first = an_incident("i0", closed_at=NOON + DAY, ending=Ending.RECOVERED)
    opened = an_incident(opened_at=NOON + DAY)
    worse = replace(opened, reason=Reason.GONE)
    over = replace(worse, closed_at=NOON + 3 * DAY, ending=Ending.UNLINKED)
    again = replace(worse, members=())
    for number, changed in enumerate([(opened, first), (worse,), (over,), (), (again,)], 1):
        run = await observed(history, number)
        history.conclude(run, lambda _, these=changed: Conclusion(incidents=these), BY_PATIENT)
    history.purge(NOON + 9 * DAY)

    def at(days, since=1):
        hour = timedelta(hours=1)  # runs take less
        return [*history.incidents_at(NOON + days * DAY + hour, NOON + since * DAY)]

    assert [spread(tuple(at(days))) for days in range(6)] == [
        spread(each)
        for each in (
            (),
            (first, opened),
            (first, worse),
            (first, over),
            (first, over),
            (first, again),
        )
    ]
    assert at(4, since=4) == []
    assert [each.id for each in at(5, since=4)] == ["i1"]


async def test_to_conclude_a_run_again_changes_nothing(history, place):
    history.conclude(await observed(history, 1), stepping(NOON + DAY), BY_PATIENT)
    run = await observed(history, 2, Reason.GONE)
    incident, turn = an_incident(), a_turn()

    def decide(known):
        decided = stepping(NOON + 2 * DAY, Reason.GONE)(known)
        return replace(decided, incidents=(incident,), turned=(turn,))

    def everything():
        return (
            history.runs(),
            history.states(),
            history.transitions(LECTURE),
            spread(tuple(history.incidents())),
            history.story(incident.id),
            list(history.sightings()),
        )

    history.conclude(run, decide, BY_PATIENT)
    before = everything()
    history.conclude(run, decide, BY_PATIENT)
    assert everything() == before
    assert [each.turn for each in before[2]] == [Turn.SUSPECTED]


async def test_its_own_sightings_are_not_among_those_before(history):
    run = await observed(history, 1)
    counted = []
    for _ in range(2):
        history.conclude(
            run, lambda known: counted.append(known.sightings(LECTURE)) or Conclusion(), BY_PATIENT
        )
    assert counted == [[], []]


@pytest.mark.parametrize("order", [1, -1], ids=["in the order of the policies", "in another"])
async def test_sightings_of_many_are_those_of_each(history, order):
    ids = [ResourceId(f"web:https://{n}.test/") for n in range(1_200)]
    run = a_run("r1")
    history.begin(run)
    for n, id_ in enumerate(ids[:1_100]):
        await history.record(run.id, a_check(id_, at=NOON + n * timedelta(seconds=1)))
    history.finish(ended(run))
    wanted = {
        id_: [Sighting(NOON + n * timedelta(seconds=1), Reason.ALIVE)] if n < 1_100 else []
        for n, id_ in enumerate(ids)
    }
    found = {}

    def decide(known):
        for id_ in [*ids[::order], ids[3], ids[700]]:
            found[id_] = known.sightings(id_)
        return Conclusion()

    history.conclude(await observed(history, 2), decide, dict.fromkeys(ids, "p"))
    assert found == wanted


async def test_a_run_that_does_not_count_is_ended_and_nothing_else(history):
    history.conclude(await observed(history, 1), stepping(NOON + DAY), BY_PATIENT)
    before = history.states()
    run = replace(await observed(history, 2, Reason.GONE), invalid_reason="no network")

    assert history.conclude(run, pytest.fail, BY_PATIENT) == Conclusion()
    assert history.runs()[0] == run
    assert history.states() == before


async def test_what_goes_wrong_in_deciding_is_raised_and_nothing_is_written(history):
    run = await observed(history, 1)

    def decide(known):
        raise ZeroDivisionError("our own mistake")

    with pytest.raises(ZeroDivisionError, match="our own mistake"):
        history.conclude(run, decide, BY_PATIENT)
    assert history.runs() == [a_run("r1", NOON + DAY)]
    history.conclude(run, stepping(NOON + DAY), BY_PATIENT)
    assert history.runs() == [run]


async def test_what_goes_wrong_in_writing_leaves_nothing_written(history):
    run = await observed(history, 1)
    naive = replace(a_turn(), at=NOON.replace(tzinfo=None))
    decided = replace(Conclusion(states={LECTURE: State()}, policies=BY_PATIENT), turned=(naive,))

    with pytest.raises(TypeError, match="names no time zone"):
        history.conclude(run, lambda _: decided, BY_PATIENT)
    assert history.states() == {}
    assert history.runs()[0].finished_at is None


async def test_deciding_may_read_the_history(history):
    run = await observed(history, 1)

    def decide(known):
        assert history.load(RunId("r1")).run.finished_at is None
        return Conclusion()

    history.conclude(run, decide, {})


@pytest.mark.parametrize(
    ("closed_at", "known"),
    [
        pytest.param(None, True, id="an open incident"),
        pytest.param(NOON - 29 * DAY, True, id="one closed 30 days before the run's end"),
        pytest.param(NOON - 30 * DAY, False, id="one closed longer ago"),
    ],
)
async def test_incidents_that_are_known(history, closed_at, known):
    ending = Ending.RECOVERED if closed_at else None
    old = an_incident(opened_at=NOON - 40 * DAY, closed_at=closed_at, ending=ending)
    history.conclude(await observed(history, 0), lambda _: Conclusion(incidents=(old,)), {})
    run = replace(await observed(history, 1), finished_at=NOON + DAY)
    found = []
    history.conclude(run, lambda known: found.extend(known.incidents) or Conclusion(), {})
    assert bool(found) is known


@pytest.mark.parametrize(
    ("seen", "facts"),
    [
        pytest.param([(Reason.ALIVE, {}), (Reason.MOVED, {})], {"n": 1}, id="the newest"),
        pytest.param([(Reason.ALIVE, {}), (Reason.GONE, {})], {"n": 0}, id="not of a failure"),
        pytest.param([(Reason.ALIVE, {}), (Reason.BLOCKED, {})], {"n": 0}, id="nor of a refusal"),
        pytest.param(
            [(Reason.ALIVE, {}), (Reason.ALIVE, {"invalid_reason": "no network"})],
            {"n": 0},
            id="nor of a run that does not count",
        ),
        pytest.param(
            [(Reason.ALIVE, {}), (Reason.ALIVE, {"trusted_until": NOON})],
            {"n": 0},
            id="nor after the network was lost",
        ),
        pytest.param([(Reason.GONE, {})], {}, id="what never worked has none"),
    ],
)
async def test_facts_of_when_it_last_worked(history, seen, facts):
    for number, (reason, end) in enumerate(seen):
        run = await observed(history, number, reason, facts={"n": number})
        history.finish(replace(run, **end))
    found = []
    run = await observed(history, 9, facts={"n": 9})
    history.conclude(run, lambda known: found.append(known.good(LECTURE)) or Conclusion(), {})
    assert found == [facts]


async def test_what_its_readers_met_as_broken_did_not_work(history):
    for number, reason in enumerate((Reason.LEADS_ON, Reason.DELETED)):
        run = await observed(history, number, Reason.LEADS_ON, facts={"n": number})
        met = Conclusion(met={LECTURE: reason})
        history.conclude(run, lambda _, met=met: met, {})
    found = []
    run = await observed(history, 2)
    history.conclude(run, lambda known: found.append(known.good(LECTURE)) or Conclusion(), {})
    assert found == [{"n": 0}]


async def test_an_incident_becomes_what_it_is_now_and_its_story_goes_on(history):
    later = replace(an_incident(), flapping=True, closed_at=NOON + 2 * DAY, ending=Ending.RECOVERED)
    turns = [
        a_turn("t2", turn=IncidentTurn.OPENED),
        a_turn("t1", turn=IncidentTurn.WORSENED),
        a_turn("t0", turn=IncidentTurn.CLOSED, at=NOON + DAY, run="r2"),
    ]
    first = Conclusion(incidents=(an_incident(),), turned=tuple(turns[:2]))
    history.conclude(await observed(history, 1), lambda _: first, {})
    second = Conclusion(incidents=(later,), turned=(turns[2],))
    history.conclude(await observed(history, 2), lambda _: second, {})

    assert history.incidents() == []
    assert [each.id for each in history.incidents(NOON + 2 * DAY)] == ["i1"]
    assert history.incidents(NOON + 2 * DAY + timedelta(microseconds=1)) == []
    assert history.incident(later.id).ending is Ending.RECOVERED
    assert history.story(later.id) == turns
    assert history.incident("i9") is None
    assert history.story("i9") == []


async def test_it_is_there_for_others_to_read(history, place):
    history.conclude(await observed(history, 1), stepping(NOON + DAY), BY_PATIENT)
    with History.open(place, read_only=True) as other:
        assert other.states() == history.states()


async def test_old_runs_go_and_what_they_came_to_stays(history, place):
    incident = an_incident(members=(OTHER,))
    run = await observed(history, 1, Reason.GONE)
    decide = stepping(NOON + DAY, Reason.GONE, policy=STRICT)
    history.conclude(
        run, lambda known: replace(decide(known), incidents=(incident,), turned=(a_turn(),)), {}
    )
    forgotten = await observed(history, 2, id_=ResourceId("web:https://forgotten.test/"))
    history.finish(forgotten)
    history.finish(await observed(history, 3, id_=OTHER))
    history.finish(await observed(history, 40, id_=ResourceId("web:https://new.test/")))
    before = history.states(), history.transitions(LECTURE), history.story(incident.id)

    assert history.purge(NOON + 39 * DAY) == 3
    assert [id_ for id_, _ in history.sightings()] == ["web:https://new.test/"]
    assert (history.states(), history.transitions(LECTURE), history.story(incident.id)) == before
    assert [each.id for each in history.incidents()] == [incident.id]
    with connected(place) as opened:
        known = {id_ for (id_,) in opened.execute("SELECT id FROM resources")}
    assert known == {LECTURE, OTHER, "web:https://forgotten.test/", "web:https://new.test/"}


@pytest.mark.parametrize(
    ("read_on", "runs_on", "is_read"),
    [
        pytest.param([1], range(1, 61), False, id="not for sixty nights"),
        pytest.param([1, 31], range(1, 61), True, id="thirty nights ago"),
        pytest.param([1], [*range(1, 20), 60], True, id="before a summer of rest"),
        pytest.param([1], [1, *(60 + n / 24 for n in range(40))], False, id="one that is hourly"),
        pytest.param([32], [32, *(60 + n / 24 for n in range(40))], True, id="a monthly one"),
        pytest.param([], range(1, 61), False, id="never"),
    ],
)
def test_a_source_is_read_as_long_as_runs_of_late_tried(history, read_on, runs_on, is_read):
    for number, day in enumerate(runs_on):
        run = a_run(f"r{number}", NOON + day * DAY)
        history.begin(run)
        source = "theirs" if day in read_on else "ours"
        page = PageRecord(name="p", url=None, read_at=NOON, source=source, read=False)
        history.add_page(run.id, page, (), ())
    found = []
    history.conclude(
        ended(run), lambda known: found.append(known.is_read("theirs")) or Conclusion(), {}
    )
    assert found == [is_read]
