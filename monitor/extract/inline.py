"""Markdown's inline rules that make links, told to remember where each address stands.

The parser (markdown-it-py) knows lines of blocks only. Its rules are replaced one by one
through its own ruler; each leaves an `Address` in its token's meta. The rules are those of
CommonMark 0.31, sections 6.3 to 6.6.
"""

from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.autolink import autolink
from markdown_it.rules_inline.html_inline import html_inline

ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where in its block an address stands, and it with escapes undone.

    For a reference link `label` names the definition, and the place is that of its use.
    """

    start: int
    end: int
    value: str = ""
    label: str | None = None


class Parser(MarkdownIt):
    """A CommonMark parser with tables that keeps every address as it is written."""

    def __init__(self) -> None:
        super().__init__("commonmark")
        self.enable("table")
        rules = self.inline.ruler
        rules.at("link", _link)
        rules.at("image", _image)
        rules.at("autolink", _autolink)
        rules.at("html_inline", _html_inline)
        rules.before("escape", "math", _math)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Return the address as it is: normalising is not the page's business."""
        return url

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Return True: links to be skipped are told of, not passed over."""
        return url is not None


@lru_cache(maxsize=1)
def parser() -> Parser:
    """Return the parser, made once; it holds no state between texts."""
    return Parser()


def _link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    opening = state.pos
    if state.src[opening] != "[":
        return False
    closing = state.md.helpers.parseLinkLabel(state, opening, disableNested=True)
    target = _target(state, opening, closing) if closing >= 0 else None
    if target is None:
        return False
    address, end = target
    if not silent:
        most = state.posMax
        state.pos, state.posMax = opening + 1, closing
        state.push("link_open", "a", 1).meta = {ADDRESS: address}
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
        state.posMax = most
    state.pos = end
    return True


def _image(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    opening = state.pos + 1
    if not state.src.startswith("![", state.pos):
        return False
    closing = state.md.helpers.parseLinkLabel(state, opening)
    target = _target(state, opening, closing) if closing >= 0 else None
    if target is None:
        return False
    address, end = target
    if not silent:
        token = state.push("image", "img", 0)
        token.meta = {ADDRESS: address}
        token.content = state.src[opening + 1 : closing]
    state.pos = end
    return True


def _target(state: StateInline, opening: int, closing: int) -> tuple[Address, int] | None:
    """Return the address that follows a bracketed text, and where it all ends, or None."""
    return _destination(state, closing + 1) or _reference(state, opening, closing)


def _destination(state: StateInline, at: int) -> tuple[Address, int] | None:
    """Read `(address "title")`."""
    text, most = state.src, state.posMax
    if not text.startswith("(", at):
        return None
    start = _past_spaces(text, at + 1, most)
    read = state.md.helpers.parseLinkDestination(text, start, most)
    end = read.pos if read.ok else start  # `[text]()` leads to the page itself
    after = _past_spaces(text, end, most)
    if after > end:
        title = state.md.helpers.parseLinkTitle(text, after, most)
        if title.ok:
            after = _past_spaces(text, title.pos, most)
    if after >= most or text[after] != ")":
        return None
    pointed = 1 if text.startswith("<", start) else 0
    address = Address(start=start + pointed, end=end - pointed, value=read.str)
    return address, after + 1


def _reference(state: StateInline, opening: int, closing: int) -> tuple[Address, int] | None:
    """Read `[label]`, `[]` or nothing, where the label is defined on the page."""
    references = state.env.get("references")
    if not references:
        return None
    label, end = "", closing + 1
    if state.src.startswith("[", end) and end < state.posMax:
        stop = state.md.helpers.parseLinkLabel(state, end)
        if stop >= 0:
            label, end = state.src[end + 1 : stop], stop + 1
    name = normalizeReference(label or state.src[opening + 1 : closing])
    definition = references.get(name)
    if definition is None:
        return None
    return Address(start=opening, end=end, value=definition["href"], label=name), end


def _past_spaces(text: str, at: int, end: int) -> int:
    while at < end and text[at] in " \t\n":
        at += 1
    return at


def _autolink(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    start, before = state.pos + 1, len(state.tokens)
    if not autolink(state, silent):
        return False
    if not silent:
        opened = next(t for t in state.tokens[before:] if t.type == "link_open")
        value = str(opened.attrs["href"])
        opened.meta = {ADDRESS: Address(start=start, end=state.pos - 1, value=value)}
    return True


def _html_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    start = state.pos
    if not html_inline(state, silent):
        return False
    if not silent:
        state.tokens[-1].meta = {ADDRESS: Address(start=start, end=state.pos)}
    return True


def _math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    """Pass over `$$ … $$`: brackets in a formula are no links (kramdown, GitHub)."""
    start = state.pos
    if not state.src.startswith("$$", start):
        return False
    end = state.src.find("$$", start + 2, state.posMax)
    if end < 0:
        return False
    state.pos = end + 2
    if not silent:
        state.pending += state.src[start : state.pos]
    return True
