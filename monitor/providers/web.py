"""Ordinary web pages and files; takes every link that no other provider claims.

One request a page: GET at once, and its title comes home. What looks like a file is asked by
HEAD first, and a refusal of HEAD is doubted, for some servers answer it wrongly. What looks
like an error page in disguise is called one only when the server shows the same for a name that
nobody ever used.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import SequenceMatcher
from hashlib import sha256

from monitor.core.anchors import names_place
from monitor.core.asking import by_address
from monitor.core.causes import Cause, hosts_of
from monitor.core.json_reading import dig, text_at
from monitor.core.model import Json, Link, Resource, ResourceId, Suggestion, Url, Verdict
from monitor.core.page_signs import (
    doubt,
    leads_home,
    looks_challenged,
    looks_like_file,
    looks_like_login,
    looks_walled,
)
from monitor.core.ports import PERMANENT, Failure, FailureKind, Hop, Ports, Request, Response
from monitor.core.provider import Answer, Ask, Document, Probe, Provider, answer, last
from monitor.core.reasons import Reason, Status
from monitor.core.urls import LOST_COLON, fault, spelled_alike, split, without_fragment
from monitor.core.verdicts import of_failure, of_status
from monitor.providers import _web_about as about
from monitor.providers._web_facts import FACTS, TEXT_KEPT, facts_of

_PLAIN_READ, _ANCHORS_READ = 64 * 1024, 1024 * 1024
_WORDS_KEPT = 2000
_STUB_WORDS = 500
"""A page that only passes its readers on holds hardly any text; in others the refresh is for
readers without scripts."""
_SAME_TITLE = 0.9
_FOR_GOOD = "The site redirects there for good."
_SAME_BY_ANY_METHOD = frozenset(
    {
        FailureKind.CREDENTIAL,
        FailureKind.MALFORMED_URL,
        FailureKind.NETWORK,
        FailureKind.NO_SUCH_HOST,
        FailureKind.PRIVATE_ADDRESS,
        FailureKind.QUOTA,
        FailureKind.REFUSED,
        FailureKind.RESOLVER,
        FailureKind.STOPPED,
        FailureKind.TLS,
    }
)
"""Failures that lie before HTTP: GET would meet the same as HEAD."""


class Page:
    """Asks for the page at an address made of the resource's own, once for all that share it."""

    credential: str | None = None
    allowance: str | None = None

    def __init__(
        self, name: str, method: str = "GET", size: int = 1, at: Callable[[Url], Url] = Url
    ) -> None:
        self.name, self.method, self.size, self.at = name, method, size, at

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Return the resources by the address that is asked for them."""
        return by_address(resources, lambda resource: self.at(resource.url), self.size)

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Return the answer, redirects followed as far as they stay with this provider."""
        first = batch[0]
        read = _ANCHORS_READ if first.needs else _PLAIN_READ
        exchange = await ports.fetch(
            Request(
                url=self.at(first.url),
                method=self.method,
                read=0 if self.method == "HEAD" else read,
                follow=lambda url: ports.owner(url) == PROVIDER.name,
            )
        )
        said = answer(self.name, exchange, lambda response: _page(response, first, ports))
        return {resource.id: said for resource in batch}


def sibling(url: Url) -> Url:
    """Return an address in the same folder that nobody ever used, always the same one."""
    parts = split(url)
    folder = f"{parts.origin}{parts.path.rpartition('/')[0]}/"
    return Url(folder + sha256(folder.encode("utf-8", "replace")).hexdigest()[:24])


def _page(response: Response, resource: Resource, ports: Ports) -> Json:
    """Return what a page says of itself as plain JSON, or None for what is no HTML."""
    kind = response.headers.get("content-type", "text/html").lower()
    if "html" not in kind or not response.body:
        return None
    outline = ports.outline(response)
    ids: list[Json] = list(outline.ids) if resource.needs else []
    return {
        "title": outline.title[:TEXT_KEPT],
        "heading": outline.heading[:TEXT_KEPT],
        "refresh": outline.refresh,
        "words": outline.words[:_WORDS_KEPT],
        "ids": ids,
        "truncated": response.truncated,
    }


