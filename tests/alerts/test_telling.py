"""Each channel is told of what happened, once, whoever fails or dies in between."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerts.telling import Around, pending, sender, tell_due
from monitor.core.incidents import IncidentTurn
from monitor.core.mutes import Mute, of_incident
from monitor.core.tellings import CLAIM_LASTS
from monitor.net.alerts import Outcome
from tests.alerts.channels import LATER, MAIL, ONE, REFUSED, SENT, Post, conf, happen
from tests.net.loopback import answer, serving
from tests.store.over_time import a_turn, an_incident
from tests.store.samples import NOON

ROOT = Path(__file__).parents[2]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_what_happened_is_told_once(history):
    happen(history, a_turn())
    post = Post()
    assert await tell_due(conf(), history, post.around()) == ()
    assert await tell_due(conf(), history, post.around()) == ()
    assert post.got == [(MAIL, "Linkwell: New (broken): Deleted – the channel UC1")]


async def test_each_channel_is_told(history):
    text = "alerts: [{name: mail, url: '${MAIL_URL}'}, {name: chat, url: '${CHAT}'}]"
    happen(history, a_turn())
    post = Post()
    await tell_due(conf(text, CHAT="json://chat.example"), history, post.around())
    assert [url for url, _ in post.got] == [MAIL, "json://chat.example"]


async def test_nothing_happened(history):
    post = Post()
    assert await tell_due(conf(), history, post.around()) == ()
    assert await tell_due(conf("sources: []"), history, post.around()) == ()
    assert post.got == []


async def test_the_first_run_ever_is_one_message(history):
    happen(history, *(a_turn(f"t{n}", f"i{n}") for n in range(40)))
    post = Post()
    await tell_due(conf(ONE.replace("}'}", "}', digest: false}")), history, post.around())
    assert [subject for _, subject in post.got] == ["Linkwell: 40 new troubles"]


async def test_what_is_muted_comes_back_by_itself(history):
    happen(history, a_turn())
    mute = Mute(
        id="m",
        what=of_incident(an_incident().id),
        reason="",
        by="mabel",
        since=NOON,
        until=NOON + DAY,
    )
    history.mute(mute)
    post = Post()
    await tell_due(conf(), history, post.around())
    assert post.got == []
    await tell_due(conf(), history, post.around(NOON + DAY))
    assert len(post.got) == 1


async def test_what_the_configuration_mutes_is_not_told(history):
    happen(history, a_turn())
    post = Post()
    await tell_due(conf(f"{ONE}\nmutes: [https://v.test/*]"), history, post.around())
    assert post.got == []


async def test_what_needs_no_telling_is_noted_as_told(history):
    over = an_incident(closed_at=NOON)
    turns = (a_turn("t1"), a_turn("t2", turn=IncidentTurn.CLOSED))
    happen(history, *turns, incidents=(over,))
    await tell_due(conf(), history, Post().around())
    assert history.untold("alert mail", NOON - DAY) == []


async def test_a_failing_channel_is_tried_twice_then_named_and_tried_by_later_runs(history):
    happen(history, a_turn())
    post = Post([REFUSED])
    notes = await tell_due(conf(), history, post.around())
    assert notes == (
        "The alert channel “mail” fails: It is full. 1 thing is not told; a later run tries again.",
    )
    assert (len(post.got), post.slept) == (2, [5.0])
    assert [each.error for each in history.failing(NOON)] == ["It is full."]

    early = Post()
    await tell_due(conf(), history, early.around(NOON + HOUR - timedelta(seconds=1)))
    assert early.got == [], "it rests"
    late = Post()
    assert await tell_due(conf(), history, late.around(NOON + HOUR)) == ()
    assert len(late.got) == 1
    assert history.failing(NOON) == []


async def test_a_blip_is_not_worth_a_word(history):
    happen(history, a_turn())
    post = Post([REFUSED, SENT])
    assert await tell_due(conf(), history, post.around()) == ()
    assert len(post.got) == 2


async def test_what_may_have_arrived_is_not_tried_again_at_once(history):
    happen(history, a_turn())
    post = Post([Outcome(sent=False, why="It took longer than 30 s.")])
    await tell_due(conf(), history, post.around())
    assert len(post.got) == 1


async def test_after_a_failure_the_rest_waits_and_nothing_is_told_twice(history):
    happen(history, *(a_turn(f"t{n}", f"i{n}") for n in range(3)))
    single = conf(ONE.replace("}'}", "}', digest: false}"))
    post = Post([SENT, REFUSED])
    (note,) = await tell_due(single, history, post.around())
    assert "2 things are not told" in note
    assert len(post.got) == 3
    again = Post()
    await tell_due(single, history, again.around(NOON + DAY))
    assert len(again.got) == 2


async def test_one_channel_that_fails_keeps_no_other_from_hearing(history):
    text = "alerts: [{name: mail, url: '${NOT_SET}'}, {name: chat, url: '${MAIL_URL}'}]"
    happen(history, a_turn())
    post = Post()
    notes = await tell_due(conf(text), history, post.around())
    assert notes == (
        "The alert channel “mail” has no address: NOT_SET is not set in the environment.",
    )
    assert len(post.got) == 1


async def test_what_another_has_claimed_is_left_to_it(history):
    happen(history, a_turn("t1", "i1"), a_turn("t2", "i2"))
    history.claim(["t1"], "alert mail", LATER)
    post = Post()
    await tell_due(conf(), history, post.around())
    assert [each.id for each in history.untold("alert mail", NOON)] == ["t1"]
    assert [subject for _, subject in post.got] == [
        "Linkwell: New (broken): Deleted – the channel UC1"
    ]
    await tell_due(conf(), history, post.around())
    assert len(post.got) == 1


QUIET = "alerts: {name: mail, url: '${MAIL_URL}', quiet: '22:00-07:00 Europe/Rome'}"


async def test_quiet_hours_over_the_night_in_which_the_clock_is_put_forward(history):
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    happen(history, a_turn(at=night))
    post = Post()
    await tell_due(conf(QUIET), history, post.around(night))
    await tell_due(conf(QUIET), history, post.around(datetime(2026, 3, 29, 4, 59, tzinfo=UTC)))
    assert post.got == []
    await tell_due(conf(QUIET), history, post.around(datetime(2026, 3, 29, 5, 0, tzinfo=UTC)))
    assert len(post.got) == 1, "seven by the clock on the wall, an hour early by the sun"


@pytest.mark.parametrize(
    ("waited", "noted"),
    [
        pytest.param(timedelta(0), False, id="since this night"),
        pytest.param(2 * DAY, True, id="for days"),
    ],
)
async def test_runs_that_always_fall_into_quiet_hours_are_named(history, waited, noted):
    night = datetime(2026, 3, 1, 2, 17, tzinfo=UTC)
    happen(history, a_turn(at=night - waited))
    notes = await tell_due(conf(QUIET), history, Post().around(night))
    assert bool(notes) is noted
    assert not notes or "`linkwell alerts send`" in notes[0]


async def test_what_waits_can_be_looked_at(history):
    happen(history, a_turn())
    (alert,) = conf().alerts
    found = pending(history, alert.channel(), LATER)
    assert [[item.ids for item in message] for message in found.messages] == [[("t1",)]]
    assert history.untold("alert mail", NOON) == [a_turn()], "and is not told by that"


# --- by the real apprise ---


async def test_end_to_end(history):
    happen(history, a_turn())
    async with serving(lambda _: answer(200)) as server:
        config = conf(MAIL_URL=f"json://127.0.0.1:{server.port}/hook")
        around = Around(send=sender(config), now=lambda: LATER)
        assert await tell_due(config, history, around) == ()
        assert await tell_due(config, history, around) == ()
    (asked,) = server.asked
    said = json.loads(asked.body)
    assert said["title"] == "Linkwell: New (broken): Deleted – the channel UC1"
    assert "What to do:" in said["message"]


KILLED = """
import asyncio, os, signal, sys
from datetime import datetime
from pathlib import Path
from monitor.alerts.telling import Around, tell_due
from monitor.config import load
from monitor.net.alerts import Outcome
from monitor.store.history import History

