"""Each format with a past behind it: what it says of time, and that hostile text stays text."""

import json
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import jsonschema
import pytest
import turbohtml
from hypothesis import given, settings
from markdown_it import MarkdownIt

from monitor.core.causes import CauseKind
from monitor.core.incidents import Ending, IncidentTurn
from monitor.core.mutes import of_incident
from monitor.core.reasons import Reason
from monitor.core.states import Phase, Transition, Turn
from monitor.report.html import html
from monitor.report.json_report import schema, to_json
from monitor.report.markdown import LEAST, MOST, markdown
from monitor.report.past import Past
from monitor.report.report import Report
from monitor.report.retold import state_told
from monitor.report.standing import Standing
from tests.report.build import Course, sample
from tests.report.lived import at, incident, lived, mute, nights, past_of, report_of, turn
from tests.report.strategies import lived_courses

A, B = "https://a.example/", "https://b.example/"
OK, GONE = Reason.ALIVE, Reason.GONE


@lru_cache(maxsize=1)
def everything() -> Report:
    course = sample()
    return report_of(course, lived(course), previous=Course().link("https://gone.example/"))


def seen(page: turbohtml.Document, selector: str) -> list[str]:
    return [" ".join(element.text.split()) for element in page.select(selector)]


def test_the_html_has_its_parts_in_their_order() -> None:
    page = turbohtml.parse(html(everything()))
    assert seen(page, "h2") == [
        *("What changed", "What needs you", "What fails now, and is not yet confirmed"),
        *("What works, with a warning", "Incidents", "Muted"),
        *("What could not be checked", "Every resource", "This run"),
    ]
    targets = [link.attrs["href"][1:] for link in page.select("nav a")]
    assert targets == [section.attrs["id"] for section in page.select("main > section")]
    assert seen(page, ".over-time") == [
        "Over time: 3 confirmed broken, 2 suspect, 1 muted and counted apart."
    ]


def test_verdict_and_state_stand_side_by_side_with_a_strip_in_words() -> None:
    course = Course().link(A, GONE)
    past = past_of(course.findings(), lambda _f: nights((77, OK), (13, GONE)))
    page = turbohtml.parse(html(report_of(course, past)))
    (row,) = page.select("#resources tbody tr")
    text = " ".join(row.text.split())
    assert "Gone (Broken) confirmed broken since 2 March 2026" in text
    assert "85.6 % up" in text
    (picture,) = page.select("#resources .strip")
    assert picture.attrs["role"] == "img"
    assert picture.select("title")[0].text == "77 days fine, broken since 2 March"
    assert [path.attrs["class"] for path in picture.select("path")] == [["ok"], ["broken"]]


def test_a_day_tells_its_status_by_its_height_and_the_unknown_by_its_absence() -> None:
    style = turbohtml.parse(html(everything())).select("style")[0].text
    widths = [f".strip .{name} {{ stroke: var(--{name}-shape); stroke-width: {n}; }}" for name, n in
              (("ok", 16), ("warning", 11), ("broken", 6))]  # fmt: skip
    assert all(width in style for width in widths)
    assert ".strip .unknown" not in style


def test_an_incident_tells_its_story_and_a_mute_its_end() -> None:
    page = turbohtml.parse(html(everything()))
    told = seen(page, "#incidents article")
    assert told[0].startswith(
        "Not found: course.example open since 3 March 2026, 06:30 UTC, 3 resources affected"
        " 3 March 2026, 06:30 UTC Opened 2 pages of the site are gone."
        " 12 March 2026, 06:30 UTC Worse 3 pages of the site are gone now."
    )
    assert seen(page, "#incidents > details > summary") == ["1 incident closed not long ago"]
    assert seen(page, "#muted td") == ["13 April 2026, 06:30 UTC", "The term is over. (mabel)"]
    assert seen(page, "#muted tbody th") == ["file: 02 - Gradient descent.pdf"]


def test_where_nothing_is_open_it_is_said() -> None:
    course = Course().link(A)
    past = past_of(course.findings(), lambda _f: nights((9, OK)), incidents=(incident(closed=3),))
    report = report_of(course, past)
    assert "None is open." in seen(turbohtml.parse(html(report)), "#incidents")[0]
    assert "None is open." in markdown(report)


def test_a_mute_for_good_and_one_without_a_reason_are_told() -> None:
    course = Course().link(A)
    wish = mute("*.example/*", "", None)
    past = past_of(course.findings(), lambda _f: nights((9, OK)), mutes=(wish,))
    report = report_of(course, past)
    assert seen(turbohtml.parse(html(report)), "#muted td") == ["for good", "(mabel)"]
    assert "- `*.example/*`, for good (mabel)" in markdown(report)


