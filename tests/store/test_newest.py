"""What is known of each resource by now, whichever run told it."""

from datetime import timedelta

import pytest

from monitor.core.model import ResourceId
from monitor.core.reasons import Reason
from monitor.store.history import History
from tests.store.samples import (
    DAY,
    LECTURE,
    NOON,
    a_check,
    a_page,
    a_reference,
    a_resource,
    a_run,
    ended,
)

OTHER = ResourceId("web:https://other.test/")
HOUR = timedelta(hours=1)
WHOLE = {"sources": ("course",)}


async def lived(history: History, name: str, at, seen, source="course", **end) -> None:
    """Add a run that saw resources: by id, when and how."""
    run = a_run(name, at)
    history.begin(run)
    page = a_page()
    page = type(page)(name=page.name, url=page.url, read_at=at, source=source)
    references = [a_reference(id_, line=n + 1) for n, id_ in enumerate(seen)]
    history.add_page(run.id, page, references, (), [a_resource(id_) for id_ in seen])
    for id_, (when, reason) in seen.items():
        await history.record(run.id, a_check(id_, reason, when, exchanges=()))
    history.finish(ended(run, **end))


def told(history: History) -> dict[str, tuple]:
    return {id_: (seen.at, seen.verdict.reason) for id_, seen in history.newest().items()}


async def test_the_newest_that_counts_is_known_of_each(history):
    await lived(
        history, "r1", NOON, {LECTURE: (NOON, Reason.GONE), OTHER: (NOON, Reason.ALIVE)}, **WHOLE
    )
    at = NOON + DAY
    await lived(history, "r2", at, {LECTURE: (at, Reason.BLOCKED)}, stopped=True, **WHOLE)

    assert told(history) == {LECTURE: (at, Reason.BLOCKED), OTHER: (NOON, Reason.ALIVE)}


@pytest.mark.parametrize(
    "end",
    [
        pytest.param({"invalid_reason": "The network was gone."}, id="an invalid run"),
        pytest.param({"trusted_until": NOON}, id="after the network was lost"),
    ],
)
async def test_what_does_not_count_is_not_known(history, end):
    await lived(history, "r1", NOON, {LECTURE: (NOON, Reason.ALIVE)}, **WHOLE)
    at = NOON + DAY
    await lived(history, "r2", at, {LECTURE: (at, Reason.GONE)}, **end)

    assert told(history) == {LECTURE: (NOON, Reason.ALIVE)}


async def test_what_the_last_whole_run_did_not_meet_is_forgotten(history):
    await lived(history, "r1", NOON, {OTHER: (NOON, Reason.ALIVE)}, **WHOLE)
    await lived(history, "r2", NOON + DAY, {LECTURE: (NOON, Reason.ALIVE)}, **WHOLE)

    assert told(history) == {LECTURE: (NOON, Reason.ALIVE)}
    assert history.links_now() == {LECTURE: ("course",)}


async def test_without_a_whole_run_all_are_looked_at_and_nothing_is_linked(history):
    await lived(history, "r1", NOON, {OTHER: (NOON, Reason.ALIVE)})
    await lived(history, "r2", NOON + DAY, {LECTURE: (NOON, Reason.ALIVE)}, stopped=True, **WHOLE)

    assert set(told(history)) == {LECTURE, OTHER}
    assert history.links_now() == {}


async def test_a_verdict_that_was_carried_over_keeps_its_instant(history):
    await lived(history, "r1", NOON, {LECTURE: (NOON, Reason.ALIVE)}, **WHOLE)
    await lived(history, "r2", NOON + DAY, {LECTURE: (NOON, Reason.MOVED)}, **WHOLE)

    assert told(history) == {LECTURE: (NOON, Reason.MOVED)}


async def test_when_pages_were_last_read_to_the_end(history):
    seen = {LECTURE: (NOON, Reason.ALIVE)}
    await lived(history, "r1", NOON, seen, **WHOLE)
    await lived(history, "r2", NOON + HOUR, seen, source="other")
    await lived(history, "r3", NOON + 2 * HOUR, seen, stopped=True)
    await lived(history, "r4", NOON + 3 * HOUR, seen, invalid_reason="The network was gone.")
    history.begin(a_run("r5", NOON + 4 * HOUR))

    assert history.pages_read(["course", "other", "new"]) == {
        "course": NOON,
        "other": NOON + HOUR,
    }


def test_an_empty_history_knows_nothing(history):
    assert (history.newest(), history.links_now(), history.pages_read(["course"])) == ({}, {}, {})
