import hashlib
import re
from base64 import b64encode

import turbohtml
from hypothesis import given, settings

from monitor.core.model import PageRecord, Position, Run, RunId, Url
from monitor.core.reasons import Reason
from monitor.report.html import html
from monitor.report.wording import shown
from tests.report.build import PAGE, STARTED, Course, invalid, sample
from tests.report.strategies import NASTY, courses

OURS = {
    *("html", "head", "meta", "title", "link", "style", "body", "a", "svg", "symbol", "circle"),
    *("path", "use", "rect", "header", "p", "span", "div", "h1", "h2", "h3", "time", "b", "bdi"),
    *("nav", "ul", "li", "main", "section", "article", "strong", "details", "summary", "form"),
    *("label", "kbd", "input", "fieldset", "legend", "select", "option", "button", "output"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "footer", "code"),
    *("script", "wbr"),
}


def page_of(course: Course) -> turbohtml.Document:
    return turbohtml.parse(html(course.report()))


def seen(page: turbohtml.Document, selector: str) -> list[str]:
    return [" ".join(element.text.split()) for element in page.select(selector)]


def test_the_verdict_comes_first_and_everything_in_its_order() -> None:
    page = page_of(sample())
    assert seen(page, "h1") == [
        (
            "Of the 86 resources that your page links to, 5 are broken, 29 need attention and"
            " 2 could not be checked."
        )
    ]
    assert seen(page, "h2") == [
        "What changed",
        "What needs you",
        "What works, with a warning",
        "What could not be checked",
        "Every resource",
        "This run",
    ]
    assert seen(page, ".tally li") == ["5 broken", "29 with a warning", "2 not known", "50 working"]


def test_each_trouble_says_what_why_where_and_what_to_do() -> None:
    course = Course().link(
        "https://a.example/x",
        Reason.NOT_FOUND,
        detail="It answered 404.",
        text="Notes",
        context=("Lessons", "Week: 2"),
        instead="https://a.example/y",
        used_at=Position(line=40, column=2),
    )
    (trouble,) = seen(page_of(course), "article")
    for part in (
        "Broken",
        "Not found: a.example/x",
        "The server says that nothing is at this address (404). Readers see an error page.",
        "What to do Put the address under “use instead” on the page: it works.",
        "Use instead https://a.example/y",
        "95 % sure",
        "It answered 404.",
        "Notes line 10:5, used in line 40:2 Lessons › Week: 2",
    ):
        assert part in trouble


def test_every_resource_has_its_row() -> None:
    course = sample()
    page = page_of(course)
    rows = page.select("#resources tbody tr")
    assert len(rows) == len(course.resources)
    assert {row.attrs["data-status"] for row in rows} == {"ok", "warning", "broken", "unknown"}
    assert "YouTube video · " not in seen(page, "h1")[0]
    assert "1 h 00 min" in " ".join(seen(page, ".facts"))


def test_nothing_in_it_acts_or_loads_but_its_own_style_and_script() -> None:
    page = page_of(sample())
    (policy,) = [
        meta.attrs["content"] for meta in page.select("meta[http-equiv=Content-Security-Policy]")
    ]
    for tag in ("style", "script"):
        (element,) = page.select(tag)
        digest = hashlib.sha256(element.text.encode()).digest()
        assert f"{tag}-src 'sha256-{b64encode(digest).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert not page.select("[src], [style], iframe, object, embed, base, img")
    assert [link.attrs["href"] for link in page.select("link")] == ["data:,"]
    assert not re.search(r"url\(|@import", page.select("style")[0].text)


