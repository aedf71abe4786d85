"""The border to apprise, which brings messages to mailboxes, chats and programs.

Apprise runs in a process of its own (`apprise_child`), which can be ended when time is up, and in
which the proxy, the certificates and the silence that it is given disturb nobody.
"""

import asyncio
import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from monitor.config import Network
from monitor.core.causes import on_one_line
from monitor.net.discretion import Discretion

LIMIT = timedelta(seconds=30)
"""How long one message may take to be handed over."""

MOST_WHY = 300
"""Characters of a reason that are repeated."""

_ROOT = Path(__file__).parents[2]

_CHILD = (
    "import sys; sys.path.append(sys.argv[1]); from monitor.net.apprise_child import main; main()"
)
"""What the child runs; -P keeps it from importing whatever lies where it is started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A subject, and one text in three forms, each from its longest to its shortest version.

    The channel's form decides which is sent, and what it can hold, how long.
    """

    subject: str
    text: tuple[str, ...]
    markdown: tuple[str, ...]
    html: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a message: it was sent, or `why` not, in one sentence.

    `passing` tells that trying again makes sense, and cannot send it twice.
    """

    sent: bool
    why: str = ""
    passing: bool = False


async def send(url: str, message: Message, network: Network, limit: timedelta = LIMIT) -> Outcome:
    """Send a message to an address of apprise, by the network's proxy and certificates.

    Never raises for anything that the world or the address does. Can be cancelled at any moment.
    """
    asked = {
        "url": url,
        "subject": message.subject,
        "bodies": {"text": message.text, "markdown": message.markdown, "html": message.html},
        "environment": _environment(network),
    }
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _CHILD, str(_ROOT)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours to hear
        )
    except OSError as error:
        return Outcome(sent=False, why=f"No process can be started for it ({error.strerror}).")
    try:
        async with asyncio.timeout(limit.total_seconds()):
            said, _ = await child.communicate(json.dumps(asked).encode())
    except TimeoutError:
        return Outcome(sent=False, why=f"It took longer than {limit.total_seconds():g} s.")
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return _outcome(said, url)


def _environment(network: Network) -> dict[str, str | None]:
    """Return the variables by which apprise's clients go our way; None for those to be unset."""
    ca_file = str(network.ca_file) if network.ca_file is not None else None
    found: dict[str, str | None] = {
        "http_proxy": _proxy(network.http_proxy),
        "https_proxy": _proxy(network.https_proxy),
        "no_proxy": ",".join(network.no_proxy) or None,
        "all_proxy": None,
        "SSL_CERT_FILE": ca_file,
        "REQUESTS_CA_BUNDLE": ca_file,
        "CURL_CA_BUNDLE": None,
    }
    return found | {name.upper(): value for name, value in found.items()}


def _proxy(proxy: str | None) -> str | None:
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _outcome(said: bytes, url: str) -> Outcome:
    """Return what the child says, without anything secret."""
    try:
        answer = json.loads(said)
        sent, why, passing = answer["sent"], str(answer["why"]), answer["passing"]
    except (ValueError, KeyError, TypeError):
        return Outcome(sent=False, why="Apprise ended without a word.", passing=True)
    told = Discretion(secret_parts(url)).text(why, {})
    return Outcome(
        sent=sent is True, why=on_one_line(told, MOST_WHY), passing=passing is True and not sent
    )


def secret_parts(url: str) -> frozenset[str]:
    """Return an address of apprise and all of its parts: in any of them a secret may be."""
    found = {url}
    with suppress(ValueError):
        parts = urlsplit(url)
        found |= {parts.netloc, parts.path, parts.query}
    pieces = url.partition("://")[2]
    for separator in "/?&=@:,;#+":
        pieces = pieces.replace(separator, " ")
    found |= set(pieces.split())
    return frozenset(_forms(found))


def _forms(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        yield from (text, unquote(text), quote(text, safe=""))
