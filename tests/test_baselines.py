"""What is accepted of the things behind links, run by run."""

import pytest

from monitor import baselines
from monitor.core.errors import ConfigError
from monitor.core.identify import identify, link_to
from monitor.core.model import Observation, PageRecord, Reference, Run, RunId, Url, Verdict
from monitor.core.provider import Checked
from monitor.core.reasons import Reason
from monitor.providers import find
from monitor.store.history import History
from tests.histories import made
from tests.store.samples import DAY, NOON

VIDEO = Url("https://www.youtube.com/watch?v=0bMe_vCZo30")
SHORT = Url("https://bit.ly/week3")
VIDEO_ID, SHORT_ID = "youtube:video:0bMe_vCZo30", "shortlink:bit.ly/week3"


@pytest.fixture
def history(tmp_path):
    with History.open(made(tmp_path / "history.sqlite3")) as opened:
        yield opened


def seen(url, reason=Reason.ALIVE, leads_to=None, **facts):
    resource = identify(link_to(url), find())
    verdict = Verdict(reason=reason, detail="It is so.", leads_to=leads_to, facts=facts)
    return Observation(resource=resource, verdict=verdict, at=NOON)


async def run(history, number, *observed, **end):
    """Store a run in which the page links to the first of what is observed, and note it."""
    begun = NOON + number * DAY
    this = Run(id=RunId(f"r{number}"), started_at=begun)
    page = PageRecord(name="page.md", url=None, read_at=begun)
    link = Reference(link=link_to(observed[0].resource.url), resource=observed[0].resource.id)
    history.begin(this)
    history.add_page(this.id, page, (link,), (), (observed[0].resource,))
    for each in observed:
        await history.record(this.id, Checked(observation=each, answers=(), exchanges=()))
    history.finish(Run(id=this.id, started_at=begun, finished_at=begun, **end))
    record = history.load(this.id)
    baselines.note(history, record)
    return record


def accepted(history, number):
    return history.load(RunId(f"r{number}")).baselines


def names(history):
    return [[change.name for change in each.changes] for each in baselines.changed(history)]


async def test_what_is_seen_first_is_accepted_and_grows_by_what_is_seen_later(history):
    await run(history, 1, seen(VIDEO, title="Week 3"))
    await run(history, 2, seen(VIDEO, title="WEEK 3", duration=3605))
    assert accepted(history, 1) == {VIDEO_ID: {"title": "Week 3"}}
    assert accepted(history, 2) == {VIDEO_ID: {"title": "Week 3", "duration": 3605}}
    assert names(history) == []


FILE = Url("https://github.com/o/r/blob/main/a.py")
FILE_ID = "github:blob:o/r@main:a.py"


async def test_lines_of_a_file_are_noted_once_and_new_ones_are_added(history):
    await run(history, 1, seen(FILE, passages={"L1": "aaaa"}, line_digests={"all": "aaaa"}))
    await run(history, 2, seen(FILE, passages={"L1": "bbbb", "L2": "cccc"}))
    await run(history, 3, seen(FILE, passages={"L1": "bbbb"}))
    assert accepted(history, 1) == {FILE_ID: {"passages": {"L1": "aaaa"}}}
    assert accepted(history, 3) == {FILE_ID: {"passages": {"L1": "aaaa", "L2": "cccc"}}}
    assert names(history) == []
    assert baselines.accept(history, [FILE]) == (FILE_ID,)
    assert accepted(history, 3) == {FILE_ID: {"passages": {"L1": "bbbb"}}}


async def test_what_has_changed_is_not_accepted_by_itself(history):
    await run(history, 1, seen(VIDEO, title="Week 3"))
    await run(history, 2, seen(VIDEO, title="Cats", duration=61))
    assert accepted(history, 2) == {VIDEO_ID: {"title": "Week 3"}}
    assert names(history) == [["title"]]


