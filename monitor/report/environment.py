"""What templates may do: the environment that every document is made in."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.model import Url
from monitor.core.reasons import Reason, explain
from monitor.core.urls import normalise, split
from monitor.report import wording
from monitor.report.grouping import anchor
from monitor.report.over_time import is_known, trouble_words
from monitor.report.rows import by_kind
from monitor.report.standing import mute_words

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).with_name("templates")

_SLASHES = re.compile(r".{11,}?[^:/]/(?=[^/])")
"""A part of an address that is long enough to end a line with, up to its slash."""
_LEFTWARD = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The blocks of the scripts that are written from right to left."""
_CODE = re.compile(r"`([^`]*)`")


def environment(finalize: Callable[[object], object] | None = None) -> "Environment":
    """Return a new environment: everything is escaped, an unknown name is an error.

    `finalize` is asked what to write for each value, before HTML escaping.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    settings: dict[str, Any] = {} if finalize is None else {"finalize": finalize}
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **settings,
    )
    made.filters.update(
        anchor=anchor,
        breakable=breakable,
        by_kind=by_kind,
        count=wording.count,
        day=wording.day,
        duration=wording.duration,
        href=href,
        instant=wording.instant,
        iso=wording.iso,
        kind=wording.kind_name,
        muted=mute_words,
        over_time=trouble_words,
        own_words=own_words,
        provider=wording.provider_title,
        shown=wording.shown,
        shown_url=wording.shown_url,
        title=_title,
        trail=wording.trail,
    )
    made.tests.update(known=is_known)
    # What each of thousands of rows needs many times is written here: a macro costs five times.
    made.globals.update(address=address, mark=mark, text=text, time=time, trail=trail)
    return made


def href(url: str) -> Url | None:
    """Return the address that may be followed from a report, or None where none may be.

    Only http and https lead on; `javascript:`, `data:` and what is no address do not.
    """
    read = normalise(url)
    return read if read is not None and split(read).is_web else None


@cache
def mark(status: str) -> "Markup":
    """Return the sign of a status as HTML; what it says stands beside it."""
    from markupsafe import Markup

    sign = f'<svg class="mark {status}" aria-hidden="true"><use href="#mark-{status}"/></svg>'
    return Markup(sign)  # noqa: S704 - our own words


def text(words: str) -> "Markup":
    """Return a text of any origin as HTML that keeps its direction, if it has one, to itself."""
    from markupsafe import Markup, escape

    safe = escape(wording.shown(words))
    return Markup(f"<bdi>{safe}</bdi>" if _LEFTWARD.search(safe) else safe)  # noqa: S704 - escaped


def trail(context: Sequence[str]) -> "Markup":
    """Return the steps that lead to a link as HTML."""
    from markupsafe import Markup

    steps = " › ".join(text(step) for step in wording.trail(context))
    return Markup(f'<span class="context">{steps}</span>')  # noqa: S704 - escaped


def time(at: datetime) -> "Markup":
    """Return an instant as HTML."""
    from markupsafe import Markup

    said = f'<time datetime="{wording.iso(at)}">{wording.instant(at)}</time>'
    return Markup(said)  # noqa: S704 - figures, and names of months


def address(url: str) -> "Markup":
    """Return an address as HTML, to be followed where that is safe."""
    from markupsafe import Markup, escape

    target, words = href(url), breakable(url)
    if target is None:
        return Markup(f'<span class="url">{words}</span>')  # noqa: S704 - escaped
    return Markup(f'<a class="url" href="{escape(target)}">{words}</a>')  # noqa: S704 - escaped


def own_words(words: str) -> "Markup":
    """Return a text of ours as HTML, with what stands in backticks as code."""
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(words))))  # noqa: S704 - escaped


def breakable(url: str) -> "Markup":
    """Return an address as HTML that may be broken behind a slash every dozen letters or so."""
    from markupsafe import Markup, escape

    words = str(escape(wording.shown_url(url)))
    return Markup(_SLASHES.sub(r"\g<0><wbr>", words))  # noqa: S704 - escaped


def _title(reason: Reason) -> str:
    return explain(reason).title
