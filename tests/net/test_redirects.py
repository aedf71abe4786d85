"""The way along redirects, hop by hop."""

import pytest

from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind, Hop, Request
from tests.net.conftest import Opening
from tests.net.loopback import (
    LOOPBACK,
    Asked,
    Names,
    answer,
    serving,
    wild,
)

K = FailureKind


def everywhere(_: Url) -> bool:
    return True


def by_path(table):
    """Return what answers each path by a table."""
    return lambda asked: table[asked.target]


async def test_a_redirect_nobody_wants_followed_is_the_answer(opened: Opening) -> None:
    async with serving(lambda _: answer(301, location="/b")) as server, opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url("/a#part"))))
    assert exchange.said.status == 301
    assert exchange.said.location == server.url("/b#part")
    assert exchange.hops == ()


async def test_redirects_are_followed_as_far_as_wanted(opened: Opening) -> None:
    say = by_path(
        {
            "/a": answer(301, location="/b"),
            "/b": answer(302, location="/c#there"),
            "/c": answer(307, location="/d"),
        }
    )
    async with serving(say) as server, opened() as fetch:
        exchange = await fetch.fetch(
            Request(url=Url(server.url("/a#here")), follow=lambda url: "/d" not in url)
        )
    assert exchange.hops == (
        Hop(status=301, url=Url(server.url("/a#here")), location=Url(server.url("/b#here"))),
        Hop(status=302, url=Url(server.url("/b#here")), location=Url(server.url("/c#there"))),
    )
    assert (exchange.said.status, exchange.said.location) == (307, server.url("/d#there"))


@pytest.mark.parametrize(
    ("location", "target"),
    [
        pytest.param(b"/caf\xe9", "/caf%E9", id="a raw byte is kept, not dropped"),
        pytest.param("/café".encode(), "/caf%C3%A9", id="raw UTF-8"),
        pytest.param(b"/a b", "/a%20b", id="a space"),
        pytest.param(b"/%7Euser?q=%zz", "/%7Euser?q=%zz", id="what is encoded stays as it is"),
        pytest.param(b"?x=1", "/dir/page?x=1", id="a query alone"),
        pytest.param(b"../up", "/up", id="a relative path"),
    ],
)
async def test_where_a_location_leads(opened: Opening, location: bytes, target: str) -> None:
    async def behave(reader, writer):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            paths.append(head.split()[1].decode())
            first = b"HTTP/1.1 302 Found\r\nlocation: " + location
            status = first if len(paths) == 1 else b"HTTP/1.1 200 OK"
            writer.write(status + b"\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()

    paths = []
    async with wild(behave) as server, opened() as fetch:
        await fetch.fetch(Request(url=Url(server.url("/dir/page")), follow=everywhere))
    assert paths == ["/dir/page", target]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        pytest.param({}, "302 without saying where to go", id="no target"),
        pytest.param({"location": ""}, "302 without saying where to go", id="an empty target"),
        pytest.param({"location": "http://"}, "no web address: http://", id="a bare scheme"),
        pytest.param({"location": "http://[::1"}, "no web address: http://[::1", id="malformed"),
        pytest.param({"location": "mailto:a@b.org"}, "no web address: mailto:", id="a letter"),
        pytest.param(
            {"location": "ftp://u:secret@b.org/"}, "no web address: ftp://b.org/", id="a password"
        ),
    ],
)
async def test_a_redirect_to_nowhere(opened: Opening, headers, words: str) -> None:
    async with serving(lambda _: answer(302, **headers)) as server, opened() as fetch:
        for follow in (None, everywhere):
            exchange = await fetch.fetch(Request(url=Url(server.url()), follow=follow))
            assert exchange.said.kind is K.BAD_REDIRECT
            assert words in exchange.said.detail


async def test_statuses_that_look_like_redirects_but_are_none(opened: Opening) -> None:
    async with serving(lambda asked: answer(int(asked.target[1:]))) as server, opened() as fetch:
        for status in (300, 304, 305):
            exchange = await fetch.fetch(Request(url=Url(server.url(f"/{status}"))))
            assert exchange.said.status == status


async def test_a_circle_ends_at_once(opened: Opening) -> None:
    say = by_path({"/a": answer(302, location="/b"), "/b": answer(302, location="/a")})
    async with serving(say) as server, opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url("/a")), follow=everywhere))
    assert exchange.said == Failure(kind=K.REDIRECT_LOOP, detail="It redirects in a circle.")
    assert len(server.asked) == 2


async def test_too_many_hops(opened: Opening) -> None:
    say = lambda asked: answer(302, location=f"{asked.target}x")  # noqa: E731
    async with serving(say) as server, opened(redirects=3) as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url("/")), follow=everywhere))
    assert exchange.said.kind is K.REDIRECT_LOOP
    assert len(server.asked) == 4


async def test_a_site_that_circles_until_it_gets_its_cookie_back(opened: Opening) -> None:
    def say(asked: Asked) -> bytes:
        if asked.headers.get("cookie") == "seen=1":
            return answer(200, b"welcome")
        return answer(302, location="/", set_cookie="seen=1; Path=/")

    async with serving(say) as server, opened() as fetch:
        for _ in range(2):  # the second request knows nothing of the first one's cookie
            exchange = await fetch.fetch(
                Request(url=Url(server.url("/")), follow=everywhere, read=10)
            )
            assert exchange.said.body == b"welcome"
    assert [asked.headers.get("cookie") for asked in server.asked] == [None, "seen=1"] * 2


async def test_cookies_do_not_travel_to_another_host(opened: Opening) -> None:
    def say(asked: Asked) -> bytes:
        if asked.headers["host"] == "a.example":
            return answer(302, location="http://b.example/", set_cookie="secret=1")
        return answer()

    async with serving(say) as server:
        names = Names(dict.fromkeys(("a.example", "b.example"), (LOOPBACK, server.port)))
        async with opened(resolver=names) as fetch:
            await fetch.fetch(Request(url=Url("http://a.example/"), follow=everywhere))
    assert [asked.headers.get("cookie") for asked in server.asked] == [None, None]


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [
        pytest.param(303, "GET", b"", id="see other"),
        pytest.param(302, "GET", b"", id="found, as browsers do it"),
        pytest.param(307, "POST", b"x=1", id="the same again, elsewhere"),
    ],
)
async def test_a_redirected_post(opened: Opening, status: int, method: str, body: bytes) -> None:
    say = by_path({"/a": answer(status, location="/b"), "/b": answer()})
    async with serving(say) as server, opened() as fetch:
        request = Request(url=Url(server.url("/a")), method="POST", body=b"x=1", follow=everywhere)
        await fetch.fetch(request)
    assert (server.asked[1].method, server.asked[1].body) == (method, body)
