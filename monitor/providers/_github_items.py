"""Judging what the API tells of by itself: issues, commits, releases, people, gists."""

from dataclasses import replace

from monitor.core.json_reading import dig, items_at, text_at
from monitor.core.model import Json, Url, Verdict
from monitor.core.provider import Ask
from monitor.core.reasons import Reason
from monitor.providers._github_case import NOT_ASKED, PRIVATE, Case, alive, suggested
from monitor.providers._github_links import missing_of
from monitor.providers._github_places import place_of

KINDS = frozenset({"asset", "commit", "discussion", "gist", "issue", "pull", "release", "user"})
"""Kinds of which one call tells all; for the others the repository is asked first."""

_KEY = {"commit": "ref", "user": "owner"}
"""By kind, under which name GraphQL was asked for the thing; "item" for the others."""

_NUMBERED = frozenset({"issue", "pull", "discussion"})


def judge(case: Case) -> Verdict | Ask:
    """Return the verdict, or what to ask next: GraphQL, what it does not show REST, the page."""
    if case.may_ask("graphql") and case.place.kind != "gist":
        return Ask("graphql")
    if dig(case.repository(), "private") is True:
        return PRIVATE
    seen = case.found(_KEY.get(case.place.kind, "item"))
    if seen is not None and (case.place.kind != "asset" or _holds(seen, case.place.path)):
        return _shown(case, seen)
    if case.place.kind == "discussion":  # REST knows none
        return case.by_page(NOT_ASKED)
    if case.may_ask("item"):
        return Ask("item")
    return _by_rest(case)


def _by_rest(case: Case) -> Verdict | Ask:
    unknown = case.place.kind == "commit" and case.status("item") == 422  # "No commit found"
    verdict = case.deleted() if unknown else case.by_api("item")
    if verdict is not None and verdict.reason is not Reason.DELETED:
        return case.by_page(verdict)
    unsure = verdict is None and case.place.repo and case.asked_by_token()
    if unsure and not case.knows_repository() and case.may_ask("repository"):
        return Ask("repository")  # an issue does not tell whether it is private
    if verdict is None and (case.place.kind != "asset" or case.body("item", "has_asset")):
        return _shown(case, case.body("item"))
    gone = verdict or Verdict(reason=Reason.DELETED, detail="The release has no such file.")
    if case.place.kind == "release":  # a tag without a release has a page of this address
        return case.by_page(gone)
    return case.confirmed(gone) if case.status("item") != 410 else gone


def _shown(case: Case, item: Json) -> Verdict | Ask:
    """Return that a thing is there, and where, if that is not where the link says."""
    title = dig(item, "title") or dig(item, "name")
    facts = case.repository_facts() if case.place.repo else {}
    facts |= missing_of(case.needs, dig(item, "files"))
    there = alive({**facts, "title": title, "state": dig(item, "state")})
    place = place_of(Url(text_at(item, "html_url") or ""))
    numbered = place is not None and place.kind in _NUMBERED and case.place.kind in _NUMBERED
    if place is not None and numbered and place.path != case.place.path:
        detail = f"It was transferred to {place.url}."
        instead = suggested(place, detail, 1.0)
        return replace(there, reason=Reason.MOVED, detail=detail, instead=instead)
    name = text_at(facts, "full_name") or (place.repo if place is not None else None)
    return case.renamed(there, name)


def _holds(release: Json, asset: str) -> bool:
    return asset in items_at(release, "assets")
