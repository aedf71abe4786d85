"""What templates may do: the environment that every document is made in."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.model import Url
from monitor.core.reasons import Reason, explain
from monitor.core.urls import normalise, split
from monitor.report import wording
from monitor.report.grouping import anchor
from monitor.report.rows import by_kind

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).with_name("templates")

_SLASHES = re.compile(r"(?<![:/])/(?=[^/])")
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
        duration=wording.duration,
        href=href,
        instant=wording.instant,
        iso=wording.iso,
        kind=wording.kind_name,
        own_words=own_words,
        provider=wording.provider_title,
        shown=wording.shown,
        shown_url=wording.shown_url,
        title=_title,
        trail=wording.trail,
    )
    return made


def href(url: str) -> Url | None:
    """Return the address that may be followed from a report, or None where none may be.

    Only http and https lead on; `javascript:`, `data:` and what is no address do not.
    """
    read = normalise(url)
    return read if read is not None and split(read).is_web else None


def own_words(text: str) -> "Markup":
    """Return a text of ours as HTML, with what stands in backticks as code."""
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped


def breakable(url: str) -> "Markup":
    """Return an address as HTML that may be broken behind its slashes."""
    from markupsafe import Markup, escape

    text = str(escape(wording.shown_url(url)))
    return Markup(_SLASHES.sub(r"\g<0><wbr>", text))  # noqa: S704 - escaped


def _title(reason: Reason) -> str:
    return explain(reason).title
