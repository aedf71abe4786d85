"""Google Drive and Docs, as a reader who is not signed in sees them.

State: `[drive.files.<id>]` with `state` (a key of STATES, default "shared"), `name`, `kind`
("file", "folder", "document", "spreadsheets", "presentation", "forms"), `entries` (how many
things a folder holds), `key` (the resource key that it needs). What is not named does not exist.
Source of the facts: providers.md B2 of the project's reference.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from tests.world.wire import Asked, Reply, html, page, redirect

_PRODUCTS = {
    "file": "Drive",
    "folder": "Drive",
    "document": "Docs",
    "spreadsheets": "Sheets",
    "presentation": "Slides",
    "forms": "Forms",
}


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
        return html(page(escape(name), "".join(entry.format(n=n) for n in range(_entries(known)))))
    if asked.segments[-1:] in {("uc",), ("download",)}:
        headers = (
            ("Content-Type", "application/octet-stream"),
            ("Content-Disposition", f'attachment; filename="{name}"'),
        )
        return Reply(headers=headers, body=b"%PDF-1.5\n" + bytes(1000))
    title = name if kind == "forms" else f"{name} - Google {_PRODUCTS[kind]}"
    return html(page(escape(title), "<div id='drive-viewer'></div>"))


def _entries(known: Mapping[str, Any]) -> int:
    return int(known.get("entries", 3))


def _home(id_: str, kind: str) -> str:
    if kind == "file":
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
}
