"""Google Drive and Docs, as a reader who is not signed in sees them.

State: `[drive.files.<id>]` with `state` (a key of STATES, default "shared"), `name`, `kind` (a key
of drive_api.MIME_TYPES), `entries` (how many things a folder holds, or their ids), `key` (the
resource key that it needs), `to` (a shortcut's target), `size`, `md5`, `mime`, `owner`, `drive`
(the shared drive it is in). What is not named does not exist. An id that begins with 2PACX- or
1FAIpQL is a published one, which no API knows. Keys and calls: google_apis.py, drive_api.py.
Source of the facts: providers.md B2 of the project's reference.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from tests.world.drive_api import children_of
from tests.world.wire import Asked, Reply, html, page, redirect, text

_PRODUCTS = {
    "file": "Drive",
    "folder": "Drive",
    "document": "Docs",
    "spreadsheets": "Sheets",
    "presentation": "Slides",
    "forms": "Forms",
    "drawings": "Drawings",
    "colab": "Drive",
    "shortcut": "Drive",
}

_IN_DRIVE = frozenset({"file", "colab", "shortcut"})
"""The kinds whose home is drive.google.com/file/d/."""


class Drive:
    """Google's hosts for files and for signing in."""

    hosts = frozenset(
        {
            "drive.google.com",
            "docs.google.com",
            "drive.usercontent.google.com",
            "accounts.google.com",
            "www.google.com",
            "consent.google.com",
            "colab.research.google.com",
            "doc-0s-docs.googleusercontent.com",
            "lh3.googleusercontent.com",
        }
    )

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._files: Mapping[str, Mapping[str, Any]] = state.get("files", {})
        wrong = [f["state"] for f in self._files.values() if f.get("state", "shared") not in STATES]
        if wrong:
            raise ValueError(f"no such state of a file: {wrong}")

    def answer(self, asked: Asked) -> Reply:
        """Return what Google says to somebody who is not signed in."""
        match asked.host, asked.segments:
            case "accounts.google.com", _:
                return html(page("Sign in - Google Accounts", "<h1>Sign in</h1>"))
            case "consent.google.com", _:
                return html(page("Before you continue to Google"))
            case "www.google.com", ("sorry", *_):
                return html(page("Sorry...", "unusual traffic from your computer network"), 429)
            case "www.google.com", _:
                return html(page("Google"))
            case "colab.research.google.com", _:  # the same for every address; scripts do the rest
                return html(page("Google Colab"))
            case "doc-0s-docs.googleusercontent.com", _:
                return text("Forbidden", 403)
            case "drive.google.com", ("drive", "my-drive" | "home"):
                return _sign_in_redirect(asked, "", {})
        id_ = _id(asked)
        known = self._files.get(id_)
        if known is not None and "key" in known and asked.query.get("resourcekey") != known["key"]:
            known = None
        if known is None:
            return _missing()
        return STATES[known.get("state", "shared")](asked, id_, known)


def _id(asked: Asked) -> str:
    parts = asked.segments
    for marker in ("d", "folders"):
        if marker in parts[:-1]:
            rest = parts[parts.index(marker) + 1 :]
            return rest[1] if rest[0] == "e" and len(rest) > 1 else rest[0]
    return asked.query.get("id", "")


def _missing() -> Reply:
    words = "Sorry, the file you have requested does not exist."
    body = f"<p>{words}</p><p>Make sure that you have the correct URL and the file exists.</p>"
    return html(page("Error 404 (Not Found)!!1", body), 404)


