"""What happened to incidents is told on each channel, once, whoever dies in between."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.conclusion import Conclusion
from monitor.core.incidents import IncidentTurn
from monitor.core.tellings import CLAIM_LASTS, Telling
from monitor.store.history import History
from tests.store.over_time import a_turn
from tests.store.samples import DAY, NOON, a_run, ended

MINUTE = timedelta(minutes=1)
OLD, NEW, NEWEST = (
    a_turn("old", at=NOON - DAY),
    a_turn("new", turn=IncidentTurn.WORSENED, run="r2"),
    a_turn("newest", turn=IncidentTurn.CLOSED, run="r2"),
)


@pytest.fixture
def told(history):
    """A history in which three things happened."""
    for number, turned in enumerate([(OLD,), (NEW, NEWEST)]):
        run = a_run(f"r{number}")
        history.begin(run)
        history.conclude(ended(run), lambda _, some=turned: Conclusion(turned=some), {})
    return history


def waiting(history, channel="mail", since=NOON - 30 * DAY):
    return [each.id for each in history.untold(channel, since)]


def test_what_happened_waits_to_be_told_oldest_first(told):
    assert told.untold("mail", NOON - DAY) == [OLD, NEW, NEWEST]


def test_a_new_channel_is_not_flooded_with_old_stories(told):
    assert waiting(told, since=NOON) == ["new", "newest"]
    assert waiting(told, since=NOON + MINUTE) == []


def test_what_was_told_on_one_channel_waits_on_the_others(told):
    told.tell(["old", "new"], "mail", NOON)

    assert waiting(told, "mail") == ["newest"]
    assert waiting(told, "chat") == ["old", "new", "newest"]


def test_one_claims_what_nobody_else_has(told):
    assert told.claim(["old", "new"], "mail", NOON) == ["old", "new"]
    assert told.claim(["new", "newest"], "mail", NOON + MINUTE) == ["newest"]
    assert told.claim(["new"], "chat", NOON + MINUTE) == ["new"]
    assert waiting(told) == ["old", "new", "newest"]


@pytest.mark.parametrize(
    ("later", "free"),
    [
        pytest.param(CLAIM_LASTS - timedelta(seconds=1), False, id="its holder may be at it"),
        pytest.param(CLAIM_LASTS, True, id="its holder is thought dead"),
        pytest.param(-MINUTE, False, id="a clock that is a little behind"),
        pytest.param(-DAY, True, id="the holder's clock was wrong, or ours is"),
    ],
)
def test_a_claim_without_news(told, later, free):
    told.claim(["new"], "mail", NOON)
    assert told.claim(["new"], "mail", NOON + later) == (["new"] if free else [])


def test_what_was_told_cannot_be_claimed_again(told):
    told.claim(["new"], "mail", NOON)
    told.tell(["new"], "mail", NOON)
    assert told.claim(["new"], "mail", NOON + DAY) == []


def test_a_claim_of_what_never_happened_is_none(told):
    assert told.claim(["nothing"], "mail", NOON) == []
    assert told.claim([], "mail", NOON) == []
    assert told.claim(["new", "new"], "mail", NOON) == ["new"]


def test_what_failed_is_free_at_once_and_named(told):
    told.claim(["new", "old"], "mail", NOON)
    told.fail(["new"], "mail", "The mail server refuses us.")

    assert told.failing(NOON) == [
        Telling(transition="new", channel="mail", tries=1, error="The mail server refuses us.")
    ]
    assert told.failing(NOON + MINUTE) == []
    assert told.claim(["new", "old"], "mail", NOON + MINUTE) == ["new"]
    assert told.failing(NOON) == [
        Telling(
            transition="new",
            channel="mail",
            claimed_at=NOON + MINUTE,
            tries=2,
            error="The mail server refuses us.",
        )
    ]


def test_what_is_told_at_last_fails_no_more(told):
    told.claim(["new"], "mail", NOON)
    told.fail(["new"], "mail", "It is down.")
    told.claim(["new"], "mail", NOON)
    told.tell(["new"], "mail", NOON)

    assert told.failing(NOON - DAY) == []
    assert waiting(told) == ["old", "newest"]


def test_what_fails_without_a_claim_is_named_too(told):
    told.fail(["new"], "chat", "No such room.")
    assert [each.tries for each in told.failing(NOON)] == [0]


def test_to_conclude_a_run_again_tells_nothing_again(told):
    told.tell(["new"], "mail", NOON)
    again = Conclusion(turned=(replace(NEW, sentence="It is worse."),))
    told.conclude(ended(a_run("r1")), lambda _: again, {})

    assert waiting(told) == ["old", "newest"]
    assert [each.sentence for each in told.story(NEW.incident)] == [NEW.sentence] * 3


def test_of_many_who_claim_at_once_one_is_told_yes(told, place):
    start, claimed = threading.Barrier(4), []

    def claim():
        with History.open(place) as history:
            start.wait()
            claimed.append(history.claim(["old", "new", "newest"], "mail", NOON))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(id_ for ids in claimed for id_ in ids) == ["new", "newest", "old"]


def test_tries_are_counted_until_it_is_told(told):
    told.claim(["old", "new"], "mail", NOON)
    told.fail(["new"], "mail", "The mail server refuses us.")
    told.claim(["new"], "mail", NOON)
    told.claim(["newest"], "chat", NOON)
    assert told.tries("mail", NOON - DAY) == {"old": 1, "new": 2}
    assert told.tries("mail", NOON) == {"new": 2}

    told.tell(["new"], "mail", NOON)
    assert told.tries("mail", NOON - DAY) == {"old": 1}