def test_ids_are_unique_and_links_within_lead_somewhere() -> None:
    page = page_of(sample(3))
    ids = [element.attrs["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    targets = [element.attrs["href"][1:] for element in page.select("a[href^='#'], use")]
    assert set(targets) <= set(ids)


def test_long_lists_are_folded_but_there() -> None:
    page = page_of(sample())
    renamed = next(a for a in page.select("article") if "Renamed" in a.text)
    assert renamed.select("details summary")[0].text == "Show the 22 resources"
    assert len(renamed.select("details .member")) == 22
    many = Course()
    for _ in range(9):
        many.link("https://a.example/")
    assert seen(page_of(many), "#resources summary") == ["6 more places"]
    broken = Course()
    for n in range(5):
        broken.link(f"https://a.example/{n}", Reason.NO_SUCH_HOST)
    assert seen(page_of(broken), "article summary") == ["2 more resources"]


def test_changes_are_told_and_lead_to_their_row() -> None:
    before, now = Course().link("https://gone.example/"), Course()
    for n in range(8):
        before.link(f"https://a.example/{n}", title=f"N{n}")
        now.link(f"https://a.example/{n}", Reason.GONE, title=f"N{n}", context=("Week",))
    page = turbohtml.parse(html(now.report(previous=before)))
    assert seen(page, "#changed h3") == [
        "Newly broken 8 resources",
        "No longer on the page 1 resource",
    ]
    assert seen(page, "#changed .changes li")[0] == "page: N0 Works →, now Gone Week"
    assert seen(page, "#changed summary") == ["2 more"]
    assert (
        "Nothing changed." in seen(turbohtml.parse(html(now.report(previous=now))), "#changed")[0]
    )


def test_an_invalid_run_calls_nothing_broken() -> None:
    page = page_of(invalid("no network").link("https://a.example/", Reason.GONE))
    assert seen(page, "h1") == ["No network, so nothing was counted."]
    assert "Nothing is claimed of a run that does not count." in seen(page, "#needs")[0]
    assert not page.select("article.broken, tr[data-status=broken], .tally")
    assert "This run does not count: no network." in seen(page, "#run")[0]


def test_a_killed_run_an_empty_page_and_several_pages_are_said() -> None:
    killed = page_of(Course(run=Run(id=RunId("r"), started_at=STARTED, stopped=True)))
    assert "Begun on" in seen(killed, ".fresh")[0]
    assert "Stopped early." in seen(killed, ".fresh")[0]
    assert "There is none." in seen(killed, "#all")[0]
    pages = (
        PageRecord(name=PAGE, url=Url(PAGE), read_at=STARTED),
        PageRecord(name="b.md", url=Url("https://b.example/"), read_at=STARTED, notes=("Odd.",)),
    )
    two = page_of(Course(pages=pages).link("https://a.example/", page="b.md").leave("tel:1", "tel"))
    assert "b.md, line 10:5" in seen(two, "#resources .place")[0]
    assert "2 pages read" in seen(two, "#run h3")
    assert "b.md" in seen(two, ".pages")[0]
    assert "Odd." in seen(two, ".pages")[0]


def test_a_share_that_is_there_is_seen() -> None:
    course = sample(15).link("https://unsafe.example/", Reason.ARCHIVED)
    bars = page_of(course).select(".bar rect")
    names = ("broken", "warning", "unknown", "ok")
    assert [bar.has_class(name) for bar, name in zip(bars, names, strict=True)] == [True] * 4
    assert all(int(bar.attrs["width"]) >= 8 for bar in bars)
    end = int(bars[-1].attrs["x"]) + int(bars[-1].attrs["width"])
    assert 990 <= end <= 1000


@settings(deadline=None, max_examples=50)
@given(courses())
def test_whatever_a_page_holds_only_our_own_markup_comes_of_it(course: Course) -> None:
    page = page_of(course)
    for element in page.find_all():
        assert element.tag.lower() in OURS
        assert not [name for name in element.attrs if name.startswith("on")]
    for link in page.select("a"):
        assert link.attrs["href"].startswith(("#", "http://", "https://"))
        assert "target" not in link.attrs
    (referrer,) = page.select("meta[name=referrer]")
    assert referrer.attrs["content"] == "no-referrer"
    assert len(page.select("script")) == 1
    text = "".join(element.text for element in page.select("body > *:not(script)"))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\x00-\x08\x9f]", text)


def test_hostile_text_is_shown_as_it_is() -> None:
    course = Course()
    for n, text in enumerate(NASTY):
        course.link(f"https://a.example/{n}", Reason.GONE, text=f"x {text}")
    labels = seen(page_of(course), "#needs .place strong")
    assert labels == [shown(f"x {text}", 160) for text in NASTY]


def test_an_address_may_be_broken_behind_its_slashes_but_not_its_scheme() -> None:
    url = "https://a.example/b/c/lectures/week-12/slides/"
    (address,) = page_of(Course().link(url)).select("#resources a.url")
    assert address.inner_html == "https://a.example/<wbr>b/c/lectures/<wbr>week-12/slides/"


def test_the_same_report_is_the_same_text() -> None:
    assert html(sample().report()) == html(sample().report())