@pytest.mark.parametrize(
    ("observed", "end"),
    [
        pytest.param(seen(VIDEO, Reason.DELETED, title="x"), {}, id="what is broken"),
        pytest.param(seen(VIDEO, Reason.BLOCKED, title="x"), {}, id="what is unknown"),
        pytest.param(seen(VIDEO, title="x"), {"invalid_reason": "dark"}, id="an invalid run"),
        pytest.param(seen(VIDEO, title="x"), {"trusted_until": NOON - DAY}, id="no network"),
        pytest.param(seen(VIDEO), {}, id="nothing to know it by"),
    ],
)
async def test_it_is_not_accepted(history, observed, end):
    await run(history, 1, observed, **end)
    assert accepted(history, 1) == {}


@pytest.mark.parametrize(
    "named",
    [
        pytest.param([SHORT_ID], id="by its id"),
        pytest.param(["https://bit.ly/week3+"], id="by an address"),
        pytest.param([SHORT_ID, SHORT_ID, VIDEO_ID], id="more than once"),
        pytest.param(None, id="with all others"),
    ],
)
async def test_what_a_short_link_leads_to_is_accepted_with_it(history, named):
    short = seen(SHORT, Reason.LEADS_ON, VIDEO)
    await run(history, 1, short, seen(VIDEO, title="Week 3", duration=3605))
    await run(history, 2, short, seen(VIDEO, title="Cats", duration=61))
    assert names(history) == [["duration", "title"]]

    assert baselines.accept(history, named) == (VIDEO_ID,)
    assert accepted(history, 2)[VIDEO_ID] == {"title": "Cats", "duration": 61}
    assert accepted(history, 1)[VIDEO_ID] == {"title": "Week 3", "duration": 3605}
    assert names(history) == []
    assert baselines.accept(history, named) == ()


async def test_a_fact_that_is_not_seen_now_stays_accepted_of_the_same_thing(history):
    await run(history, 1, seen(VIDEO, title="Week 3", duration=3605))
    await run(history, 2, seen(VIDEO, title="WEEK 3"))
    baselines.accept(history, None)
    assert accepted(history, 2)[VIDEO_ID]["duration"] == 3605


async def test_of_another_thing_the_old_facts_say_nothing(history):
    """Else it would drift again as soon as a key shows the new duration."""
    await run(history, 1, seen(VIDEO, title="Week 3", duration=3605))
    await run(history, 2, seen(VIDEO, title="Week 4"))
    baselines.accept(history, None)
    assert accepted(history, 2) == {VIDEO_ID: {"title": "Week 4"}}

    await run(history, 3, seen(VIDEO, title="Week 4", duration=60))

    assert names(history) == []
    assert accepted(history, 3) == {VIDEO_ID: {"title": "Week 4", "duration": 60}}


async def test_a_run_that_does_not_count_is_passed_over(history):
    await run(history, 1, seen(VIDEO, title="Week 3"))
    await run(history, 2, seen(VIDEO, title="Cats"))
    await run(history, 3, seen(VIDEO, title="Login"), invalid_reason="captive portal")
    assert baselines.accept(history, [VIDEO]) == (VIDEO_ID,)
    assert accepted(history, 2) == {VIDEO_ID: {"title": "Cats"}}


async def test_a_short_link_in_a_circle_is_not_followed_for_ever(history):
    await run(history, 1, seen(SHORT, Reason.LEADS_ON, SHORT))
    with pytest.raises(ConfigError, match="saw working"):
        baselines.accept(history, [SHORT_ID])


@pytest.mark.parametrize("text", ["https://bit.ly/other", "nonsense", "http://[::1", ""])
async def test_what_was_not_seen_cannot_be_accepted(history, text):
    await run(history, 1, seen(VIDEO, title="Week 3"))
    with pytest.raises(ConfigError, match="linkwell changes"):
        baselines.accept(history, [text])


def test_without_a_run_there_is_nothing_to_accept(history):
    with pytest.raises(ConfigError, match="linkwell check"):
        baselines.changed(history)
