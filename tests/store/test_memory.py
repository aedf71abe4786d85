"""What history remembers for the next run: fresh verdicts, and quotas that are spent."""

from datetime import timedelta

from monitor.core.model import Observation, Resource, ResourceId, Run, RunId, Url, Verdict
from monitor.core.ports import Failure, FailureKind
from monitor.core.provider import Answer, Checked
from monitor.core.reasons import Reason
from monitor.store.history import History
from tests.strategies import NOON

HOUR = timedelta(hours=1)


def page(name: str) -> Resource:
    id_ = ResourceId(f"web:https://a.example/{name}")
    return Resource(id=id_, provider="web", kind="page", url=Url(f"https://a.example/{name}"))


def checked(name: str, reason: Reason, at, said: Failure | None = None) -> Checked:
    verdict = Verdict(reason=reason, detail="")
    answers = (Answer(probe="get", at=at, said=said),) if said is not None else ()
    observation = Observation(resource=page(name), verdict=verdict, at=at)
    return Checked(observation=observation, answers=answers, exchanges=())


async def recorded(history: History, id_: str, at, *items: Checked, **ended) -> None:
    run = Run(id=RunId(id_), started_at=at)
    history.begin(run)
    for item in items:
        await history.record(run.id, item)
    history.finish(Run(id=run.id, started_at=at, finished_at=at + HOUR, **ended))


async def test_the_newest_verdicts_since_an_instant_are_fresh(place):
    with History.open(place) as history:
        await recorded(
            history,
            "one",
            NOON,
            checked("old", Reason.ALIVE, NOON - HOUR),
            checked("x", Reason.ALIVE, NOON),
            checked("unknown", Reason.NOT_ANSWERING, NOON),
        )
        await recorded(history, "two", NOON + HOUR, checked("x", Reason.GONE, NOON + HOUR))
        await recorded(
            history,
            "three",
            NOON + 2 * HOUR,
            checked("x", Reason.ALIVE, NOON + 2 * HOUR),
            invalid_reason="no network",
        )
        await recorded(
            history,
            "four",
            NOON + 3 * HOUR,
            checked("x", Reason.ALIVE, NOON + 3 * HOUR + HOUR / 2),
            trusted_until=NOON + 3 * HOUR,
        )

        fresh = history.recent(NOON)

    assert {id_: seen.verdict.reason for id_, seen in fresh.items()} == {
        "web:https://a.example/x": Reason.GONE
    }


async def test_a_spent_quota_is_remembered_until_it_is_whole_again(place):
    spent = Failure(kind=FailureKind.QUOTA, detail="Spent.", retry_at=NOON + HOUR, key="1a2b")
    over = Failure(kind=FailureKind.QUOTA, detail="Spent.", retry_at=NOON - HOUR)
    for_ever = Failure(kind=FailureKind.QUOTA, detail="Spent.")
    odd = Failure(kind=FailureKind.QUOTA, detail="Spent.", retry_at=NOON + 9_000 * HOUR)
    key = Failure(kind=FailureKind.CREDENTIAL, detail='Refused: "quota"', retry_at=NOON + HOUR)
    with History.open(place) as history:
        for n, said in enumerate((over, for_ever, odd, key)):
            await recorded(
                history, f"{n}", NOON - HOUR, checked(f"{n}", Reason.OWN_QUOTA, NOON - HOUR, said)
            )
        assert history.refusals(NOON) == {}

        await recorded(history, "n", NOON - HOUR, checked("n", Reason.OWN_QUOTA, NOON, spent))

        assert history.refusals(NOON) == {("web", "get"): spent}
        assert history.refusals(NOON + 2 * HOUR) == {}
