"""What services repeat of our secrets is blotted out before anybody else sees it.

Some services quote a refused key in their error, or put it into a redirect's target; from there
it would go into evidence, reports and other sites' logs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from monitor.core.ports import Response

BLOT = "•••"

SHORTEST = 8
"""Characters of the shortest secret that is blotted out; a shorter one may be part of any text."""

TOKEN_HEADERS = frozenset({"authorization", "x-goog-api-key"})
"""Request headers whose values are secrets, also those of tokens that were made in the run."""


class Discretion:
    """Knows the secrets of a run, and takes them out of what is said."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = frozenset(secrets)

    def response(self, said: Response, sent: Mapping[str, str]) -> Response:
        """Return an answer whose headers and body hold none of our secrets, nor what was sent."""
        secrets = self._of(sent)
        headers = {name: _without(value, secrets) for name, value in said.headers.items()}
        body = said.body
        for secret in secrets:
            raw = secret.encode()
            body = body.replace(raw, BLOT.encode())
            if said.truncated:
                body = _without_beginning(body, raw)
        return replace(said, body=body, headers=headers)

    def text(self, text: str, sent: Mapping[str, str]) -> str:
        """Return a text without our secrets, nor what was sent."""
        return _without(text, self._of(sent))

    def _of(self, sent: Mapping[str, str]) -> list[str]:
        """Return the secrets, the longest first: one may hold another."""
        tokens = {sent[name].rpartition(" ")[2] for name in TOKEN_HEADERS if name in sent}
        known = (text for text in self._secrets | tokens if len(text) >= SHORTEST)
        return sorted(known, key=lambda text: (-len(text), text))


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, BLOT)
    return text


def _without_beginning(body: bytes, secret: bytes) -> bytes:
    """Return a body that was cut, without the beginning of a secret at its end."""
    for length in range(len(secret) - 1, SHORTEST - 1, -1):
        if body.endswith(secret[:length]):
            return body[:-length]
    return body
