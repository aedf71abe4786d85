"""What is stored comes back: runs, pages, links, observations, evidence."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.errors import HistoryError
from monitor.core.model import ExchangeId, PageRecord, Position, Record, ResourceId, RunId, Url
from monitor.core.ports import Failure, FailureKind, Hop, Response
from monitor.core.reasons import Reason
from monitor.store.history import History
from tests.store.samples import (
    DAY,
    LECTURE,
    NOON,
    a_check,
    a_mail,
    a_page,
    a_reference,
    a_resource,
    a_run,
    an_answer,
    an_exchange,
    any_texts,
    ended,
    spread,
    verdicts,
)

OTHER = ResourceId("web:https://other.test/")


async def stored_run(history, run, *checks, **end):
    history.begin(run)
    for check in checks:
        await history.record(run.id, check)
    history.finish(ended(run, **end))


async def test_a_whole_run_comes_back_as_it_was(history):
    run, page, plain_page = a_run(), a_page(), PageRecord(name="notes.md", url=None, read_at=NOON)
    lecture = a_resource(keys={"key": "k"}, needs=frozenset({"lines", "anchors"}))
    references = (
        a_reference(text="video", context=("Lezioni", "Formato: Lezione")),
        a_reference(OTHER, line=50, used_at=Position(line=99, column=7)),
    )
    on_notes = (a_reference(page="notes.md", line=1),)
    other = a_resource(OTHER, provider="web", kind="page")
    history.begin(run)
    history.add_page(run.id, page, references, (a_mail(),), (lecture, other))
    history.add_page(run.id, plain_page, on_notes, (), (lecture,))
    check = a_check(lecture, leads_to=Url("https://a.test/"), retry_at=NOON + DAY, facts={"n": [1]})
    await history.record(run.id, check)
    behind = a_check("web:https://a.test/", Reason.GONE, at=NOON + timedelta(seconds=1))
    await history.record(run.id, behind)
    finished = ended(run, invalid_reason="no network", trusted_until=NOON, stopped=True)
    history.finish(finished)

    wanted = Record(
        run=finished,
        pages=(page, plain_page),
        references=(*references, *on_notes),
        skipped=(a_mail(),),
        resources={
            LECTURE: lecture,
            OTHER: other,
            behind.observation.resource.id: behind.observation.resource,
        },
        observations={
            LECTURE: check.observation,
            behind.observation.resource.id: behind.observation,
        },
    )
    loaded = history.load(run.id)
    assert spread(loaded) == spread(wanted)
    assert list(loaded.resources) == list(wanted.resources)


def test_a_run_that_is_not_stored_is_none(history):
    assert history.load(RunId("r0")) is None


def test_a_run_without_anything_comes_back_empty(history):
    history.begin(a_run())
    assert history.load(RunId("r1")) == Record(
        run=a_run(), pages=(), references=(), skipped=(), resources={}, observations={}
    )


def test_instants_are_read_back_in_utc(history):
    rome = timezone(timedelta(hours=1))
    history.begin(a_run(at=datetime(2026, 1, 1, 12, tzinfo=rome)))
    [run] = history.runs()
    assert run.started_at.isoformat() == "2026-01-01T11:00:00+00:00"


def test_an_instant_without_a_zone_is_our_own_mistake(history):
    with pytest.raises(TypeError, match="names no time zone"):
        history.begin(a_run(at=NOON.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("id_", "provider", "kind"),
    [
        pytest.param("youtube:video:x", "youtube", "video", id="provider and kind from the id"),
        pytest.param("web:https://a.test/", "web", "page", id="an id with a URL in it is a page"),
        pytest.param("odd", "odd", "", id="an id of another form"),
    ],
)
def test_a_link_whose_resource_was_never_noted_still_has_one(history, id_, provider, kind):
    history.begin(a_run())
    history.add_page(RunId("r1"), a_page(), (a_reference(id_),), ())
    resource = history.load(RunId("r1")).resources[ResourceId(id_)]
    assert (resource.provider, resource.kind) == (provider, kind)
    assert resource.url == "https://youtu.be/0bMe_vCZo30"


async def test_what_is_newer_of_a_resource_counts(history):
    history.begin(a_run())
    history.add_page(RunId("r1"), a_page(), (a_reference(),), (), (a_resource(),))
    newer = a_resource(keys={"key": "new"}, url=Url("https://new.test/"))
    await history.record(RunId("r1"), a_check(newer))
    history.finish(ended(a_run()))
    assert spread(history.load(RunId("r1")).resources[LECTURE]) == spread(newer)


async def test_a_second_check_in_a_run_replaces_the_first(history):
    again = a_check(reason=Reason.GONE, answers=(an_answer("watch"),))
    await stored_run(history, a_run(), a_check(answers=(an_answer(), an_answer("x"))), again, again)
    assert history.load(RunId("r1")).observations == {LECTURE: again.observation}
    assert [answer.probe for answer in history.evidence(LECTURE)[1]] == ["watch"]


async def test_evidence_shared_by_many_resources_is_stored_once(history):
    shared = an_exchange("batch")
    names = [f"youtube:video:{n}" for n in range(600)]
    checks = [
        a_check(n, answers=(an_answer(exchanges=("batch",)),), exchanges=(shared,)) for n in names
    ]
    await stored_run(history, a_run(), *checks)
    assert history.exchanges([ExchangeId("batch")]) == [shared]
    assert len(history.load(RunId("r1")).observations) == 600


async def test_exchanges_come_back_as_asked_for(history):
    failed = an_exchange(
        "e2",
        said=Failure(kind=FailureKind.RESET, detail="cut", retry_at=NOON),
        hops=(Hop(status=301, url=Url("http://a.test/"), location=Url("https://a.test/")),),
        attempts=3,
    )
    large = an_exchange(
        "e3", said=Response(status=500, url=Url("u"), headers={}, body=b"\x00\xff" * 5000)
    )
    await stored_run(history, a_run(), a_check(exchanges=(an_exchange(), failed, large)))
    found = history.exchanges([ExchangeId(n) for n in ("e3", "e2", "e0", "e2")])
    assert found == [
        replace(large, said=replace(large.said, body=b"\x00\xff" * 2048, truncated=True)),
        failed,
    ]


async def test_of_an_exchange_id_used_in_two_runs_the_newest_is_meant(history):
    newer = an_exchange(at=NOON + DAY, method="HEAD")
    await stored_run(history, a_run("r2", NOON + DAY), a_check(exchanges=(newer,)))
    await stored_run(history, a_run("r1"), a_check())
    assert history.exchanges([ExchangeId("e1")]) == [newer]


async def test_runs_come_newest_first(history):
    for n in (2, 1, 3):
        await stored_run(history, a_run(f"r{n}", NOON + n * DAY))
    assert [run.id for run in history.runs(most=2)] == ["r3", "r2"]


@pytest.mark.parametrize(
    ("before", "found"),
    [
        pytest.param({}, "r2", id="the last run before"),
        pytest.param({"invalid_reason": "no network"}, "r1", id="an invalid run does not count"),
        pytest.param(None, "r1", id="a killed run does not count"),
        pytest.param({"stopped": True}, "r2", id="a run that the user stopped counts"),
    ],
)
async def test_previous_valid(history, before, found):
    await stored_run(history, a_run("r1", NOON))
    if before is None:
        history.begin(a_run("r2", NOON + DAY))
    else:
        await stored_run(history, a_run("r2", NOON + DAY), **before)
    history.begin(a_run("r3", NOON + 2 * DAY))
    await stored_run(history, a_run("r4", NOON + 3 * DAY))
    assert history.previous_valid(RunId("r3")) == found


async def test_nothing_comes_before_the_first_run_or_one_that_is_not_stored(history):
    await stored_run(history, a_run())
    assert history.previous_valid(RunId("r1")) is None
    assert history.previous_valid(RunId("r0")) is None


async def test_of_runs_that_started_at_once_the_id_tells_the_order(history):
    for name in ("b", "a", "c"):
        await stored_run(history, a_run(name))
    assert [history.previous_valid(RunId(name)) for name in ("a", "b", "c")] == [None, "a", "b"]


async def test_observations_of_a_resource_come_newest_first(history):
    first, last = a_check(reason=Reason.GONE), a_check()
    await stored_run(history, a_run("r1"), first, a_check(OTHER), invalid_reason="no network")
    await stored_run(history, a_run("r2", NOON + DAY), last)
    assert history.observations(LECTURE) == [
        (ended(a_run("r2", NOON + DAY)), last.observation),
        (ended(a_run("r1"), invalid_reason="no network"), first.observation),
    ]
    assert len(history.observations(LECTURE, most=1)) == 1
    assert history.observations(ResourceId("youtube:video:none")) == []


NO_NETWORK = {"invalid_reason": "no network"}
LOST = {"trusted_until": NOON - DAY}


@pytest.mark.parametrize(
    ("earlier", "later", "probe"),
    [
        pytest.param(("a", {}), ("b", {}), "b", id="the newest answers"),
        pytest.param(("a", {}), ("b", NO_NETWORK), "a", id="those of an invalid run come after"),
        pytest.param(("a", {}), ("b", LOST), "a", id="so do those after the network was lost"),
        pytest.param(("a", {}), (None, {}), "a", id="an observation without answers comes last"),
        pytest.param(("a", NO_NETWORK), ("b", LOST), "b", id="they are better than none"),
        pytest.param((None, {}), (None, {}), None, id="a resource that nobody could ask"),
    ],
)
async def test_evidence(history, earlier, later, probe):
    for n, (name, end) in enumerate((earlier, later)):
        answers = () if name is None else (an_answer(name, {"n": n}), an_answer("last"))
        await stored_run(history, a_run(f"r{n}", NOON + n * DAY), a_check(answers=answers), **end)
    resource, answers = history.evidence(LECTURE)
    assert spread(resource) == spread(a_resource())
    assert [answer.probe for answer in answers] == ([] if probe is None else [probe, "last"])


def test_a_resource_never_observed_has_no_evidence(history):
    assert history.evidence(LECTURE) is None


async def test_old_runs_are_purged_but_for_the_last_that_counts(history):
    await stored_run(history, a_run("r1"), a_check(OTHER))
    await stored_run(history, a_run("r2", NOON + DAY), a_check())
    await stored_run(history, a_run("r3", NOON + 2 * DAY), a_check(), **NO_NETWORK)
    assert history.purge(NOON + 3 * DAY) == 2
    assert [run.id for run in history.runs()] == ["r2"]
    assert history.evidence(OTHER) is None
    assert history.evidence(LECTURE) is not None
    assert history.purge(NOON) == 0


async def test_a_run_that_is_purged_takes_everything_along(history, place):
    run = a_run()
    history.begin(run)
    history.add_page(run.id, a_page(), (a_reference(),), (a_mail(),))
    await history.record(run.id, a_check())
    assert history.purge(NOON + DAY) == 1
    assert history.load(run.id) is None
    assert history.evidence(LECTURE) is None
    assert history.exchanges([ExchangeId("e1")]) == []


def test_a_run_cannot_begin_twice_and_the_history_goes_on(history):
    history.begin(a_run())
    twice = "cannot be used: (UNIQUE constraint failed|duplicate key value)"
    with pytest.raises(HistoryError, match=twice):
        history.begin(a_run())
    history.finish(ended(a_run()))
    assert history.runs() == [ended(a_run())]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(any_texts, any_texts, verdicts()), max_size=4))
async def test_nothing_that_a_page_says_stops_the_writing(new_place, hostile):
    with History.open(new_place()) as history:
        run = a_run()
        history.begin(run)
        for name, text, verdict in hostile:
            page = replace(a_page(), name=text, notes=(text,))
            reference = a_reference(name, text=text, context=(text, name))
            history.add_page(run.id, page, (reference,), (a_mail(),))
            check = a_check(a_resource(name, keys={name: text}))
            await history.record(
                run.id, replace(check, observation=replace(check.observation, verdict=verdict))
            )
        history.finish(ended(run))
        record = history.load(run.id)
    assert len(record.references) == len(hostile)
    assert {each.resource for each in record.references} == set(record.observations)
    assert set(record.resources) == set(record.observations)
