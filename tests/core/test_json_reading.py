"""JSON of strangers."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.json_reading import dig, instant_at, items_at, number_at, parse_json, text_at
from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind, Response
from tests.strategies import json_values


def parse(body):
    return parse_json(Response(status=200, url=Url("https://x.org/"), headers={}, body=body))


@pytest.mark.parametrize(
    ("body", "value"),
    [
        pytest.param(b'{"a": [1, "b", null]}', {"a": [1, "b", None]}, id="JSON"),
        pytest.param(b"\xef\xbb\xbf[]", [], id="a byte order mark before it"),
        pytest.param(b'"\xff"', "\ufffd", id="bytes that are no UTF-8"),
        pytest.param(rb'"\ud83d\ude00"', "😀", id="a character in two halves"),
        pytest.param(
            rb'{"\uD800": ["\udc00", 1, {"a": null}]}',
            {"\ufffd": ["\ufffd", 1, {"a": None}]},
            id="half a character",
        ),
    ],
)
def test_parse(body, value):
    assert parse(body) == value


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="a page"),
        pytest.param(b"[" * 200_000, id="nesting without end"),
        pytest.param(b"1" * 5000, id="a number longer than Python reads"),
    ],
)
def test_what_is_no_json_is_unreadable(body):
    said = parse(body)
    assert isinstance(said, Failure)
    assert said.kind is FailureKind.UNREADABLE
    assert said.detail == "https://x.org/ answered 200 with something that is not JSON"


@given(st.binary())
def test_no_bytes_are_too_odd_and_what_is_read_can_be_written(body):
    said = parse(body)
    if not isinstance(said, Failure):
        json.dumps(said, ensure_ascii=False).encode()


@given(json_values)
def test_json_comes_back_as_it_went(value):
    assert parse(json.dumps(value).encode()) == value


SAID = {"items": [{"id": "a", "n": 3, "s": "17", "yes": True, "f": 1.5}, "b"], "text": "abc"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), SAID),
        (("items", 0, "id"), "a"),
        (("items", -1), "b"),
        (("items", 2), None),
        (("items", -3), None),
        (("items", "id"), None),
        (("text", 0), None),
        (("none", "of", "it"), None),
        ((0,), None),
    ],
)
def test_dig(path, value):
    assert dig(SAID, *path) == value


@pytest.mark.parametrize(("path", "text"), [(("text",), "abc"), (("items",), None), (("x",), None)])
def test_text_at(path, text):
    assert text_at(SAID, *path) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), ("17", 17), (True, None), (1.5, None), ("²", None), ("1" * 19, None), ("-1", None)],
)
def test_number_at(value, number):
    assert number_at({"n": value}, "n") == number


@pytest.mark.parametrize(
    ("seconds", "instant"),
    [
        (1_795_521_600, datetime(2026, 11, 24, 12, tzinfo=UTC)),
        ("1795521600", datetime(2026, 11, 24, 12, tzinfo=UTC)),
        (0, None),
        (4_102_444_800, None),
        ("soon", None),
    ],
)
def test_instant_at(seconds, instant):
    assert instant_at({"n": seconds}, "n") == instant


@pytest.mark.parametrize(
    ("path", "items"), [(("items",), SAID["items"]), (("text",), ()), (("x",), ())]
)
def test_items_at(path, items):
    assert items_at(SAID, *path) == items


@given(json_values, st.lists(st.text(max_size=3) | st.integers(-3, 3), max_size=4))
def test_no_value_and_no_path_are_too_odd(value, path):
    dig(value, *path)
    text_at(value, *path)
    number_at(value, *path)
    items_at(value, *path)
