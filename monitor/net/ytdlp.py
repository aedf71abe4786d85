"""yt-dlp as a reader of a video's metadata: unmodified, in threads, its requests through fetch.

This is the side of the event loop. yt-dlp itself is met in `ytdlp_thread`, which is imported when
the first video is asked for; what it lacks for asking goes back to the loop, to `fetch`, so
that throttle, proxy, limits and evidence are those of the run.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from monitor.core.model import ExchangeId, Json, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Request, Response
from monitor.core.retry_after import retry_after
from monitor.core.urls import split

Fetching = Callable[[Request], Awaitable[Exchange]]

REQUESTS = 8
"""How many requests one video may cost; it needs one, with fallbacks three or four."""

TURNED_AWAY = frozenset({403, 429})
"""Statuses by which YouTube turns robots away, never by which it speaks of a video."""


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """The reading was given up, or may ask for nothing more."""


class VideoReader:
    """Reads videos with yt-dlp, a few at once; `close` gives up whatever is under way."""

    def __init__(self, *, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="yt-dlp")
        self._visits: set[_Visit] = set()
        self._closed = False

    async def video(
        self, url: Url, fetch: Fetching
    ) -> tuple[Json | Failure, tuple[ExchangeId, ...]]:
        """Return a video's metadata as plain JSON, with the evidence; see `Ports.video`.

        A Failure where the requests failed or YouTube turned us away: what yt-dlp makes of that
        is no word on the video. Can be cancelled at any moment.
        """
        if self._closed:
            return Failure(kind=FailureKind.STOPPED, detail="The run was ended."), ()
        loop = asyncio.get_running_loop()
        visit = _Visit(fetch, loop)
        self._visits.add(visit)
        try:
            said = _judged(await loop.run_in_executor(self._pool, _read, url, visit), visit)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._closed or (task is not None and task.cancelling()):
                raise
            # Not this task was cancelled, but the pool was closed before a thread was free.
            return Failure(kind=FailureKind.STOPPED, detail="The run was ended."), ()
        finally:
            visit.stop()
            self._visits.discard(visit)
        return said, tuple(exchange.id for exchange in visit.exchanges)

    def close(self) -> None:
        """Give up what is under way, and return at once; the threads end on their own."""
        self._closed = True
        for visit in tuple(self._visits):
            visit.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Visit:
    """One reading of one video: carries its requests from the thread to the loop."""

    def __init__(self, fetch: Fetching, loop: asyncio.AbstractEventLoop) -> None:
        self._fetch = fetch
        self._loop = loop
        self._lock = threading.Lock()
        self._pending: Future[Exchange] | None = None
        self.stopped = False
        self.exchanges: list[Exchange] = []

    def carry(self, request: Request) -> Exchange:
        """Return what came of a request; called in the thread, waits. Raises Stopped."""
        with self._lock:
            if self.stopped or len(self.exchanges) >= REQUESTS:
                raise Stopped
            pending = asyncio.run_coroutine_threadsafe(self._ask(request), self._loop)
            self._pending = pending
        try:
            exchange = pending.result()
        except CancelledError as error:
            raise Stopped from error
        self.exchanges.append(exchange)
        return exchange

    def stop(self) -> None:
        """Let the thread wait no longer, and ask for nothing more."""
        with self._lock:
            self.stopped = True
            if self._pending is not None:
                self._pending.cancel()

    async def _ask(self, request: Request) -> Exchange:
        return await self._fetch(request)


def _read(url: Url, visit: _Visit) -> Json:
    from monitor.net.ytdlp_thread import read_video

    return read_video(url, visit.carry)


def _judged(said: Json, visit: _Visit) -> Json | Failure:
    """Return what yt-dlp said, or why it could not know; an answer it did read stands."""
    if isinstance(said, dict) and "info" in said:
        return said
    if visit.stopped:
        return Failure(kind=FailureKind.STOPPED, detail="The run was ended.")
    troubles = (_trouble(exchange) for exchange in visit.exchanges)
    return next((trouble for trouble in troubles if trouble is not None), said)


def _trouble(exchange: Exchange) -> Failure | None:
    """Return why an exchange tells nothing of the video, or None when it may.

    A robot check sends its visitors to google.com/sorry, with whatever status.
    """
    said = exchange.said
    if isinstance(said, Failure):
        return said
    if said.status not in TURNED_AWAY and not _is_sorry_page(said):
        return None
    host = split(exchange.url).host
    return Failure(
        kind=FailureKind.BLOCKED,
        detail=f"{host}: it turned us away as a robot ({said.status}).",
        retry_at=retry_after(said.headers.get("retry-after"), exchange.at + exchange.elapsed),
    )


def _is_sorry_page(said: Response) -> bool:
    parts = split(said.url)
    return parts.host == "www.google.com" and parts.path.startswith("/sorry")
