"""When a run is to be believed: sentinels that must give their known answers.

A sentinel is an address of a well-known operator whose whole answer is known beforehand,
so that a login portal's 200 is not taken for the internet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from monitor.core.ports import Exchange, Failure, FailureKind, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel:
    """An address with its known answer: the status, and the body without outer white space."""

    url: str
    status: int = 200
    body: str = ""


SENTINELS = (
    Sentinel(url="http://www.gstatic.com/generate_204", status=204),
    Sentinel(url="http://detectportal.firefox.com/success.txt", body="success"),
    Sentinel(url="http://www.msftconnecttest.com/connecttest.txt", body="Microsoft Connect Test"),
)
"""The captive-portal checks of Google, Mozilla and Microsoft, as their systems use them."""


SECURE = Sentinel(url="https://www.gstatic.com/generate_204", status=204)
"""The first of them by https: whether its certificate is accepted tells of our clock and CA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One look at all sentinels: when, and which answered as known."""

    at: datetime
    good: int
    asked: int

    @property
    def online(self) -> bool:
        """Return whether the network is to be believed: 2 answered well, or the only one.

        Without any sentinel configured there is nothing to doubt by.
        """
        return self.good >= min(2, self.asked)


def answers_as_known(sentinel: Sentinel, exchange: Exchange) -> bool:
    """Return whether an exchange is the sentinel's known answer, to the letter."""
    said = exchange.said
    return (
        isinstance(said, Response)
        and said.status == sentinel.status
        and said.body.decode("utf-8", "replace").strip() == sentinel.body
    )


def trusted_until(watches: Sequence[Watch]) -> datetime | None:
    """Return the last instant at which the network was known to be there, or None for all.

    None when the last look was good: then everything counts.
    """
    if not watches or watches[-1].online:
        return None
    return max((watch.at for watch in watches if watch.online), default=watches[0].at)


def doubt(watches: Sequence[Watch], observed: Sequence[datetime]) -> str | None:
    """Return in one sentence why a run is invalid, or None when it may be believed.

    `observed` are the instants of its observations. The run is invalid when the network was
    not there at the end, and nothing was observed up to when it last was.
    """
    trusted = trusted_until(watches)
    if trusted is None or any(at <= trusted for at in observed):
        return None
    last = watches[-1]
    return (
        f"no network: only {last.good} of {last.asked} well-known addresses gave their known"
        " answer, so nothing was counted"
    )


DOUBTFUL_SITES = 5
DOUBTFUL_SHARE = 0.3
"""So many sites, and more than this share of all, that fail for a reason of ours."""


class Sight(IntEnum):
    """How a site was seen in a run; the best sight of it counts."""

    OURS = 0
    """Our own network or proxy was in the way."""
    UNSURE = 1
    """There was no answer, or one such as a proxy gives: whose fault that is stays open."""
    SEEN = 2
    """It answered, or failed in a way of its own."""


_UNSURE = frozenset(
    {
        FailureKind.NO_SUCH_HOST,
        FailureKind.REFUSED,
        FailureKind.RESET,
        FailureKind.RESOLVER,
        FailureKind.STOPPED,
        FailureKind.TIMEOUT,
    }
)


def sight(exchange: Exchange) -> Sight:
    """Return how an exchange saw its site."""
    said = exchange.said
    if isinstance(said, Response):
        return Sight.UNSURE if said.status in {502, 503, 504} else Sight.SEEN
    if said.kind is FailureKind.NETWORK:
        return Sight.OURS
    return Sight.UNSURE if said.kind in _UNSURE else Sight.SEEN


def sites_doubt(sights: Mapping[str, Sight]) -> str | None:
    """Return in one sentence why the sites that failed point to us, or None when they do not.

    `sights` are the best ones by origin ("https://example.org"). Sites do go down, so the unsure
    ones count only where not a single one was seen.
    """
    ours = sum(each is Sight.OURS for each in sights.values())
    failed = len(sights) if Sight.SEEN not in sights.values() else ours
    if failed < DOUBTFUL_SITES or failed <= DOUBTFUL_SHARE * len(sights):
        return None
    return (
        f"{failed} of {len(sights)} sites could not be reached, which points to our own network,"
        " resolver or proxy"
    )


DOUBTFUL_CERTIFICATES = 3
"""So many hosts with a bad certificate, and not one with a good one, point to us."""


def tls_works(exchange: Exchange) -> bool | None:
    """Return what the answer of `SECURE` tells of our own TLS; None when it tells nothing."""
    if answers_as_known(SECURE, exchange):
        return True
    refused = isinstance(exchange.said, Failure) and exchange.said.kind is FailureKind.TLS
    return False if refused else None


def tls_doubt(certificates: Mapping[str, bool], *, ours: bool | None = None) -> str | None:
    """Return in one sentence why the certificates point to us, or None when they do not.

    `certificates` tells for each host asked over https whether its certificate was accepted,
    `ours` what `tls_works` returned. Where that tells nothing, their number must do.
    """
    if not certificates or any(certificates.values()) or ours is True:
        return None
    if ours is None and len(certificates) < DOUBTFUL_CERTIFICATES:
        return None
    return (
        f"none of the {len(certificates)} sites asked over https had a certificate that is"
        " accepted here: look at this machine's clock and at `network.ca_file`"
    )
