"""Google Drive: files, folders, Docs and their kin, Colab notebooks, published documents.

Asked without any key, as a reader who is not signed in sees them: by the anonymous page.
A 200 alone proves nothing, for Google answers 200 to much. Facts: reference/providers.md,
section B.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from monitor.core.asking import Get
from monitor.core.json_reading import text_at
from monitor.core.model import Json, Link, Resource, ResourceId, Url, Verdict
from monitor.core.ports import Failure, Ports, Request, Response
from monitor.core.provider import Answer, Ask, Document, Probe, Provider, last
from monitor.core.reasons import Reason, Status
from monitor.core.urls import UrlParts, split
from monitor.core.verdicts import of_failure, of_status

PAGE_BYTES = 65_536
"""How much of a page is read: the title and Google's notices stand at its beginning."""

_ID = r"([\w-]{25,})"
_USER = r"(?:a/[\w.-]+/)?(?:u/\d+/)?"
_DOCS = {
    "document": "edit",
    "spreadsheets": "edit",
    "presentation": "edit",
    "drawings": "edit",
    "forms": "viewform",
}
"""Google's own kinds of documents, with the page that their readers see."""

_KINDS = {"spreadsheets": "spreadsheet", "forms": "form", "drawings": "drawing"}

_SHAPES = tuple(
    (host, re.compile(shape, re.ASCII), kind)
    for host, shape, kind in (
        ("drive.google.com", rf"/{_USER}file/(?:u/\d+/)?d/{_ID}(?:/.*)?", "file"),
        ("drive.google.com", rf"/{_USER}drive/(?:u/\d+/)?(?:mobile/)?folders/{_ID}", "folder"),
        ("drive.google.com", rf"/{_USER}folder/d/{_ID}(?:/.*)?", "folder"),
        ("drive.google.com", rf"/{_USER}(?:embedded)?folderview()", "folder"),
        ("drive.google.com", rf"/{_USER}(?:open|uc|thumbnail)()", "file"),
        ("docs.google.com", rf"/{_USER}(?:open|uc)()", "file"),
        ("drive.usercontent.google.com", r"/(?:u/\d+/)?(?:download|uc)()", "file"),
        ("lh3.googleusercontent.com", rf"/d/{_ID}(?:=.*)?", "file"),
        ("colab.research.google.com", rf"/drive/{_ID}", "notebook"),
    )
)
"""Host, path with the id (or without: it is the parameter `id`), kind."""

_DOC = re.compile(rf"/{_USER}({'|'.join(_DOCS)})/{_USER}d/(e/)?([\w-]{{25,}})(/.*)?", re.ASCII)
_OURS = frozenset({"drive.google.com", "docs.google.com", "colab.research.google.com"})


