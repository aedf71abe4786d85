"""Google Drive: files, folders, Docs and their kin, notebooks, published documents, Sites.

Judged by what a reader sees who is not signed in. With a key the API is asked first, a
hundred files a call: a key sees what anyone with the link sees. What it does not see, and what
is no file of Drive (forms, which have readers of their own, and published documents), the
anonymous pages decide. An account's view may be private: it adds facts, never the verdict that
a file is shared. Where Google's wording is not known, nothing is claimed. Facts:
reference/providers.md, section B.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from monitor.core.causes import Cause, CauseKind, cause, on_one_line
from monitor.core.model import Json, Link, Resource, Verdict
from monitor.core.provider import Answer, Ask, CredentialUse, Probe, Provider, last
from monitor.core.reasons import Grade, Reason, Status
from monitor.core.urls import split
from monitor.providers import _google_drive_about as about
from monitor.providers import _google_drive_files as files
from monitor.providers import _google_drive_pages as pages
from monitor.providers import _google_drive_sites as sites
from monitor.providers._google_drive_addresses import (
    DOWNLOAD,
    EXPORT,
    OPEN,
    PROVIDER_NAME,
    find,
    is_published,
)
from monitor.providers._google_drive_asking import probes
from monitor.providers._google_drive_facts import FACTS

Talk: TypeAlias = Generator[str, Answer | None, Verdict]
"""Asks probes by name, is given each one's answer (None where there is none to be had), and
ends with the verdict."""

PartialTalk: TypeAlias = Generator[str, Answer | None, Verdict | None]


class GoogleDrive(Provider):
    """What knows Google Drive and Docs; see the module."""

    name = PROVIDER_NAME
    title = "Google Drive"
    checkups = about.CHECKUPS
    shapes = about.SHAPES
    ways = about.WAYS
    facts = FACTS
    credentials = {  # noqa: RUF012 - the contract's own form
        "google": CredentialUse(
            header="X-Goog-Api-Key", form="{}", hosts=frozenset({"www.googleapis.com"})
        )
    }

    def __init__(self) -> None:
        self.probes: Mapping[str, Probe] = probes()

    def identify(self, link: Link) -> Resource | None:
        """Return the file, folder, published document or site behind a link, or None."""
        return find(split(link.url))

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return the verdict, or which probe to ask: the API, then pages, then an account."""
        talk = _talk(resource)
        try:
            probe = next(talk)
            while True:
                heard = last(answers, probe)
                if heard is None and probe in usable:
                    return Ask(probe)
                probe = talk.send(heard)
        except StopIteration as end:
            verdict: Verdict = end.value
            return verdict

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:
        """Return a warning for a link to the download of a file that may only be seen.

        So it does for a link to a place that a site's page does not have.
        """
        resource = find(split(link.url))
        if resource is not None and resource.kind == "site":
            return sites.at_its_place(link, verdict)
        downloads = resource is not None and resource.needs & {DOWNLOAD, EXPORT}
        if downloads and verdict.status is Status.OK and verdict.facts.get("downloadable") is False:
            detail = "Its owner lets readers see it, but not download it."
            return replace(verdict, reason=Reason.DOWNLOAD_FORBIDDEN, detail=detail)
        return verdict

    def causes(self, resource: Resource, facts: Mapping[str, Json]) -> Sequence[Cause]:  # noqa: ARG002 - an address does not tell whose it is
        """Return whose it is, by address where the API gave one; of a shared drive nothing."""
        name, address = (
            on_one_line(told) if isinstance(told := facts.get(key), str) else ""
            for key in ("owner", "owner_address")
        )
        whose = address or name
        if not whose:
            return ()
        called = f"the Google Drive of {name or address}"
        return (cause(CauseKind.OWNER, f"google_drive:owner:{whose}", called),)


def _talk(resource: Resource) -> Talk:
    if resource.kind == "truncated":
        detail = "The address lost part of the notebook's id."
        return Verdict(reason=Reason.MALFORMED_URL, detail=detail)
    if resource.kind == "site":
        heard = yield "site"
        return sites.judged(resource, heard) if heard is not None else _nothing_asked()
    if resource.kind == "form" or is_published(resource):
        return (yield from _as_shown(resource)) or _nothing_asked()
    heard = yield "api"
    item = files.own_item(resource, heard)
    if item is not None:
        seen = files.of_item(item)
        if seen.status is not Status.UNKNOWN:
            return (yield from _with_more(resource, seen))
    shown = yield from _as_shown(resource)
    verdict = _joined(resource, heard, shown)
    return (yield from _with_account(resource, verdict))


