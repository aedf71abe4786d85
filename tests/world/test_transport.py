"""The world's two entrances, its faults on command, and what it counts."""

import asyncio
import socket
import time
import urllib.request
from datetime import timedelta

import aiohttp
import pytest

from tests.world import World, WorldThread
from tests.world.clients import client
from tests.world.scenario import Entrance

SITE = {
    "sites": {
        "library.example.org": {
            "pages": {"/": "Library", "/notes": "Notes", "/moved": {"status": 301, "to": "/notes"}}
        }
    }
}
HOME = "https://library.example.org/"

both_entrances = pytest.mark.parametrize("entrance", list(Entrance))


@both_entrances
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_any_host_answers_over_http_and_https(entrance, scheme):
    async with World(SITE) as world, client(world, entrance) as there:
        found = await there.ask(f"{scheme}://library.example.org/notes")
        missing = await there.ask(f"{scheme}://library.example.org/nothing")
    assert (found.status, missing.status) == (200, 404)
    assert "<title>Notes</title>" in found.text


@both_entrances
async def test_a_head_has_the_headers_of_a_get_and_no_body(entrance):
    async with World(SITE) as world, client(world, entrance) as there:
        head = await there.ask(HOME, "HEAD")
        get = await there.ask(HOME)
    assert head.headers == get.headers
    assert head.body == b""


@both_entrances
@pytest.mark.parametrize(
    ("url", "status", "body"),
    [
        ("http://www.gstatic.com/generate_204", 204, ""),
        ("http://detectportal.firefox.com/success.txt", 200, "success\n"),
        ("http://www.msftconnecttest.com/connecttest.txt", 200, "Microsoft Connect Test"),
    ],
)
async def test_the_sentinels_are_in_every_world(entrance, url, status, body):
    async with World() as world, client(world, entrance) as there:
        said = await there.ask(url)
    assert (said.status, said.text) == (status, body)


RESOLVER_FAULTS = [
    pytest.param("no-such-host", aiohttp.ClientConnectorDNSError, id="the name does not exist"),
    pytest.param("resolver", aiohttp.ClientConnectorDNSError, id="the resolver cannot say"),
    pytest.param("refuse", aiohttp.ClientConnectorError, id="the connection is refused"),
    pytest.param("expired", aiohttp.ClientConnectorCertificateError, id="expired"),
    pytest.param("wrong-host", aiohttp.ClientConnectorCertificateError, id="for another host"),
    pytest.param("unknown-ca", aiohttp.ClientConnectorCertificateError, id="from nobody known"),
    pytest.param("reset", aiohttp.ClientOSError, id="reset before the answer"),
    pytest.param("close", aiohttp.ServerDisconnectedError, id="closed without an answer"),
    pytest.param("reset-in-body", aiohttp.ClientPayloadError, id="reset within the body"),
    pytest.param("truncated", aiohttp.ClientPayloadError, id="a chunked body cut short"),
    pytest.param("bad-gzip", aiohttp.ClientPayloadError, id="no gzip, though it says so"),
    pytest.param("hang", aiohttp.SocketTimeoutError, id="no answer at all"),
    pytest.param("not-http", aiohttp.ClientResponseError, id="another protocol"),
]


@pytest.mark.parametrize(("kind", "error"), RESOLVER_FAULTS)
async def test_a_fault_looks_real_through_the_resolver(kind, error):
    async with World(SITE) as world, client(world, Entrance.RESOLVER) as there:
        world.fault("library.example.org", kind)
        with pytest.raises(error):
            await there.ask(HOME)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        pytest.param("refuse", aiohttp.ClientHttpProxyError, id="a proxy says 502"),
        pytest.param("no-such-host", aiohttp.ClientHttpProxyError, id="a proxy says 502 again"),
        pytest.param("expired", aiohttp.ClientConnectorCertificateError, id="TLS is seen through"),
        pytest.param("hang", aiohttp.SocketTimeoutError, id="waiting is seen through"),
    ],
)
async def test_a_fault_looks_as_proxies_make_it_look(kind, error):
    async with World(SITE) as world, client(world, Entrance.PROXY) as there:
        world.fault("library.example.org", kind)
        with pytest.raises(error):
            await there.ask(HOME)


@pytest.mark.parametrize(
    ("kind", "number"), [("no-such-host", socket.EAI_NONAME), ("resolver", socket.EAI_AGAIN)]
)
async def test_a_name_that_is_not_there_differs_from_a_resolver_in_trouble(kind, number):
    async with World(SITE) as world:
        world.fault("library.example.org", kind)
        with pytest.raises(socket.gaierror) as caught:
            await world.resolver().resolve("library.example.org", 443)
    assert caught.value.errno == number


async def test_a_name_can_lead_into_a_private_network():
    async with World(SITE) as world:
        world.fault("library.example.org", "private-address")
        (address,) = await world.resolver().resolve("library.example.org", 443)
    assert (address["host"], address["port"]) == ("10.0.0.1", 443)


async def test_a_slow_drip_never_ends():
    async with World(SITE) as world, client(world, Entrance.RESOLVER) as there:
        world.fault("library.example.org", "drip")
        with pytest.raises(TimeoutError):
            await there.ask(HOME, timeout=aiohttp.ClientTimeout(total=0.3))