class GoogleDrive(Provider):
    """What knows Google Drive and Docs; see the module."""

    name = "google_drive"
    title = "Google Drive"

    def __init__(self) -> None:
        self.probes: Mapping[str, Probe] = {
            "page": Get("page", _page_request, _page),
            "open": Get("open", _open_request, _page),
        }

    def identify(self, link: Link) -> Resource | None:
        """Return the file, folder or published document behind a link, or None.

        A file is one resource by whatever address it is linked. A resource key, which some
        old files need beside their id, is kept in `keys`.
        """
        parts = split(link.url)
        if not parts.is_web:
            return None
        path = parts.path.rstrip("/")
        document = _DOC.fullmatch(path) if parts.host == "docs.google.com" else None
        if document is not None:
            return _document(document, parts)
        for host, shape, kind in _SHAPES:
            found = shape.fullmatch(path) if parts.host == host else None
            id_ = (found.group(1) or parts.first("id") or "") if found is not None else ""
            if re.fullmatch(_ID, id_, re.ASCII):
                folder = "drive/folders/" if kind == "folder" else "file/d/"
                page = f"https://drive.google.com/{folder}{id_}"
                return _resource(kind, id_, page if kind == "folder" else f"{page}/view", parts)
        return None

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return the verdict of the page.

        Behind /file/d/ID/view a form is not found although it lives, so that a file not found
        there is asked for once more by the address that knows all kinds.
        """
        page = last(answers, "page")
        if page is None:
            if "page" in usable:
                return Ask("page")
            return Verdict(reason=Reason.NOT_ASKED, detail="No way of asking Google was left.")
        verdict = _judged(resource, page)
        if verdict.reason is not Reason.DELETED or "/file/d/" not in resource.url:
            return verdict
        opened = last(answers, "open")
        if opened is None:
            return Ask("open") if "open" in usable else verdict
        second = _judged(resource, opened)
        return verdict if second.status is Status.UNKNOWN else second


# --- recognising ---


def _document(found: re.Match[str], parts: UrlParts) -> Resource:
    folder, published, id_, rest = found.groups()
    kind = _KINDS.get(folder, folder)
    base = f"https://docs.google.com/{folder}/d"
    if not published:
        return _resource(kind, id_, f"{base}/{id_}/{_DOCS[folder]}", parts)
    page = "viewform" if folder == "forms" else (rest or "/pub").strip("/").partition("/")[0]
    return Resource(
        id=ResourceId(f"drive:published:{id_}"),
        provider="google_drive",
        kind=f"published {kind}",
        url=Url(f"{base}/e/{id_}/{page}"),
    )


def _resource(kind: str, id_: str, url: str, parts: UrlParts) -> Resource:
    key = parts.first("resourcekey")
    return Resource(
        id=ResourceId(f"drive:{'folder' if kind == 'folder' else 'file'}:{id_}"),
        provider="google_drive",
        kind=kind,
        url=Url(url),
        keys={"resourcekey": key} if key else {},
    )


# --- asking ---


def _request(url: str, resource: Resource) -> Request:
    key = resource.keys.get("resourcekey")
    if key:
        url += f"{'&' if '?' in url else '?'}resourcekey={quote(key, safe='')}"
    return Request(
        url=Url(url),
        headers={"Accept-Language": "en"},
        read=PAGE_BYTES,
        follow=lambda target: split(target).host in _OURS,
    )


def _page_request(resource: Resource) -> Request:
    return _request(resource.url, resource)


def _open_request(resource: Resource) -> Request:
    id_ = resource.id.rpartition(":")[2]
    return _request(f"https://drive.google.com/open?id={id_}", resource)


def _page(response: Response, ports: Ports) -> Json:
    outline = ports.outline(response)
    return {"title": outline.title, "words": outline.words[:2000]}


# --- judging ---

_ELSEWHERE = (
    (r"^accounts\.google\.[\w.]+/", Reason.NOT_SHARED, "Google asks readers to sign in."),
    (r"^\w+\.google\.[\w.]+/sorry", Reason.RATE_LIMITED, "Google takes us for a robot."),
    (r"^consent\.", Reason.BLOCKED, "Google shows its consent page first."),
)
"""Where Google sends on, and what that says: reference/providers.md B2."""

_TITLES = (
    (r"google drive - quota exceeded", Reason.DOWNLOAD_QUOTA, "Too many people opened it lately."),
    (r"google drive - virus scan warning", Reason.ALIVE, "It is too large for a virus scan."),
    (r"(?:google \w+ ?[-–:] ?)?(?:you need access|access denied)(?: - .*)?", Reason.NOT_SHARED, ""),
    (r"request access|sign.?in|.* - google accounts|google \w+: sign.?in", Reason.NOT_SHARED, ""),
    (r"sorry\.\.\.", Reason.RATE_LIMITED, "Google takes us for a robot."),
    (r"before you continue to google.*", Reason.BLOCKED, "Google shows its consent page first."),
)
_WORDS = (
    (r"violat\w+ .{0,40}terms of service", Reason.TAKEN_DOWN, "It broke Google's rules."),
    (r"you need access|request access|ask for access", Reason.NOT_SHARED, ""),
    (r"unusual traffic|automated queries", Reason.RATE_LIMITED, "Google takes us for a robot."),
    (r"file you have requested does not exist", Reason.DELETED, "Google says so in words."),
    (r"too many users have viewed or downloaded", Reason.DOWNLOAD_QUOTA, "Its quota is used up."),
)
_STATUS = {
    401: (Reason.NOT_SHARED, "Google asks readers to sign in."),
    404: (Reason.DELETED, "Google says that nothing is there: deleted, or a wrong id."),
    410: (Reason.DELETED, "Google says that it was removed."),
}
_NAMED = re.compile(
    r"(.+?)\s+[-–—]\s+(?=[^-–—]*\bGoogle\b)(?![^-–—]*\b(?:accounts?|[kc]onto\w*|konten|comptes?"
    r"|cuentas?|contas?|аккаунт|обліков|アカウント|帐号|账号|帳戶|계정))[^-–—]*",
    re.DOTALL | re.IGNORECASE,
)
"""A title such as "slides.pdf - Google Drive", in any language ("… – Google Präsentationen",
"… - Fogli Google"): Google names the file only to those who may see it. The log-in's title has
the same form ("Accedi - Account Google", "Anmelden – Google Konten") and names no file."""

_REFUSED = re.compile(
    r"(?:accesso|acesso) negato|acesso negado|zugriff verweigert|accès refusé|acceso denegado"
    r"|toegang geweigerd|odmowa dostępu|доступ запрещен",
    re.IGNORECASE,
)
"""What stands in the file's place where Google does not heed that we ask for English."""

