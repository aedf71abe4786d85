"""How many resources were met how, run by run."""

from monitor.core.model import RunId
from monitor.core.reasons import Reason, Status
from tests.store.samples import a_check, a_page, a_reference, a_resource, a_run, ended


async def met(history, name, linked, behind=()):
    """Note a run that met what its page links to, and what stands behind that, so."""
    run = a_run(name)
    history.begin(run)
    names = [f"{reason}:{n}" for n, reason in enumerate(linked)]
    references = [a_reference(each, line=n + 1) for n, each in enumerate(names)]
    history.add_page(run.id, a_page(), references, (), [a_resource(each) for each in names])
    seen = [*zip(names, linked, strict=True), *((f"behind:{each}", each) for each in behind)]
    for each, reason in seen:
        await history.record(run.id, a_check(each, reason, answers=(), exchanges=()))
    history.finish(ended(run))


async def test_each_run_has_its_numbers(history):
    await met(history, "r1", [Reason.ALIVE, Reason.ALIVE, Reason.GONE, Reason.NOT_ANSWERING])
    await met(history, "r2", [Reason.ALIVE, Reason.MOVED])

    assert history.tallies([RunId("r1"), RunId("r2")]) == {
        "r1": {Status.OK: 2, Status.BROKEN: 1, Status.UNKNOWN: 1},
        "r2": {Status.OK: 1, Status.WARNING: 1},
    }


async def test_what_only_stands_behind_a_link_is_not_counted(history):
    await met(history, "r1", [Reason.LEADS_ON], behind=[Reason.GONE])

    assert history.tallies([RunId("r1")]) == {"r1": {Status.OK: 1}}


async def test_a_run_that_saw_nothing_has_no_numbers_and_one_that_is_not_asked_for_is_left_out(
    history,
):
    await met(history, "r1", [Reason.ALIVE])
    await met(history, "r2", [])

    assert history.tallies([RunId("r2"), RunId("unknown")]) == {"r2": {}, "unknown": {}}
    assert history.tallies([]) == {}


async def test_more_runs_than_one_query_can_name(history):
    await met(history, "r1", [Reason.ALIVE])

    found = history.tallies([*(RunId(f"x{n}") for n in range(1200)), RunId("r1")])

    assert found[RunId("r1")] == {Status.OK: 1}
    assert len(found) == 1201