class Web(Provider):
    """The fallback provider."""

    name = "web"
    title = "Web"
    shapes = about.SHAPES
    ways = about.WAYS
    facts = FACTS
    probes: Mapping[str, Probe] = {
        "head": Page("head", method="HEAD"),
        "get": Page("get"),
        "sibling": Page("sibling", size=1000, at=sibling),
    }

    def identify(self, link: Link) -> Resource:
        """Return the page behind a link, whatever it is; never None."""
        parts = split(link.url)
        url = without_fragment(link.url) if parts.scheme else link.url
        if not parts.scheme:
            kind = "malformed"
        elif not parts.is_web:
            kind = "other"
        else:
            kind = "file" if looks_like_file(parts.path) else "page"
        named = parts.is_web and names_place(parts.fragment)
        return Resource(
            id=ResourceId(f"web:{url}"),
            provider=self.name,
            kind=kind,
            url=url,
            needs=frozenset({f"#{parts.fragment}"}) if named else frozenset(),
        )

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return the verdict, or which probe to ask next."""
        unaskable = _unaskable(resource)
        if unaskable is not None:
            return unaskable
        wanted = _wanted(resource, answers, usable)
        if wanted in usable:
            return Ask(wanted)
        best = None if wanted else last(answers, "get") or last(answers, "head")
        if best is None:
            return Verdict(reason=Reason.NOT_ASKED, detail="No way to ask for it was left.")
        if isinstance(best.said, Failure):
            return of_failure(best.said)
        verdict = _verdict(resource, best.said, best.at)
        if verdict.leads_to is not None or verdict.status not in {Status.OK, Status.WARNING}:
            return verdict
        return _doubted(resource, verdict, best.said, answers, usable)

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:
        """Return the verdict of this very link: its heading may be missing, its colon too."""
        parts = split(link.url)
        if verdict.status is Status.BROKEN and LOST_COLON.match(link.written):
            return replace(verdict, reason=Reason.MALFORMED_URL, detail=fault(link.written))
        if verdict.reason not in {Reason.ALIVE, Reason.MOVED}:
            return verdict
        lacking = dig(verdict.facts, "anchors_missing")
        if not isinstance(lacking, Mapping) or parts.fragment not in lacking:
            return _with_fragment(verdict, parts.fragment)
        close = lacking[parts.fragment]
        instead = verdict.instead
        if isinstance(close, str):
            instead = Suggestion(
                url=Url(f"{without_fragment(instead.url if instead else link.url)}#{close}"),
                why=f"The page has a place of a similar name, “{close}”.",
                confidence=0.6,
            )
        detail = f"The page is there, but nothing on it is named “{parts.fragment}”."
        return replace(verdict, reason=Reason.PART_MISSING, detail=detail, instead=instead)

    def causes(self, resource: Resource, facts: Mapping[str, Json]) -> Sequence[Cause]:  # noqa: ARG002 - the address tells all
        """Return the host of a page, as far as it has one."""
        return hosts_of(resource.url)


def _unaskable(resource: Resource) -> Verdict | None:
    """Return the verdict of what cannot be asked for by HTTP, or None."""
    if resource.kind == "malformed":
        return Verdict(reason=Reason.MALFORMED_URL, detail=fault(resource.url))
    if resource.kind == "other":
        detail = f"Linkwell asks by http and https, not by {split(resource.url).scheme}."
        return Verdict(reason=Reason.NOT_ASKED, detail=detail)
    return None


def _wanted(resource: Resource, answers: Sequence[Answer], usable: frozenset[str]) -> str:
    """Return the probe that should be asked next, or "" when enough was said."""
    if last(answers, "get") is not None:
        return ""
    head = last(answers, "head")
    if head is None:
        return "head" if resource.kind == "file" and "head" in usable else "get"
    return "get" if _doubtful(head) else ""


def _doubtful(head: Answer) -> bool:
    """Return whether GET may say otherwise than HEAD did, or more."""
    said = head.said
    if isinstance(said, Failure):
        return said.kind not in _SAME_BY_ANY_METHOD
    if said.location is not None or said.status == 429:
        return False
    return not 200 <= said.status < 300 or "html" in said.headers.get("content-type", "")


def _verdict(resource: Resource, said: Document, at: datetime) -> Verdict:
    """Return the verdict of an answer by itself, before any doubt about its success."""
    if said.location is not None:
        return _leads_on(said, said.location)
    title, words = text_at(said.body, "title") or "", text_at(said.body, "words") or ""
    if said.headers.get("cf-mitigated") or (
        said.status not in {404, 410} and looks_challenged(title, words)
    ):
        detail = f"{said.url} answered {said.status} with a check for robots."
        return Verdict(reason=Reason.BLOCKED, detail=detail, facts={"status": said.status})
    if said.hops and looks_walled(title, resource.url, said.url):
        detail = f"It leads to a log-in page, {said.url}."
        return Verdict(reason=Reason.LOGIN_REQUIRED, detail=detail)
    refused = of_status(said, at)
    if refused is not None:
        return refused
    refresh = text_at(said.body, "refresh")
    if refresh is not None and len(words) < _STUB_WORDS and split(Url(refresh)).is_web:
        target = Url(refresh)
        if without_fragment(target) not in {resource.url, said.url}:
            detail = f"The page sends its readers on to {target}."
            return Verdict(reason=Reason.LEADS_ON, detail=detail, leads_to=target)
    return _alive(resource, said)


def _leads_on(said: Document, target: Url) -> Verdict:
    """Return the verdict of a redirect into another provider's territory."""
    if looks_like_login(target):
        detail = f"It leads to a log-in page, {target}."
        return Verdict(reason=Reason.LOGIN_REQUIRED, detail=detail)
    if said.status in PERMANENT and _permanent(said.hops):
        return Verdict(
            reason=Reason.MOVED,
            detail=f"It moved for good to {target}.",
            leads_to=target,
            instead=Suggestion(url=target, why=_FOR_GOOD, confidence=0.9),
        )
    return Verdict(reason=Reason.LEADS_ON, detail=f"It leads on to {target}.", leads_to=target)


