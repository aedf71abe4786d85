"""Verdicts that all providers share: of a failure, of an HTTP status; and settling chains."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from monitor.core.model import Json, Url, Verdict
from monitor.core.ports import Failure, FailureKind
from monitor.core.provider import Document
from monitor.core.reasons import Reason, Status
from monitor.core.retry_after import retry_after

MOST_STEPS = 10
"""How many resources a chain may pass; browsers follow 20 redirects, people fewer."""

FAILURE_REASONS: dict[FailureKind, Reason] = {
    FailureKind.NO_SUCH_HOST: Reason.NO_SUCH_HOST,
    FailureKind.REFUSED: Reason.NOT_ANSWERING,
    FailureKind.RESET: Reason.NOT_ANSWERING,
    FailureKind.TIMEOUT: Reason.NOT_ANSWERING,
    FailureKind.RESOLVER: Reason.NOT_ANSWERING,
    FailureKind.TLS: Reason.TLS_INVALID,
    FailureKind.PROTOCOL: Reason.UNEXPECTED_ANSWER,
    FailureKind.REDIRECT_LOOP: Reason.REDIRECT_LOOP,
    FailureKind.BAD_REDIRECT: Reason.BAD_REDIRECT,
    FailureKind.PRIVATE_ADDRESS: Reason.PRIVATE_ADDRESS,
    FailureKind.MALFORMED_URL: Reason.MALFORMED_URL,
    FailureKind.NETWORK: Reason.OWN_NETWORK,
    FailureKind.CREDENTIAL: Reason.OWN_CREDENTIAL,
    FailureKind.QUOTA: Reason.OWN_QUOTA,
    FailureKind.BLOCKED: Reason.BLOCKED,
    FailureKind.UNREADABLE: Reason.UNEXPECTED_ANSWER,
    FailureKind.UNANSWERED: Reason.UNEXPECTED_ANSWER,
    FailureKind.STOPPED: Reason.NOT_ASKED,
}

STATUS_REASONS: dict[int, Reason] = {
    401: Reason.LOGIN_REQUIRED,
    403: Reason.BLOCKED,
    404: Reason.NOT_FOUND,
    405: Reason.BLOCKED,
    406: Reason.BLOCKED,
    407: Reason.OWN_NETWORK,
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
    451: Reason.LEGAL_BLOCK,
    999: Reason.BLOCKED,  # LinkedIn's answer to robots: reference/linkcheckers.md 1e
}


def of_failure(failure: Failure) -> Verdict:
    """Return the verdict that a failed exchange is, by itself."""
    return Verdict(
        reason=FAILURE_REASONS[failure.kind], detail=failure.detail, retry_at=failure.retry_at
    )


def of_status(document: Document, at: datetime) -> Verdict | None:
    """Return the verdict that an HTTP status is by itself, or None for a success (2xx).

    The fact `status` is kept. A redirect that was not followed and a status of no agreed
    meaning read as unexpected.
    A 503 with a challenge is a bot wall (`cf-mitigated`: Cloudflare's documentation).
    """
    status = document.status
    if 200 <= status < 300:
        return None
    if document.headers.get("cf-mitigated"):
        reason = Reason.BLOCKED
    elif status in STATUS_REASONS:
        reason = STATUS_REASONS[status]
    else:
        reason = Reason.SERVER_ERROR if 500 <= status < 600 else Reason.UNEXPECTED_ANSWER
    return Verdict(
        reason=reason,
        detail=(
            f"It leads to {document.url}, which answered {status}."
            if document.hops
            else f"It answered {status}."
        ),
        retry_at=retry_after(document.headers.get("retry-after"), at),
        facts={"status": status},
    )


_SEVERITY = {Status.OK: 0, Status.WARNING: 1, Status.UNKNOWN: 2, Status.BROKEN: 3}


def severity(verdict: Verdict) -> int:
    """Return how bad a verdict is: ok 0, warning 1, unknown 2, broken 3."""
    return _SEVERITY[verdict.status]


def settle(verdict: Verdict, behind: Callable[[Url], Verdict | None]) -> Verdict:
    """Return a verdict joined with those that it leads to: the worst wins.

    `behind` gives the verdict of the link to a URL, or None when nobody asked; that then
    reads as not asked. The fact `chain` lists the URLs passed, the facts of what stands at
    the end are kept beside those of the start. A circle, or more than MOST_STEPS, is broken.
    """
    chain: list[Url] = []
    worst, facts = verdict, dict(verdict.facts)
    step = verdict
    while step.leads_to is not None:
        url = step.leads_to
        if url in chain or len(chain) == MOST_STEPS:
            detail = (
                f"The chain comes back to {url}." if url in chain else "The chain does not end."
            )
            worst = Verdict(reason=Reason.REDIRECT_LOOP, detail=detail)
            break
        chain.append(url)
        step = behind(url) or Verdict(reason=Reason.NOT_ASKED, detail=f"{url} was not asked.")
        facts = {**step.facts, **facts}
        if severity(step) > severity(worst):
            worst = replace(step, detail=f"It leads to {url}. {step.detail}")
    if not chain:
        return verdict
    urls: list[Json] = list(chain)
    return replace(worst, leads_to=verdict.leads_to, facts={**facts, "chain": urls})
