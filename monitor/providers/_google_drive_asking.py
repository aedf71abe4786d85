"""How Google Drive is asked: pages as anybody sees them, API calls with a key; a part of
google_drive.

Facts: reference/providers.md B2 and B3.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote, unquote

from monitor.core.asking import Get, Single
from monitor.core.model import Json, Resource, ResourceId, Url
from monitor.core.ports import Failure, GoogleCall, Ports, Request, Response
from monitor.core.provider import Answer, Document, Probe, answer
from monitor.core.urls import split
from monitor.providers._google_drive_addresses import id_of, is_published

PAGE_BYTES = 65_536
"""How much of a page is read: the title and Google's notices stand at its beginning."""

FORM_BYTES = 524_288
"""How much of a form is read: what tells an open one stands behind its styles and scripts."""

LISTING_BYTES = 1_048_576
"""How much of a folder's listing is read: some thousand files."""

MOST_PARTS = 100
"""How many calls a batch may hold: Drive API, "Improve performance"."""

FIELDS = (
    "id,name,mimeType,size,md5Checksum,modifiedTime,trashed,"
    "shortcutDetails(targetId,targetMimeType,targetResourceKey),"
    "capabilities(canDownload),copyRequiresWriterPermission,"
    "owners(displayName,emailAddress)"
)
CHILDREN_FIELDS = "nextPageToken,incompleteSearch,files(id,name,mimeType)"

MOST_CHILDREN = 1000
"""How many files of a folder one call lists at most: Drive API, files.list."""

_OURS = frozenset(
    {
        "drive.google.com",
        "docs.google.com",
        "colab.research.google.com",
        "drive.usercontent.google.com",
        "sites.google.com",
    }
)
_MARKS = ("formResponse", "download-form", "uc-error-subcaption")
"""What stands in the source of some pages, whatever their language: of a form that can be sent,
of the page before a large download, of a refused download."""


def probes() -> Mapping[str, Probe]:
    """Return the ways of asking Google Drive, by name."""
    return {
        "api": Called("api", "google", _file_call),
        "children": Called("children", "google", _children_call),
        "account": Called("account", "google_account", _file_call),
        "page": Get("page", _page_request, _page),
        "open": Get("open", _open_request, _page),
        "download": Get("download", _download_request, _download),
        "listing": Get("listing", _listing_request, _listing),
        "site": Single(_site),
    }


class Called:
    """A probe of one call of Google's API for each resource, many of them in one batch.

    What the API says of a resource, its own item or its error, is the body of its answer.
    """

    size = MOST_PARTS

    def __init__(
        self, probe: str, credential: str, call: Callable[[Resource, str], GoogleCall]
    ) -> None:
        self.credential: str | None = credential
        self.allowance: str | None = None
        self._probe = probe
        self._key = credential
        self._call = call

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Return the resources in batches of as many as one post may hold."""
        return [resources[n : n + self.size] for n in range(0, len(resources), self.size)]

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Return the answer of each resource."""
        heard = await ports.google([self._call(resource, self._key) for resource in batch])
        at = ports.now()
        return {
            resource.id: Answer(
                probe=self._probe,
                at=at,
                said=said
                if isinstance(said, Failure)
                else Document(status=0, url=resource.url, body=said),
                exchanges=exchanges,
            )
            for resource, (said, exchanges) in zip(batch, heard, strict=False)
        }


# --- the API ---


def _file_call(resource: Resource, credential: str) -> GoogleCall:
    arguments: Mapping[str, Json] = {
        "fileId": id_of(resource),
        "fields": FIELDS,
        "supportsAllDrives": True,
    }
    return _call("get", arguments, resource, credential)


def _children_call(resource: Resource, credential: str) -> GoogleCall:
    arguments: Mapping[str, Json] = {
        "q": f"'{id_of(resource)}' in parents and trashed=false",
        "pageSize": MOST_CHILDREN,
        "fields": CHILDREN_FIELDS,
        "supportsAllDrives": True,
        "includeItemsFromAllDrives": True,
    }
    return _call("list", arguments, resource, credential)


def _call(
    method: str, arguments: Mapping[str, Json], resource: Resource, credential: str
) -> GoogleCall:
    key = resource.keys.get("resourcekey")
    headers = {"X-Goog-Drive-Resource-Keys": f"{id_of(resource)}/{key}"} if key else {}
    return GoogleCall(
        api="drive",
        version="v3",
        method=("files", method),
        arguments=arguments,
        credential=credential,
        headers=headers,
    )


