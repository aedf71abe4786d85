"""Keys and passwords: to whom they go."""

from monitor.core.model import Url
from monitor.core.ports import Request
from monitor.net.credentials import Credential
from tests.net.conftest import Opening
from tests.net.loopback import (
    LOOPBACK,
    Asked,
    Names,
    answer,
    serving,
    tls_server,
)


def everywhere(_: Url) -> bool:
    return True


KEY = Credential(header="Authorization", value="Bearer sesame", hosts=frozenset({"api.example"}))


def test_a_key_is_never_shown() -> None:
    assert "sesame" not in repr(KEY)
    assert "sesame" not in str(KEY)


async def asked_with_key(opened: Opening, authority, ca_file, locations) -> list[tuple]:
    """Return which host saw which secret along a chain of redirects."""
    names = ("api.example", "other.example")

    def say(asked: Asked) -> bytes:
        location = locations.get(asked.target)
        return answer(302, location=location) if location else answer()

    async with serving(say, tls=tls_server(authority, *names)) as server:
        async with opened(
            resolver=Names(dict.fromkeys(names, (LOOPBACK, server.port))),
            ca_file=ca_file,
            credentials={"example": KEY},
            headers={"https://api.example": {"X-Own": "1"}},
        ) as fetch:
            request = Request(
                url=Url("https://api.example/a"),
                headers={"Accept": "text/x", "X-Token": "t"},
                credential="example",
                follow=everywhere,
            )
            await fetch.fetch(request)
        return [
            (
                asked.headers["host"],
                asked.headers.get("authorization"),
                asked.headers.get("x-own"),
                asked.headers.get("x-token"),
                asked.headers["accept"],
            )
            for asked in server.asked
        ]


async def test_a_key_goes_along_within_its_origin(opened: Opening, authority, ca_file) -> None:
    seen = await asked_with_key(opened, authority, ca_file, {"/a": "/b"})
    assert seen == [("api.example", "Bearer sesame", "1", "t", "text/x")] * 2


async def test_a_key_is_dropped_abroad_and_stays_dropped_back_home(
    opened: Opening, authority, ca_file
) -> None:
    locations = {"/a": "https://other.example/b", "/b": "https://api.example/c"}
    assert await asked_with_key(opened, authority, ca_file, locations) == [
        ("api.example", "Bearer sesame", "1", "t", "text/x"),
        ("other.example", None, None, None, "text/x"),
        ("api.example", None, None, None, "text/x"),
    ]


async def test_a_key_goes_neither_to_strangers_nor_in_clear(opened: Opening) -> None:
    async with serving(lambda _: answer()) as server:
        names = Names(dict.fromkeys(("api.example", "x.example"), (LOOPBACK, server.port)))
        async with opened(resolver=names, credentials={"example": KEY}) as fetch:
            for url in ("http://api.example/", "http://x.example/"):
                await fetch.fetch(Request(url=Url(url), credential="example"))
            await fetch.fetch(Request(url=Url("http://x.example/"), credential="unknown"))
    assert [asked.headers.get("authorization") for asked in server.asked] == [None] * 3


async def test_headers_of_an_origin_stay_when_it_turns_secure(
    opened: Opening, authority, ca_file
) -> None:
    async with (
        serving(lambda _: answer(301, location="https://api.example/")) as plain,
        serving(lambda _: answer(), tls=tls_server(authority, "api.example")) as secure,
    ):

        class ByPort(Names):
            async def resolve(self, host, port=0, family=0):
                self.table = {host: (LOOPBACK, secure.port if port == 443 else plain.port)}
                return await super().resolve(host, port)

        headers = {"https://api.example": {"X-Own": "1"}}
        async with opened(resolver=ByPort({}), ca_file=ca_file, headers=headers) as fetch:
            await fetch.fetch(Request(url=Url("http://api.example/"), follow=everywhere))
    assert "x-own" not in plain.asked[0].headers
    assert secure.asked[0].headers["x-own"] == "1"


async def test_a_name_and_password_in_the_url_are_sent_and_not_told(opened: Opening) -> None:
    async with serving(lambda _: answer()) as server, opened() as fetch:
        with_password = server.url("/a").replace("//", "//user:pa%20ss@")
        await fetch.fetch(Request(url=Url(with_password)))
        assert server.asked[0].headers["authorization"] == "Basic dXNlcjpwYSBzcw=="
        assert server.asked[0].headers["host"] == f"{LOOPBACK}:{server.port}"
