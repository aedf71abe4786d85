"""Cookies within one chain of redirects, and no further.

Some sites send their visitors round in circles until these bring a cookie back; nothing is
remembered from one request to the next.
"""

from http.cookies import SimpleCookie

import aiohttp
from yarl import URL

from monitor.core.model import Url
from monitor.core.urls import split

MOST = 8 * 1024
"""Characters of cookies that are sent along; browsers send a little less (RFC 6265, 6.1)."""


class ChainCookies:
    """The cookies of one chain of redirects, by the rules of RFC 6265 as aiohttp keeps them."""

    def __init__(self) -> None:
        self._jar: aiohttp.CookieJar | None = None

    def take(self, cookies: SimpleCookie, url: Url) -> None:
        """Keep the cookies that an answer brought."""
        if cookies and split(url).is_web:
            self._jar = self._jar or aiohttp.CookieJar(unsafe=True)  # unsafe: hosts that are IPs
            self._jar.update_cookies(cookies, URL(url, encoded=True))

    def header(self, url: Url) -> str:
        """Return the Cookie header for a URL, or "" when there is nothing to send."""
        if self._jar is None:
            return ""
        found = self._jar.filter_cookies(URL(url, encoded=True))
        pairs = sorted(f"{name}={cookie.coded_value}" for name, cookie in found.items())
        header = "; ".join(pairs)
        return header if header.isascii() and len(header) <= MOST else ""
