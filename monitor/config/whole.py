"""All of config.yaml as one value."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, unquote, urlsplit

from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from monitor.config.alerts import Alert
from monitor.config.issues import Issues
from monitor.config.mutes import Maintenance, Muted
from monitor.config.places import shown
from monitor.config.schedule import Daemon, Schedule
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
from monitor.config.states import States
from monitor.config.values import Credential
from monitor.core.leave_alone import AcceptRule, IgnoreRule
from monitor.core.mutes import Mute
from monitor.core.policies import PolicyFor
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
    issues: Issues = Field(default_factory=Issues)
    """What is broken as issues on GitHub: octocat/course, or more under keys."""
    alerts: Annotated[tuple[Alert, ...], BeforeValidator(as_list)] = ()
    """Who is told of what happens, by mail, in a chat or otherwise."""
    heartbeat: Credential | None = None
    """An address to call after each run that counts, so that somebody notices when none comes."""
    ignore: Annotated[tuple[Ignore, ...], BeforeValidator(as_list)] = ()
    """Links that are not to be checked."""
    accept: Annotated[tuple[Accept, ...], BeforeValidator(as_list)] = ()
    """HTTP statuses to take for good."""
    muted: Annotated[tuple[Muted, ...], BeforeValidator(as_list), Field(alias="mutes")] = ()
    """Of what nobody wants to hear for a while; it is checked and shown all the same."""
    maintenance: Annotated[tuple[Maintenance, ...], BeforeValidator(as_list)] = ()
    """When nobody wants to hear of trouble: term breaks, nights, weekends."""
    states: States = States()
    """How much evidence makes a break: patient, nightly, strict, or numbers of your own."""
    schedule: Schedule = Field(default_factory=Schedule)
    """When links are checked: as crontab says it, such as 17 3 * * *, or more under keys."""
    daemon: Daemon = Field(default_factory=Daemon)
    """How `linkwell watch` is seen from outside: where it tells how it is."""
    sentinels_given: Annotated[
        tuple[SentinelEntry, ...] | None, BeforeValidator(as_list), Field(alias="sentinels")
    ] = None
    """Well-known addresses by which we know that the network is there; [] for none."""

    @field_validator("sources")
    @classmethod
    def _each_once(cls, given: tuple[Source, ...]) -> tuple[Source, ...]:
        labels = [source.label for source in given]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice is not None:
            raise ValueError(
                f"each source once, under a `name` of its own; “{shown(twice)}” is there twice"
            )
        return given

    @field_validator("alerts")
    @classmethod
    def _each_by_its_name(cls, given: tuple[Alert, ...]) -> tuple[Alert, ...]:
        names = [alert.name for alert in given]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"each channel under a `name` of its own; “{twice}” is there twice")
        return given

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

    def mutes(self, now: datetime) -> tuple[Mute, ...]:
        """Return the mutes that the file names, and those of the maintenance that is on now."""
        windows = (entry.window(n) for n, entry in enumerate(self.maintenance, 1))
        on = (mute for window in windows for mute in window.mutes(now))
        return (*(entry.mute() for entry in self.muted), *on)

    def state_rules(self) -> PolicyFor:
        """Return by which policy each resource is followed over time."""
        return self.states.policies().policy_for

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
        found |= {
            each.get_secret_value()
            for each in (self.heartbeat, *(alert.url for alert in self.alerts))
            if each is not None
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
