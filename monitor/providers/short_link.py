"""Short links: bit.ly and its like, permanent identifiers (DOI, Handle) among them.

A short link is asked for one step, and what it leads to is a resource of its own: the link is
as healthy as what stands at the end. Nothing is followed here but the service's own move from
http to https. Bitly's API knows where a link of theirs leads too, but not what its readers meet
on the way, a warning above all: it is asked where the link itself told nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.asking import Get
from monitor.core.causes import Cause, hosts_of
from monitor.core.drift import ADDRESS
from monitor.core.json_reading import text_at
from monitor.core.model import Json, Link, Resource, Suggestion, Url, Verdict
from monitor.core.page_signs import looks_missing_by_address
from monitor.core.ports import PERMANENT, Failure
from monitor.core.provider import Answer, Ask, CredentialUse, Document, Fact, Probe, Provider, last
from monitor.core.reasons import Reason
from monitor.core.urls import normalise, site, split
from monitor.core.verdicts import of_failure, of_status
from monitor.providers import _short_link_about as about
from monitor.providers import _short_link_asking as asking
from monitor.providers._short_link_asking import TEXT_KEPT
from monitor.providers._short_link_places import (
    BITLYS,
    LOOKED_UP,
    first_party,
    place_of,
    same,
    same_service,
)

_PAGE_SAYS = (
    (re.compile(r"rate limit exceeded", re.IGNORECASE), Reason.RATE_LIMITED),
    (re.compile(r"\blink disabled\b", re.IGNORECASE), Reason.TAKEN_DOWN),
)
"""What is.gd and v.gd write on a page of status 200 (terroroftinytown, services/isgd.py)."""

_LOST = {
    404: (Reason.DELETED, "there is no such short link."),
    410: (Reason.GONE, "this short link was switched off."),
}

_UNSURE = frozenset(
    {
        Reason.BLOCKED,
        Reason.LOGIN_REQUIRED,
        Reason.NOT_ANSWERING,
        Reason.RATE_LIMITED,
        Reason.SERVER_ERROR,
        Reason.UNEXPECTED_ANSWER,
    }
)
"""What the walk may come to without having seen where a link leads."""

_WHY = "The short link only passes readers on to it, as long as its service likes."

FACTS = {
    "chain": Fact(
        meaning="The addresses passed, in order; readers end at the last one",
        source="the redirects and pages on the way",
        unit=ADDRESS,
    ),
    "target": Fact(
        meaning="What stands at the end, by its canonical address; of a page without its query",
        source="the last step of the chain",
        unit=ADDRESS,
        identity=True,
    ),
    "target_id": Fact(
        meaning="What stands at the end, by Linkwell's own name for it",
        source="the last step of the chain",
    ),
    "status": Fact(meaning="What the service answered", source="the HTTP status"),
    "warned_of": Fact(
        meaning="The address of which the service warns",
        source="the parameter `url` of bitly.com/a/warning",
        unit=ADDRESS,
    ),
}


class ShortLink(Provider):
    """All services that only pass their readers on."""

    name = "short_link"
    title = "Short Link"
    facts = FACTS
    checkups = about.CHECKUPS
    shapes = about.SHAPES
    ways = about.WAYS
    credentials: Mapping[str, CredentialUse] = {
        "bitly": CredentialUse(
            header="Authorization", form="Bearer {}", hosts=frozenset({"api-ssl.bitly.com"})
        )
    }
    probes: Mapping[str, Probe] = {
        "step": Get("step", asking.step, asking.page),
        "past": Get("past", asking.past, asking.past_page),
        "expand": asking.Expand(),
    }

    def identify(self, link: Link) -> Resource | None:
        """Return the short link behind a link, or None."""
        parts = split(link.url)
        found = place_of(parts)
        if found is None:
            return None
        url = found.address(parts.scheme)
        return Resource(id=found.id, provider=self.name, kind=found.kind, url=url)

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return where the short link leads, or what stands in the way."""
        step = last(answers, "step")
        if step is None and "step" in usable:
            return Ask("step")
        if step is None:
            return Verdict(reason=Reason.NOT_ASKED, detail="No way to ask for it was left.")
        said, past = step.said, last(answers, "past")
        if isinstance(said, Failure):
            verdict = of_failure(said)
        else:
            told = _told(resource, said, step.at)
            if told is None and past is None and "past" in usable and _has_past(resource):
                return Ask("past")
            verdict = told or _in_between(resource, said, past)
        if verdict.reason in _UNSURE and _is_bitlys(resource, step):
            return _by_bitly(resource, step, verdict, last(answers, "expand"), usable)
        return verdict

    def causes(self, resource: Resource, facts: Mapping[str, Json]) -> Sequence[Cause]:  # noqa: ARG002 - the address tells all
        """Return the host that passes readers on; what stands at the end has causes of its own."""
        return hosts_of(resource.url)