def test_a_muted_incident_is_called_by_its_name() -> None:
    known = incident("the repository mabel/deep")
    wish = mute(of_incident(known.id), "Later.", None)
    course = Course().link(A)
    past = past_of(course.findings(), lambda _f: nights((9, OK)), mutes=(wish,), incidents=(known,))
    report = report_of(course, past)
    page = turbohtml.parse(html(report))
    assert seen(page, "#muted tbody th") == ["the repository mabel/deep"]
    assert "- the repository mabel/deep, for good: Later. (mabel)" in markdown(report)


def test_what_is_confirmed_by_silence_alone_is_called_broken() -> None:
    course = Course().link(A, Reason.NOT_ANSWERING)
    past = past_of(course.findings(), lambda _f: nights((80, OK), (10, Reason.NOT_ANSWERING)))
    report = report_of(course, past)
    page = turbohtml.parse(html(report))
    assert "Broken · confirmed since 5 March 2026" in seen(page, "#needs article.broken")[0]
    assert "### Broken: Not answering now" in markdown(report)


def test_without_news_of_time_there_is_nothing_of_it() -> None:
    page = turbohtml.parse(html(Course().link(A).report()))
    assert not page.select(".strip, .over-time, #incidents, #muted, #suspects")
    assert "Over time" not in markdown(Course().link(A).report())
    assert "over_time" not in to_json(Course().link(A).report())


def test_the_markdown_tells_the_same() -> None:
    text = markdown(everything())
    marks = [
        "Over time: 3 confirmed broken, 2 suspect, 1 muted and counted apart.",
        "## What needs you",
        "link, confirmed since 2 March 2026.",
        "## What fails now, and is not yet confirmed",
        "## Incidents",
        "### Broken: Not found – course.example\n\nOpen since",
        "- 3 March 2026, 06:30 UTC: **Opened.** 2 pages of the site are gone.",
        "### Closed: Not answering now – slides.example",
        "## Muted",
        "until 13 April 2026, 06:30 UTC: The term is over. (mabel)",
        "## Every resource",
        "| Not found | suspect since 14 March 2026: failure 1 of the 2 that confirm it; 98.9 % up:",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


@pytest.mark.parametrize("most", [LEAST, 9_000, 30_000, MOST])
def test_the_markdown_drops_sections_that_matter_least(most: int) -> None:
    course = sample(12)
    report = report_of(course, lived(course))
    text = markdown(report, most)
    assert len(text) <= most
    assert report.headline in text
    if most == 30_000:
        assert "### Broken: Not found – course.example" in text
        assert "the list of every resource" in text


@lru_cache(maxsize=1)
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        json.loads(schema()), format_checker=jsonschema.FormatChecker()
    )


def test_the_json_to_the_letter() -> None:
    course = Course().link(A, GONE)
    (finding,) = course.findings()
    one = incident("a.example", kind=CauseKind.HOST, reason=GONE, opened=12)
    past = past_of(
        [finding],
        lambda _f: nights((77, OK), (13, GONE)),
        incidents=(one,),
        stories={one.id: (turn(one, IncidentTurn.OPENED, 12, "It is gone."),)},
        mutes=(mute("b"),),
        notes=("Told.",),
    )
    made = json.loads(to_json(report_of(course, past)))
    validator().validate(made)
    assert made["over_time"] == {
        "first_day": "2025-12-15",
        "last_day": "2026-03-14",
        "notes": ["Told."],
        "standings": {each.value: int(each is Standing.CONFIRMED) for each in Standing},
    }
    assert made["resources"][0]["over_time"] == {
        "standing": "confirmed",
        "state": "confirmed",
        "since": "2026-03-03T06:30:48Z",
        "failing_since": "2026-03-02T06:30:48Z",
        "warned_since": None,
        "last_good_at": "2026-03-01T06:30:48Z",
        "muted_until": None,
        "muted_by": None,
        "days": "ok*77 broken*13",
        "uptime": 0.8556,
        "unknown": 0.0,
        "median_ms": None,
        "newest_ms": None,
    }
    (told,) = made["incidents"]
    assert (told["subject"], told["cause"]["kind"], told["closed_at"]) == (
        "a.example",
        "host",
        None,
    )
    assert told["story"][0]["sentence"] == "It is gone."
    assert made["mutes"][0]["until"] == "2026-04-13T06:30:48Z"


def test_the_schema_s_lists_are_the_core_s() -> None:
    defs = json.loads(schema())
    over_time = defs["$defs"]["over_time"]["properties"]
    one = defs["$defs"]["incident"]["properties"]
    assert over_time["state"]["enum"] == [each.value for each in Phase]
    assert over_time["standing"]["enum"] == [each.value for each in Standing]
    assert one["cause"]["properties"]["kind"]["enum"] == [k.name.lower() for k in CauseKind]
    assert one["ending"]["enum"] == [*(each.value for each in Ending), None]
    turns = one["story"]["items"]["properties"]["turn"]["enum"]
    assert turns == [each.value for each in IncidentTurn]


