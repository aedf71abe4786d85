"""What a page of Google Sites says to a reader who is not signed in; a part of google_drive.

Google sends whoever is not signed in to its log-in for a site that is not public, and for one
that is not there, too; who is signed in sees a 404 of both. For readers it is the same: they do
not see it. Facts: reference/providers.md B1, B2; what is sent where is general knowledge.
"""

from collections.abc import Mapping
from dataclasses import replace

from monitor.core.anchors import missing
from monitor.core.json_reading import dig, items_at, text_at
from monitor.core.model import Json, Link, Resource, Suggestion, Url, Verdict
from monitor.core.page_signs import leads_home
from monitor.core.ports import PERMANENT, Failure
from monitor.core.provider import Answer, Document
from monitor.core.reasons import Reason
from monitor.core.urls import split, without_fragment
from monitor.core.verdicts import of_failure
from monitor.providers._google_drive_pages import MOST_NAME, by_status, by_title, sent_on


def judged(resource: Resource, heard: Answer) -> Verdict:
    """Return the verdict of a page of a site."""
    said = heard.said
    if isinstance(said, Failure):
        return of_failure(said)
    if said.location is not None:
        return _in_words(sent_on(said)) or _leads_on(said, said.location)
    title = " ".join((text_at(said.body, "title") or "").split())
    if said.status != 200:
        return _in_words(by_title(title)) or by_status(said, heard.at)
    told = by_title(title)
    if told is not None:
        return _in_words(told) or told
    if leads_home(resource.url, said.url):
        detail = f"Google passes its readers on to {said.url}: is it lost, or behind a wall?"
        return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)
    facts: dict[str, Json] = {"title": title[:MOST_NAME], "anchors_missing": _lacks(resource, said)}
    known = {name: fact for name, fact in facts.items() if fact}
    return Verdict(reason=Reason.ALIVE, detail="Google shows it to everybody.", facts=known)


def at_its_place(link: Link, verdict: Verdict) -> Verdict:
    """Return the verdict of a link to a page of a site: the place that it names may be missing."""
    fragment = split(link.url).fragment
    lacking = dig(verdict.facts, "anchors_missing")
    if verdict.reason is not Reason.ALIVE or not isinstance(lacking, Mapping):
        return verdict
    if fragment not in lacking:
        return verdict
    close, instead = lacking[fragment], verdict.instead
    if isinstance(close, str):
        why = f"The page has a place of a similar name, “{close}”."
        url = Url(f"{without_fragment(link.url)}#{close}")
        instead = Suggestion(url=url, why=why, confidence=0.6)
    detail = f"The page is there, but nothing on it is named “{fragment}”."
    return replace(verdict, reason=Reason.PART_MISSING, detail=detail, instead=instead)


def _in_words(told: Verdict | None) -> Verdict | None:
    """Return a verdict in words that fit a site."""
    if told is None or told.reason is not Reason.NOT_SHARED:
        return told
    return replace(told, detail="Google asks readers to sign in: it is not public, or not there.")


def _leads_on(said: Document, target: Url) -> Verdict:
    """Return the verdict of a site that has an address of its own elsewhere."""
    if said.status not in PERMANENT or any(hop.status not in PERMANENT for hop in said.hops):
        return Verdict(reason=Reason.LEADS_ON, detail=f"It leads to {target}.", leads_to=target)
    instead = Suggestion(url=target, why="Google redirects there for good.", confidence=0.9)
    detail = f"It moved for good to {target}."
    return Verdict(reason=Reason.MOVED, detail=detail, leads_to=target, instead=instead)


def _lacks(resource: Resource, said: Document) -> Json:
    """Return the wanted places that the page lacks; nothing is said of a page that was cut."""
    if dig(said.body, "truncated") is not False:
        return None
    ids = (id_ for id_ in items_at(said.body, "ids") if isinstance(id_, str))
    return dict(missing((need.removeprefix("#") for need in resource.needs), ids))
