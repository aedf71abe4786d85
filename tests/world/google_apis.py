"""The hosts of Google's keyed APIs: who asks, which API is meant, and tokens for accounts.

State: `[youtube]` and `[drive]` with `keys` (those that are good), `error` (a reason of
google_envelope.ERRORS with which every keyed call is refused); `[drive]` with `accounts` (addresses
of service accounts that are good). The rest of the state stands in youtube_api.py and
drive_api.py.
"""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from tests.world.drive_api import DriveApi
from tests.world.google_envelope import Caller, Refused, caller, error
from tests.world.service_account import signed_by_us
from tests.world.wire import Asked, Reply, as_json, complaint
from tests.world.youtube_api import YouTubeApi

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LONGEST = 3600
"""How many seconds an assertion may be good for; Google's documentation of service accounts."""


class GoogleApis:
    """Data API v3 of YouTube, Drive API v3 with its batches, and the token endpoint."""

    hosts = frozenset({"www.googleapis.com", "youtube.googleapis.com", "oauth2.googleapis.com"})

    def __init__(self, youtube: Mapping[str, Any], drive: Mapping[str, Any]) -> None:
        self._youtube = YouTubeApi(youtube)
        self._drive = DriveApi(drive)
        self._states = {"youtube": youtube, "drive": drive}
        self._tokens: dict[str, str] = {}

    def answer(self, asked: Asked) -> Reply:
        """Return what an API says."""
        try:
            return self._answer(asked)
        except Refused as refused:
            return refused.reply

    def _answer(self, asked: Asked) -> Reply:
        match asked.host, asked.method, asked.segments:
            case "oauth2.googleapis.com", "POST", ("token",):
                return self._token(asked)
            case _, "GET", ("youtube", "v3", collection):
                return self._youtube.answer(self._caller(asked, "youtube"), collection, asked)
            case "www.googleapis.com", "POST", ("batch", "drive", "v3"):
                outer = self._drive.refusal()
                return outer or self._drive.batch(asked, self._drive_part)
            case "www.googleapis.com", "GET", ("drive", "v3", *_):
                return self._drive_part(asked)
        return complaint(f"{asked.method} {asked.host}{asked.path}")

    def _drive_part(self, asked: Asked) -> Reply:
        try:
            who = self._caller(asked, "drive")
            return self._drive.refusal() or self._drive.answer(who, asked)
        except Refused as refused:
            return refused.reply

    def _caller(self, asked: Asked, api: str) -> Caller:
        state = self._states[api]
        who = caller(asked, state.get("keys", ()), self._tokens)
        if "error" in state:
            raise Refused(reply=error(state["error"]))
        return who

    def _token(self, asked: Asked) -> Reply:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if form.get("grant_type") != _GRANT:
            return as_json({"error": "unsupported_grant_type"}, 400)
        assertion = form.get("assertion", "")
        try:
            claims = json.loads(_decoded(assertion.split(".")[1]))
        except (IndexError, ValueError):
            return as_json({"error": "invalid_request"}, 400)
        trouble = self._trouble(assertion, claims)
        if trouble is not None:
            return as_json({"error": "invalid_grant", "error_description": trouble}, 400)
        token = f"world-access-token-{len(self._tokens)}"
        self._tokens[token] = claims["iss"]
        return as_json({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _trouble(self, assertion: str, claims: Mapping[str, Any]) -> str | None:
        """Return why an assertion is refused, in Google's words, or None where it is good."""
        if claims.get("iss") not in self._states["drive"].get("accounts", ()):
            return "Invalid grant: account not found"
        if not signed_by_us(assertion):
            return "Invalid JWT Signature."
        issued, ends = claims.get("iat", 0), claims.get("exp", 0)
        if not issued - 60 <= time.time() <= ends <= issued + _LONGEST:
            return "Invalid JWT: Token must be a short-lived token and in a reasonable timeframe."
        return None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
