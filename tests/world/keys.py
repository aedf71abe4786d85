"""The keys that a world takes for good, who may see them, and the watch over both.

A key belongs in a header, over https, to its own service; the world remembers every other sight
of one in `World.complaints`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.world.wire import COMPLAINT, Asked, Reply

YOUTUBE = "world-youtube-key-7Qm2"
GOOGLE = "world-google-key-x4Jd"
GITHUB = "world-github-token-9Zr5"
BITLY = "world-bitly-token-k8Wc"

ENVIRONMENT: Mapping[str, str] = {
    "YOUTUBE_API_KEY": YOUTUBE,
    "GOOGLE_API_KEY": GOOGLE,
    "GITHUB_TOKEN": GITHUB,
    "BITLY_TOKEN": BITLY,
}
"""The variables that give a client all keys that `STATE` takes for good."""

STATE: Mapping[str, Any] = {
    "youtube": {"keys": [YOUTUBE]},
    "drive": {"keys": [GOOGLE]},
    "github": {"tokens": [GITHUB]},
    "bitly": {"keys": [BITLY]},
}
"""The state that takes them for good, to be laid under a scenario's own."""

HOSTS: Mapping[str, frozenset[str]] = {
    "youtube": frozenset({"youtube.googleapis.com", "www.googleapis.com"}),
    "drive": frozenset({"www.googleapis.com"}),
    "github": frozenset({"api.github.com"}),
    "bitly": frozenset({"api-ssl.bitly.com"}),
}
"""Who may see the keys of each service."""


def misused(state: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    """Yield what a request does with keys that it must not, one sentence each."""
    for service, hosts in HOSTS.items():
        for key in state[service].get("keys", state[service].get("tokens", ())):
            if key in asked.target:
                yield f"the {service} key stands in the URL of a request to {asked.host}"
            seen = [name for name, value in asked.headers.items() if key in value]
            if seen and asked.host not in hosts:
                yield f"the {service} key was sent to {asked.host}, as {seen[0]}"
            if seen and asked.scheme != "https":
                yield f"the {service} key was sent without encryption"


def complaint_of(reply: Reply) -> Iterator[str]:
    """Yield what a service complains of in its answer."""
    yield from (value for name, value in reply.headers if name == COMPLAINT)
