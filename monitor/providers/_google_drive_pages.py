"""What Google Drive's pages say to a reader who is not signed in; a part of google_drive.

A 200 alone proves nothing, for Google answers 200 to much. Structure is looked at first: where
Google sends on, the status, headers and marks in the source; then titles, then words, which are
translated. Where the wording is not known, nothing is claimed. Facts: reference/providers.md B2.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.json_reading import dig, items_at, number_at, text_at
from monitor.core.model import Json, Resource, Verdict
from monitor.core.ports import Failure
from monitor.core.provider import Answer, Document
from monitor.core.reasons import Reason
from monitor.core.urls import split
from monitor.core.verdicts import of_failure, of_status
from monitor.providers._google_drive_addresses import id_of, is_published

MOST_NAME = 300

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
_HARMFUL = (
    (r"infected with a virus|identified as malware", Reason.UNSAFE, "Google found it harmful."),
    (r"violat\w+ .{0,40}terms of service", Reason.TAKEN_DOWN, "It broke Google's rules."),
)
_WORDS = (
    *_HARMFUL,
    (r"you need access|request access|ask for access", Reason.NOT_SHARED, ""),
    (r"unusual traffic|automated queries", Reason.RATE_LIMITED, "Google takes us for a robot."),
    (r"file you have requested does not exist", Reason.DELETED, "Google says so in words."),
    (r"too many users have viewed or downloaded", Reason.DOWNLOAD_QUOTA, "Its quota is used up."),
)
_GOOGLES = re.compile(r"(?:.+\.)?google(?:usercontent)?\.com")
"""The hosts whose statuses say something of a file."""

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

_CLOSED = re.compile(
    r"no longer accepting responses|non accetta più risposte|nimmt keine antworten mehr"
    r"|keine antworten mehr (?:akzeptiert|angenommen)|n['’]accepte plus (?:de|les) réponses"
    r"|ya no (?:se )?acepta\w* (?:más )?respuestas|não (?:aceita|está aceitando) mais respostas"
    r"|não está mais aceitando respostas|accepteert geen (?:reacties|antwoorden) meer"
    r"|nie przyjmuje już odpowiedzi|больше не принимает ответы"
    r"|回答の受け付けは終了|回答を受け付けていません|不再接受回[复應应]|더 이상 응답을 받지 않",
    re.IGNORECASE,
)
"""What a closed form says in some languages; an open one can be sent, and may say so too."""

_NO_DOWNLOAD = re.compile(
    r"google drive - can['’]?t download file|(?:owner|you) ha(?:s|ve)n['’]?t (?:given you|been"
    r" given) permission to download",
    re.IGNORECASE,
)
_UNPUBLISHED = re.compile(r"document (?:is not|isn['’]t) published", re.IGNORECASE)
_NOTICE_WORDS = 500
"""A notice in a document's place holds hardly any text; what holds more is the document."""

_ASK_OWNER = "A reader who is not signed in does not get to see it."
_SHOWN = "Google shows it to everybody."


def judged(resource: Resource, heard: Answer) -> Verdict:
    """Return the verdict that a page, or the start of a download, is by itself."""
    said = heard.said
    if isinstance(said, Failure):
        return of_failure(said)
    if said.location is not None:
        return sent_on(said) or by_status(said, heard.at)
    if 200 <= said.status < 300 and dig(said.body, "attachment") is not None:
        return _served(said)
    title = " ".join((text_at(said.body, "title") or "").split())[:1000]
    words = text_at(said.body, "words") or ""
    told = by_title(title) or _of_a_download(said, title, words)
    if told is None and said.status != 200:
        told = _told(_WORDS, words) if said.status in {403, 404} else None
        return told or by_status(said, heard.at)
    return (
        told
        or _by_name(resource, said, title, words)
        or _by_type(resource, said)
        or _told(_WORDS, words)
        or _odd(said)
    )


def sent_on(said: Document) -> Verdict | None:
    """Return what it means that Google sends its readers where it does, or None elsewhere."""
    return _told(_ELSEWHERE, str(said.location).partition("://")[2])


def by_title(title: str) -> Verdict | None:
    """Return the verdict of a title that is Google's own, or None for that of a file or page."""
    return _told(_TITLES, title, whole=True)


def listed(resource: Resource, heard: Answer) -> Verdict:
    """Return what the listing of a folder says: alive with its children, empty, or nothing.

    An empty one is believed only where no page of another kind stands in its place.
    """
    said = heard.said
    if isinstance(said, Failure):
        return of_failure(said)
    title = (text_at(said.body, "title") or "").strip()
    words = text_at(said.body, "words") or ""
    children = number_at(said.body, "children")
    if said.status != 200 or said.location is not None or children is None:
        return judged(resource, heard)
    if by_title(title) or (not children and _told(_WORDS, words)):
        return judged(resource, heard)
    kinds = Counter(kind for kind in items_at(said.body, "types") if isinstance(kind, str))
    named = _NAMED.fullmatch(title)
    name = (named.group(1) if named else title)[:MOST_NAME]
    facts: dict[str, Json] = {"name": name, "children": children, "contents": counted(kinds)}
    facts = {key: value for key, value in facts.items() if value not in ("", {})}
    if children:
        return Verdict(reason=Reason.ALIVE, detail="Everybody sees what it holds.", facts=facts)
    if dig(said.body, "truncated") is not False:
        return _odd(said)
    return Verdict(reason=Reason.EMPTY, detail="Google lists nothing in it.", facts=facts)