def _shared(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    kind = known.get("kind", "file")
    name = known.get("name", f"{id_[:6]}.pdf")
    if asked.segments == ("open",):
        return redirect(f"{_home(id_, kind)}?usp=drive_open", 307)
    if asked.segments == ("embeddedfolderview",):
        entry = '<div class="flip-entry" id="entry-{n}"><a href="#">{n}</a></div>'
        entries = "".join(entry.format(n=n) for n in children_of(id_, known))
        return html(page(escape(name), f'<div class="flip-entries">{entries}</div>'))
    if kind == "shortcut":
        return redirect(_home(known["to"], known.get("to_kind", "file")), 302)
    if kind == "forms" and "file" in asked.segments:
        return _missing()
    if asked.host == "lh3.googleusercontent.com" or asked.segments == ("thumbnail",):
        return Reply(headers=(("Content-Type", "image/jpeg"),), body=b"\xff\xd8\xff\xd9")
    if asked.segments[-1:] in {("uc",), ("download",)} and kind not in _IN_DRIVE:
        return html(page("Error 500 (Server Error)!!1"), 500)
    if asked.segments[-1:] in {("uc",), ("download",)}:
        headers = (
            ("Content-Type", "application/octet-stream"),
            ("Content-Disposition", f'attachment; filename="{name}"'),
        )
        return Reply(headers=headers, body=b"%PDF-1.5\n" + bytes(1000))
    title = name if kind == "forms" else f"{name} - Google {_PRODUCTS[kind]}"
    return html(page(escape(title), "<div id='drive-viewer'></div>"))


def _home(id_: str, kind: str) -> str:
    if kind in _IN_DRIVE:
        return f"https://drive.google.com/file/d/{id_}/view"
    if kind == "folder":
        return f"https://drive.google.com/drive/folders/{id_}"
    return f"https://docs.google.com/{kind}/d/{id_}/edit"


def _sign_in_redirect(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    back = quote(asked.url, safe="")
    return redirect(
        "https://accounts.google.com/ServiceLogin?service=wise&passive=1209600"
        f"&continue={back}&followup={back}"
    )


def _sign_in_page(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    return html(page("Sign in - Google Accounts", "<h1>Sign in</h1>"), 401)


def _needs_access(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    body = "<h1>You need access</h1><p>Ask for access, or switch accounts.</p><a>Request access</a>"
    return html(page("Google Drive: Access Denied", body))


def _taken_down(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    body = "<p>This item cannot be shown: it is in violation of our Terms of Service.</p>"
    return html(page("Google Drive", body), 403)


def _quota(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    body = (
        '<p class="uc-error-caption">Sorry, you can&#39;t view or download this file now.</p>'
        '<p class="uc-error-subcaption">Too many users have viewed or downloaded this file'
        " recently. Please try again later.</p>"
    )
    return html(page("Google Drive - Quota exceeded", body))


def _virus_scan(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    if asked.segments[-1:] != ("uc",):
        return _shared(asked, id_, known)
    body = (
        "<p class='uc-warning-caption'>Google Drive can't scan this file for viruses.</p>"
        '<form id="download-form" action="https://drive.usercontent.google.com/download"'
        f' method="get"><input type="hidden" name="id" value="{id_}"></form>'
    )
    return html(page("Google Drive - Virus scan warning", body))


def _sorry(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    return redirect(f"https://www.google.com/sorry/index?continue={quote(asked.url, safe='')}")


def _deleted(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    return _missing()


def _no_download(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    if asked.segments[-1:] in {("uc",), ("download",)}:
        return html(page("Google Drive - Can't download file"), 403)
    return _shared(asked, id_, known)


def _closed(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    name = escape(known.get("name", "A form"))
    if asked.segments[-1:] != ("closedform",):
        return redirect(f"https://docs.google.com/forms/d/e/{id_}/closedform")
    words = f"The form {name} is no longer accepting responses."
    return html(page(name, f"<h1>{name}</h1><p>{words}</p>"))


def _quota_race(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    if asked.segments[-1:] not in {("uc",), ("download",)}:
        return _shared(asked, id_, known)
    return redirect(f"https://doc-0s-docs.googleusercontent.com/docs/securesc/{id_}", 303)


def _consent(asked: Asked, id_: str, known: Mapping[str, Any]) -> Reply:
    if any(name in asked.headers.get("cookie", "") for name in ("SOCS", "CONSENT")):
        return _shared(asked, id_, known)
    return redirect(f"https://consent.google.com/ml?continue={quote(asked.url, safe='')}")


STATES: Mapping[str, Callable[[Asked, str, Mapping[str, Any]], Reply]] = {
    "shared": _shared,
    "sign-in-redirect": _sign_in_redirect,
    "sign-in-page": _sign_in_page,
    "needs-access": _needs_access,
    "deleted": _deleted,
    "taken-down": _taken_down,
    "quota": _quota,
    "virus-scan": _virus_scan,
    "sorry": _sorry,
    "trashed": _shared,
    "no-download": _no_download,
    "closed": _closed,
    "quota-race": _quota_race,
    "consent": _consent,
}
