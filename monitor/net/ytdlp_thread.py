"""The side of the thread: yt-dlp itself. Importing this module imports all of yt-dlp."""

import io
import math
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

# yt-dlp has no types.
from yt_dlp import YoutubeDL  # type: ignore[import-untyped]
from yt_dlp.networking.common import Request as TheirRequest  # type: ignore[import-untyped]
from yt_dlp.networking.common import RequestDirector, RequestHandler
from yt_dlp.networking.common import Response as TheirResponse
from yt_dlp.networking.exceptions import HTTPError, TransportError  # type: ignore[import-untyped]

from monitor.core.model import Json, Url
from monitor.core.ports import Exchange, Failure, Request
from monitor.core.urls import normalise
from monitor.net.ytdlp import Stopped

Carry = Callable[[Request], Exchange]

CLIENTS = ("web",)
"""Which of YouTube's players to speak for. For "web" the watch page itself holds the player's
answer: one GET tells title, duration, availability, embedding, or the reason why not. Videos
without plain media addresses (SABR) are read as well, which other clients may refuse. The names
change between releases of yt-dlp."""

SKIPPED = ("configs", "js", "initial_data")
"""What no further request is made for: settings and player serve to find media files, and of the
page's own data what is there is enough (channel, badges); fetching it anew costs up to four."""

KEYS = (
    "id",
    "title",
    "duration",
    "channel",
    "channel_id",
    "uploader",
    "availability",
    "live_status",
    "release_timestamp",
    "upload_date",
    "age_limit",
    "playable_in_embed",
)
"""What is kept of a video's metadata; only plain values."""

PAGE_BYTES = 8 * 1024 * 1024
"""How much of an answer yt-dlp may see; a watch page has about 1.5 MB."""

LONGEST_TEXT = 2_000
"""Characters of one text that are handed on."""

OURS = frozenset({"user-agent", "accept-encoding", "sec-fetch-mode"})
"""Headers of yt-dlp that are not sent: it calls itself a browser, we call ourselves Linkwell."""

_readers = threading.local()


def read_video(url: Url, carry: Carry) -> Json:
    """Return `{"info": {...}}` or `{"error": {...}}`, as `Ports.video` describes them.

    Runs in a thread and waits. `carry` brings the requests to the network and back. Besides
    kind, message and countries an error tells `expected`: whether yt-dlp knows this trouble
    as one of the video, and not of itself.
    """
    reader = getattr(_readers, "reader", None)
    if reader is None:  # building one takes 40 ms, so each thread keeps its own
        reader = _readers.reader = _Reader()
    reader.carry = carry
    try:
        found = reader.extract_info(url, download=False, process=False)
    except Exception as error:  # noqa: BLE001 - made of a stranger's page: it may be any
        return {"error": _error(error)}
    if not isinstance(found, Mapping) or found.get("_type", "video") != "video":
        return {"error": _error(NoVideoError("There is something else in the video's place."))}
    return {"info": _info(found)}


class NoVideoError(Exception):
    """yt-dlp was sent on: to a trailer, a list."""


class _Silence:
    """A logger that says nothing: what matters is raised."""

    def debug(self, message: str) -> None: ...
    def info(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...
    def error(self, message: str) -> None: ...


class _Reader(YoutubeDL):  # type: ignore[misc] # yt-dlp has no types
    """A YoutubeDL whose only way to the network is `carry`."""

    def __init__(self) -> None:
        self.carry: Carry | None = None
        super().__init__(
            {
                "logger": _Silence(),
                "quiet": True,
                "cachedir": False,
                "skip_download": True,
                "retries": 0,
                "extractor_retries": 0,
                "proxy": "",  # fetch has the proxy
                "allowed_extractors": ["^youtube$"],
                "extractor_args": {
                    "youtube": {
                        "player_client": list(CLIENTS),
                        "player_skip": list(SKIPPED),
                        "skip": ["hls", "dash", "translated_subs"],
                    }
                },
            }
        )

    def build_request_director(self, _handlers: Any, preferences: Any = None) -> RequestDirector:
        """Return a director that knows our handler alone."""
        return super().build_request_director([partial(_CarryRH, reader=self)], preferences)


class _CarryRH(RequestHandler):  # type: ignore[misc] # yt-dlp has no types
    """Sends yt-dlp's requests by `carry`. The name's ending is yt-dlp's rule."""

    _SUPPORTED_URL_SCHEMES = ("http", "https")
    _SUPPORTED_PROXY_SCHEMES = None  # whatever: proxies are fetch's
    _SUPPORTED_FEATURES = None

    def __init__(self, *, reader: _Reader, **theirs: Any) -> None:
        super().__init__(**theirs)
        self._reader = reader

    def _check_extensions(self, extensions: dict[str, Any]) -> None:
        extensions.clear()  # time-outs and the like are fetch's too

    def _send(self, request: TheirRequest) -> TheirResponse:
        url = normalise(request.url)
        if url is None or self._reader.carry is None:
            raise TransportError("This is no web address.")
        try:
            exchange = self._reader.carry(self._request(request, url))
        except Stopped as stopped:
            raise TransportError("stopped") from stopped
        said = exchange.said
        if isinstance(said, Failure):
            raise TransportError(said.detail)
        response = TheirResponse(
            fp=io.BytesIO(said.body), url=said.url, headers=dict(said.headers), status=said.status
        )
        if said.status >= 300:
            raise HTTPError(response)
        return response

    def _request(self, request: TheirRequest, url: Url) -> Request:
        headers = {k: v for k, v in self._get_headers(request).items() if k.lower() not in OURS}
        # The jar holds yt-dlp's own consent and language cookies; without them YouTube asks
        # European visitors for consent instead of answering.
        cookies = self._get_cookiejar(request).get_cookie_header(url)
        if cookies:
            headers["Cookie"] = cookies
        return Request(
            url=url,
            method=request.method,
            headers=headers,
            body=request.data if isinstance(request.data, bytes) else None,
            read=PAGE_BYTES,
            follow=lambda _: True,
        )


def _info(found: Mapping[str, object]) -> dict[str, Json]:
    return {key: _plain(found.get(key)) for key in KEYS}


def _error(error: BaseException) -> dict[str, Json]:
    """Return an error as plain values: the one that yt-dlp wraps in its DownloadError."""
    wrapped = getattr(error, "exc_info", None)
    inner = wrapped[1] if isinstance(wrapped, tuple) and len(wrapped) > 1 and wrapped[1] else error
    message = getattr(inner, "orig_msg", None) or getattr(inner, "msg", None) or str(inner)
    countries = getattr(inner, "countries", None)
    return {
        "kind": type(inner).__name__,
        "message": _plain(str(message)),
        "countries": [_plain(str(c)) for c in countries[:300]]
        if isinstance(countries, list)
        else None,
        "expected": bool(getattr(inner, "expected", False)),
    }


def _plain(value: object) -> bool | int | float | str | None:
    """Return a value if it is a plain one, texts cut and without halves of characters."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, bool | int) else None
