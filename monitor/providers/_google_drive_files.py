"""What the Drive API says of a file, and what it says instead; a part of google_drive.

A key sees what anyone with the link sees, so that its word on a file that it sees is a
reader's. Facts: reference/providers.md B3.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from monitor.core.contacts import ADDRESS
from monitor.core.json_reading import dig, items_at, number_at, text_at
from monitor.core.model import Json, Resource, Url, Verdict
from monitor.core.ports import Failure
from monitor.core.provider import Answer
from monitor.core.reasons import Reason, Status
from monitor.core.verdicts import of_failure
from monitor.providers._google_drive_addresses import id_of, is_id, is_key, item_url
from monitor.providers._google_drive_pages import MOST_NAME, counted

_GOOGLES = "application/vnd.google-apps."
FOLDER = f"{_GOOGLES}folder"
_SHORTCUT = f"{_GOOGLES}shortcut"
_KINDS = {
    f"{_GOOGLES}document": "document",
    f"{_GOOGLES}drawing": "drawings",
    f"{_GOOGLES}folder": "folder",
    f"{_GOOGLES}form": "forms",
    f"{_GOOGLES}presentation": "presentation",
    f"{_GOOGLES}spreadsheet": "spreadsheets",
}

_HIDDEN = "Google shows it to nobody who is not signed in: it is deleted, or not shared."
_REFUSES = "Google's API refuses to tell; whether readers see the file, that does not say."
_ERRORS = {
    "notFound": (Reason.NOT_SHARED, _HIDDEN),
    "NOT_FOUND": (Reason.NOT_SHARED, _HIDDEN),
    "insufficientFilePermissions": (Reason.NOT_SHARED, _HIDDEN),
    "appNotAuthorizedToFile": (Reason.NOT_SHARED, _HIDDEN),
    "forbidden": (Reason.BLOCKED, _REFUSES),
    "domainPolicy": (Reason.BLOCKED, "Its domain does not let the API tell of it."),
    "PERMISSION_DENIED": (Reason.BLOCKED, _REFUSES),
    "cannotDownloadAbusiveFile": (Reason.UNSAFE, "Google found it harmful."),
    "downloadQuotaExceeded": (Reason.DOWNLOAD_QUOTA, "Too many people downloaded it lately."),
    "rateLimitExceeded": (Reason.RATE_LIMITED, "Google's API was asked too often."),
    "userRateLimitExceeded": (Reason.RATE_LIMITED, "Google's API was asked too often."),
    "dailyLimitExceeded": (Reason.OWN_QUOTA, "The key's allowance is spent."),
    "quotaExceeded": (Reason.OWN_QUOTA, "The key's allowance is spent."),
    "accessNotConfigured": (Reason.OWN_CREDENTIAL, "The Drive API is not enabled for the key."),
    "authError": (Reason.OWN_CREDENTIAL, "Google refuses the key."),
    "dailyLimitExceededUnreg": (Reason.OWN_CREDENTIAL, "Google saw no key."),
    "keyInvalid": (Reason.OWN_CREDENTIAL, "Google refuses the key."),
}
"""The API's errors by their reason, in both of its forms."""

_NOT_FOUND = frozenset({"notFound", "NOT_FOUND"})
_STATUS_ERRORS = {401: "authError", 404: "notFound", 429: "rateLimitExceeded"}


def own_item(resource: Resource, heard: Answer | None) -> Mapping[str, Json] | None:
    """Return the API's item of this very file, or None where there is none that can be read."""
    if heard is None or isinstance(heard.said, Failure):
        return None
    item = heard.said.body
    if not isinstance(item, Mapping) or "error" in item or item.get("id") != id_of(resource):
        return None
    return item


def refused(heard: Answer) -> Verdict:
    """Return what the API says in place of a file, by itself."""
    said = heard.said
    if isinstance(said, Failure):
        return of_failure(said)
    status = number_at(said.body, "error", "status") or 0
    reason = text_at(said.body, "error", "reason") or ""
    row = _ERRORS.get(reason) or _ERRORS.get(_STATUS_ERRORS.get(status, ""))
    if row is not None:
        return Verdict(reason=row[0], detail=row[1])
    if 500 <= status < 600:
        return Verdict(reason=Reason.SERVER_ERROR, detail=f"Google's API answered {status}.")
    detail = "Google's API answered with something that is not about this file."
    return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)


