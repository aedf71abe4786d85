"""What a page or file says of itself, and what that means.

None of it is identity: a page is edited all the time, and a title says little of whose it is.
"""

from collections.abc import Mapping

from monitor.core.anchors import missing
from monitor.core.json_reading import dig, items_at, text_at
from monitor.core.model import Json, Resource
from monitor.core.provider import Document, Fact

TEXT_KEPT = 300

FACTS: Mapping[str, Fact] = {
    "title": Fact(
        meaning="what the page is called",
        source="its <title>, else its first <h1>",
    ),
    "content_type": Fact(meaning="its media type", source="the header Content-Type"),
    "size": Fact(
        meaning="how large the file is; of web pages it is not kept",
        source="the header Content-Length",
        unit="bytes",
    ),
    "last_modified": Fact(
        meaning="when it was changed, in the server's words", source="the header Last-Modified"
    ),
    "final_url": Fact(
        meaning="where redirects within ordinary sites ended, when that is another address",
        source="the redirects followed",
        unit="URL",
    ),
    "anchors_missing": Fact(
        meaning="the places that your links name and the page lacks, each with a similar one",
        source="every id and <a name> of a page that was read whole",
    ),
    "repository": Fact(
        meaning="the repository that a broken page on github.io was made from, by its name of now",
        source="GitHub, asked only where the page is broken",
    ),
    "repository_archived": Fact(
        meaning="whether that repository is archived", source="GitHub, in the same answer"
    ),
    "status": Fact(meaning="what the server answered, where it refused", source="the HTTP status"),
}


def facts_of(resource: Resource, said: Document) -> dict[str, Json]:
    """Return what is worth knowing of a page or file, without what is not known."""
    kind = said.headers.get("content-type", "").partition(";")[0].strip().lower()
    length = said.headers.get("content-length", "")
    is_size = length.isascii() and length.isdigit() and len(length) < 16 and "html" not in kind
    facts: dict[str, Json] = {
        "title": (text_at(said.body, "title") or text_at(said.body, "heading") or "").strip(),
        "content_type": kind[:TEXT_KEPT],
        "size": int(length) if is_size else None,
        "last_modified": said.headers.get("last-modified", "")[:TEXT_KEPT],
        "anchors_missing": _anchors_missing(resource, said.body),
    }
    return {name: fact for name, fact in facts.items() if fact not in ("", None)}


def _anchors_missing(resource: Resource, body: Json) -> Json:
    """Return the wanted fragments that the page lacks, or None; nothing is said of a cut page."""
    if dig(body, "truncated") is not False:
        return None
    ids = (id_ for id_ in items_at(body, "ids") if isinstance(id_, str))
    return dict(missing((need.removeprefix("#") for need in resource.needs), ids)) or None
