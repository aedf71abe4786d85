"""The badge, as shields.io takes it and as we draw it."""

import json

import jsonschema
import pytest
from hypothesis import given, settings
from lxml import etree

from monitor.core.reasons import Reason
from monitor.report.badge import badge, badge_json, badge_svg
from monitor.report.past import Past
from monitor.report.report import Report
from tests.report.build import Course, invalid
from tests.report.lived import mute, nights, past_of, report_of
from tests.report.strategies import courses, lived_courses

SVG = "{http://www.w3.org/2000/svg}"
A, B, C = (f"https://{name}.example/" for name in "abc")

# What https://shields.io/badges/endpoint-badge says of the answer: these properties, which are
# required, that the message must not be empty, and the least time that it caches.
ENDPOINT = {
    "type": "object",
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"type": "string", "minLength": 1},
        "labelColor": {"type": "string"},
        "isError": {"type": "boolean"},
        "namedLogo": {"type": "string"},
        "logoSvg": {"type": "string"},
        "logoColor": {"type": "string"},
        "logoSize": {"type": "string"},
        "style": {"enum": ["flat", "flat-square", "plastic", "for-the-badge", "social"]},
        "cacheSeconds": {"type": "integer", "minimum": 300},
    },
    "required": ["schemaVersion", "label", "message"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("course", "message", "colour"),
    [
        pytest.param(Course().link(A).link(B), "2 ok", "brightgreen", id="all is well"),
        pytest.param(
            Course().link(A).link(B, Reason.GONE), "1 of 2 broken", "red", id="one is broken"
        ),
        pytest.param(
            Course().link(A).link(B, Reason.MOVED), "1 warning of 2", "yellow", id="a warning"
        ),
        pytest.param(
            Course().link(A).link(B, Reason.BLOCKED), "1 of 2 ok", "brightgreen", id="one unknown"
        ),
        pytest.param(Course(), "none", "lightgrey", id="no links"),
        pytest.param(
            invalid().link(A, Reason.GONE), "not checked", "lightgrey", id="a run without worth"
        ),
    ],
)
def test_what_it_says(course: Course, message: str, colour: str) -> None:
    said = badge(course.report())
    assert (said.message, said.colour) == (message, colour)
    assert said.failed is (message == "not checked")


@pytest.mark.parametrize(
    ("nights_gone", "muted", "message"),
    [
        pytest.param(1, False, "1 of 2 ok", id="a suspect is not called broken"),
        pytest.param(2, False, "1 of 2 broken", id="what is confirmed is"),
        pytest.param(2, True, "1 of 2 ok", id="what is muted is not"),
    ],
)
def test_over_time_it_speaks_of_what_is_confirmed(
    nights_gone: int, muted: bool, message: str
) -> None:
    course = Course().link(A).link(B, Reason.GONE)
    found = course.findings()
    seen = nights((90 - nights_gone, Reason.ALIVE), (nights_gone, Reason.GONE))
    quiet = {found[1].resource.id: mute(B)} if muted else {}
    past = past_of(
        found, lambda f: seen if f.resource.url == B else nights((90, Reason.ALIVE)), muted=quiet
    )
    assert badge(report_of(course, past)).message == message


def check(report: Report) -> None:
    said = json.loads(badge_json(report))
    jsonschema.validate(said, ENDPOINT)
    root = etree.fromstring(badge_svg(report).encode())
    spoken = f"{said['label']}: {said['message']}"
    assert (root.get("role"), root.get("aria-label")) == ("img", spoken)
    assert root.findtext(f"{SVG}title") == spoken
    assert [text.text for text in root.iter(f"{SVG}text")] == [said["label"], said["message"]]
    width = int(root.get("width"))
    for text in root.iter(f"{SVG}text"):
        half = float(text.get("textLength")) / 2
        assert half <= float(text.get("x")) <= width - half
    assert not [e for e in root.iter() if e.tag.endswith(("script", "image", "use"))]


@settings(deadline=None, max_examples=40)
@given(lived_courses())
def test_whatever_there_is_both_are_sound(pair: tuple[Course, Past]) -> None:
    check(report_of(*pair))


@settings(deadline=None, max_examples=20)
@given(courses())
def test_without_a_past_too(course: Course) -> None:
    check(course.report())


def test_white_text_can_be_read_on_every_colour() -> None:
    from monitor.report import badge as module

    def light(channel: str) -> float:
        value = int(channel, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    for colour in (*module._COLOURS.values(), "#444444"):
        red, green, blue = (light(colour[n : n + 2]) for n in (1, 3, 5))
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5, colour


def test_wide_letters_get_more_room() -> None:
    from monitor.report.badge import _width

    assert _width("漢字") > _width("mm") > _width("nn") > _width("ii")
