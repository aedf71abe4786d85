"""Drive API v3 over the files of drive.py's state: files.get, files.list of a folder, batches.

State: `[drive]` with `refuse_next` (so many calls are answered by `refuse_with`, default
"userRateLimitExceeded"), `batch_lost`, `batch_garbled`, `batch_renamed` (numbers, from 0, of the
parts of every batch that are missing, unreadable, or under another's Content-ID). A file with
`shared_with = [account]` is seen by that account's token.
What a file in the state "taken-down" answers is not known; here it is that of a file nobody
shares. Source of the facts: providers.md B3 of the project's reference.
"""

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from tests.world.google_envelope import (
    KEY_HEADER,
    Caller,
    Refused,
    error,
    masked,
    not_found,
    parameters,
)
from tests.world.wire import Asked, Reply, as_json, complaint

MOST_PARTS = 100
"""How many calls one batch may hold; Drive API guides, "Improve performance"."""

MIME_TYPES = {
    "file": "application/pdf",
    "folder": "application/vnd.google-apps.folder",
    "document": "application/vnd.google-apps.document",
    "spreadsheets": "application/vnd.google-apps.spreadsheet",
    "presentation": "application/vnd.google-apps.presentation",
    "forms": "application/vnd.google-apps.form",
    "drawings": "application/vnd.google-apps.drawing",
    "shortcut": "application/vnd.google-apps.shortcut",
    "colab": "application/vnd.google.colaboratory",
}

OPEN = frozenset(
    [
        "shared",
        "quota",
        "quota-race",
        "virus-scan",
        "trashed",
        "sorry",
        "consent",
        "no-download",
        "closed",
    ]
)
"""The states in which a file is shared with anyone who has the link."""

_GET = {"supportsAllDrives", "acknowledgeAbuse"}
_LIST = {"q", "pageSize", "pageToken", "orderBy", "supportsAllDrives", "includeItemsFromAllDrives"}
_LIST |= {"corpora", "spaces"}
_CHILDREN = re.compile(r"'([\w-]+)' in parents(?: and trashed ?= ?false)?")
_FILE_FIELDS = "kind,id,name,mimeType"