def _permanent(hops: Sequence[Hop]) -> bool:
    return all(hop.status in PERMANENT for hop in hops)


def _alive(resource: Resource, said: Document) -> Verdict:
    """Return the verdict of a success, with the facts: alive, or moved for good."""
    facts = facts_of(resource, said)
    final = without_fragment(said.url)
    if not said.hops or final == resource.url:
        return Verdict(reason=Reason.ALIVE, detail=f"It answered {said.status}.", facts=facts)
    facts["final_url"] = final
    if not _permanent(said.hops):
        detail = f"It answered {said.status}, after a temporary redirect to {final}."
        return Verdict(reason=Reason.ALIVE, detail=detail, facts=facts)
    detail = f"It moved for good to {final}."
    if spelled_alike(resource.url, final):
        detail = f"It moved for good to {final}; only the spelling of the address differs."
    instead = Suggestion(url=final, why=_FOR_GOOD, confidence=0.95)
    return Verdict(reason=Reason.MOVED, detail=detail, instead=instead, facts=facts)


def _doubted(
    resource: Resource,
    verdict: Verdict,
    said: Document,
    answers: Sequence[Answer],
    usable: frozenset[str],
) -> Verdict | Ask:
    """Return the verdict of a success, or another where it is an error page in disguise."""
    title, heading = text_at(said.body, "title") or "", text_at(said.body, "heading") or ""
    sign = doubt(title, heading, resource.url, said.url)
    if sign is None and resource.kind == "file" and "html" in said.headers.get("content-type", ""):
        sign = _NO_FILE
    other = last(answers, "sibling")
    if sign is not None and other is None and "sibling" in usable:
        return Ask("sibling")
    if sign is None or other is None or not _same_picture(said, other.said):
        return verdict
    for_now = leads_home(resource.url, said.url) and not _permanent(said.hops)
    if sign == _NO_FILE or for_now:
        # A site may show every file in a page of one title, or send whoever brings no cookies
        # to its front page: as likely as that the thing is lost.
        detail = f"{sign}, as for an address that never existed: is it lost, or behind a wall?"
        return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)
    detail = f"{sign}, and the site shows the same for an address that never existed."
    return replace(verdict, reason=Reason.SOFT_NOT_FOUND, detail=detail, instead=None)


_NO_FILE = "A web page comes in place of the file"


def _same_picture(said: Document, other: Document | Failure) -> bool:
    """Return whether a page that never existed looks like this one."""
    if isinstance(other, Failure) or said.status != other.status or other.location is not None:
        return False
    if said.hops and said.url == other.url:
        return True
    ours, theirs = (
        " ".join(text_at(body, name) or "" for name in ("title", "heading"))
        for body in (said.body, other.body)
    )
    return ours.strip() != "" and SequenceMatcher(None, ours, theirs).ratio() >= _SAME_TITLE


def _with_fragment(verdict: Verdict, fragment: str) -> Verdict:
    """Return the verdict with the link's fragment carried over to the URL to use instead."""
    instead = verdict.instead
    if instead is None or not fragment or "#" in instead.url:
        return verdict
    return replace(verdict, instead=replace(instead, url=Url(f"{instead.url}#{fragment}")))


PROVIDER = Web()
