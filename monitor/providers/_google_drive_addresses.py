"""From an address to the file, folder or published document behind it; a part of google_drive.

Facts: reference/providers.md B1. What is published to the web (/pub, /d/e/…) has readers of
its own and may be open while its file is not shared, so that it is another resource than the
file. So is a slide show's /embed, which publishing has long handed out. What opens each reader's
own place (my-drive, recent) is a plain page, and left to the web provider.
"""

import re

from monitor.core.anchors import names_place
from monitor.core.model import Resource, ResourceId, Url
from monitor.core.urls import UrlParts

PROVIDER_NAME = "google_drive"

ID = r"([\w-]{25,200})"
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

DOWNLOAD, OPEN, EXPORT = "download", "open", "export"
"""What a link wants looked up besides: the download itself, the kind, the right to export."""

_SHAPES = tuple(
    (re.compile(host), re.compile(shape, re.ASCII), kind, frozenset(needs))
    for host, shape, kind, needs in (
        (r"(?:drive|docs)\.google\.com", rf"/{_USER}file/(?:u/\d+/)?d/{ID}(?:/.*)?", "file", ()),
        (r"drive\.google\.com", rf"/{_USER}drive/{_USER}(?:mobile/)?folders/{ID}", "folder", ()),
        (r"(?:drive|docs)\.google\.com", rf"/{_USER}folder/d/{ID}(?:/.*)?", "folder", ()),
        (r"(?:drive|docs)\.google\.com", rf"/{_USER}(?:embedded)?folderview()", "folder", ()),
        (r"(?:drive|docs)\.google\.com", rf"/{_USER}open()", "file", (OPEN,)),
        (r"(?:drive|docs)\.google\.com", rf"/{_USER}uc()", "file", (DOWNLOAD,)),
        (r"drive\.google\.com", rf"/{_USER}thumbnail()", "file", ()),
        (r"drive\.usercontent\.google\.com", rf"/{_USER}(?:download|uc)()", "file", (DOWNLOAD,)),
        (r"lh[3-6]\.googleusercontent\.com", rf"/d/{ID}(?:=.*)?", "file", ()),
        (r"colab\.research\.google\.com", rf"/drive/{ID}", "notebook", ()),
    )
)
"""Host, path with the id (or without: it is the parameter `id`), kind, needs."""

_DOC = re.compile(rf"/{_USER}({'|'.join(_DOCS)})/{_USER}d/(e/)?{ID}(/.*)?", re.ASCII)
_PUBLISHED_PAGES = {
    "document": ("pub",),
    "spreadsheets": ("pub", "pubhtml"),
    "presentation": ("pub", "embed"),
    "drawings": ("pub",),
    "forms": ("viewform",),
}
"""The pages of what is published, of which the first stands for all others."""

_COLAB = "colab.research.google.com"
_IN_COLAB = re.compile(r"(?:.*&)?fileId=([\w-]{25,200})(?:&.*)?", re.ASCII)
"""A notebook named behind a hash, in Colab's older addresses."""

_CUT_OFF = re.compile(r"/drive/[\w-]{1,24}", re.ASCII)
"""Colab answers 200 for every address, so that an id that lost its end must be seen here."""

_SITE = re.compile(r"/(?:u/\d+/)?((?:view|site|a|d|(?=[^/]*\.)[\w.-]+)/[^/].*)")
"""Google Sites: new ones under /view or the organisation's domain, old ones under /site or /a,
the editor's own pages under /d."""

_OF_THE_READER = frozenset({"authuser", "pli", "usp"})
"""Parameters that say who reads, not what."""

_KEY = re.compile(r"[\w-]{1,100}", re.ASCII)


def find(parts: UrlParts) -> Resource | None:
    """Return the file, folder or published document behind a URL, or None.

    A file is one resource by whatever address it is linked. A resource key, which some
    old files need beside their id, is kept in `keys`.
    """
    if not parts.is_web or parts.port is not None:
        return None
    path = parts.path.rstrip("/")
    if parts.host == "sites.google.com":
        return _site(path, parts)
    if parts.host == _COLAB and (seen := _in_colab(path, parts)) is not None:
        return seen
    document = _DOC.fullmatch(path) if parts.host == "docs.google.com" else None
    if document is not None:
        return _document(document, parts)
    for host, shape, kind, needs in _SHAPES:
        found = shape.fullmatch(path) if host.fullmatch(parts.host) else None
        id_ = (found.group(1) or parts.first("id") or "") if found is not None else ""
        if re.fullmatch(ID, id_, re.ASCII):
            return _resource(kind, id_, item_url(kind, id_), parts, needs)
    return None


