"""YouTube's Data API: 50 videos, playlists or channels a call, by Google's own library.

Facts: reference/providers.md A3. Each call costs one unit of 10,000 a day. What is private,
deleted or taken down is silently missing from an answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from monitor.core.json_reading import dig, items_at, number_at, text_at
from monitor.core.model import ExchangeId, Json, Resource, ResourceId
from monitor.core.ports import Failure, FailureKind, GoogleCall, Ports
from monitor.core.provider import Answer, Document
from monitor.providers._youtube_addresses import LIST_NEED

CREDENTIAL = "youtube"

PAGE = 50
"""The most ids in a call, and the most items in an answer."""

MOST_PAGES = 4
"""How much of one playlist is looked at: 200 videos, for four units."""

MOST_NAMED = 20
"""How many dead videos of a playlist are named."""

_VIDEO_FIELDS = (
    "pageInfo/totalResults,items(id,"
    "snippet(title,channelId,channelTitle,publishedAt,liveBroadcastContent),"
    "contentDetails(duration,regionRestriction,contentRating(ytRating)),"
    "status(uploadStatus,privacyStatus,rejectionReason,embeddable),"
    "liveStreamingDetails(scheduledStartTime,actualEndTime))"
)
_LIST_FIELDS = (
    "pageInfo/totalResults,items(id,snippet(title,channelId,channelTitle,publishedAt),"
    "contentDetails(itemCount),status(privacyStatus))"
)
_ENTRY_FIELDS = (
    "pageInfo/totalResults,nextPageToken,items(snippet(title,position),"
    "contentDetails(videoId,videoPublishedAt),status(privacyStatus))"
)
_CHANNEL_FIELDS = "pageInfo/totalResults,items(id,snippet(title,localized(title),publishedAt))"
_ENGLISH: Mapping[str, Json] = {"hl": "en"}
"""Each title is asked for as those who need no key tell it, so that it does not change with the
way of asking: of channels the English one, for only their pages tell it, and these are asked in
English; of videos and playlists the owner's own, as oEmbed and yt-dlp give it (A4)."""

_PARTS = {
    "videos": "snippet,contentDetails,status,liveStreamingDetails",
    "playlists": "snippet,contentDetails,status",
    "playlistItems": "snippet,contentDetails,status",
    "channels": "snippet",
}
_NONE: Mapping[str, Json] = {}
_VIDEO = ("contentDetails", "videoId")
_DEAD = frozenset({"private", "privacyStatusUnspecified"})


class _Keyed:
    """A probe of the Data API."""

    credential: str | None = CREDENTIAL
    allowance: str | None = None
    size = PAGE

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Return the resources in batches of as many as one call may name."""
        return [resources[start : start + PAGE] for start in range(0, len(resources), PAGE)]


class Videos(_Keyed):
    """Asks after videos, and after the playlists that links to them name."""

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Return each video's own item, or None where there is none, in one call.

        One more where lists are named, of which the first fifty are asked after.
        """
        heard = await _listed(ports, _by_id("videos", map(name_of, batch), _VIDEO_FIELDS))
        lists = sorted({name for resource in batch for name in lists_named(resource)})[:PAGE]
        gone: frozenset[str] = frozenset()
        if lists and heard.items is not None:
            there = await _listed(ports, _by_id("playlists", lists, "pageInfo,items(id)"))
            gone = frozenset(lists) - there.items.keys() if there.items is not None else gone
            heard = replace(heard, exchanges=heard.exchanges + there.exchanges)
        answers: dict[ResourceId, Answer] = {}
        for resource in batch:
            lost: list[Json] = [name for name in lists_named(resource) if name in gone]
            answers[resource.id] = _answer("api", resource, heard, ports, {"lists_gone": lost})
        return answers


class Playlists(_Keyed):
    """Asks after playlists, and after what is dead in those that are there."""

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Return each playlist's own item, with what is known of its videos."""
        heard = await _listed(ports, _by_id("playlists", map(name_of, batch), _LIST_FIELDS))
        answers: dict[ResourceId, Answer] = {}
        refused = False  # a spent quota is not asked for each list anew
        for resource in batch:
            own, within = heard, _NONE
            if name_of(resource) in (heard.items or {}) and not refused:
                told, more = await _contents(name_of(resource), ports)
                own = replace(heard, exchanges=heard.exchanges + more)
                refused = isinstance(told, Failure)
                within = told if not isinstance(told, Failure) else _NONE
            answers[resource.id] = _answer("api_playlists", resource, own, ports, within)
        return answers


class Channels(_Keyed):
    """Asks after channels: by id many at once, by handle or user name each by itself."""

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Return the resources in batches that one call can name."""
        by_id = [resource for resource in resources if name_of(resource).startswith("UC")]
        return [*super().cut(by_id), *([r] for r in resources if r not in by_id)]

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Return each channel's own item, or None where there is none."""
        name = name_of(batch[0])
        if name.startswith("UC"):
            heard = await _listed(ports, _by_id("channels", map(name_of, batch), _CHANNEL_FIELDS))
            return {r.id: _answer("api_channels", r, heard, ports) for r in batch}
        by = "forHandle" if name.startswith("@") else "forUsername"
        wanted = {by: unquote(name.removeprefix("user/")), "part": "snippet", **_ENGLISH}
        heard = await _listed(ports, _call("channels", {**wanted, "fields": _CHANNEL_FIELDS}))
        # The item has the channel's id for its own: it is the one asked for if it is the only one.
        if heard.items is not None and len(heard.items) == 1:
            heard = replace(heard, items={name: next(iter(heard.items.values()))})
        return {batch[0].id: _answer("api_channels", batch[0], heard, ports)}


