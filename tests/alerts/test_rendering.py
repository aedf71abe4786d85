"""The words of alerts: what broke, where, what to do, whom to ask; and nothing else."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monitor.alerts.rendering import LENGTHS, MOST_SUBJECT, message, subject, trial
from monitor.core.alerts import Item
from monitor.core.carrying_on import carry_on
from monitor.core.incidents import IncidentTurn
from monitor.core.model import Link, Occurrence, Position, Suggestion, Url
from monitor.core.reasons import Reason, Status
from tests.core.days import REPOSITORY, START, fails, seen
from tests.store.over_time import incidents

FILE = "https://drive.google.com/file/d/1/view"


def place(url: str = FILE, text: str = "slides", line: int = 87, context=()) -> Link:
    at = Position(line=line, column=3)
    occurrence = Occurrence(
        page="docs/index.md",
        position=at,
        element="a",
        attribute="href",
        text=text,
        context=context,
    )
    return Link(written=url, url=Url(url), occurrence=occurrence)


def items(*watched) -> list[Item]:
    changed, turned = carry_on([], seen(*watched))
    return [
        Item(incident=each, turns=tuple(turn for turn in turned if turn.incident == each.id))
        for each in changed
    ]


def turned(item: Item, *turns: IncidentTurn, **more) -> Item:
    story = tuple(replace(item.turns[0], id=f"{n}", turn=turn) for n, turn in enumerate(turns))
    return replace(item, turns=story, incident=replace(item.incident, **more))


(LOST,) = items(
    fails(
        FILE,
        reason=Reason.NOT_SHARED,
        detail="Google asks for a login.",
        links=(place(context=("Week 3", "Practicum")),),
        title="Energy models",
        owner="Mabel",
        owner_address="mabel@example.org",
    )
)


def test_a_mail_tells_what_broke_where_why_what_to_do_and_whom_to_ask():
    assert message([LOST]).text[0] == (
        "New (broken): Not shared – “Energy models”\n"
        "\n"
        "“Energy models”: not shared. Google asks for a login.\n"
        "\n"
        "A reader who is not signed in is asked to log in or to request access."
        " Most readers cannot open it.\n"
        "\n"
        "What to do: Ask the owner to share it with anyone who has the link.\n"
        "\n"
        "* Energy models\n"
        "  https://drive.google.com/file/d/1/view\n"
        "  - slides: docs/index.md line 87, in Week 3 > Practicum\n"
        "\n"
        "Whom to ask: Mabel, the owner of the page, mabel@example.org\n"
        "\n"
        "Dear Mabel, our page links to your page “Energy models”"
        " (https://drive.google.com/file/d/1/view) on docs/index.md, under “Week 3, Practicum”,"
        " as “slides”. Our readers have had trouble with it since 1 November 2026."
        " Could you share it again with anyone who has the link? Thank you!\n"
    )


def test_in_html_the_mailbox_opens_a_mail_with_the_sentence_in_it():
    text = message([LOST]).html[0]
    assert '<a href="mailto:mabel@example.org?body=Dear%20Mabel%2C%20our%20page' in text
    assert '<a href="https://drive.google.com/file/d/1/view">' in text
    assert "<b>What to do:</b> Ask the owner" in text


def test_in_markdown_addresses_are_code():
    text = message([LOST]).markdown[0]
    assert "- **Energy models** `https://drive.google.com/file/d/1/view`\n" in text
    assert "**Whom to ask:** Mabel, the owner of the page, `mabel@example.org`\n" in text
    assert "\n> Dear Mabel, our page links" in text


def test_a_better_address_is_named():
    item = LOST
    (member,) = item.incident.members
    instead = Suggestion(url=Url("https://example.org/new"), why="It has moved.", confidence=0.9)
    verdict = replace(member.verdict, instead=instead)
    incident = replace(item.incident, members=(replace(member, verdict=verdict),))
    made = message([replace(item, incident=incident)])
    assert "  use instead: https://example.org/new (It has moved. 90 % sure)\n" in made.text[0]
    assert "What to do: Put the address under “use instead”" in made.text[0]
    assert "`https://example.org/new`" in made.markdown[0]
    assert '<b>use instead</b> <a href="https://example.org/new">' in made.html[0]


def test_what_is_over_says_only_that():
    over = turned(LOST, IncidentTurn.CLOSED, closed_at=START)
    over = replace(over, turns=(replace(over.turns[0], sentence="“Energy models” works again."),))
    assert message([over]).text[0] == (
        "Over: Not shared – “Energy models”\n\n“Energy models” works again.\n"
    )


def test_of_many_resources_and_places_the_rest_is_counted():
    (item,) = items(
        *(
            fails(
                f"https://github.com/{n}",
                REPOSITORY,
                links=tuple(place(f"https://github.com/{n}", line=m) for m in range(1, 8)),
            )
            for n in range(22)
        )
    )
    text = message([item]).text[0]
    assert text.count("\n* ") == 11
    assert "* and 12 more resources\n" in text
    assert text.count("  - and in 2 more places\n") == 10


def test_of_many_incidents_the_rest_is_counted():
    found = items(*(fails(f"https://{n}.example/") for n in "abcdefghijklmnopqrstuvwxy"))
    made = message(found)
    for texts in (made.text, made.markdown, made.html):
        assert "And 5 more incidents: the report tells of all." in texts[0]
        assert "And 24 more incidents: the report tells of all." in texts[-1]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([LOST], "Linkwell: New (broken): Not shared – “Energy models”", id="one"),
        pytest.param(
            [turned(LOST, IncidentTurn.OPENED, status=Status.WARNING)],
            "Linkwell: New (warning): Not shared – “Energy models”",
            id="a warning",
        ),
        pytest.param([LOST, LOST], "Linkwell: 2 new troubles", id="two"),
        pytest.param(
            [
                LOST,
                turned(LOST, IncidentTurn.WORSENED),
                turned(LOST, IncidentTurn.FLAPPING),
                turned(LOST, IncidentTurn.CLOSED, closed_at=START),
                turned(LOST, IncidentTurn.REOPENED),
            ],
            "Linkwell: 1 new trouble, 1 worse, 1 that comes and goes, 1 over and 1 back again",
            id="of all sorts",
        ),
    ],
)
def test_subjects(found, expected):
    assert subject(found) == expected


def test_a_message_to_try_a_channel_out():
    made = trial("mail")
    assert made.subject == "Linkwell: this is a test"
    assert made.text == (
        "This is a test\n\nLinkwell reaches the channel mail. What breaks will be told here.\n",
    )


HOSTILE = [
    pytest.param("<script>alert(1)</script><img src=x onerror=alert(1)>", id="HTML"),
    pytest.param("@everyone <!channel> <@U024BE7LH> @mabel", id="pings"),
    pytest.param("fixes #1, closes octocat/hello#2, GH-3", id="closing words"),
    pytest.param("http://evil.example www.evil.example [x](https://evil.example)", id="links"),
    pytest.param(
        "a\r\nBcc: all@example.org\r\n\r\nb\x00\x1b[31m\u202e\u200b", id="lines of its own"
    ),
    pytest.param("*_~`|\\{{ 7*7 }}{% raw %}", id="markup"),
    pytest.param("x" * 100_000, id="no end"),
]


class Tags(HTMLParser):
    """Collects what a browser would make of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


