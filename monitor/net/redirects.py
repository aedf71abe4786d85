"""Reading a redirect as a browser does."""

import re

from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind
from monitor.core.urls import normalise, split

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that send a browser on: Fetch standard, "redirect status"."""

_USERINFO = re.compile(r"//[^/?#]*@")
_METHOD_STAYS = frozenset({307, 308})


def target(location: str | None, here: Url, status: int) -> Url | Failure:
    """Return where a redirect leads, or a Failure (bad redirect) when that is nowhere on the web.

    `location` is the header as aiohttp gives it, None where there is none. Raw bytes in it are
    percent-encoded. A target without a fragment inherits the one of `here`.
    Source: Fetch standard, "location URL".
    """
    if location is None or not location.strip():
        return _bad(here, f"answered {status} without saying where to go")
    raw = location.encode("utf-8", "surrogateescape")
    written = "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw)
    found = normalise(written, here)
    if found is None or not split(found).is_web:
        shown = _USERINFO.sub("//", written[:200])
        return _bad(here, f"answered {status} with a target that is no web address: {shown}")
    fragment = here.partition("#")[2]
    if "#" not in found and fragment:
        found = Url(f"{found}#{fragment}")
    return found


def method_after(status: int, method: str) -> str:
    """Return the method for the next hop: a redirected POST becomes a GET, as in browsers."""
    if status in _METHOD_STAYS or method in {"GET", "HEAD"}:
        return method
    return "GET"


def _bad(here: Url, words: str) -> Failure:
    return Failure(kind=FailureKind.BAD_REDIRECT, detail=f"{split(here).host}: it {words}.")
