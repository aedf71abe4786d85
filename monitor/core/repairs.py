"""What a broken link may have meant: candidates for `instead`, to be asked before offered."""

import re
from collections.abc import Iterator, Sequence

from monitor.core.model import Link, Suggestion, Url
from monitor.core.urls import LOST_COLON, normalise, split

_VARIABLE = re.compile(r"^\s*(\{\{\s*[\w.-]+\s*\}\})(.*)$", re.DOTALL)
_COLON_CONFIDENCE, _PREFIX_CONFIDENCE = 0.9, 0.95
_REPEAT_CONFIDENCE, _SCHEME_CONFIDENCE = 0.8, 0.9


def candidates(link: Link, page: Sequence[Link]) -> Sequence[Suggestion]:
    """Return what to ask in a broken link's place, the likeliest first, without repetition.

    `page` are all links of the page that holds it. Each suggestion is a guess until the URL
    has been found alive.
    """
    found: dict[Url, Suggestion] = {}
    for suggestion in (
        *_lost_colon(link),
        *_lost_variable(link, page),
        *_repeated_folder(link),
        *_https(link),
    ):
        if suggestion.url != link.url:
            found.setdefault(suggestion.url, suggestion)
    return tuple(found.values())


def _lost_colon(link: Link) -> Iterator[Suggestion]:
    """Offer the address with the colon that it lost: https//example.org."""
    match = LOST_COLON.match(link.written)
    url = normalise(f"{match.group(1)}://{match.group(2)}") if match is not None else None
    if url is not None:
        why = "The colon after http or https is missing."
        yield Suggestion(url=url, why=why, confidence=_COLON_CONFIDENCE)


def _lost_variable(link: Link, page: Sequence[Link]) -> Iterator[Suggestion]:
    """Offer the template variable with which the page's other links begin."""
    written = link.written.strip()
    if not written or "{" in written or ":" in written.partition("/")[0] or written[0] in "/#?.":
        return
    for variable, value in _variables(page).items():
        url = normalise(f"{value.rstrip('/')}/{written}")
        if url is not None:
            yield Suggestion(
                url=url,
                why=f"The page's other links begin with {variable}; this one lost it.",
                confidence=_PREFIX_CONFIDENCE,
            )


def _variables(page: Sequence[Link]) -> dict[str, str]:
    """Return the URL that each template variable stands for, as the page's links show it."""
    values: dict[str, str] = {}
    for other in page:
        match = _VARIABLE.match(other.written)
        if match is None:
            continue
        rest = match.group(2).strip()
        path = normalise(rest, Url(f"{split(other.url).origin}/"))
        tail = path.removeprefix(split(other.url).origin) if path is not None else rest
        if rest and other.url.endswith(tail):
            values.setdefault(match.group(1), other.url.removesuffix(tail))
    return values


def _repeated_folder(link: Link) -> Iterator[Suggestion]:
    """Offer the path without a folder that stands twice in a row: /it/it/week06/06."""
    parts = split(link.url)
    if not parts.is_web:
        return
    folders = parts.path.split("/")
    for n in range(1, len(folders) - 1):
        if folders[n] and folders[n] == folders[n + 1]:
            path = "/".join(folders[:n] + folders[n + 1 :])
            query = f"?{parts.search}" if parts.search else ""
            place = f"#{parts.fragment}" if parts.fragment else ""
            # "/." keeps a path that begins with two slashes from being read as a host.
            url = normalise(f"/.{path}{query}{place}", link.url) or link.url
            why = f"The folder “{folders[n]}” stands twice in the address."
            yield Suggestion(url=url, why=why, confidence=_REPEAT_CONFIDENCE)
            return


def _https(link: Link) -> Iterator[Suggestion]:
    """Offer https where the page says http."""
    if split(link.url).scheme == "http":
        url = Url("https://" + link.url.removeprefix("http://"))
        why = "The same address answers over https."
        yield Suggestion(url=url, why=why, confidence=_SCHEME_CONFIDENCE)