async def test_a_gzip_bomb_is_small_on_the_wire():
    async with World(SITE) as world, client(world, Entrance.RESOLVER) as there:
        world.fault("library.example.org", "gzip-bomb")
        said = await there.ask(HOME, "HEAD")
    assert said.headers["Content-Encoding"] == "gzip"
    assert int(said.headers["Content-Length"]) < 1_000_000


@pytest.mark.parametrize("kind", ["loop", "long-chain"])
async def test_redirects_can_go_on_for_ever(kind):
    async with World(SITE) as world, client(world, Entrance.PROXY) as there:
        world.fault("library.example.org", kind)
        with pytest.raises(aiohttp.TooManyRedirects):
            await there.ask(HOME, allow_redirects=True)


async def test_a_fault_can_be_of_one_path_and_of_one_time():
    async with World(SITE) as world, client(world, Entrance.PROXY) as there:
        world.fault("library.example.org", "unavailable", path="/notes", times=1)
        said = [(await there.ask(url)).status for url in (HOME, HOME + "notes", HOME + "notes")]
    assert said == [200, 503, 200]


@pytest.mark.parametrize(("kind", "header"), [("rate-limited", "7"), ("rate-limited-silent", None)])
async def test_a_rate_limit_comes_with_and_without_retry_after(kind, header):
    async with World(SITE) as world, client(world, Entrance.PROXY) as there:
        world.fault("library.example.org", kind, retry_after="7")
        said = await there.ask(HOME)
    assert (said.status, said.headers.get("Retry-After")) == (429, header)


async def test_in_the_dark_the_proxy_reaches_nobody():
    async with World(SITE) as world, client(world, Entrance.PROXY) as there:
        await there.ask(HOME)
        world.dark = True
        with pytest.raises(aiohttp.ClientError):
            await there.ask(HOME)
        assert (await there.ask("http://library.example.org/")).status == 502
        world.mend()
        assert (await there.ask(HOME)).status == 200


async def test_in_the_dark_no_name_resolves():
    async with World(SITE, {"network": {"dark": True}}) as world:
        with pytest.raises(socket.gaierror):
            await world.resolver().resolve("library.example.org", 80)


@both_entrances
async def test_a_captive_portal_shows_its_login_page_for_everything(entrance):
    world = World(SITE, {"network": {"captive": True}})
    async with world, client(world, entrance) as there:
        urls = ("http://www.gstatic.com/generate_204", HOME, "http://nowhere.example/x")
        said = [await there.ask(url) for url in urls]
        bodies = {each.text for each in said}
    assert [each.status for each in said] == [200, 200, 200]
    assert len(bodies) == 1
    assert "Sign in to the network" in bodies.pop()


async def test_every_request_is_counted():
    async with World(SITE) as world, client(world, Entrance.PROXY) as there:
        await there.ask(HOME)
        await there.ask(HOME + "notes?page=2")
        await there.ask(HOME + "notes", "HEAD")
    assert [(each.method, each.target) for each in world.requests] == [
        ("GET", "/"),
        ("GET", "/notes?page=2"),
        ("HEAD", "/notes"),
    ]
    assert world.count("library.example.org") == 3
    assert world.count("library.example.org", "/notes") == 2
    assert world.count("library.example.org", "/notes", "HEAD") == 1
    assert world.count("elsewhere.example") == 0


async def test_another_process_can_ask_what_was_counted_and_let_things_fail():
    async with World(SITE) as world, client(world, Entrance.PROXY) as there:
        await there.ask(HOME)
        fault = {"host": "library.example.org", "kind": "server-error"}
        await there.ask("http://world.test/faults", "POST", json=fault)
        failed = await there.ask(HOME)
        await there.ask("http://world.test/mend", "POST")
        mended = await there.ask(HOME)
        seen = (await there.ask("http://world.test/requests")).json
    assert (failed.status, mended.status) == (500, 200)
    assert [each["path"] for each in seen["requests"]] == ["/", "/", "/"]
    assert seen["connections"] == {"library.example.org": 1}


async def test_answers_take_as_long_as_they_are_told_to():
    world = World(SITE, latency=timedelta(milliseconds=80))
    async with world, client(world, Entrance.PROXY) as there:
        began = time.monotonic()
        await asyncio.gather(there.ask(HOME), there.ask(HOME + "notes"))
        took = time.monotonic() - began
    assert took >= 0.08


async def test_a_body_sent_in_chunks_is_read():
    async def chunks():
        yield b'{"videoId": '
        yield b'"Meadow_Lec1"}'

    state = {"youtube": {"videos": {"Meadow_Lec1": {}}}}
    async with World(state) as world, client(world, Entrance.PROXY) as there:
        url = "https://www.youtube.com/youtubei/v1/player"
        said = (await there.ask(url, "POST", data=chunks())).json
    assert said["videoDetails"]["videoId"] == "Meadow_Lec1"


def test_a_client_that_blocks_is_served_from_a_thread():
    with WorldThread(SITE) as world:
        proxies = urllib.request.ProxyHandler({"http": world.proxy_url})
        opener = urllib.request.build_opener(proxies)
        with opener.open("http://library.example.org/notes", timeout=5) as said:
            assert said.status == 200
    assert world.count("library.example.org", "/notes") == 1


def test_a_state_with_an_unknown_service_is_refused():
    with pytest.raises(ValueError, match="no such service: gopher"):
        World({"gopher": {}})