@pytest.mark.parametrize(
    "path",
    [("over_time",), ("resources", 0, "over_time"), ("incidents", 0), ("mutes", 0)],
)
def test_the_schema_refuses_what_it_does_not_describe(path: tuple[Any, ...]) -> None:
    made = json.loads(to_json(everything()))
    there: Any = made
    for step in path:
        there = there[step]
    there["more"] = 1
    assert not validator().is_valid(made)


@settings(deadline=None, max_examples=50)
@given(lived_courses())
def test_whatever_came_before_every_format_is_sound(pair: tuple[Course, Past]) -> None:
    report = report_of(*pair)
    made = json.loads(to_json(report))
    validator().validate(made)
    text = html(report)
    text.encode("utf-8", "replace")
    page = turbohtml.parse(text)
    assert len(page.select("script")) == 1
    assert not page.select("[src], [style], [onerror], iframe, img")
    ids = [element.attrs["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    inner = {link.attrs["href"][1:] for link in page.select("a[href^='#']")}
    assert inner <= set(ids)
    kinds = {token.type for token in MarkdownIt("commonmark").parse(markdown(report))}
    assert not kinds & {"html_block", "fence", "code_block", "blockquote_open"}


@settings(deadline=None, max_examples=25)
@given(lived_courses())
def test_each_resource_stands_somewhere_and_each_trouble_is_told_once(
    pair: tuple[Course, Past],
) -> None:
    report = report_of(*pair)
    assert set(report.standings) in (set(), {f.resource.id for f in report.found})
    told = [
        place.link
        for groups in (report.needs, report.suspects, report.muted, report.unknowns)
        for group in groups
        for member in group.members
        for place in member.places
    ]
    troubled = [
        found.link
        for finding in report.found
        for found in finding.links
        if found.verdict.status != "ok"
    ]
    assert sorted(map(repr, told)) == sorted(map(repr, troubled))


def test_the_same_past_is_the_same_bytes_in_whatever_order_it_comes() -> None:
    course = sample()
    past = lived(course)
    turned = replace(
        past,
        incidents=tuple(reversed(past.incidents)),
        states=dict(reversed(past.states.items())),
        days={id_: list(reversed(days)) for id_, days in reversed(past.days.items())},
        stories={id_: tuple(reversed(story)) for id_, story in past.stories.items()},
    )
    one, other = report_of(course, past), report_of(course, turned)
    for write in (html, markdown, to_json):
        assert write(one) == write(other)


def test_what_is_retold_says_so() -> None:
    course = Course().link(A, GONE).link(B)
    past = past_of(course.findings(), lambda _f: {}, retold=True, until=date(2026, 3, 14))
    report = report_of(course, past)
    assert seen(turbohtml.parse(html(report)), ".fresh")[0].startswith("As of 14 March 2026")
    assert "As of 14 March 2026" in markdown(report)


@pytest.mark.parametrize(
    ("turns", "phase", "remark"),
    [
        ([Turn.SUSPECTED], Phase.SUSPECT, Phase.UNKNOWN),
        ([Turn.SUSPECTED, Turn.CLEARED], Phase.HEALTHY, Phase.UNKNOWN),
        ([Turn.CONFIRMED, Turn.RECOVERING, Turn.RELAPSED], Phase.CONFIRMED, Phase.UNKNOWN),
        ([Turn.CONFIRMED, Turn.RECOVERING, Turn.RECOVERED], Phase.HEALTHY, Phase.UNKNOWN),
        ([Turn.CONFIRMED, Turn.FLAPPING], Phase.FLAPPING, Phase.UNKNOWN),
        ([Turn.CONFIRMED, Turn.FLAPPING, Turn.CALMED], Phase.CONFIRMED, Phase.UNKNOWN),
        ([Turn.REMARKED], Phase.UNKNOWN, Phase.CONFIRMED),
        ([Turn.REMARKED, Turn.REMARK_GONE], Phase.UNKNOWN, Phase.HEALTHY),
    ],
)
def test_a_state_as_far_as_what_happened_tells_it(
    turns: list[Turn], phase: Phase, remark: Phase
) -> None:
    state = state_told([Transition(turn=t, at=at(9 - n), reason=GONE) for n, t in enumerate(turns)])
    assert (state.phase, state.remark.phase) == (phase, remark)


def test_what_calms_while_it_works_is_well() -> None:
    turns = ((Turn.FLAPPING, GONE), (Turn.CALMED, OK))
    told = [Transition(turn=t, at=at(9 - n), reason=r) for n, (t, r) in enumerate(turns)]
    assert state_told(told).phase is Phase.HEALTHY
