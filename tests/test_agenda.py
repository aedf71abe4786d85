"""What is due, by the rows of past runs alone."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.agenda import agenda, costs
from monitor.config import Config
from monitor.core.conclusion import Conclusion
from monitor.core.identify import identify, link_to
from monitor.core.model import PageRecord, ResourceId, Run, RunId, Url, Verdict
from monitor.core.reasons import Reason
from monitor.core.schedule import Why
from monitor.core.states import PRESETS, Sighting, replay
from monitor.providers import find
from monitor.store.history import History
from tests.histories import made
from tests.store.samples import a_check, a_reference, a_resource

PROVIDERS = find()
FIRST = datetime(2026, 11, 25, 3, 17, 5, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A, B, FAR, REPAIR = (
    identify(link_to(Url(url)), PROVIDERS)
    for url in (
        "https://a.example/x",
        "https://b.example/y",
        "https://far.example/",
        "https://repair.example/",
    )
)


def configured(**schedule) -> Config:
    return Config.model_validate({"sources": [{"path": "page.md"}], "schedule": schedule})


@pytest.fixture
def history(tmp_path):
    with History.open(made(tmp_path / "history.sqlite3")) as opened:
        yield opened


async def night(history: History, at: datetime, *seen, source="page.md", **end) -> None:
    """Run once: of each resource its verdict, whether a page links to it, and when it was asked."""
    run = Run(id=RunId(f"{at:%d-%H%M}"), started_at=at, finished_at=None)
    history.begin(run)
    page = PageRecord(name="page.md", url=None, read_at=at, source=source)
    linked = [resource for resource, _, is_linked in seen if is_linked]
    references = [a_reference(each.id, "page.md", n) for n, each in enumerate(linked, 1)]
    history.add_page(run.id, page, references, (), linked)
    for resource, verdict, _ in seen:
        check = a_check(
            resource, verdict.reason, at, exchanges=(), leads_to=verdict.leads_to,
            retry_at=verdict.retry_at,
        )  # fmt: skip
        await history.record(run.id, check)
    states = {
        resource.id: replay([Sighting(at, verdict.reason)], PRESETS["patient"])[0]
        for resource, verdict, _ in seen
    }
    whole = Run(
        id=run.id, started_at=at, finished_at=at + MINUTE, **{"sources": ("page.md",), **end}
    )
    history.conclude(
        whole,
        lambda _known: Conclusion(states=states, policies=dict.fromkeys(states, "p")),
        dict.fromkeys(states, "p"),
    )


def verdict(reason: Reason = Reason.ALIVE, **more) -> Verdict:
    return Verdict(reason=reason, detail="So it is.", **more)


def whys(found) -> dict[ResourceId, Why]:
    return {plan.id: plan.why for plan in found.due.now}


def test_at_first_the_pages_are_due_and_nothing_else(history):
    found = agenda(configured(), history, FIRST)

    assert (found.pages_due, found.plans, found.is_empty) == (("page.md",), (), False)


async def test_after_a_run_nothing_is_due_until_something_is(history):
    await night(history, FIRST, (A, verdict(), True), (B, verdict(Reason.GONE), True))

    found = agenda(configured(), history, FIRST + HOUR)

    assert found.is_empty
    assert FIRST + 6 * HOUR <= found.next_at <= FIRST + 7 * HOUR
    later = agenda(configured(), history, FIRST + 7 * HOUR)
    assert (later.pages_due, whys(later)) == ((), {B.id: Why.SUSPECT})
    tomorrow = agenda(configured(), history, FIRST + DAY)
    assert (tomorrow.pages_due, set(whys(tomorrow))) == (("page.md",), {A.id, B.id})


async def test_a_run_that_was_missed_for_days_is_made_up_for_once(history):
    await night(history, FIRST, (A, verdict(), True))
    late = FIRST + 9 * DAY

    assert not agenda(configured(), history, late).is_empty
    await night(history, late, (A, verdict(), True))
    assert agenda(configured(), history, late + MINUTE).is_empty


@pytest.mark.parametrize(
    "end",
    [
        pytest.param({"stopped": True}, id="that was stopped"),
        pytest.param({"invalid_reason": "The network was gone."}, id="that does not count"),
    ],
)
async def test_a_run_is_made_again(history, end):
    await night(history, FIRST, (A, verdict(), True))
    await night(history, FIRST + DAY, **end)

    found = agenda(configured(), history, FIRST + DAY + HOUR)

    assert (found.pages_due, set(whys(found))) == (("page.md",), {A.id})


async def test_a_source_of_its_own_time(history):
    weekly = configured(sources={"page.md": "0 5 * * mon"})
    await night(history, FIRST, (A, verdict(), True))

    found = agenda(weekly, history, FIRST + 4 * DAY)

    assert found.is_empty
    assert found.pages == {"page.md": datetime(2026, 11, 30, 5, tzinfo=UTC)}


async def test_what_somebody_wishes_is_due_at_once(history):
    await night(history, FIRST, (A, verdict(), True), (B, verdict(), True))
    history.recheck([B.id, REPAIR.id])

    found = agenda(configured(), history, FIRST + MINUTE)

    assert whys(found) == {B.id: Why.WISHED}


async def test_what_a_run_did_not_come_to_is_due(history):
    await night(history, FIRST, (A, verdict(), True))
    run = Run(id=RunId("later"), started_at=FIRST + HOUR, finished_at=None)
    history.begin(run)
    page = PageRecord(name="page.md", url=None, read_at=FIRST, source="page.md")
    history.add_page(run.id, page, [a_reference(B.id, "page.md")], (), [B])
    history.finish(
        Run(id=run.id, started_at=run.started_at, finished_at=FIRST + HOUR, sources=("page.md",))
    )

    assert whys(agenda(configured(), history, FIRST + 2 * HOUR)) == {B.id: Why.NEW}


async def test_the_budget_lets_the_least_urgent_wait(history):
    others = [
        a_resource(f"web:https://a.example/{n}", url=Url(f"https://a.example/{n}"))
        for n in range(4)
    ]
    await night(history, FIRST, *((each, verdict(), True) for each in others))

    found = agenda(configured(per_host_a_day=3), history, FIRST + 2 * DAY)

    assert (len(found.due.now), len(found.due.waits)) == (3, 1)
    assert found.next_at is not None


async def test_what_is_not_due_keeps_its_verdict_and_what_is_behind_it_too(history):
    to_far = verdict(Reason.LEADS_ON, leads_to=FAR.url)
    await night(
        history, FIRST, (A, to_far, True), (B, verdict(Reason.GONE), True), (FAR, verdict(), False),
        (REPAIR, verdict(), False),
    )  # fmt: skip

    after_hours = agenda(configured(), history, FIRST + 8 * HOUR)
    next_night = agenda(configured(), history, FIRST + DAY)

    assert set(after_hours.fresh(PROVIDERS)) == {A.id, FAR.id, REPAIR.id}
    assert set(next_night.fresh(PROVIDERS)) == set()


async def test_what_is_behind_a_steady_link_is_as_fresh_as_the_link(history):
    to_far = verdict(Reason.LEADS_ON, leads_to=FAR.url)
    await night(
        history, FIRST, (A, to_far, True), (FAR, verdict(), False), (REPAIR, verdict(), False)
    )
    weekly = configured(when="0 5 * * mon")

    found = agenda(weekly, history, FIRST + 2 * DAY)

    assert set(found.fresh(PROVIDERS)) == {A.id, FAR.id}  # a repair is looked for anew each day


async def test_links_that_lead_in_a_circle_end(history):
    await night(
        history, FIRST, (A, verdict(Reason.LEADS_ON, leads_to=B.url), True),
        (B, verdict(Reason.LEADS_ON, leads_to=A.url), False),
    )  # fmt: skip

    assert agenda(configured(), history, FIRST + DAY).fresh(PROVIDERS) == {}


async def test_a_clock_that_was_ahead_makes_all_due(history):
    await night(history, FIRST + 300 * DAY, (A, verdict(), True))

    found = agenda(configured(), history, FIRST)

    assert (found.pages_due, whys(found)) == (("page.md",), {A.id: Why.NEW})


def test_what_the_first_questions_cost():
    videos = [identify(link_to(Url(f"https://youtu.be/{n:011d}")), PROVIDERS) for n in range(120)]

    told = costs([*videos, A, B], PROVIDERS, frozenset({"youtube"}))
    found = {(cost.provider, cost.probe): cost for cost in told}

    api = found["youtube", "api"]
    assert (api.questions, api.calls, api.key) == (120, 3, "youtube")
    assert found["web", "get"].calls == 2
    without = costs(videos, PROVIDERS, frozenset())
    assert [(cost.probe, cost.calls, cost.key) for cost in without] == [("oembed", 120, None)]
