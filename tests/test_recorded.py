"""Recorded answers of the real services, each fed to the probe and the judge that meet it.

`recorded.toml` names every recording and what is expected; the recordings themselves are no
part of this repository, and where they are not at hand the test says so and is skipped.
"""

import gzip
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from monitor import providers
from monitor.core.first_looks import FIRST_LOOK
from monitor.core.identify import provider_named
from monitor.core.model import Url
from monitor.core.ports import Response
from monitor.core.reasons import Reason
from monitor.net.google import Google
from monitor.net.ytdlp import VideoReader
from tests.providers.fakes import FakePorts, check, html, reply

RECORDED = Path(__file__).parents[2] / "shared" / "recorded"
LIST = tomllib.loads(Path(__file__).with_name("recorded.toml").read_text("utf-8"))["recording"]
SEEN = [entry for entry in LIST if "unseen" not in entry]

MADE = {
    "https://api.github.com/repos/o/r": reply(200, '{"full_name": "o/r"}'),
    "https://api.github.com/repos/o/r/git/trees/main?recursive=1": reply(
        200, '{"tree": [], "truncated": true}'
    ),
}
"""What the probes that an entry names under `before` are told: a repository of our own."""

needs_recordings = pytest.mark.skipif(
    not RECORDED.is_dir(), reason=f"SKIPPED, NOT PASSED: no recordings at {RECORDED}"
)


APIS = ("https://www.googleapis.com/drive/", "https://youtube.googleapis.com/youtube/v3/")


class Recorded(FakePorts):
    """Ports that answer with recordings; yt-dlp and Google's library are the real ones."""

    def _answer(self, url, request):
        """Answer as if we, yt-dlp and Google's library had added no parameters of our own."""
        url = url.partition("&bpctr=")[0].removesuffix("&hl=en")
        return super()._answer(url.partition("?")[0] if url.startswith(APIS) else url, request)

    async def google(self, calls):
        return await Google().calls(calls, self.fetch, self.now)

    async def video(self, url):
        reader = VideoReader()
        try:
            return await reader.video(url, self.fetch)
        finally:
            reader.close()


def load(name):
    raw = (RECORDED / name).read_bytes()
    return gzip.decompress(raw) if name.endswith(".gz") else raw


def response(recorded):
    body = recorded.get("body") or {}
    text = json.dumps(body["json"]) if "json" in body else body.get("text", "")
    headers = {
        name.lower(): ", ".join(value) if isinstance(value, list) else str(value)
        for name, value in (recorded.get("headers") or {}).items()
    }
    for gone in ("content-encoding", "content-length", "transfer-encoding"):
        headers.pop(gone, None)
    return Response(status=recorded["status"], url=Url(""), headers=headers, body=text.encode())


def called(entry, said):
    """Return an answer in which things are called as our own queries call them."""
    body = said.body.decode()
    for theirs, ours in entry.get("called", {}).items():
        body = body.replace(f'"{theirs}"', f'"{ours}"')
    return replace(said, body=body.encode())


def watch_page(player):
    """Return a watch page around a recorded player answer, as the page holds it."""
    data = {"contents": {"twoColumnWatchNextResults": {"results": {}}}, "currentVideoEndpoint": {}}
    return html(
        b"<html><head><title>x - YouTube</title></head><body><script>"
        b"var ytInitialPlayerResponse = " + json.dumps(player).encode() + b";</script><script>"
        b"var ytInitialData = " + json.dumps(data).encode() + b";</script></body></html>"
    )


def table(entry):
    """Return what each address answers, by the entry's own list of recorded exchanges."""
    raw = load(entry["file"])
    if "page" in entry:
        return {entry["page"]: html(raw)}
    recorded = json.loads(raw)
    if "item" in entry:
        item = recorded["items"][entry["item"]]
        headers = {"location": item["location"]} if "location" in item else {}
        body = (json.dumps(item["json"]) if "json" in item else item.get("html", "")).encode()
        said = Response(status=item["status"], url=Url(""), headers=headers, body=body)
        return {entry["at"]: said}
    exchanges = recorded["exchanges"]
    if "player" in entry:
        player = exchanges[0]["response"]["body"]["json"]
        player = player.get("playerResponse", player)
        return {entry["at"]: watch_page(player)}
    if "data" in entry:
        data = json.dumps(exchanges[0]["response"]["body"]["json"], separators=(",", ":"))
        return {entry["at"]: html(f"<script>var ytInitialData = {data};</script>".encode())}
    served = entry.get("served", {})
    return {
        at: called(entry, response(exchanges[number]["response"]))
        for number, at in (
            [(int(number), at) for number, at in served.items()]
            or [(n, e["request"]["url"]) for n, e in enumerate(exchanges)]
        )
    }


@needs_recordings
@pytest.mark.parametrize("entry", SEEN, ids=[f"{e['file']}: {e['what']}" for e in SEEN])
async def test_a_recorded_answer_gets_its_verdict(entry):
    provider = provider_named(entry["provider"], providers.find())
    asked = {entry["probe"], *entry.get("before", ())}
    others = set(provider.probes) - asked
    ports = Recorded({**MADE, **table(entry)})
    needs = frozenset({FIRST_LOOK} if entry["probe"] == "watch" else ())
    verdict = await check(provider, entry["link"], ports, without=sorted(others), needs=needs)
    assert verdict.reason is Reason(entry["reason"]), verdict.detail


@needs_recordings
def test_every_recording_is_listed_and_every_listed_one_is_there():
    there = {str(p.relative_to(RECORDED)) for p in RECORDED.glob("*/*") if p.is_file()}
    assert {entry["file"] for entry in LIST} == there


def test_an_entry_says_what_is_expected_or_why_nothing_is():
    for entry in LIST:
        if "unseen" in entry:
            assert set(entry) == {"file", "unseen"}
            assert len(entry["unseen"]) > 10
        else:
            assert {"file", "what", "provider", "probe", "link", "reason"} <= set(entry)
