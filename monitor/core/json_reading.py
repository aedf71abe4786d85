"""Reading JSON that a stranger wrote: a missing or odd value is None, never an error."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from monitor.core.model import Json
from monitor.core.ports import Failure, FailureKind, Response

_YEAR_2100 = 4_102_444_800
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(response: Response) -> Json | Failure:
    """Return the JSON of an answer, or a Failure (unreadable) where it holds none.

    Bytes that are no UTF-8, and escapes that are half a character, are replaced, so that all of
    it can be written down again. Nesting too deep for the parser is unreadable.
    """
    text = response.body.decode("utf-8-sig", "replace")
    try:
        parsed: Json = json.loads(text)
        if "\\ud" in text.lower():
            parsed = whole(parsed)
    except (ValueError, RecursionError):
        detail = f"{response.url} answered {response.status} with something that is not JSON"
        return Failure(kind=FailureKind.UNREADABLE, detail=detail)
    return parsed


def whole(value: Json) -> Json:
    """Return a value with the halves of characters in its strings replaced.

    Raises RecursionError where it is nested too deep.
    """
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_LONE_SURROGATE.sub("\ufffd", key): whole(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [whole(item) for item in value]
    return value


def dig(value: Json, *path: str | int) -> Json:
    """Return what stands at a path of keys and indices, or None where it ends early."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, Mapping) else None
        elif isinstance(value, Sequence) and not isinstance(value, str):
            value = value[step] if -len(value) <= step < len(value) else None
        else:
            return None
    return value


def text_at(value: Json, *path: str | int) -> str | None:
    """Return the string at a path, or None where there is none."""
    found = dig(value, *path)
    return found if isinstance(found, str) else None


def number_at(value: Json, *path: str | int) -> int | None:
    """Return the whole number at a path, also when written as a string; else None."""
    found = dig(value, *path)
    if isinstance(found, bool):
        return None
    if isinstance(found, int):
        return found
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19:
        return int(found)
    return None


def instant_at(value: Json, *path: str | int) -> datetime | None:
    """Return the instant that the seconds since 1970 at a path name; None where there is none.

    What lies in 2100 or later is taken for nonsense.
    """
    seconds = number_at(value, *path) or 0
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _YEAR_2100 else None


def items_at(value: Json, *path: str | int) -> Sequence[Json]:
    """Return the list at a path, or an empty one."""
    found = dig(value, *path)
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()
