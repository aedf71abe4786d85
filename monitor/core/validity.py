"""When a run is to be believed: sentinels that must give their known answers.

A sentinel is an address of a well-known operator whose whole answer is known beforehand,
so that a login portal's 200 is not taken for the internet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import IntEnum
from statistics import median_low
from types import MappingProxyType

from monitor.core.domains import registrable
from monitor.core.model import Record, Run, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Response
from monitor.core.reasons import Reason
from monitor.core.urls import split


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
    """One look at all sentinels: when, and which answered as known.

    `ahead` is by how much our clock is ahead of theirs (negative: behind), None where none told.
    """

    at: datetime
    good: int
    asked: int
    ahead: timedelta | None = None

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


def ahead(sentinels: Sequence[Sentinel], exchanges: Sequence[Exchange]) -> timedelta | None:
    """Return by how much our clock is ahead of those of the sentinels that answered as known.

    The middle one of what their `Date` headers say (RFC 9110, 6.6.1), or None where none does.
    """
    found = [
        exchange.at + exchange.elapsed - theirs
        for sentinel, exchange in zip(sentinels, exchanges, strict=True)
        if answers_as_known(sentinel, exchange) and (theirs := _date(exchange)) is not None
    ]
    return median_low(found) if found else None


def _date(exchange: Exchange) -> datetime | None:
    said = exchange.said
    try:
        date = parsedate_to_datetime(said.headers["date"]) if isinstance(said, Response) else None
    except (KeyError, ValueError):
        return None
    return None if date is None else date.replace(tzinfo=date.tzinfo or UTC)


CLOCK_TOLERANCE = timedelta(minutes=10)
"""So much a clock may be wrong; what states and schedules count are hours."""


def clock_doubt(watches: Sequence[Watch], jumped: timedelta) -> str | None:
    """Return in one sentence why our clock is not to be believed, or None when it is.

    `jumped` is by how much it moved in the run more than time went by (negative: back).
    """
    if abs(jumped) > CLOCK_TOLERANCE:
        way = "forward" if jumped > timedelta(0) else "back"
        return f"this machine's clock jumped {way} by {_rough(jumped)} while the run lasted"
    told = [watch.ahead for watch in watches if watch.ahead is not None]
    if not told or abs(median_low(told)) <= CLOCK_TOLERANCE:
        return None
    off = median_low(told)
    way = "ahead" if off > timedelta(0) else "behind"
    return (
        f"this machine's clock is {_rough(off)} {way} of those of well-known servers: set it,"
        " or let it be set by NTP"
    )


_UNITS = ((1440, "day"), (60, "hour"), (1, "minute"))


def _rough(span: timedelta) -> str:
    """Return a span in one unit: "3 days", "2 hours", "15 minutes"."""
    minutes = round(abs(span).total_seconds() / 60)
    size, unit = next((pair for pair in _UNITS if minutes >= pair[0]), _UNITS[-1])
    number = round(minutes / size)
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


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


LASTING = timedelta(days=3)
"""A failure of many sites that has lasted so long is theirs, while the sentinels answer us."""


def sites_doubt(
    sights: Mapping[str, Sight],
    known: Mapping[str, Sight] = MappingProxyType({}),
    *,
    lasting: bool = False,
) -> str | None:
    """Return in one sentence why the sites that failed point to us, or None when they do not.

    `sights` are the best ones by origin ("https://example.org"), `known` those of the newest runs
    that count. Sites do go down, each for itself: the unsure ones count where not a single one
    was seen, or where they were seen before and many domains fail at once. What had failed
    before is theirs, and all of it is when the runs have been doubted for `LASTING`.
    """
    fresh = {o: each for o, each in sights.items() if known.get(o, Sight.SEEN) is Sight.SEEN}
    ours = {origin for origin, each in sights.items() if each is Sight.OURS}
    failed = set(fresh) if Sight.SEEN not in sights.values() and not lasting else ours
    together = _domains(o for o, each in fresh.items() if o in known and each is not Sight.SEEN)
    compared = _domains(o for o in fresh if o in known)
    for some, of in ((failed, set(sights)), (set() if lasting else together, compared)):
        if len(some) >= DOUBTFUL_SITES and len(some) > DOUBTFUL_SHARE * len(of):
            return (
                f"{len(some)} of {len(of)} sites could not be reached, all at once, which points"
                " to our own network, resolver or proxy"
            )
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBefore:
    """How earlier runs saw the sites, and whether runs have been doubted for `LASTING`."""

    sights: Mapping[str, Sight]
    lasting: bool


def seen_before(
    run: Run, earlier: Iterable[tuple[Run, Record | None]], *, whole: bool
) -> SeenBefore:
    """Return how the runs before one saw the sites, of each the newest sight that counts.

    `earlier` are those that ended, newest first, with their records where they count. They are
    taken up to the first that counts, or with `whole` that read a source whole: a look at one
    address by hand does not hide the night before it.
    """
    sights: dict[str, Sight] = {}
    doubted_since = run.started_at
    for one, record in earlier:
        if not one.valid or record is None:
            doubted_since = one.started_at
            continue
        sights = {**sights_of(record), **sights}
        if one.sources or not whole:
            break
    return SeenBefore(sights=sights, lasting=run.started_at - doubted_since >= LASTING)


def _domains(origins: Iterable[str]) -> set[str]:
    return {registrable(split(Url(origin)).host) for origin in origins}


def sights_of(record: Record) -> Mapping[str, Sight]:
    """Return how a stored run saw its sites, as far as its verdicts tell."""
    found: dict[str, Sight] = {}
    for observation in record.observations.values():
        seen = _BY_REASON.get(observation.verdict.reason, Sight.SEEN)
        origin = split(observation.resource.url).origin
        found[origin] = max(seen, found.get(origin, seen))
    return found


_BY_REASON = {
    Reason.NOT_ANSWERING: Sight.UNSURE,
    Reason.SERVER_ERROR: Sight.UNSURE,
    Reason.NO_SUCH_HOST: Sight.UNSURE,
    Reason.OWN_NETWORK: Sight.OURS,
    Reason.NOT_ASKED: Sight.OURS,
}


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