def _with_more(resource: Resource, seen: Verdict) -> Talk:
    """Return the verdict of a file that the API shows, with what its item does not tell."""
    if files.is_folder(seen):
        return files.with_children(seen, (yield "children"))
    asks = DOWNLOAD in resource.needs and seen.reason is Reason.ALIVE and files.is_binary(seen)
    if not asks or seen.facts.get("downloadable") is False:
        return seen
    heard = yield "download"
    loaded = pages.judged(resource, heard) if heard is not None else seen
    if loaded.reason in {Reason.DOWNLOAD_QUOTA, Reason.UNSAFE, Reason.TAKEN_DOWN}:
        return replace(loaded, facts=seen.facts)
    if loaded.facts.get("downloadable") is False:
        return replace(seen, facts={**seen.facts, "downloadable": False})
    return seen


def _as_shown(resource: Resource) -> PartialTalk:
    """Return what pages show to everybody; None where none could be asked.

    What names all it says ends the asking: a folder's listing with children, a download that
    begins. Behind /file/d/ID/view a form is not found although it lives, so that a file not
    found there is asked for once more by the address that knows all kinds.
    """
    listing = None
    if resource.kind == "folder":
        heard = yield "listing"
        listing = pages.listed(resource, heard) if heard is not None else None
        if listing is not None and listing.reason is Reason.ALIVE:
            return listing
    verdict = None
    for probe in _pages_of(resource):
        heard = yield probe
        said = pages.judged(resource, heard) if heard is not None else None
        if said is not None and (verdict is None or said.status is not Status.UNKNOWN):
            verdict = said
        if said is not None and said.reason not in _GO_ON[probe]:
            break
    is_empty = listing is not None and listing.reason is Reason.EMPTY
    if listing is not None and is_empty and verdict is not None and verdict.status is Status.OK:
        return replace(listing, facts={**verdict.facts, **listing.facts})
    return verdict


_GO_ON = {
    "download": frozenset({Reason.DELETED, Reason.UNEXPECTED_ANSWER, Reason.SERVER_ERROR}),
    "open": frozenset({Reason.UNEXPECTED_ANSWER, Reason.SERVER_ERROR}),
    "page": frozenset({Reason.DELETED}),
}
"""After which words of a page the next one is asked: Google's own documents cannot be
downloaded as they are (500), and forms are not found where files are."""


def _pages_of(resource: Resource) -> Sequence[str]:
    """Return the probes for pages, the one that fits the address first."""
    if "/file/d/" not in resource.url:
        return ("page",)
    return ("download", "open", "page") if DOWNLOAD in resource.needs else ("page", "open")


def _joined(resource: Resource, heard: Answer | None, shown: Verdict | None) -> Verdict:
    """Return the verdict of what a key and what everybody is told.

    The page decides. Where it only turns us away, the API's word that it finds no such file
    stands, unless the address may be that of a form, which no key sees.
    """
    by_key = files.refused(heard) if heard is not None else _nothing_asked()
    if shown is None:
        return by_key
    if not files.is_hidden(heard) or shown.grade not in {Grade.BLOCKED, Grade.SOFT}:
        return shown
    if shown.status is not Status.UNKNOWN or OPEN in resource.needs:
        return shown
    if shown.facts.get("status") == 403:
        detail = "Google shows it to nobody any more: mostly it broke Google's rules."
        return Verdict(reason=Reason.TAKEN_DOWN, detail=detail)
    return by_key


def _with_account(resource: Resource, verdict: Verdict) -> Talk:
    """Return a verdict with what an account knows; whether readers see it, it cannot tell."""
    if verdict.status is Status.UNKNOWN:
        return verdict
    item = files.own_item(resource, (yield "account"))
    if item is None:
        return verdict
    known = files.of_item(item)
    facts = {**verdict.facts, **known.facts}
    facts.pop("downloadable", None)
    if verdict.status is Status.OK and known.reason in {Reason.TRASHED, Reason.LEADS_ON}:
        return replace(known, facts=facts)
    if verdict.reason is Reason.DELETED:
        detail = "It exists, but nobody sees it who is not signed in."
        return Verdict(reason=Reason.NOT_SHARED, detail=detail, facts=facts)
    return replace(verdict, facts=facts)


def _nothing_asked() -> Verdict:
    return Verdict(reason=Reason.NOT_ASKED, detail="No way of asking Google was left.")


PROVIDER = GoogleDrive()
