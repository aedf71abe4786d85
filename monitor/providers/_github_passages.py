"""Lines that links name, remembered by digests, and found again where they stand by now.

Of a file with such links every line is kept as four characters, and the lines that were named as
those that were accepted. Four characters are 24 bits: one line is taken for one of a thousand
others by chance once in 17,000 files, several lines together never.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from monitor.core.json_reading import number_at, text_at
from monitor.core.model import Json, Link, Suggestion, Verdict
from monitor.core.reasons import Reason
from monitor.core.urls import normalise, split, without_fragment
from monitor.providers._github_places import LINES, Place

_SIZE = 4
_MOST_LINES = 1500
"""Lines of a file: 6 kB of digests. A longer one is not remembered."""
_MOST_PASSAGES, _MOST_OF_ONE = 20, 20
"""Ranges of lines of one file, and lines of a range: its first stand for it."""

_STANDING = frozenset({Reason.ALIVE, Reason.PART_MISSING})


def read(content: bytes) -> dict[str, Json]:
    """Return how many lines a text has, and their digests, or None where they are too many."""
    lines = content.splitlines()
    few = len(lines) <= _MOST_LINES
    return {"lines": len(lines), "digests": "".join(map(_digest, lines)) if few else None}


def wanted(place: Place, fragment: str) -> frozenset[str]:
    """Return what a link to lines wants looked up: their number, and in a branch themselves."""
    named = _named(fragment)
    if named is None or place.kind != "blob":
        return frozenset()
    return frozenset({"lines"}) if place.is_permanent else frozenset({"lines", _written(*named)})


def facts_of(needs: frozenset[str], digests: Json) -> dict[str, Json]:
    """Return what is to be remembered of the lines that links name; nothing where none are."""
    lines = _cut(digests)
    ranges = sorted((named for need in needs if (named := _named(need))), key=_length_first)
    passages: dict[str, Json] = {
        _written(first, last): "".join(lines[first - 1 : last][:_MOST_OF_ONE])
        for first, last in ranges[:_MOST_PASSAGES]
        if last <= len(lines)
    }
    if not ranges or not lines:
        return {}
    return {"passages": passages or None, "line_digests": {"all": "".join(lines)}}


def judge(link: Link, verdict: Verdict, accepted: Mapping[str, Json]) -> Verdict:
    """Return the verdict of a link whose lines stand elsewhere by now than when first seen."""
    named = _named(split(link.url).fragment)
    if named is None or verdict.reason not in _STANDING:
        return verdict
    first, last = named
    then = _cut(text_at(accepted, "passages", _written(first, last)))
    now = _cut(text_at(verdict.facts, "line_digests", "all"))
    if not set(then) - {_BLANK} or now[first - 1 : first - 1 + len(then)] == then:
        return verdict
    found = [n + 1 for n in range(len(now) - len(then) + 1) if now[n : n + len(then)] == then]
    if len(found) != 1:
        return verdict
    there = found[0], min(found[0] + last - first, len(now))
    url = normalise(f"{without_fragment(link.url)}#{_written(*there)}") or link.url
    detail = f"What was at {_said(first, last)} when first seen is at {_said(*there)} now."
    why = "The same text stands there."
    instead = Suggestion(url=url, why=why, confidence=0.9)
    return replace(verdict, reason=Reason.PART_MISSING, detail=detail, instead=instead)


def beyond(link: Link, verdict: Verdict) -> Verdict:
    """Return the verdict of a link that may name lines beyond the end of a file."""
    named, lines = _named(split(link.url).fragment), number_at(verdict.facts, "lines")
    if named is None or lines is None or named[1] <= lines:
        return verdict
    detail = f"The link names line {named[1]}, but the file has only {lines}."
    return replace(verdict, reason=Reason.PART_MISSING, detail=detail)


def _named(fragment: str) -> tuple[int, int] | None:
    """Return the first and the last line that a fragment names, or None where it names none."""
    found = LINES.fullmatch(fragment)
    if found is None:
        return None
    ends = sorted(int(number) for number in found.groups() if number is not None)
    return max(ends[0], 1), max(ends[-1], 1)


def _written(first: int, last: int) -> str:
    return f"L{first}" if first == last else f"L{first}-L{last}"


def _said(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _length_first(named: tuple[int, int]) -> tuple[int, int]:
    return named[1] - named[0], named[0]


def _digest(line: bytes) -> str:
    """Return four characters for a line, whatever white space it ends with."""
    text = line.decode("utf-8", "replace").rstrip()
    return urlsafe_b64encode(sha256(text.encode("utf-8", "replace")).digest()[:3]).decode()


def _cut(digests: Json) -> Sequence[str]:
    """Return the digests of lines that stand in a text one after another; of nonsense none."""
    if not isinstance(digests, str) or len(digests) > _SIZE * _MOST_LINES:
        return []
    return [digests[n : n + _SIZE] for n in range(0, len(digests), _SIZE)]


_BLANK = _digest(b"")
