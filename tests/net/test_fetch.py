"""What is sent, and what comes back."""

from datetime import timedelta

import pytest

from monitor.config import Network
from monitor.core.model import Url
from monitor.core.ports import Request, Response
from monitor.net.fetch import Fetch, user_agent
from tests.net.conftest import NOW, Opening
from tests.net.loopback import (
    answer,
    serving,
    wild,
)


async def test_a_plain_answer(opened: Opening) -> None:
    say = lambda _: answer(200, b"hello", content_type="text/plain", ETag='"1"')  # noqa: E731
    async with serving(say) as server, opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url("/a")), read=100))
    assert exchange.said == Response(
        status=200,
        url=Url(server.url("/a")),
        headers={"content-type": "text/plain", "etag": '"1"', "content-length": "5"},
        body=b"hello",
    )
    assert (exchange.method, exchange.url, exchange.attempts) == ("GET", server.url("/a"), 1)
    assert timedelta(0) < exchange.elapsed < timedelta(seconds=1)
    assert exchange.at == NOW - exchange.elapsed
    assert (server.asked[0].method, server.asked[0].target) == ("GET", "/a")
    assert server.asked[0].headers["user-agent"].startswith("Linkwell/")
    assert server.asked[0].headers["accept-encoding"] == "gzip, deflate"


def test_how_we_introduce_ourselves() -> None:
    home = "(+https://github.com/linkwell/linkwell"
    assert user_agent(None).endswith(f"{home})")
    assert user_agent("me@example.org").endswith(f"{home}; me@example.org)")


async def test_a_post_with_a_body(opened: Opening) -> None:
    async with serving(lambda _: answer()) as server, opened() as fetch:
        url = Url(server.url())
        await fetch.fetch(Request(url=url, method="post", body=b"{}", headers={"X-A": "1"}))
    assert (server.asked[0].method, server.asked[0].body) == ("POST", b"{}")
    assert server.asked[0].headers["x-a"] == "1"


@pytest.mark.parametrize(
    "target",
    ["/%7Euser", "/%zz", "/a%2Fb", "/caf%C3%A9?q=%7E", "/a//b/", "/?a=b;c|d", "/?x=[1]&y={2}"],
)
async def test_the_url_goes_out_as_its_author_wrote_it(opened: Opening, target: str) -> None:
    async with serving(lambda _: answer()) as server, opened() as fetch:
        await fetch.fetch(Request(url=Url(server.url(target) + "#part")))
    assert server.asked[0].target == target


async def test_headers_that_are_no_text_are_made_so_and_cookies_are_not_kept(
    opened: Opening,
) -> None:
    async def behave(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        head = (
            b"HTTP/1.1 200 OK\r\nServer: caf\xe9\r\nSet-Cookie: secret=1\r\nLink: a\r\nlink: b\r\n"
        )
        writer.write(head + b"content-length: 0\r\n\r\n")
        await writer.drain()

    async with wild(behave) as server, opened() as fetch:
        said = (await fetch.fetch(Request(url=Url(server.url())))).said
    assert said.headers == {"server": "caf\ufffd", "link": "a, b", "content-length": "0"}


@pytest.mark.parametrize(
    ("body", "read", "kept", "truncated"),
    [
        pytest.param(b"12345", 5, b"12345", False, id="exactly as much as wanted"),
        pytest.param(b"123456", 5, b"12345", True, id="one byte too many"),
        pytest.param(b"", 5, b"", False, id="nothing"),
        pytest.param(b"12345", 0, b"", True, id="nothing wanted, a small body"),
        pytest.param(b"x" * 200_000, 0, b"", True, id="nothing wanted, a large body"),
        pytest.param(b"", 0, b"", False, id="nothing wanted, nothing there"),
    ],
)
async def test_bodies(opened: Opening, body: bytes, read: int, kept: bytes, truncated) -> None:
    async with serving(lambda _: answer(200, body)) as server, opened() as fetch:
        said = (await fetch.fetch(Request(url=Url(server.url()), read=read))).said
    assert (said.body, said.truncated) == (kept, truncated)


async def test_a_small_body_nobody_wants_does_not_cost_the_connection(opened: Opening) -> None:
    async with serving(lambda _: answer(404, b"x" * 1000)) as server, opened() as fetch:
        for _ in range(3):
            await fetch.fetch(Request(url=Url(server.url())))
    assert server.connections == 1


async def test_a_small_body_that_never_comes_holds_nobody_up(opened: Opening) -> None:
    async def behave(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n")
        await reader.read()

    async with wild(behave) as server, opened(read_timeout=timedelta(seconds=9)) as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url())))
    assert (exchange.said.status, exchange.said.truncated) == (200, True)
    assert exchange.elapsed < timedelta(seconds=2)


async def test_fetch_is_used_within_its_context() -> None:
    with pytest.raises(RuntimeError, match="outside"):
        await Fetch(Network()).fetch(Request(url=Url("http://example.org/")))
