"""Who asks GitHub's API: people by their tokens, Actions, GitHub Apps and their installations."""

import base64
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.world.github_repository import number
from tests.world.github_tracker import ROLES, IssueTracker

_LONGEST_JWT = 600
"""How many seconds an App's token may be good for, at most.

Source: docs.github.com/apps, "Generating a JSON Web Token (JWT) for a GitHub App".
"""

_INSTALLATION = timedelta(hours=1)
"""How long an installation's token is good for; the same page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever a token stands for: `issues` is "write", "read" or None for nothing.

    `repositories` are the names of those that the token reaches, all where it is None. `ends` is
    when the token is no longer good. `limit` is how many requests it has an hour.
    """

    login: str
    issues: str | None = None
    repositories: frozenset[str] | None = None
    ends: datetime | None = None
    limit: int = 5000
    scopes: str | None = None

    @property
    def integration(self) -> bool:
        """Return whether it is an App's installation, or Actions, and not a person."""
        return self.login.endswith("[bot]")

    def reaches(self, tracker: IssueTracker) -> bool:
        """Return whether the token has to do with a repository beyond what all may see."""
        names = {tracker.name, *tracker.former_names}
        return self.repositories is None or bool(names & self.repositories)

    def sees(self, tracker: IssueTracker) -> bool:
        """Return whether a repository exists for the token."""
        if not tracker.private:
            return True
        return self.reaches(tracker) and (self.integration or tracker.role(self.login) != "none")

    def may(self, tracker: IssueTracker, role: str) -> bool:
        """Return whether the token does what needs a role; an integration with issues: write can.

        A person's token can at most what the person can.
        """
        if not self.reaches(tracker):
            return False
        if self.integration:
            return ROLES.index(role) <= ROLES.index("write") and self.issues == "write"
        return ROLES.index(tracker.role(self.login)) >= ROLES.index(role)


ANONYMOUS = Caller(login="", issues="read", limit=60)
"""Whoever sends no token."""


@dataclass(slots=True, kw_only=True)
class App:
    """A GitHub App; `private_key` is the PEM file that GitHub gives its maker.

    `installations` are the names of repositories by the installation's number.
    """

    slug: str
    id: int
    issues: str | None
    installations: dict[int, frozenset[str]] = field(default_factory=dict)
    suspended: bool = False

    @property
    def login(self) -> str:
        """Return who writes the App's issues."""
        return f"{self.slug}[bot]"

    @property
    def client_id(self) -> str:
        """Return the App's other name, which a JSON web token may carry as well as its number."""
        return f"Iv23li{self.id:014}"

    @property
    def private_key(self) -> str:
        """Return the App's private key, in PEM form."""
        form = serialization.PrivateFormat.TraditionalOpenSSL
        none = serialization.NoEncryption()
        return _key(self.slug).private_bytes(serialization.Encoding.PEM, form, none).decode()

    def permissions(self) -> dict[str, str]:
        """Return what its installations may do."""
        return {"metadata": "read", **({"issues": self.issues} if self.issues else {})}


class Callers:
    """The tokens that a host takes for good."""

    def __init__(self) -> None:
        self.tokens: dict[str, Caller] = {}
        self.apps: dict[int, App] = {}

    def add(self, caller: Caller, token: str) -> str:
        """Return a token, from now on good for a caller."""
        self.tokens[token] = caller
        return token

    def of(self, token: str, now: datetime) -> Caller | None:
        """Return whose token it is, or None where it is none, or no longer one."""
        if not token:
            return ANONYMOUS
        found = self.tokens.get(token)
        return None if found is None or (found.ends and found.ends <= now) else found

    def install(self, slug: str, repositories: Sequence[str], issues: str | None) -> App:
        """Return an App with one more installation, on some repositories."""
        fresh = App(slug=slug, id=number(slug) % 1_000_000, issues=issues)
        app = self.apps.setdefault(fresh.id, fresh)
        app.issues = issues
        app.installations[50_000_000 + app.id + len(app.installations)] = frozenset(repositories)
        return app

    def app_of(self, assertion: str) -> App | str:
        """Return the App whose JSON web token it is, or GitHub's word against it."""
        claims = _claims(assertion)
        if claims is None:
            return "A JSON web token could not be decoded"
        issuer = str(claims.get("iss"))
        app = next((a for a in self.apps.values() if issuer in {str(a.id), a.client_id}), None)
        if app is None or not _signed(assertion, app):
            return "Integration not found" if app is None else _UNDECODED
        issued, ends, now = claims.get("iat", 0), claims.get("exp", 0), time.time()
        if issued > now + 60:
            return "'Issued at' claim ('iat') must be an Integer representing the assertion time"
        if not now < ends:
            return "'Expiration time' claim ('exp') must be a numeric value representing the future"
        return (
            "'Expiration time' claim ('exp') is too far in the future"
            if (ends > now + _LONGEST_JWT + 60)
            else app
        )

    def installed(
        self, app: App, installation: int, now: datetime, issues: str | None
    ) -> tuple[str, Caller]:
        """Return a new token of an installation, and whom it stands for."""
        names = app.installations[installation]
        caller = Caller(
            login=app.login, issues=issues, repositories=names, ends=now + _INSTALLATION
        )
        return self.add(caller, f"ghs_world{installation}x{len(self.tokens):06}"), caller


_UNDECODED = "A JSON web token could not be decoded"


def looks_like_jwt(token: str) -> bool:
    """Return whether a token has the three parts of a JSON web token."""
    return token.count(".") == 2


@cache
def _key(slug: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _claims(assertion: str) -> Mapping[str, Any] | None:
    """Return what a JSON web token claims, or None where nobody can read it, or not RS256."""
    try:
        head, claims = (json.loads(_decoded(part)) for part in assertion.split(".")[:2])
        return claims if head.get("alg") == "RS256" else None
    except (ValueError, AttributeError):
        return None


def _signed(assertion: str, app: App) -> bool:
    """Return whether a JSON web token carries the signature of an App's key (RS256)."""
    signed, _, signature = assertion.rpartition(".")
    try:
        _key(app.slug).public_key().verify(
            _decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