async def send(url, message):
    if sys.argv[1] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    print(message.subject, flush=True)
    return Outcome(sent=True)

class Killed(History):
    def tell(self, ids, channel, at):
        if sys.argv[1] == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        super().tell(ids, channel, at)

now = datetime.fromisoformat(sys.argv[2])
with Killed.open("history.sqlite3") as history:
    config = load(Path("config.yaml"), os.environ)
    asyncio.run(tell_due(config, history, Around(send=send, now=lambda: now)))
"""


def killed(when: str, now: datetime) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, when, now.isoformat()],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MAIL_URL": MAIL},
    )
    return done.returncode, done.stdout.splitlines()


async def test_killed_between_claim_and_sending_nothing_is_lost(history):
    conf()
    happen(history, a_turn())
    assert killed("before", LATER) == (-signal.SIGKILL, [])

    post = Post()
    await tell_due(conf(), history, post.around(LATER))
    assert post.got == [], "the claim may be held by somebody who lives"
    await tell_due(conf(), history, post.around(LATER + CLAIM_LASTS))
    await tell_due(conf(), history, post.around(LATER + CLAIM_LASTS))
    assert len(post.got) == 1


async def test_killed_in_the_moment_after_sending_it_is_sent_again(history):
    conf()
    happen(history, a_turn())
    code, sent = killed("after", LATER)
    assert (code, len(sent)) == (-signal.SIGKILL, 1)

    post = Post()
    await tell_due(conf(), history, post.around(LATER + CLAIM_LASTS))
    assert len(post.got) == 1, "nobody can know whether it was"


async def test_not_killed_it_is_told_once(history):
    conf()
    happen(history, a_turn())
    assert killed("never", LATER)[1] == ["Linkwell: New (broken): Deleted – the channel UC1"]
    assert killed("never", LATER) == (0, [])