class DriveApi:
    """files.get, files.list and batches; who asks is known by then."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._state = state
        self._files: Mapping[str, Mapping[str, Any]] = state.get("files", {})
        self._to_refuse = int(state.get("refuse_next", 0))

    def refusal(self) -> Reply | None:
        """Return the refusal that is due on command, counted off, or None."""
        if self._to_refuse == 0:
            return None
        self._to_refuse -= 1
        return error(self._state.get("refuse_with", "userRateLimitExceeded"))

    def answer(self, who: Caller, asked: Asked) -> Reply:
        """Return what files.get or files.list says to somebody."""
        match asked.segments:
            case ("drive", "v3", "files"):
                return self._list(who, parameters(asked, _LIST), asked)
            case ("drive", "v3", "files", id_):
                return self._get(who, id_, parameters(asked, _GET), asked)
            case ("drive", "v3", "about") if who.account is not None:
                about = {"kind": "drive#about", "user": {"emailAddress": who.account}}
                return as_json(masked(about, parameters(asked, ()).get("fields")))
            case ("drive", "v3", "about"):  # a key stands for nobody
                return error("authError")
        return complaint(f"{asked.method} {asked.host}{asked.path}")

    def batch(self, asked: Asked, answer: Callable[[Asked], Reply]) -> Reply:
        """Return the answers to the parts of a batch, each made by `answer`, in their order."""
        kind = asked.headers.get("content-type", "")
        boundary = re.search(r'multipart/mixed; *boundary="?([^";]+)', kind)
        if boundary is None:
            raise Refused(reply=complaint(f"a batch of the type {kind}"))
        parts = asked.body.split(f"--{boundary[1]}".encode())[1:-1]
        if not 0 < len(parts) <= MOST_PARTS:
            raise Refused(reply=complaint(f"a batch of {len(parts)} calls"))
        shown: list[bytes] = []
        for n, part in enumerate(parts):
            if n in self._state.get("batch_lost", ()):
                continue
            content_id, inner = _read_part(part, asked)
            if n in self._state.get("batch_renamed", ()):
                content_id = f"{content_id.rpartition('+')[0]}+ 99999"
            garbled = n in self._state.get("batch_garbled", ())
            shown.append(_part(content_id, answer(inner), garbled=garbled))
        edge = f"batch_{uuid.uuid4().hex}"
        body = b"".join(f"--{edge}\r\n".encode() + each for each in shown) + f"--{edge}--".encode()
        return Reply(
            headers=(("Content-Type", f"multipart/mixed; boundary={edge}"),),
            body=body,
        )

    def _get(self, who: Caller, id_: str, query: Mapping[str, str], asked: Asked) -> Reply:
        known = self._visible(who, id_, asked)
        if known is None or ("drive" in known and query.get("supportsAllDrives") != "true"):
            return not_found(id_)
        return as_json(masked(self._described(id_, known), query.get("fields", _FILE_FIELDS)))

    def _list(self, who: Caller, query: Mapping[str, str], asked: Asked) -> Reply:
        matched = _CHILDREN.fullmatch(query.get("q", ""))
        if matched is None:  # a key sees no list but that of a folder it names
            return error("insufficientFilePermissions")
        folder = self._visible(who, matched[1], asked)
        if folder is None:
            return not_found(matched[1])
        children = children_of(matched[1], folder)
        size, start = int(query.get("pageSize", "100")), int(query.get("pageToken", "0"))
        if not 1 <= size <= 1000:
            return complaint(f"pageSize={size}")
        files = [
            self._described(id_, self._files.get(id_, {})) for id_ in children[start : start + size]
        ]
        more = start + size < len(children)
        listed = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            **({"nextPageToken": str(start + size)} if more else {}),
            "files": files,
        }
        return as_json(masked(listed, query.get("fields", f"nextPageToken,files({_FILE_FIELDS})")))

    def _visible(self, who: Caller, id_: str, asked: Asked) -> Mapping[str, Any] | None:
        known = self._files.get(id_)
        if known is None or id_.startswith(("2PACX-", "1FAIpQL")):  # published: no id of Drive
            return None
        if who.account is not None and who.account in known.get("shared_with", ()):
            return known
        if known.get("state", "shared") not in OPEN:
            return None
        if "key" in known:
            pairs = asked.headers.get("x-goog-drive-resource-keys", "").split(",")
            return known if f"{id_}/{known['key']}" in map(str.strip, pairs) else None
        return known

    def _described(self, id_: str, known: Mapping[str, Any]) -> dict[str, Any]:
        kind = known.get("kind", "file")
        name = known.get("name", f"{id_[:6]}.pdf")
        trashed = known.get("state") == "trashed"
        may = known.get("state") != "no-download"
        item: dict[str, Any] = {
            "kind": "drive#file",
            "id": id_,
            "name": name,
            "mimeType": known.get("mime", MIME_TYPES[kind]),
            "trashed": trashed,
            "explicitlyTrashed": trashed,
            "version": str(known.get("version", 7)),
            "createdTime": "2020-02-03T08:00:00.000Z",
            "modifiedTime": known.get("modified", "2024-02-03T08:00:00.000Z"),
            "webViewLink": f"https://drive.google.com/file/d/{id_}/view?usp=drivesdk",
            "copyRequiresWriterPermission": not may,
            "capabilities": {
                "canDownload": may,
                "canCopy": may,
                "canListChildren": kind == "folder",
            },
        }
        if "drive" in known:
            item["driveId"] = known["drive"]
        else:
            owner = {"kind": "drive#user", "displayName": known.get("owner", "Somebody")}
            if "owner_address" in known:
                owner["emailAddress"] = known["owner_address"]
            item["owners"] = [owner]
        if "key" in known:
            item["resourceKey"] = known["key"]
        if kind in {"file", "colab"}:
            digest = hashlib.md5(f"{id_}{known.get('edition', 1)}".encode(), usedforsecurity=False)
            item |= {
                "size": str(known.get("size", 123456)),
                "md5Checksum": known.get("md5", digest.hexdigest()),
                "headRevisionId": f"0B{id_[:8]}",
                "webContentLink": f"https://drive.google.com/uc?id={id_}&export=download",
            }
        elif kind not in {"folder", "shortcut"}:
            item["size"] = str(known.get("size", 1024))
            item["exportLinks"] = {"application/pdf": f"https://docs.google.com/feeds/{id_}"}
        if kind == "shortcut":
            target = self._files.get(known["to"], {})
            item["shortcutDetails"] = {
                "targetId": known["to"],
                "targetMimeType": MIME_TYPES[target.get("kind", "file")],
                **({"targetResourceKey": target["key"]} if "key" in target else {}),
            }
        return item


def children_of(id_: str, known: Mapping[str, Any]) -> Sequence[str]:
    """Return the ids of what a folder holds: as named, or so many as it says (3)."""
    entries = known.get("entries", 3)
    return (
        entries if isinstance(entries, list) else [f"{id_[:20]}child{n:05}" for n in range(entries)]
    )


def _read_part(part: bytes, outer: Asked) -> tuple[str, Asked]:
    """Return a part's Content-ID and the request inside; raises Refused where it is no request."""
    head, _, inner = part.replace(b"\r\n", b"\n").strip(b"\n").partition(b"\n\n")
    headers = _headers(head.decode().splitlines())
    line, _, rest = inner.partition(b"\n")
    words = line.decode().split(" ")
    if headers.get("content-type") != "application/http" or len(words) < 2:
        raise Refused(reply=complaint(f"a batch with the part {head.decode()!r}"))
    own = _headers(rest.partition(b"\n\n")[0].decode().splitlines())
    lent = {n: outer.headers[n] for n in (KEY_HEADER, "authorization") if n in outer.headers}
    asked = Asked(
        method=words[0], scheme="https", host=outer.host, target=words[1], headers={**lent, **own}
    )
    return headers.get("content-id", "").strip("<>"), asked


def _headers(lines: Sequence[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _part(content_id: str, reply: Reply, *, garbled: bool) -> bytes:
    phrase = HTTPStatus(reply.status).phrase
    body = b'{"id": "cut o' if garbled else reply.body
    head = (
        f"Content-Type: application/http\r\nContent-ID: <response-{content_id}>\r\n\r\n"
        f"HTTP/1.1 {reply.status} {phrase}\r\nContent-Type: application/json; charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n"
