"""What the user wants left alone: links not to check, statuses to take for good."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from monitor.core.model import Link, Url, Verdict
from monitor.core.reasons import Reason, Status

REGEX = "re:"
"""With this a pattern is a regular expression, found anywhere; without it, a glob."""

_SCHEME = re.compile(r"[^/]*:(?!\d)")  # a colon before digits is that of a port


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreRule:
    """Links that are not to be checked: those that fit all of what is given.

    `url` and `page` are patterns (see `compiled`), of the address and of the name of the
    page; `provider` and `element` are names. `until` is the last day that it counts, in UTC.
    """

    url: str | None = None
    provider: str | None = None
    page: str | None = None
    element: str | None = None
    reason: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRule:
    """HTTP statuses that the user takes for good, where the address fits the pattern."""

    url: str
    statuses: frozenset[int]
    reason: str | None = None
    until: date | None = None


def ignored(link: Link, provider: str, rules: Iterable[IgnoreRule], now: datetime) -> str | None:
    """Return why a link is left alone, by the first rule that fits, or None to check it.

    `provider` is the name of the one that claims the link.
    """
    for rule in rules:
        if _counts(rule.until, now) and _fits(rule, link, provider):
            return f"ignored: {rule.reason or _description(rule)}{_until(rule.until)}"
    return None


def accepted(verdict: Verdict, url: Url, rules: Iterable[AcceptRule], now: datetime) -> Verdict:
    """Return the verdict as alive where the user accepts its HTTP status, else as it is.

    The status is the verdict's fact `status`; a verdict without it stays, and so does one
    that is fine already.
    """
    status = verdict.facts.get("status")
    if verdict.status is Status.OK or not isinstance(status, int):
        return verdict
    for rule in rules:
        if status in rule.statuses and _counts(rule.until, now) and fits(rule.url, url):
            why = f": {rule.reason}" if rule.reason else ""
            detail = f"{url} answers {status}, which config.yaml accepts{why}{_until(rule.until)}"
            return replace(verdict, reason=Reason.ALIVE, detail=detail, retry_at=None, instead=None)
    return verdict


def fits(pattern: str, *texts: str) -> bool:
    """Return whether a pattern fits any of the texts; it must be one that compiles."""
    regex = compiled(pattern)
    if pattern.startswith(REGEX):
        return any(regex.search(text) for text in texts)
    return any(regex.fullmatch(text) for text in texts)


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern as a regular expression; raises re.error where it is none.

    In a glob `*` stands for anything and every other character for itself, upper or lower
    case alike. One without a scheme fits http and https; one that is a host alone
    (`example.org`, `*.example.org`) fits all of the site. `re:` begins a regular expression.
    """
    if pattern.startswith(REGEX):
        try:
            return re.compile(pattern.removeprefix(REGEX))
        except (RecursionError, OverflowError):  # nested too deep, repeated too often
            raise re.error("it is too large") from None
    glob = ".*".join(re.escape(part) for part in re.split(r"\*+", pattern))
    if not _SCHEME.match(pattern):
        rest = r"(?:[:/?#].*)?" if "/" not in pattern else ""
        glob = f"(?:https?://)?{glob}{rest}"
    return re.compile(glob, re.IGNORECASE | re.DOTALL)


def _fits(rule: IgnoreRule, link: Link, provider: str) -> bool:
    place = link.occurrence
    return (
        (rule.url is None or fits(rule.url, link.url, link.written))
        and (rule.provider is None or rule.provider == provider)
        and (rule.page is None or fits(rule.page, place.page))
        and (rule.element is None or rule.element.lower() == place.element.lower())
    )


def _description(rule: IgnoreRule) -> str:
    given = {
        "url": rule.url,
        "provider": rule.provider,
        "page": rule.page,
        "element": rule.element,
    }
    return ", ".join(f"{name} {value}" for name, value in given.items() if value is not None)


def _counts(until: date | None, now: datetime) -> bool:
    return until is None or now.date() <= until


def _until(until: date | None) -> str:
    return f" (until {until.isoformat()})" if until else ""
