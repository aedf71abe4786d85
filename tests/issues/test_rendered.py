"""Issues as GitHub renders them: by its own renderer, cmark-gfm, with its extensions."""

from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from cmarkgfm import cmark
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.issues import Issues
from monitor.core.incidents import Incident
from monitor.core.reasons import Reason, Status
from monitor.issues import bodies
from monitor.issues.reconcile import plan
from monitor.issues.view import Fared, View
from monitor.issues.wanted import wanted
from tests.issues.build import DAY, NOON, incident, member, mute, view
from tests.issues.test_bodies import drive, hostile
from tests.issues.test_reconcile import SHELF, desk
from tests.report.strategies import NASTY, texts, urls

ISSUES = Issues(repository="o/r")
EXTENSIONS = ["table", "strikethrough", "tasklist", "autolink", "tagfilter"]
OURS = {
    "p",
    "strong",
    "em",
    "code",
    "ul",
    "li",
    "h3",
    "hr",
    "a",
    "blockquote",
    "pre",
    "input",
    "br",
}
"""What our own words make; GitHub would render much more."""


class Read(HTMLParser):
    """What a reader sees, and what a reader could press."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.hidden: list[str] = []
        self.boxes = 0
        self.items: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")
        self.boxes += tag == "input"
        if tag == "li":
            self.items.append("")

    def handle_data(self, data: str) -> None:
        if self.items:
            self.items[-1] += data

    def handle_comment(self, data: str) -> None:
        self.hidden.append(data.strip())


def rendered(body: str) -> str:
    """Return the HTML; raw HTML is let through, so that nothing hides from us.

    As in GitHub's issues, the end of a line is one.
    """
    how = cmark.Options
    options = how.CMARK_OPT_UNSAFE | how.CMARK_OPT_GITHUB_PRE_LANG | how.CMARK_OPT_HARDBREAKS
    return cmark.markdown_to_html_with_extensions(body, options=options, extensions=EXTENSIONS)


def read(body: str) -> Read:
    return Read(rendered(body))


MANY = incident(
    "host",
    *(
        member(
            f"week{n}/slides.pdf",
            links=1 + n % 3,
            text=f"Slides of week {n}",
            known={"title": f"Week {n}: networks | layers"},
            size=18_000_000,
        )
        for n in range(22)
    ),
    called="site.example",
)
FARED = {each.resource.id: Fared(last_good=NOON - 9 * DAY) for each in MANY.members}


def body_of(given: Incident, seen: View) -> str:
    return wanted(given, seen, ISSUES).body


def test_an_incident_of_many_members():
    page = read(body_of(MANY, view(MANY, fared=FARED)))
    assert set(page.tags) <= OURS
    assert page.boxes == 2
    assert page.links == []
    assert sum("site.example/week" in item for item in page.items) == 22


def test_what_is_said_of_a_member_stands_below_its_address_in_lines_of_one_paragraph():
    html = rendered(body_of(MANY, view(MANY, fared=FARED)))
    assert (
        "week0/slides.pdf</code></p>\n<p>The server answered 404.<br />\n"
        "Failing since 11 March 2026, 12:00 UTC,"
        " last seen working on 5 March 2026, 12:00 UTC.<br />\nsize: 18.0 MB</p>"
    ) in html


def test_a_file_that_is_no_longer_shared():
    page = read(body_of(drive(), view(drive())))
    assert set(page.tags) <= OURS
    assert (page.boxes, page.tags.count("pre"), page.links) == (2, 1, [])


@pytest.mark.parametrize("muted", [False, True])
@settings(max_examples=100)
@given(texts, urls)
def test_hostile_text_is_only_text(muted, text, url):
    given_ = hostile(text, url)
    seen = view(given_, mutes=(mute("incident:inc-h"),) if muted else ())
    harmless(body_of(given_, seen))


@given(st.sampled_from(NASTY), st.sampled_from(NASTY))
def test_known_tricks_are_only_text(one, other):
    given_ = hostile(f"{one} {other}", f"https://x.example/{other}")
    harmless(body_of(given_, view(given_)))
    said = bodies.changed([one, other])
    assert set(read(said).tags) <= {"ul", "li", "p", "br"}
    assert set(read(bodies.again(one, given_, view(given_))).tags) <= {"ul", "li", "p", "br"}


def harmless(body: str) -> None:
    page = read(body)
    assert set(page.tags) <= OURS, rendered(body)
    assert page.boxes == 2
    hidden = [each for each in page.hidden if not each.startswith("linkwell:incident=")]
    assert sorted(hidden) == ["linkwell:do=mute", "linkwell:do=recheck"]
    assert len(page.hidden) == 3
    assert all(each.startswith(("http://", "https://")) for each in page.links)


def test_boxes_of_the_dashboard_stand_apart_from_one_item_as_from_several():
    def html(*incidents: Incident) -> str:
        seen = view(*incidents)
        (made,) = plan(seen, desk(), Issues(repository="o/r", mode=("dashboard",))).actions
        return rendered(getattr(made, "body", ""))

    one = html(incident("a"))
    assert one.count("<li>\n<p>Not found") == 1
    assert html(incident("a"), incident("b")).count("<li>\n<p>Not found") == 2


def test_the_dashboard():
    seen = view(MANY, incident("w", status=Status.WARNING, reason=Reason.MOVED), **SHELF)
    (made,) = plan(seen, desk(), Issues(repository="o/r", mode=("dashboard",))).actions
    page = read(getattr(made, "body", ""))
    assert set(page.tags) <= OURS
    assert page.boxes == 2 + 2 + 2 + 1 + 1
    assert page.tags.count("h3") == 5
