"""Commands in comments, and tick boxes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.issues.verbs import (
    LONGEST,
    MOST_COMMANDS,
    MUTE_FOR,
    Box,
    Command,
    Verb,
    box,
    boxes,
    commands,
    ticked,
    with_ticks,
)

MUTE, RECHECK, ACCEPT = (Command(verb=verb) for verb in (Verb.MUTE, Verb.RECHECK, Verb.ACCEPT))


def mute(span: timedelta, reason: str = "") -> Command:
    return Command(verb=Verb.MUTE, span=span, reason=reason)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("/mute", [MUTE], id="thirty days, where nothing is said"),
        pytest.param("/mute 30d exam time", [mute(MUTE_FOR, "exam time")], id="with a reason"),
        pytest.param("/mute 10 days", [mute(timedelta(days=10))], id="in words"),
        pytest.param("/mute for 2 weeks: why", [mute(timedelta(14), "why")], id="weeks"),
        pytest.param("/mute 36h", [mute(timedelta(hours=36))], id="hours"),
        pytest.param("/mute 9999d", [mute(LONGEST)], id="no longer than a year"),
        pytest.param("/mute for ever", [mute(MUTE_FOR, "for ever")], id="for ever is a reason"),
        pytest.param("/MUTE 1D", [mute(timedelta(1))], id="in capitals"),
        pytest.param("Hi.\r\n/recheck\r\n/accept\r\n", [RECHECK, ACCEPT], id="several"),
        pytest.param("/recheck please", [RECHECK], id="words behind one"),
        pytest.param("/unmute", [Command(verb=Verb.UNMUTE)], id="unmute"),
        pytest.param("/muted", [], id="another word"),
        pytest.param("/close", [], id="another command"),
        pytest.param(" /recheck", [], id="indented"),
        pytest.param("> /recheck", [], id="quoted"),
        pytest.param("see /recheck", [], id="in a sentence"),
        pytest.param("```\n/recheck\n```\n/accept", [ACCEPT], id="in a block of code"),
        pytest.param("~~~~\n/mute\n~~~\n/mute\n~~~~", [], id="a fence ends with its like"),
        pytest.param("```\n/recheck", [], id="in a block that never ends"),
        pytest.param("/recheck\n" * 99, [RECHECK] * MOST_COMMANDS, id="a flood"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_commands(text, found):
    assert list(commands(text)) == found


BOXES = f"""\
{box(RECHECK)} Check again
  {box(Command(verb=Verb.MUTE, of="ab12"))} Mute
- [ ] <!-- linkwell:do=explode --> Explode
- [ ] <!-- approve --> Somebody else's
- [x] Read the manual
"""


def test_boxes_are_open_at_first():
    assert boxes(BOXES) == [
        Box(command=RECHECK, ticked=False),
        Box(command=Command(verb=Verb.MUTE, of="ab12"), ticked=False),
    ]
    assert ticked(BOXES) == frozenset()


@pytest.mark.parametrize("tick", ["x", "X"])
def test_a_ticked_box(tick):
    body = BOXES.replace("- [ ] <!-- linkwell:do=mute", f"- [{tick}] <!-- linkwell:do=mute")
    assert ticked(body.replace("\n", "\r\n")) == {Command(verb=Verb.MUTE, of="ab12")}


def test_ticks_are_carried_over():
    wishes = frozenset({RECHECK, ACCEPT})
    body = with_ticks(BOXES, wishes)
    assert ticked(body) == {RECHECK}
    assert with_ticks(body, frozenset()) == body
    assert "- [ ] <!-- linkwell:do=explode -->" in body


@given(st.text())
def test_any_text_is_heard_without_complaint(text):
    commands(text)
    assert with_ticks(text, frozenset()) == text


@pytest.mark.parametrize(
    ("fence", "end"),
    [
        ("```text", "```"),
        ("`````", "`````"),
        ("~~~", "~~~"),
        ("```", "``` no end, for words are behind it"),
        ("```\r", "~~~\r"),
    ],
)
def test_what_stands_in_a_block_of_code_is_no_box(fence, end):
    inside = BOXES.replace("[ ]", "[x]")
    body = f"{fence}\n{inside}\n{end}\n"
    assert (boxes(body), ticked(body)) == ([], frozenset())
    assert with_ticks(f"{BOXES}{body}", frozenset({RECHECK})).endswith(body)


def test_what_looks_like_a_block_of_code_and_is_none():
    assert len(boxes(f"``` not a fence, for there is ` in it\n{BOXES}")) == 2
    assert len(boxes(f"    ```\n{BOXES}")) == 2