_ASK_OWNER = "A reader who is not signed in does not get to see it."


def _judged(resource: Resource, heard: Answer) -> Verdict:
    said = heard.said
    if isinstance(said, Failure):
        return of_failure(said)
    title = " ".join((text_at(said.body, "title") or "").split())[:1000]
    words = text_at(said.body, "words") or ""
    told = _told(_ELSEWHERE, str(said.location or "").partition("://")[2])
    if said.location is None:
        told = _told(_TITLES, title, whole=True)
    if told is None and said.status != 200:
        told = _told(_WORDS, words) if said.status in {403, 404} else None
        return told or _by_status(said, heard.at)
    return told or _by_name(resource, said, title) or _told(_WORDS, words) or _odd(said)


def _told(
    table: Sequence[tuple[str, Reason, str]], text: str, *, whole: bool = False
) -> Verdict | None:
    """Return the verdict of the first row that fits a text (all of it where `whole`)."""
    fits = re.fullmatch if whole else re.search
    for shape, reason, detail in table:
        if fits(shape, text, re.IGNORECASE):
            return Verdict(reason=reason, detail=detail or _ASK_OWNER)
    return None


def _by_name(resource: Resource, said: Document, title: str) -> Verdict | None:
    """Return that it is alive where the page names it, else None."""
    found = _NAMED.fullmatch(title)
    name = found.group(1) if found else ""
    id_ = resource.id.rpartition(":")[2]
    if not name and (resource.kind == "form" or resource.id.startswith("drive:published:")):
        name = title if id_ in said.url or "/forms/d/e/" in said.url else ""
    if not name or re.fullmatch(r"google \w+", name, re.IGNORECASE) or _REFUSED.fullmatch(name):
        return None
    facts: Mapping[str, Json] = {"title": name[:300]}
    return Verdict(reason=Reason.ALIVE, detail="Google shows it to everybody.", facts=facts)


def _by_status(said: Document, at: datetime) -> Verdict:
    if said.status in _STATUS:
        reason, detail = _STATUS[said.status]
        return Verdict(reason=reason, detail=detail)
    return of_status(said, at) or _odd(said)


def _odd(said: Document) -> Verdict:
    detail = f"{said.url} answered {said.status} with a page that does not name the file."
    return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)


PROVIDER = GoogleDrive()
