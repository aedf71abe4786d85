"""All of config.yaml as one value."""

import base64
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, unquote, urlsplit

from pydantic import BeforeValidator, Field, StringConstraints

from monitor.config.sections import (
    Accept,
    Headers,
    Ignore,
    Limits,
    Name,
    Network,
    Report,
    Section,
    SentinelEntry,
    Source,
    Store,
    as_list,
)
from monitor.config.values import Credential
from monitor.core.leave_alone import AcceptRule, IgnoreRule
from monitor.core.validity import SENTINELS, Sentinel

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Config(Section):
    """All of config.yaml. Without a file everything is as the defaults say."""

    sources: Annotated[tuple[Source, ...], BeforeValidator(as_list)] = ()
    """What to watch: web pages, files, folders."""
    audience: tuple[Country, ...] = ()
    """The countries of your readers, such as [DE, IT]; all, where nothing is said."""
    network: Network = Network()
    """How Linkwell reaches the internet, and how politely."""
    limits: Limits = Limits()
    """How much a run may take on."""
    credentials: Mapping[Name, Credential] = Field(default_factory=dict)
    """Keys by name, each the name of a variable: github: ${GITHUB_TOKEN}."""
    headers: Annotated[tuple[Headers, ...], BeforeValidator(as_list)] = ()
    """What to send to certain sites: headers, a password, a token."""
    store: Store = Store()
    """Where history is kept."""
    report: Report = Field(default_factory=Report)
    """Where reports go, and in which forms."""
    ignore: Annotated[tuple[Ignore, ...], BeforeValidator(as_list)] = ()
    """Links that are not to be checked."""
    accept: Annotated[tuple[Accept, ...], BeforeValidator(as_list)] = ()
    """HTTP statuses to take for good."""
    sentinels_given: Annotated[
        tuple[SentinelEntry, ...] | None, BeforeValidator(as_list), Field(alias="sentinels")
    ] = None
    """Well-known addresses by which we know that the network is there; [] for none."""

    @property
    def sentinels(self) -> tuple[Sentinel, ...]:
        """Return the addresses by which a run knows that the network is there."""
        if self.sentinels_given is None:
            return SENTINELS
        return tuple(Sentinel(**dict(entry)) for entry in self.sentinels_given)

    def ignore_rules(self) -> tuple[IgnoreRule, ...]:
        """Return the rules for links that are not to be checked, in the file's order."""
        return tuple(entry.rule() for entry in self.ignore)

    def accept_rules(self) -> tuple[AcceptRule, ...]:
        """Return the rules for statuses to take for good, in the file's order."""
        return tuple(entry.rule() for entry in self.accept)

    def secrets(self) -> dict[str, str]:
        """Return the credentials that are there, in clear, by name: for the network alone.

        A Google key serves for YouTube too, where there is none for it alone.
        """
        found = {
            name: secret.get_secret_value()
            for name, secret in self.credentials.items()
            if not secret.missing
        }
        if "google" in found:
            found.setdefault("youtube", found["google"])
        return found

    def key_words(self) -> dict[str, str]:
        """Return the names of the credentials that are there, with those of their variables."""
        found = {
            name: ", ".join(secret.variables)
            for name, secret in self.credentials.items()
            if not secret.missing
        }
        if "google" in found:
            found.setdefault("youtube", found["google"])
        return found

    def secret_texts(self) -> frozenset[str]:
        """Return every secret, in clear and in the forms in which it travels: to be blotted out."""
        found = {secret for name, secret in self.secrets().items() if name != "google_account"}
        found |= {
            secret.get_secret_value()
            for entry in self.headers
            for secret in entry.headers.values()
            if secret.variables and not secret.missing
        }
        proxies = (self.network.http_proxy, self.network.https_proxy)
        for url in (*proxies, self.store.url):
            found.add(unquote(urlsplit(url or "").password or ""))
        found |= {
            part for text in found for part in (text.rpartition(":")[2], text.rpartition(" ")[2])
        }
        found |= {base64.b64encode(text.encode()).decode() for text in found}
        found |= {quote(text, safe="") for text in found}
        return frozenset(found)

    def origin_headers(self) -> dict[str, dict[str, str]]:
        """Return what to send to which origin, in clear: for the network alone.

        What needs a variable that is not set is left out.
        """
        secrets = self.secrets()
        found: dict[str, dict[str, str]] = {}
        for entry in self.headers:
            sent = found.setdefault(entry.origin, {})
            sent |= {
                name: secret.get_secret_value()
                for name, secret in entry.headers.items()
                if not secret.missing
            }
            if entry.basic in secrets:
                pair = base64.b64encode(secrets[entry.basic].encode()).decode()
                sent["Authorization"] = f"Basic {pair}"
            if entry.bearer in secrets:
                sent["Authorization"] = f"Bearer {secrets[entry.bearer]}"
        return found