def name_of(resource: Resource) -> str:
    """Return the service's own id of a resource."""
    return resource.id.split(":", 2)[2]


def lists_named(resource: Resource) -> Sequence[str]:
    """Return the playlists that links to a video name, in order."""
    needs = sorted(need for need in resource.needs if need.startswith(LIST_NEED))
    return [need.removeprefix(LIST_NEED) for need in needs]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What one call told: its items by their ids (None where it told none), or why not."""

    said: Json | Failure
    items: Mapping[str, Json] | None
    exchanges: tuple[ExchangeId, ...]


async def _listed(ports: Ports, call: GoogleCall) -> _Listed:
    """Return what one call told."""
    ((said, exchanges),) = await ports.google([call])
    if isinstance(said, Failure) or dig(said, "error") is not None:
        return _Listed(said=said, items=None, exchanges=exchanges)
    items = dig(said, "items")
    if not isinstance(items, Sequence) and number_at(said, "pageInfo", "totalResults") != 0:
        odd = "The Data API's answer holds no list of items."
        failure = Failure(kind=FailureKind.UNREADABLE, detail=odd)
        return _Listed(said=failure, items=None, exchanges=exchanges)
    found = ((text_at(item, "id"), item) for item in items_at(said, "items"))
    own = {name: item for name, item in found if name is not None}
    return _Listed(said=said, items=own, exchanges=exchanges)


def _by_id(collection: str, ids: Iterable[str], fields: str) -> GoogleCall:
    # The library would make many parameters of a list of ids. Without a size the answer has five
    # of them; only videos come all at once, and know no size.
    more: dict[str, Json] = {} if collection == "videos" else {"maxResults": PAGE}
    if collection == "channels":
        more |= _ENGLISH
    part = _PARTS[collection]
    return _call(collection, {"id": ",".join(ids), "part": part, "fields": fields, **more})


def _call(collection: str, arguments: Mapping[str, Json]) -> GoogleCall:
    return GoogleCall(
        api="youtube",
        version="v3",
        method=(collection, "list"),
        arguments=arguments,
        credential=CREDENTIAL,
    )


def _answer(
    probe: str, resource: Resource, heard: _Listed, ports: Ports, more: Mapping[str, Json] = _NONE
) -> Answer:
    """Return one resource's own part of what a call told."""
    said: Document | Failure
    if isinstance(heard.said, Failure):
        said = heard.said
    elif heard.items is None:
        status = number_at(heard.said, "error", "status") or 0
        said = Document(status=status, url=resource.url, body={"error": dig(heard.said, "error")})
    else:
        item = heard.items.get(name_of(resource))
        said = Document(status=200, url=resource.url, body={"item": item, **more})
    return Answer(probe=probe, at=ports.now(), said=said, exchanges=heard.exchanges)


async def _contents(
    name: str, ports: Ports
) -> tuple[Mapping[str, Json] | Failure, tuple[ExchangeId, ...]]:
    """Return which videos of a playlist are dead, as far as it was looked at; {} if unreadable.

    Those that look dead are asked after, for a stream to come has no day of publishing either.
    """
    entries: list[Json] = []
    evidence: tuple[ExchangeId, ...] = ()
    wanted: dict[str, Json] = {"playlistId": name, "maxResults": PAGE, "fields": _ENTRY_FIELDS}
    for _ in range(MOST_PAGES):
        call = _call("playlistItems", {**wanted, "part": _PARTS["playlistItems"]})
        ((said, more),) = await ports.google([call])
        evidence += more
        if isinstance(said, Failure):
            return said, evidence
        entries += items_at(said, "items")[:PAGE]
        wanted["pageToken"] = text_at(said, "nextPageToken") or ""
        if not wanted["pageToken"]:
            break
    suspects = [entry for entry in entries if _looks_dead(entry)]
    alive: set[str] = set()
    for start in range(0, len(suspects), PAGE):
        ids = [text_at(s, *_VIDEO) or "" for s in suspects[start : start + PAGE]]
        there = await _listed(ports, _by_id("videos", ids, "pageInfo,items(id)"))
        evidence += there.exchanges
        if there.items is None:
            return (there.said if isinstance(there.said, Failure) else {}), evidence
        alive |= there.items.keys()
    dead = [s for s in suspects if text_at(s, *_VIDEO) not in alive]
    named: list[Json] = [_named(entry) for entry in dead[:MOST_NAMED]]
    return {"looked_at": len(entries), "items_dead": len(dead), "dead": named}, evidence


def _looks_dead(entry: Json) -> bool:
    if text_at(entry, *_VIDEO) is None:
        return False
    unpublished = text_at(entry, "contentDetails", "videoPublishedAt") is None
    return unpublished or text_at(entry, "status", "privacyStatus") in _DEAD


def _named(entry: Json) -> str:
    """Return an entry in words: "3: Deleted video (0bMe_vCZo30)"."""
    place = number_at(entry, "snippet", "position")
    number = f"{place + 1}: " if place is not None else ""
    title = (text_at(entry, "snippet", "title") or "a video")[:100]
    return f"{number}{title} ({(text_at(entry, *_VIDEO) or '')[:11]})"
