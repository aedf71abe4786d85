"""Markdown for GitHub: the templates' environment, and texts that fit by leaving sections out."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.core.contacts import ADDRESS
from monitor.core.urls import split
from monitor.report.environment import environment, href
from monitor.report.markdown_escape import code, escape
from monitor.report.wording import count, joined, shown

MOST = 65_536
"""Characters that GitHub takes for the body of an issue or a comment."""

LONGEST_TITLE = 256
"""Characters that GitHub takes for a title."""

MOST_TITLE = 240
"""Characters of a title before what is hidden in it to keep it from pinging."""

MOST_LETTER = 4_000
"""Characters of a text to send."""

_GAPS = re.compile(r"\n{3,}")

_THREADS = frozenset({"issues", "pull", "pulls", "discussions", "commit", "commits"})
"""Parts of addresses that GitHub notes at the other end, when an issue links there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text. One with a noun, `one` and `many`, may be left out, and is then counted."""

    text: str
    one: str = ""
    many: str = ""


@lru_cache(maxsize=8)
def template(name: str) -> Any:
    """Return the macros of a template of ours; what they write of others is escaped."""
    from markupsafe import Markup

    def finished(value: object) -> object:
        return value if hasattr(value, "__html__") else Markup(escape(private(str(value))))  # noqa: S704 - escaped

    made = environment(finalize=finished)
    made.filters["code"] = lambda url: Markup(code(url))  # noqa: S704 - escaped
    made.filters["address"] = lambda url: Markup(address(url))  # noqa: S704 - escaped
    made.filters["own_words"] = Markup
    made.filters["letter"] = lambda text: Markup(letter(text))  # noqa: S704 - in a code block
    return made.get_template(f"{name}.md.j2").module


def part(name: str, macro: str, *values: Any) -> str:
    """Return what a macro of a template writes, without empty lines around and doubled within."""
    text = str(getattr(template(name), macro)(*values)).strip("\n")
    return _GAPS.sub("\n\n", text)


def private(text: str) -> str:
    """Return a text without addresses of e-mail: they are nobody's business who reads an issue."""
    return ADDRESS.sub("…", text)


def address(url: str) -> str:
    """Return an address as a link, or as code where it may not be followed.

    A link to a thread or a commit would leave a trace there.
    """
    target = href(url)
    if target is None or len(target) > 500 or _THREADS & set(split(target).segments):
        return code(url)
    safe = target.replace("\\", "%5C").replace("`", "%60").replace("&", "&amp;")
    return f"[{code(url)}](<{safe}>)"


def letter(text: str) -> str:
    """Return a text to be copied and sent, as a block of code: it can do nothing in there.

    A line of it that begins with what we hide in issues would be read as ours by others.
    """
    harmless = shown(private(text), MOST_LETTER).replace("<!", "<\u200b!")
    lines = textwrap.wrap(harmless, 88, break_long_words=False)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence])


def fitted(parts: Sequence[Part], most: int) -> str:
    """Return the parts as one text of at most `most` characters.

    Of those that may be left out the last go first, and a line says how many did. What may not
    be left out has to fit by itself.
    """
    length = sum(len(each.text) + 2 for each in parts)
    left_out: set[int] = set()
    if length > most:
        length += len(_note(parts))
        for n in reversed(range(len(parts))):
            if length <= most:
                break
            if parts[n].one:
                left_out.add(n)
                length -= len(parts[n].text) + 2
    kept = [each.text for n, each in enumerate(parts) if n not in left_out and each.text]
    if left_out:
        kept.append(_note([parts[n] for n in sorted(left_out)]))
    return "\n\n".join(kept) + "\n"


def _note(left_out: Sequence[Part]) -> str:
    numbers: dict[tuple[str, str], int] = {}
    for each in left_out:
        if each.one:
            numbers[each.one, each.many] = numbers.get((each.one, each.many), 0) + 1
    said = [count(number, one, many) for (one, many), number in numbers.items()]
    return f"*Left out to fit: {joined(said)}. All of it is in the report.*"