def counted(kinds: Mapping[str, int]) -> Mapping[str, Json]:
    """Return how many files of each type there are, the most frequent first, at most twenty."""
    return dict(sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))[:20])


def _told(
    table: Sequence[tuple[str, Reason, str]], text: str, *, whole: bool = False
) -> Verdict | None:
    """Return the verdict of the first row that fits a text (all of it where `whole`)."""
    fits = re.fullmatch if whole else re.search
    for shape, reason, detail in table:
        if fits(shape, text, re.IGNORECASE):
            return Verdict(reason=reason, detail=detail or _ASK_OWNER)
    return None


def _served(said: Document) -> Verdict:
    """Return that a download began: a header named the file."""
    name = " ".join((text_at(said.body, "attachment") or "").split())[:MOST_NAME]
    size = number_at(said.body, "size")
    facts: dict[str, Json] = {"downloadable": True}
    if name:
        facts["name"] = name
    if size is not None:
        facts["size"] = size
    return Verdict(reason=Reason.ALIVE, detail="Google sends it to everybody.", facts=facts)


def _of_a_download(said: Document, title: str, words: str) -> Verdict | None:
    """Return what a page says that is shown in place of a download, or None for other pages."""
    marks = items_at(said.body, "marks")
    if "download-form" in marks and said.status == 200:
        return Verdict(reason=Reason.ALIVE, detail="It is too large for a virus scan.")
    if _NO_DOWNLOAD.search(f"{title} {words}" if "uc-error-subcaption" in marks else title):
        detail, facts = "It may be seen, not downloaded.", {"downloadable": False}
        allowed = Verdict(reason=Reason.ALIVE, detail=detail, facts=facts)
        return _told(_HARMFUL, words) or allowed
    if said.status == 403 and split(said.url).host.endswith(".googleusercontent.com"):
        # So it is where the quota runs out between two steps; the page tells more.
        detail = "Google broke the download off."
        return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)
    return None


def _by_name(resource: Resource, said: Document, title: str, words: str) -> Verdict | None:
    """Return that it is alive where the page names it, else None.

    Forms and published documents have titles of their own, without Google's.
    """
    found = _NAMED.fullmatch(title)
    name = found.group(1) if found else ""
    path = split(said.url).path
    is_form = "/forms/" in path
    if not name and (is_form or is_published(resource)):
        name = title if id_of(resource) in said.url or "/forms/d/e/" in path else ""
    if not name or re.fullmatch(r"google \w+", name, re.IGNORECASE) or _REFUSED.fullmatch(name):
        return None
    if is_published(resource) and len(words) < _NOTICE_WORDS and _UNPUBLISHED.search(words):
        return Verdict(reason=Reason.NOT_SHARED, detail="It is not published any more.")
    verdict = Verdict(reason=Reason.ALIVE, detail=_SHOWN, facts={"name": name[:MOST_NAME]})
    if is_form and _is_closed(said, path, words):
        return replace(verdict, reason=Reason.CLOSED, detail="The form takes no more answers.")
    return verdict


def _is_closed(said: Document, path: str, words: str) -> bool:
    """Return whether a form is closed: Google sends to a page of that name, or says so.

    What can be sent is open, whatever its text says.
    """
    if path.rstrip("/").endswith("/closedform"):
        return True
    return "formResponse" not in items_at(said.body, "marks") and _CLOSED.search(words) is not None


def _by_type(resource: Resource, said: Document) -> Verdict | None:
    """Return that it is alive where it is served as a file, not as a page; else None.

    So are published tables (CSV), pictures, and downloads whose name no header tells.
    """
    kind = said.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    parts = split(said.url)
    if kind in {"", "text/html", "application/xhtml+xml"}:
        return None
    served = parts.host.endswith("usercontent.com") or parts.segments[-1:] in {
        ("uc",),
        ("download",),
    }
    if served or is_published(resource):
        return Verdict(reason=Reason.ALIVE, detail=_SHOWN)
    return None


def by_status(said: Document, at: datetime) -> Verdict:
    """Return the verdict of a status of Google's, which names nothing by itself."""
    if not _GOOGLES.fullmatch(split(said.url).host):
        return _odd(said)
    if said.status in _STATUS:
        reason, detail = _STATUS[said.status]
        return Verdict(reason=reason, detail=detail)
    return of_status(said, at) or _odd(said)


def _odd(said: Document) -> Verdict:
    detail = f"{said.url} answered {said.status} with a page that does not name the file."
    return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)