OURS = {"h3", "p", "b", "ul", "li", "br", "a", "blockquote", "code"}
_CODE = re.compile("<code>.*?</code>")
_PING = re.compile(r"@(?=\w)|<[!@]|(?<=#)\d|://(?!drive\.google\.com)|www\.", re.ASCII)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_write_is_shown_and_does_nothing(text):
    found = items(
        fails(
            FILE,
            reason=Reason.NOT_SHARED,
            detail=text,
            links=(place(text=text, context=(text, text)),),
            title=text,
            owner=text,
            owner_address=text,
        )
    )
    made = message(found)

    assert len(made.subject) <= MOST_SUBJECT * 2
    assert made.subject.isprintable() or "\u200b" in made.subject
    assert "\n" not in made.subject
    assert "\r" not in made.subject
    assert not _PING.findall(made.subject)
    for version in made.text:
        assert len(version) < 30_000
        assert not _PING.findall(version)
    for version in made.html:
        tags = Tags(version)
        assert tags.tags <= OURS
        assert {name for name, _ in tags.attributes} <= {"href"}
        assert all(
            (value or "").startswith("https://drive.google.com/") for _, value in tags.attributes
        )
    for version in made.markdown:
        rendered = MarkdownIt("commonmark").render(version)
        tags = Tags(rendered)
        assert tags.tags <= {"p", "strong", "ul", "li", "code", "blockquote"}
        assert not _PING.findall(Tags(_CODE.sub("", rendered)).text)


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        pytest.param("mabel@example.org", True, id="a mailbox"),
        pytest.param("mabel@everyone", False, id="a call to everyone"),
        pytest.param('"><b>@example.org', False, id="HTML"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_only_a_mailbox_becomes_a_link(address, linked):
    found = items(fails(FILE, reason=Reason.NOT_SHARED, owner="Mabel", owner_address=address))
    made = message(found)
    assert ("mailto:" in made.html[0]) is linked
    assert ("mabel@e" in made.text[0]) is linked


def test_a_letter_keeps_no_address_but_ours():
    title = "see https://evil.example/x and"
    found = items(fails(FILE, reason=Reason.NOT_SHARED, owner="Mabel", title=title))
    made = message(found)
    assert "https://evil" not in made.text[0]
    assert f"({FILE})" in made.text[0]
    assert "evil.example" not in "".join(value or "" for _, value in Tags(made.html[0]).attributes)


told = incidents().filter(lambda each: each.status is not Status.OK)


@given(st.lists(told, min_size=1, max_size=3))
def test_any_incident_can_be_told(found):
    turn = LOST.turns[0]
    made = message([Item(incident=each, turns=(turn,)) for each in found])
    assert len(made.text) == len(made.markdown) == len(made.html) == len(LENGTHS)
    assert made.subject.strip()
    for version in made.html:
        assert Tags(version).tags <= OURS