def item_url(kind: str, id_: str, key: str = "") -> Url:
    """Return the address at which readers see a file or folder, with its resource key."""
    end = f"?resourcekey={key}" if key else ""
    if kind == "folder":
        return Url(f"https://drive.google.com/drive/folders/{id_}{end}")
    if kind in _DOCS:
        return Url(f"https://docs.google.com/{kind}/d/{id_}/{_DOCS[kind]}{end}")
    return Url(f"https://drive.google.com/file/d/{id_}/view{end}")


def id_of(resource: Resource) -> str:
    """Return Google's own id of a resource."""
    return resource.id.rpartition(":")[2]


def is_published(resource: Resource) -> bool:
    """Return whether it is the published form of a document, which is no file."""
    return resource.id.startswith("drive:published:")


def is_id(text: str) -> bool:
    """Return whether a text has the form of a file's id."""
    return re.fullmatch(ID, text, re.ASCII) is not None


def is_key(text: str) -> bool:
    """Return whether a text has the form of a resource key; nothing else is sent on."""
    return _KEY.fullmatch(text) is not None


def _in_colab(path: str, parts: UrlParts) -> Resource | None:
    """Return the notebook that Colab's own page opens, or what is left of an id; else None."""
    if _CUT_OFF.fullmatch(path):
        id_ = ResourceId(f"drive:truncated:{path.rpartition('/')[2]}")
        url = Url(f"https://{_COLAB}{path}")
        return Resource(id=id_, provider=PROVIDER_NAME, kind="truncated", url=url)
    named = _IN_COLAB.fullmatch(parts.fragment) if path in {"", "/notebook"} else None
    if named is None:
        return None
    name = named.group(1)
    return _resource("notebook", name, item_url("notebook", name), parts, frozenset())


def _site(path: str, parts: UrlParts) -> Resource | None:
    """Return the page of a site, or None for the front page and the way to make one."""
    found = _SITE.fullmatch(path)
    if found is None:
        return None
    kept = (p for p in parts.search.split("&") if p.partition("=")[0] not in _OF_THE_READER)
    search = "&".join(filter(None, kept))
    name = f"{found.group(1)}?{search}" if search else found.group(1)
    needs = frozenset({f"#{parts.fragment}"}) if names_place(parts.fragment) else frozenset[str]()
    return Resource(
        id=ResourceId(f"drive:site:{name}"),
        provider=PROVIDER_NAME,
        kind="site",
        url=Url(f"https://sites.google.com/{name}"),
        needs=needs,
    )


def _document(found: re.Match[str], parts: UrlParts) -> Resource:
    folder, published, id_, rest = found.groups()
    kind = _KINDS.get(folder, folder)
    page = (rest or "").strip("/").partition("/")[0]
    if not published and folder != "forms":
        published = "" if page.startswith("pub") or page in _PUBLISHED_PAGES[folder] else None
    elif not published:
        published = None
    if published is None:
        needs = frozenset({EXPORT}) if page == "export" else frozenset[str]()
        return _resource(kind, id_, item_url(folder, id_), parts, needs)
    pages = _PUBLISHED_PAGES[folder]
    shown = page if page in pages else pages[0]
    return Resource(
        id=ResourceId(f"drive:published:{id_}"),
        provider=PROVIDER_NAME,
        kind=f"published {kind}",
        url=Url(f"https://docs.google.com/{folder}/d/{published}{id_}/{shown}"),
    )


def _resource(kind: str, id_: str, url: Url, parts: UrlParts, needs: frozenset[str]) -> Resource:
    key = parts.first("resourcekey") or ""
    return Resource(
        id=ResourceId(f"drive:{'folder' if kind == 'folder' else 'file'}:{id_}"),
        provider=PROVIDER_NAME,
        kind=kind,
        url=url,
        keys={"resourcekey": key} if is_key(key) else {},
        needs=needs,
    )
