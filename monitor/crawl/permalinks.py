"""Where a site generator puts a source file: from its path to the URL its readers use; pure.

Facts: jekyllrb.com/docs/permalinks, jekyll-readme-index, and that GitHub Pages serves
/about.html also as /about.
"""

import re
from urllib.parse import quote

from monitor.core.model import Url
from monitor.core.urls import normalise

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE
)
_PERMALINK = re.compile(r"^permalink:[ \t]+(\S.{0,500})$", re.MULTILINE)
_LONGEST_FRONT_MATTER = 20_000


def page_url(path: str, base_url: Url, *, text: str, pretty: bool, has_index: bool) -> Url | None:
    """Return where the readers of a folder's file find it, or None where that is no URL.

    `path` is relative to the folder, with slashes; `base_url` is the folder's own address.
    `pretty` tells that the site ends its addresses with a slash, `has_index` that an index
    stands in the same folder, so that a README there is a page of its own.
    """
    base = normalise(base_url.partition("?")[0].partition("#")[0].rstrip("/") + "/")
    front = _FRONT_MATTER.match(text[:_LONGEST_FRONT_MATTER])
    chosen = permalink(front.group(1)) if front else None
    if chosen is not None:
        return normalise(chosen.lstrip("/"), base)
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    suffix = (dot + ending).lower()
    if stem.lower() == "index" or (stem.lower() == "readme" and not has_index):
        where = f"{folder}{slash}"
    elif suffix in MARKDOWN_SUFFIXES:
        where = f"{folder}{slash}{stem}{'/' if pretty else ''}"
    elif front and pretty:
        where = f"{folder}{slash}{stem}/"
    else:
        where = path
    return normalise(f"./{quote(where)}", base)


def permalink(front_matter: str) -> str | None:
    """Return the address that front matter chooses for its page, or None.

    Placeholders (/:title/) and the names of styles (pretty) choose none for a page.
    """
    chosen = _value(front_matter)
    return chosen if "/" in chosen and ":" not in chosen else None


def is_pretty(site_configuration: str) -> bool:
    """Return whether Jekyll's _config.yml has addresses end with a slash."""
    style = _value(site_configuration)
    return style == "pretty" or style.endswith("/")


def _value(yaml: str) -> str:
    """Return what stands after `permalink:`, without quotes and comment, or ""."""
    match = _PERMALINK.search(yaml)
    written = match.group(1) if match else ""
    if written[:1] in {"'", '"'}:
        return written[1:].partition(written[0])[0]
    return written.partition(" #")[0].strip()