def is_hidden(heard: Answer | None) -> bool:
    """Return whether the API says that it finds no such file: it shows it to nobody.

    What it forbids says less, for it may be the key that is not let in.
    """
    if heard is None or isinstance(heard.said, Failure):
        return False
    status = number_at(heard.said.body, "error", "status")
    return status == 404 or text_at(heard.said.body, "error", "reason") in _NOT_FOUND


def of_item(item: Mapping[str, Json]) -> Verdict:
    """Return what the API's item says of its file: alive, in the trash, or that it leads on."""
    facts = facts_of(item)
    target = _target(item)
    if item.get("trashed") is True:
        reason, detail = Reason.TRASHED, "Google will delete it 30 days after it was put there."
    elif target is not None:
        reason, detail = Reason.LEADS_ON, "It is a shortcut to another file."
    elif item.get("mimeType") == _SHORTCUT:
        reason, detail = Reason.UNEXPECTED_ANSWER, "It is a shortcut, and Google says not where to."
    else:
        reason, detail = Reason.ALIVE, "Everybody who has the link can see it."
    return Verdict(reason=reason, detail=detail, leads_to=target, facts=facts)


def facts_of(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the facts of a file, as far as its item tells them."""
    names = [text_at(owner, "displayName") or "" for owner in items_at(item, "owners")]
    facts: dict[str, Json] = {
        "name": (text_at(item, "name") or "")[:MOST_NAME],
        "type": (text_at(item, "mimeType") or "")[:MOST_NAME],
        "size": number_at(item, "size"),
        "md5": text_at(item, "md5Checksum"),
        "owner": ", ".join(filter(None, names[:5]))[:MOST_NAME],
        "owner_address": _address(item),
        "modified": text_at(item, "modifiedTime"),
        "downloadable": _downloadable(item),
    }
    if facts["type"] in {FOLDER, _SHORTCUT}:
        del facts["downloadable"]
    if str(facts["type"]).startswith(_GOOGLES):
        del facts["size"]  # of a document that people write on it changes with each edit
    return {name: value for name, value in facts.items() if value not in (None, "")}


def is_folder(verdict: Verdict) -> bool:
    """Return whether what the API described is a folder."""
    return verdict.facts.get("type") == FOLDER


def is_binary(verdict: Verdict) -> bool:
    """Return whether it is a file of its own bytes, not one of Google's kinds of documents."""
    kind = verdict.facts.get("type")
    return isinstance(kind, str) and not kind.startswith(_GOOGLES)


def with_children(verdict: Verdict, heard: Answer | None) -> Verdict:
    """Return the verdict of a folder with what the API lists in it; empty only if it says so."""
    body = heard.said.body if heard is not None and not isinstance(heard.said, Failure) else None
    listed = dig(body, "files")
    if dig(body, "error") is not None or not isinstance(listed, list | tuple):
        return verdict
    more = bool(text_at(body, "nextPageToken")) or dig(body, "incompleteSearch") is True
    kinds = Counter(text_at(file, "mimeType") or "unknown" for file in listed)
    facts = {**verdict.facts, "children": len(listed), "contents": counted(kinds)}
    if more:
        facts["more_children"] = True
    elif not listed:
        del facts["contents"]
        if verdict.status is Status.OK:
            detail = "It holds no files."
            return replace(verdict, reason=Reason.EMPTY, detail=detail, facts=facts)
    return replace(verdict, facts=facts)


def _address(item: Mapping[str, Json]) -> str | None:
    """Return the first owner's e-mail address, or None where the API keeps it to itself."""
    address = text_at(item, "owners", 0, "emailAddress") or ""
    return address if ADDRESS.fullmatch(address) else None


def _downloadable(item: Mapping[str, Json]) -> bool | None:
    """Return whether readers may download a file, or None where that is not told."""
    may = dig(item, "capabilities", "canDownload")
    if isinstance(may, bool):
        return may
    return False if item.get("copyRequiresWriterPermission") is True else None


def _target(item: Mapping[str, Json]) -> Url | None:
    """Return the address of what a shortcut leads to, or None where it leads nowhere."""
    if item.get("mimeType") != _SHORTCUT:
        return None
    id_ = text_at(item, "shortcutDetails", "targetId") or ""
    key = text_at(item, "shortcutDetails", "targetResourceKey") or ""
    kind = _KINDS.get(text_at(item, "shortcutDetails", "targetMimeType") or "", "file")
    return item_url(kind, id_, key if is_key(key) else "") if is_id(id_) else None