# --- pages ---


def _request(url: str, resource: Resource, read: int = PAGE_BYTES) -> Request:
    key = resource.keys.get("resourcekey")
    if key:
        url += f"{'&' if '?' in url else '?'}resourcekey={quote(key, safe='')}"
    return Request(url=Url(url), headers={"Accept-Language": "en"}, read=read, follow=_is_googles)


def _is_googles(target: Url) -> bool:
    host = split(target).host
    return host in _OURS or host.endswith(".googleusercontent.com")


def _page_request(resource: Resource) -> Request:
    is_form = resource.kind == "form" or is_published(resource)
    return _request(resource.url, resource, FORM_BYTES if is_form else PAGE_BYTES)


def _open_request(resource: Resource) -> Request:
    return _request(f"https://drive.google.com/open?id={id_of(resource)}", resource, FORM_BYTES)


def _download_request(resource: Resource) -> Request:
    url = f"https://drive.google.com/uc?id={id_of(resource)}&export=download"
    return _request(url, resource)


def _listing_request(resource: Resource) -> Request:
    url = f"https://drive.google.com/embeddedfolderview?id={id_of(resource)}"
    return _request(url, resource, LISTING_BYTES)


def _page(response: Response, ports: Ports) -> Mapping[str, Json]:
    outline = ports.outline(response)
    marks = [mark for mark in _MARKS if mark.encode() in response.body]
    return {"title": outline.title, "words": outline.words[:2000], "marks": marks}


async def _site(resource: Resource, ports: Ports) -> Answer:
    """Return a page of a site, with the ids on it where a link wants a place there."""
    read = LISTING_BYTES if resource.needs else PAGE_BYTES

    def body(response: Response) -> Json:
        ids = ports.outline(response).ids if resource.needs else ()
        return {**_page(response, ports), "ids": list(ids), "truncated": response.truncated}

    return answer("site", await ports.fetch(_request(resource.url, resource, read)), body)


def _download(response: Response, ports: Ports) -> Json:
    disposition = response.headers.get("content-disposition")
    if disposition is None:
        return _page(response, ports)
    size = "" if "content-encoding" in response.headers else "content-length"
    return {"attachment": _file_name(disposition), "size": response.headers.get(size)}


_STARRED = re.compile(r"filename\*\s*=\s*utf-8''([^;\s]{1,1000})", re.IGNORECASE)
_PLAIN = re.compile(r'filename\s*=\s*(?:"([^"]{0,1000})"|([^";\s]{1,1000}))', re.IGNORECASE)


def _file_name(disposition: str) -> str:
    """Return the name in a Content-Disposition header (RFC 6266), or "" where it names none."""
    starred = _STARRED.search(disposition)
    if starred is not None:
        return unquote(starred.group(1), errors="replace")
    plain = _PLAIN.search(disposition)
    return (plain.group(1) or plain.group(2) or "") if plain is not None else ""


_CLASS = re.compile(r"""class\s*=\s*["']([^"'<>]{1,200})["']""")
_HREF = re.compile(r"""href\s*=\s*["']([^"'<>]{1,500})["']""")
_LINKED = re.compile(r"/(?:d|folders)/([\w-]{25,200})|[?&;]id=([\w-]{25,200})", re.ASCII)
_TYPE = re.compile(r"/type/([\w.+-]{1,60}/[\w.+-]{1,100})", re.ASCII)


def _listing(response: Response, ports: Ports) -> Json:
    """Return a folder's listing: how many entries it has, and of which types, by their icons.

    Entries are counted by their class and by what they link to: the more is believed.
    """
    source = response.body.decode("utf-8", "replace")
    classes = (found.group(1).split() for found in _CLASS.finditer(source))
    entries = sum("flip-entry" in names for names in classes)
    hrefs = (_LINKED.search(found.group(1)) for found in _HREF.finditer(source))
    linked = {found.group(1) or found.group(2) for found in hrefs if found is not None}
    types = [found.group(1) for found in _TYPE.finditer(source)]
    return {
        **_page(response, ports),
        "children": max(entries, len(linked)),
        "types": types[: 2 * MOST_CHILDREN],
        "truncated": response.truncated,
    }
