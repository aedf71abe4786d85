"""Saying things to people: harmless text, labels, instants, numbers.

All text from a page or a service is hostile. What is shown of it holds no control and no
invisible characters, is bounded, and is escaped by whoever writes it into a document.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from monitor.core.model import Json, Link, Resource, Url, Verdict
from monitor.core.states import Phase
from monitor.core.urls import split
from monitor.providers import find

MOST_TEXT, MOST_TITLE, MOST_URL, MOST_FACTS = 500, 160, 2000, 8

PHASES = {
    Phase.RECOVERING: "works again, to be confirmed",
    Phase.HEALTHY: "works again",
    Phase.FLAPPING: "comes and goes",
}
"""What one of an incident's resources is called when it does not simply fail."""

# strftime's month names follow the locale of the machine.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# UTF-8 of emoji, marks and dashes read in a Windows code page. Where a byte is lost on the way
# it cannot be repaired, and what is left looks like letters: an emoji becomes "ğŸ¥" or "ðŸŽ¥".
_MOJIBAKE = re.compile(r"(?:[ğð][Ÿ\x9f]|ï¸|â[^\w\s]|â[‚€™œ])\S*")

_MOST_MARKS = 4  # diacritics on one letter; some scripts need three, more only cover other lines


# Blocks of Unicode without combining marks; what is in them and printable is harmless.
_ORDINARY = re.compile(
    "[ -\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u1fff\u2010-\u20cf\u2100-\u2bff"
    "\u3041-\u3096\u309b-\u9fff\uac00-\ud7a3\U0001f300-\U0001faff]*"
)


def shown(text: str, most: int = MOST_TEXT) -> str:
    """Return a text as people may see it: on one line, at most `most` characters.

    Control, zero-width and direction characters are dropped, white space is folded.
    """
    if len(text) <= most and text.isprintable() and _ORDINARY.fullmatch(text):
        return " ".join(text.split())  # almost every text, at a tenth of the cost
    kept: list[str] = []
    marks = 0
    for character in text[: most * 8]:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in {"Zs", "Zl", "Zp"} or character in "\t\n\r\f\v":
            kept.append(" ")
        elif category not in {"Cc", "Cf", "Cs"} and marks <= _MOST_MARKS:
            kept.append(character)
    return _cut(" ".join("".join(kept).split()), most)


def shown_url(url: str, most: int = MOST_URL) -> str:
    """Return an address as people may see it: what is invisible in it is named.

    A zero-width space in an address may be the very fault, so it reads "‹U+200B›".
    """
    if url.isprintable():
        return _cut(url[:most].strip(), most)
    return _cut(
        "".join(
            f"‹U+{ord(character):04X}›"
            if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
            else character
            for character in url[:most]
        ).strip(),
        most,
    )


def shown_host(url: str) -> str:
    """Return an address as a name: on one line, without the scheme of a sound one."""
    brief = re.sub(r"^https?://(?:www\.)?", "", url).removesuffix("/")
    return shown_url(brief if split(Url(url)).is_web else url, 90)


def says_something(text: str) -> bool:
    """Return whether a text names anything: not when empty, symbols, or lost bytes alone."""
    return any(character.isalnum() for character in _MOJIBAKE.sub("", text))


def trail(context: Sequence[str]) -> tuple[str, ...]:
    """Return the steps of a context that tell a person something: not a cell of mere symbols."""
    return tuple(step for step in context if says_something(step.partition(": ")[2] or step))


def title_of(verdict: Verdict) -> str | None:
    """Return the name that a service gives a resource, or None when it gave none."""
    for key in ("title", "name"):
        name = verdict.facts.get(key)
        if isinstance(name, str) and shown(name):
            return shown(name, MOST_TITLE)
    return None


def name_of(resource: Resource, verdict: Verdict) -> str:
    """Return what to call a resource: its title, else its address."""
    return title_of(verdict) or shown_host(resource.url)


def label(link: Link, resource: Resource, verdict: Verdict) -> str:
    """Return what to call a link: its text, else kind and title, else its address."""
    text = shown(link.occurrence.text, MOST_TITLE)
    if says_something(text):
        return text
    title = title_of(verdict)
    return f"{kind_name(resource)}: {title}" if title else shown_host(link.url)


_KINDS = {"blob": "file", "raw": "file", "tree": "folder", "repo": "repository"}


def kind_name(resource: Resource) -> str:
    """Return what people call the kind of a resource: a "blob" is a file."""
    return _KINDS.get(resource.kind) or shown(resource.kind, 40)


def provider_title(name: str) -> str:
    """Return what people call a provider: "google_drive" is "Google Drive"."""
    return next((p.title for p in find() if p.name == name), shown(name, 40))


def instant(at: datetime) -> str:
    """Return an instant for people: "24 November 2026, 21:30 UTC"."""
    at = at.astimezone(UTC)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def day(of: date) -> str:
    """Return a day for people: "24 November 2026"."""
    return f"{day_and_month(of)} {of.year}"


def day_and_month(of: date) -> str:
    """Return a day for people who know the year: "24 November"."""
    return f"{of.day} {_MONTHS[of.month - 1]}"


def share(part: float) -> str:
    """Return a share of one for people; only all is 100 %, and only nothing is 0 %."""
    percent = part * 100
    if 0 < percent < 0.1 or 99.9 < percent < 100:
        return "under 0.1 %" if percent < 1 else "over 99.9 %"
    return f"{percent:.1f} %".replace(".0 ", " ")


def iso(at: datetime) -> str:
    """Return an instant for machines, in UTC: "2026-11-24T21:30:00Z"."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def duration(spell: timedelta) -> str:
    """Return a length of time in its two largest units: "1 h 20 min", "48 s", "0.4 s"."""
    seconds = spell.total_seconds()
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 link", "1,500 links"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(parts: Sequence[str]) -> str:
    """Return parts as a list within a sentence: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def facts(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """Return at most eight of a verdict's facts for people, as name and value.

    Left out: the title, which stands elsewhere, what is empty, and what is nested.
    """
    named = (
        (shown(key.replace("_", " "), 40), fact(key, value))
        for key, value in verdict.facts.items()
        if key not in {"title", "name", "target", "target_id"}  # the chain says where it ends
    )
    return tuple((key, value) for key, value in named if key and value)[:MOST_FACTS]


def fact(key: str, value: Json) -> str:
    """Return the value of a fact as people read it; its name tells what kind of value it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(key, value)
    if isinstance(value, str):
        return shown_url(value, 160) if "://" in value else shown(value, 160)
    if value is None or isinstance(value, Mapping):
        return ""
    return shown(" → ".join(fact("", item) for item in value[:MOST_FACTS]), 400)


def _number(key: str, value: float) -> str:
    if key.startswith("duration") and 0 <= value < 1e7:
        return duration(timedelta(seconds=value))
    if key in {"size", "bytes"} and value >= 0:
        return _size(value)
    return f"{value:,}" if isinstance(value, int) and abs(value) > 9999 else str(value)[:40]


def _size(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