def _by_bitly(
    resource: Resource,
    step: Answer,
    verdict: Verdict,
    expand: Answer | None,
    usable: frozenset[str],
) -> Verdict | Ask:
    """Return what Bitly's API knows better than the walk, asking it if need be."""
    if expand is None:
        return Ask("expand") if "expand" in usable else verdict
    known = _known_to_bitly(resource, expand)
    if known is None:
        return verdict
    shows_page = isinstance(step.said, Document) and 200 <= step.said.status < 300
    return _on_its_page(known) if shows_page else known


def _has_past(resource: Resource) -> bool:
    return site(resource.url) in LOOKED_UP | {"goo.gl"} and "?" not in resource.url


def _is_bitlys(resource: Resource, step: Answer) -> bool:
    """Return whether Bitly keeps a short link: known by its host, or by the page's title."""
    title = text_at(step.said.body, "title") if isinstance(step.said, Document) else None
    return site(resource.url) in BITLYS or (title or "").lower().startswith(("bitly", "bit.ly"))


def _told(resource: Resource, said: Document, at: datetime) -> Verdict | None:
    """Return the verdict of an answer by its status, or None where it is a page to be read."""
    if said.location is not None:
        return _redirect(resource, said.location, lasting=said.status in PERMANENT)
    if said.status in _LOST:
        return _lost(resource, said.status)
    return of_status(said, at)


def _lost(resource: Resource, status: int) -> Verdict:
    reason, detail = _LOST[status]
    detail = f"{split(resource.url).host} says: {detail}"
    return Verdict(reason=reason, detail=detail, facts={"status": status})


def _redirect(resource: Resource, target: Url, *, lasting: bool = False) -> Verdict:
    """Return the verdict of a short link that redirects; one that does so for good is a hint."""
    if same(resource.url, target):
        detail = "The short link redirects to itself."
        return Verdict(reason=Reason.REDIRECT_LOOP, detail=detail)
    parts, host = split(target), site(target)
    if _is_lost(resource, target):
        detail = f"The service passes readers on to a page of its own, {target}, as for lost links."
        return Verdict(reason=Reason.SOFT_NOT_FOUND, detail=detail)
    if host in {"bit.ly", "bitly.com"} and parts.path.startswith("/a/warning"):
        flagged = parts.first("url")
        detail = f"The service warns of the target, {flagged or 'which it does not name'}."
        facts = {"warned_of": flagged} if flagged else {}
        return Verdict(reason=Reason.UNSAFE, detail=detail, facts=facts)
    if host == "google.com" and parts.path.startswith("/sorry"):
        detail = "Google asks whether we are a robot."
        return Verdict(reason=Reason.RATE_LIMITED, detail=detail)
    hint = Suggestion(url=target, why=_WHY, confidence=0.9)
    return Verdict(
        reason=Reason.LEADS_ON,
        detail=f"It leads to {target}.",
        leads_to=target,
        instead=hint if lasting and not first_party(resource.url) else None,
    )


def _is_lost(resource: Resource, target: Url) -> bool:
    """Return whether a target is the service's own front page or error page."""
    own = same_service(resource.url, target)
    return own and (split(target).path == "/" or looks_missing_by_address(target))


def _in_between(resource: Resource, said: Document, past: Answer | None) -> Verdict:
    """Return the verdict of a short link that shows a page instead of redirecting."""
    text = f"{text_at(said.body, 'title') or ''} {text_at(said.body, 'words') or ''}".strip()
    for phrase, reason in _PAGE_SAYS:
        if phrase.search(text):
            return Verdict(reason=reason, detail=f"The service says: {text[:TEXT_KEPT]}")
    refresh = normalise(text_at(said.body, "refresh") or "")
    if refresh is not None and not same(resource.url, refresh):
        # The page is empty and sends on at once (t.co): readers see nothing of it.
        return _redirect(resource, refresh)
    way_on = text_at(said.body, "way_on")
    if past is not None and isinstance(past.said, Document):
        way_on = past.said.location or text_at(past.said.body, "way_on") or way_on
    onward = normalise(way_on or "")
    if onward is not None:
        return _on_its_page(_redirect(resource, onward))
    detail = "It shows a page of its own that does not tell where it leads."
    return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)


def _on_its_page(onward: Verdict) -> Verdict:
    """Return the verdict of a way on that readers find on a page in between."""
    if onward.leads_to is None:
        return onward
    return replace(
        onward,
        reason=Reason.INTERSTITIAL,
        detail=f"It shows a page of its own before it leads to {onward.leads_to}.",
        instead=Suggestion(url=onward.leads_to, why=_WHY, confidence=0.9),
    )


def _known_to_bitly(resource: Resource, expand: Answer) -> Verdict | None:
    """Return what Bitly's API says of a short link, or None where it says nothing."""
    if not isinstance(expand.said, Document):
        return None
    if expand.said.status in _LOST:
        return _lost(resource, expand.said.status)
    target = text_at(expand.said.body, "long_url")
    return _redirect(resource, Url(target)) if target is not None else None


PROVIDER = ShortLink()
