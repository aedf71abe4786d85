"""A small HTTP server that tells how we are; it answers GET for a few paths, and knows no other."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from monitor.core.errors import ConfigError

TEXT = "text/plain; charset=utf-8"

PATIENCE = 2.0
"""How many seconds a request may take that goes on while the server ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers."""

    status: int = 200
    body: str = ""
    kind: str = TEXT


@asynccontextmanager
async def serving(
    listen: tuple[str, int], answers: Mapping[str, Callable[[], Answer]]
) -> AsyncIterator[tuple[str, int]]:
    """Answer at an address while the block lasts; lends the host and the port, as bound.

    Raises ConfigError where it cannot be listened there.
    """
    app = web.Application()
    for path, answer in answers.items():
        app.router.add_get(path, _answering(answer))
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        site = web.TCPSite(runner, *listen)
        try:
            await site.start()
        except OSError as error:
            raise ConfigError(
                f"daemon.listen: {listen[0]}:{listen[1]} cannot be had ({error.strerror}): choose"
                " another port, or end who has it."
            ) from error
        host, port = runner.addresses[0][:2]
        yield str(host), int(port)
    finally:
        await runner.cleanup()


def _answering(
    answer: Callable[[], Answer],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(_request: web.Request) -> web.Response:
        said = answer()
        return web.Response(
            status=said.status,
            text=said.body,
            headers={"Content-Type": said.kind, "Cache-Control": "no-store"},
        )

    return handle
