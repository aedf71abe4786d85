"""Asking whether an answer still holds, and what comes where it does."""

from datetime import timedelta

import pytest

from monitor.core.model import Url
from monitor.core.ports import Request, Response
from monitor.net.credentials import Credential
from monitor.net.validators import Validator, validator_of
from tests.net.conftest import NOW, Opening
from tests.net.loopback import Asked, answer, serving


class Kept:
    """Validators in memory."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Validator] = {}

    async def find(self, url: Url, credential: str) -> Validator | None:
        return self.known.get((url, credential))

    async def keep(self, validator: Validator) -> None:
        self.known[validator.url, validator.credential] = validator


def service(asked: Asked) -> bytes:
    """Answer as GitHub's API does: 304 to who has the answer already."""
    if asked.target == "/old":
        return answer(301, location="/new")
    if asked.headers.get("if-none-match") == 'W/"1"':
        return answer(304, etag='W/"1"', x_ratelimit_remaining="41", content_length="0")
    return answer(
        200, b'{"id": 7}', etag='W/"1"', x_ratelimit_remaining="42", content_type="text/json"
    )


def asking(url: str, **more: object) -> Request:
    settings = {"read": 100, "revalidate": True, "follow": lambda _: True, **more}
    return Request(url=Url(url), **settings)


@pytest.mark.parametrize("path", ["/", "/old"], ids=["at once", "after a redirect"])
async def test_what_has_not_changed_comes_again_from_here(opened: Opening, path: str) -> None:
    kept = Kept()
    async with serving(service) as server, opened(validators=kept) as fetch:
        first = await fetch.fetch(asking(server.url(path)))
        second = await fetch.fetch(asking(server.url(path)))
    assert first.said.status == second.said.status == 200
    assert first.said.body == second.said.body == b'{"id": 7}'
    assert second.said.url == first.said.url
    assert second.said.headers["content-type"] == "text/json"
    assert second.said.headers["x-ratelimit-remaining"] == "41"
    assert second.said.headers["content-length"] == "9"
    sent = [each.headers.get("if-none-match") for each in server.asked]
    assert [each for each in sent if each] == ['W/"1"']
    (only,) = kept.known.values()
    assert only.stored_at == NOW


async def test_a_kept_answer_is_cut_to_what_is_wanted(opened: Opening) -> None:
    async with serving(service) as server, opened(validators=Kept()) as fetch:
        await fetch.fetch(asking(server.url()))
        said = (await fetch.fetch(asking(server.url(), read=4))).said
    assert (said.body, said.truncated) == (b'{"id', True)


@pytest.mark.parametrize(
    ("more", "validators"),
    [
        pytest.param({"revalidate": False}, True, id="not wished"),
        pytest.param({"method": "POST", "body": b"{}"}, True, id="a POST"),
        pytest.param({}, False, id="nowhere to keep it"),
    ],
)
async def test_nothing_is_kept(opened: Opening, more: dict, validators: bool) -> None:
    kept = Kept()
    lent = kept if validators else None
    async with serving(service) as server, opened(validators=lent) as fetch:
        for _ in range(2):
            assert (await fetch.fetch(asking(server.url(), **more))).said.status == 200
    assert not kept.known
    assert not any("if-none-match" in each.headers for each in server.asked)


async def test_a_304_that_nobody_asked_for_is_what_it_is(opened: Opening) -> None:
    async with serving(lambda _: answer(304)) as server, opened(validators=Kept()) as fetch:
        assert (await fetch.fetch(asking(server.url()))).said.status == 304


async def test_a_changed_answer_takes_the_place_of_the_old(opened: Opening) -> None:
    bodies = iter([b"1", b"2"])

    def changing(asked: Asked) -> bytes:
        body = next(bodies)
        return answer(200, body, etag=f'"{body.decode()}"')

    kept = Kept()
    async with serving(changing) as server, opened(validators=kept) as fetch:
        await fetch.fetch(asking(server.url()))
        assert (await fetch.fetch(asking(server.url()))).said.body == b"2"
    assert server.asked[1].headers["if-none-match"] == '"1"'
    assert [each.etag for each in kept.known.values()] == ['"2"']


async def test_a_date_asks_where_there_is_no_tag(opened: Opening) -> None:
    date = "Tue, 24 Nov 2026 11:00:00 GMT"

    def dated(asked: Asked) -> bytes:
        same = asked.headers.get("if-modified-since") == date
        return answer(304) if same else answer(200, b"x", last_modified=date)

    async with serving(dated) as server, opened(validators=Kept()) as fetch:
        for _ in range(2):
            assert (await fetch.fetch(asking(server.url()))).said.body == b"x"
    assert "if-none-match" not in server.asked[1].headers


async def test_what_one_key_was_told_is_not_for_another(
    opened: Opening, authority, ca_file
) -> None:
    from tests.net.loopback import Names, tls_server

    kept = Kept()
    key = Credential(header="Authorization", value="Bearer x", hosts=frozenset({"api.test"}))
    tls = tls_server(authority, "api.test")
    async with serving(service, tls) as server:
        names = Names({"api.test": ("127.0.0.1", server.port)})
        more = {"validators": kept, "resolver": names, "ca_file": ca_file}
        url = f"https://api.test:{server.port}/"
        async with opened(**more, credentials={"github": key}) as fetch:
            await fetch.fetch(asking(url, credential="github"))
            await fetch.fetch(asking(url))
        assert {credential for _, credential in kept.known} == {"github", ""}
        assert [each.headers.get("authorization") for each in server.asked] == ["Bearer x", None]
        assert not any("if-none-match" in each.headers for each in server.asked)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"status": 404}, id="no success"),
        pytest.param({"truncated": True}, id="not the whole of it"),
        pytest.param({"headers": {}}, id="nothing to ask by"),
        pytest.param({"headers": {"etag": "\ufffd"}}, id="a tag that cannot be sent"),
        pytest.param({"headers": {"etag": "x" * 513}}, id="a tag without end"),
        pytest.param({"headers": {"etag": '"1"', "cache-control": "No-Store"}}, id="unwanted"),
    ],
)
def test_what_cannot_be_asked_for_again_is_not_kept(said: dict) -> None:
    whole = {"status": 200, "url": Url("https://a.example/"), "headers": {"etag": '"1"'}}
    assert validator_of(Response(**whole), "", NOW) is not None
    assert validator_of(Response(**{**whole, **said}), "", NOW + timedelta(1)) is None
