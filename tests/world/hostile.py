"""Answers that no client expects: the wrong kind, shape, size or encoding of content."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from tests.world.wire import Asked, Reply, as_json, html, page

_JSON = ("Content-Type", "application/json; charset=utf-8")

LARGE, DEEP = 10_000_000, 100_000
"""How large the large JSON is in bytes, how deep the deep one in levels."""


class Hostile(StrEnum):
    """What comes in place of the answer."""

    HTML = "answers-html"
    """A page with 200, where JSON may be due."""
    EMPTY = "answers-nothing"
    SHAPE = "answers-another-shape"
    """JSON, but a list of numbers."""
    NULLS = "answers-nulls"
    CUT = "answers-cut-json"
    """JSON that ends in the middle, its length as announced."""
    ERROR_INSIDE = "answers-error-inside"
    """A 200 with an error envelope."""
    LARGE = "answers-large-json"
    DEEP = "answers-deep-json"
    ENCODING = "answers-wrong-encoding"
    """Bytes that are not the UTF-8 which the header announces."""
    TEAPOT = "answers-teapot"
    """A status that nobody uses."""


def _raw(body: bytes, *headers: tuple[str, str]) -> Reply:
    return Reply(headers=(_JSON, *headers), body=body)


REPLIES: Mapping[Hostile, Callable[[Asked], Reply]] = {
    Hostile.HTML: lambda _: html(page("Welcome", "<h1>Welcome</h1>")),
    Hostile.EMPTY: lambda _: _raw(b""),
    Hostile.SHAPE: lambda _: as_json([1, 2, 3]),
    Hostile.NULLS: lambda _: as_json(
        {"items": None, "data": None, "files": None, "id": None, "tree": None, "title": None}
    ),
    Hostile.CUT: lambda _: _raw(b'{"items": [{"id": "'),
    Hostile.ERROR_INSIDE: lambda _: as_json(
        {"error": {"code": 500, "message": "Internal error", "errors": [{"reason": "internal"}]}}
    ),
    Hostile.LARGE: lambda _: _raw(b'{"pad": "' + b"x" * LARGE + b'"}'),
    Hostile.DEEP: lambda _: _raw(b"[" * DEEP + b"]" * DEEP),
    Hostile.ENCODING: lambda _: _raw(b'{"title": "\xff\xfe\x00\xd8"}'),
    Hostile.TEAPOT: lambda _: as_json({"message": "short and stout"}, 418),
}
