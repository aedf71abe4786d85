"""YouTube's Data API v3 over the state of youtube.py: videos, playlists, their items, channels.

State: `[youtube]` with `quota` (units left today, 10,000; each call costs one). An item that a
state does not have (private, deleted …) is silently absent.
Source of the facts: providers.md A3 of the project's reference. What the items of deleted and
private videos in a playlist are called is general knowledge.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.world.google_envelope import Caller, Refused, error, masked, parameters
from tests.world.wire import Asked, Reply, as_json, complaint
from tests.world.youtube_states import STATES, Channel, Playlist, channels_of, playlists_of

MOST_IDS = 50
"""How many ids one call may name, and the largest page."""

_PARTS: Mapping[str, frozenset[str]] = {
    "videos": frozenset(
        [
            "contentDetails",
            "id",
            "liveStreamingDetails",
            "localizations",
            "player",
            "recordingDetails",
            "snippet",
            "statistics",
            "status",
            "topicDetails",
        ]
    ),
    "playlists": frozenset(
        ["contentDetails", "id", "localizations", "player", "snippet", "status"]
    ),
    "playlistItems": frozenset(["contentDetails", "id", "snippet", "status"]),
    "channels": frozenset(
        [
            "brandingSettings",
            "contentDetails",
            "id",
            "localizations",
            "snippet",
            "statistics",
            "status",
            "topicDetails",
        ]
    ),
}
_PARAMETERS = {
    "videos": {"part", "id", "hl", "maxResults"},
    "playlists": {"part", "id", "hl", "maxResults", "pageToken", "channelId"},
    "playlistItems": {"part", "playlistId", "maxResults", "pageToken", "videoId"},
    "channels": {"part", "id", "forHandle", "forUsername", "hl", "maxResults", "pageToken"},
}
_LIVE = {"upcoming": "upcoming", "now": "live"}


class YouTubeApi:
    """The four lists; who asks is known by then."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._videos: Mapping[str, Mapping[str, Any]] = state.get("videos", {})
        self._channels = channels_of(state)
        self._playlists = playlists_of(state)
        self._left = int(state.get("quota", 10_000))

    def answer(self, who: Caller, collection: str, asked: Asked) -> Reply:
        """Return what a list says; each call takes one unit off the quota."""
        lists: Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]] = {
            "videos": self._list_videos,
            "playlists": self._list_playlists,
            "playlistItems": self._list_items,
            "channels": self._list_channels,
        }
        if collection not in lists:
            return complaint(f"the collection {collection}")
        query = parameters(asked, _PARAMETERS[collection])
        if self._left <= 0:
            return error("quotaExceeded")
        self._left -= 1
        parts = query.get("part", "").split(",")
        if not parts[0] or set(parts) - _PARTS[collection]:
            return complaint(f"{collection} with part={','.join(parts)}")
        listed = lists[collection](query)
        kept = {"kind", "etag", "id", *parts}
        listed["items"] = [
            {name: value for name, value in item.items() if name in kept}
            for item in listed["items"]
        ]
        if collection == "channels" and not listed["items"]:
            del listed["items"]  # channels.list leaves the name out where it has nothing
        return as_json(masked(listed, query.get("fields")))

    def _list_videos(self, query: Mapping[str, str]) -> dict[str, Any]:
        ids = _ids(query)
        there = [id_ for id_ in dict.fromkeys(ids) if self._has(id_)]
        return _list("videoList", [self._video(id_, query.get("hl", "")) for id_ in there])

    def _has(self, id_: str) -> bool:
        return id_ in self._videos and STATES[self._videos[id_].get("state", "public")].listed

    def _video(self, id_: str, language: str) -> dict[str, Any]:
        known = self._videos[id_]
        title = str(known.get("title", f"Lecture {id_}"))
        localized = known.get("title_en", title) if language == "en" else title
        state = known.get("state", "public")
        live = STATES[state].live
        content: dict[str, Any] = {
            "duration": _duration(0 if live in _LIVE else int(known.get("seconds", 3600))),
            "dimension": "2d",
            "definition": "hd",
            "caption": "false",
            "licensedContent": False,
            "contentRating": {"ytRating": "ytAgeRestricted"} if state == "age" else {},
            "projection": "rectangular",
        }
        if state == "region":
            content["regionRestriction"] = {"allowed": ["DE", "FR"]}
        elif "blocked_in" in known:
            content["regionRestriction"] = {"blocked": known["blocked_in"]}
        item: dict[str, Any] = {
            "snippet": {
                "publishedAt": "2020-02-03T08:00:00Z",
                "channelId": known.get("channel_id", "UCSomebodys_Channel_Id_0"),
                "title": title,
                "localized": {"title": localized, "description": ""},
                "description": "",
                "thumbnails": _thumbnails(id_),
                "channelTitle": known.get("channel", "Somebody"),
                "liveBroadcastContent": _LIVE.get(live, "none"),
            },
            "contentDetails": content,
            "status": {
                "uploadStatus": "processed",
                "privacyStatus": "unlisted" if state == "unlisted" else "public",
                "license": "youtube",
                "embeddable": state != "no-embed",
                "publicStatsViewable": True,
                "madeForKids": False,
            },
            "statistics": {"viewCount": "1234", "favoriteCount": "0"},
        }
        if live == "upcoming":
            item["liveStreamingDetails"] = {"scheduledStartTime": "2030-01-01T10:00:00Z"}
        elif live == "now":
            item["liveStreamingDetails"] = {"actualStartTime": "2026-01-01T10:00:00Z"}
        elif live == "over":
            item["liveStreamingDetails"] = {
                "actualStartTime": "2026-01-01T10:00:00Z",
                "actualEndTime": "2026-01-01T11:00:00Z",
            }
        return _item("video", id_, item)

    def _list_playlists(self, query: Mapping[str, str]) -> dict[str, Any]:
        there = [id_ for id_ in dict.fromkeys(_ids(query)) if self._seen(id_)]
        return _list("playlistList", [self._playlist(id_) for id_ in there])

    def _seen(self, id_: str) -> bool:
        return id_ in self._playlists and self._playlists[id_].state == "public"

    def _playlist(self, id_: str) -> dict[str, Any]:
        known = self._playlists[id_]
        snippet = {
            "publishedAt": "2020-02-03T08:00:00Z",
            "channelId": "UCSomebodys_Channel_Id_0",
            "title": known.title,
            "description": "",
            "thumbnails": {},
            "channelTitle": "Somebody",
        }
        return _item(
            "playlist",
            id_,
            {
                "snippet": snippet,
                "status": {"privacyStatus": "public"},
                "contentDetails": {"itemCount": len(known.items)},
            },
        )

    def _list_items(self, query: Mapping[str, str]) -> dict[str, Any]:
        known = self._playlists.get(query.get("playlistId", ""), Playlist(title="", state="gone"))
        if known.state == "private":
            raise Refused(reply=error("playlistItemsNotAccessible"))
        if known.state != "public":
            raise Refused(reply=error("playlistNotFound"))
        size = int(query.get("maxResults", "5"))
        if not 0 <= size <= MOST_IDS:
            raise Refused(reply=complaint(f"maxResults={size}"))
        start = int(query.get("pageToken", "PAGE0").removeprefix("PAGE"))
        page = known.items[start : start + size]
        listed = _list(
            "playlistItemList", [self._entry(id_, start + n) for n, id_ in enumerate(page)]
        )
        listed["pageInfo"] = {"totalResults": len(known.items), "resultsPerPage": size}
        if start + size < len(known.items):
            listed["nextPageToken"] = f"PAGE{start + size}"
        return listed

    def _entry(self, video: str, position: int) -> dict[str, Any]:
        state = self._videos.get(video, {"state": "deleted"}).get("state", "public")
        listed = STATES[state].listed
        lost = "Private video" if state == "private" else "Deleted video"
        title = self._videos.get(video, {}).get("title", f"Lecture {video}") if listed else lost
        privacy = "public" if listed else "privacyStatusUnspecified"
        details: dict[str, Any] = {"videoId": video}
        if listed:
            details["videoPublishedAt"] = "2020-02-03T08:00:00Z"
        return _item(
            "playlistItem",
            f"UEx{position}{video}",
            {
                "snippet": {
                    "title": title,
                    "position": position,
                    "resourceId": {"kind": "youtube#video", "videoId": video},
                    "thumbnails": _thumbnails(video) if listed else {},
                },
                "contentDetails": details,
                "status": {"privacyStatus": "private" if state == "private" else privacy},
            },
        )

    def _list_channels(self, query: Mapping[str, str]) -> dict[str, Any]:
        asked = [name for name in ("id", "forHandle", "forUsername") if query.get(name)]
        if len(asked) != 1:
            raise Refused(reply=complaint(f"channels by {' and '.join(asked) or 'nothing'}"))
        names = {
            "id": lambda: _ids(query),
            "forHandle": lambda: [f"@{query['forHandle'].removeprefix('@')}".lower()],
            "forUsername": lambda: [query["forUsername"]],
        }[asked[0]]()
        found = [self._channels[name] for name in dict.fromkeys(names) if name in self._channels]
        alive = [channel for channel in found if channel.state == "public"]
        return _list("channelList", [_channel(each) for each in alive])


def _channel(known: Channel) -> dict[str, Any]:
    return _item(
        "channel",
        known.id,
        {
            "snippet": {
                "title": known.title,
                "localized": {"title": known.title, "description": ""},
                "description": "",
                "thumbnails": {},
            },
            "contentDetails": {"relatedPlaylists": {"uploads": f"UU{known.id[2:]}"}},
            "status": {"privacyStatus": "public", "isLinked": True},
            "statistics": {"videoCount": "12", "viewCount": "1234"},
        },
    )


def _ids(query: Mapping[str, str]) -> Sequence[str]:
    ids = query.get("id", "").split(",")
    if not ids[0] or len(ids) > MOST_IDS:
        raise Refused(reply=complaint(f"{len(ids) if ids[0] else 0} ids in a call"))
    return ids


def _list(kind: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": f"youtube#{kind}Response",
        "etag": _etag(kind, str(items)),
        "items": items,
        "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)},
    }


def _item(kind: str, id_: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": f"youtube#{kind}", "etag": _etag(kind, id_), "id": id_, **parts}


def _etag(*words: str) -> str:
    return hashlib.sha1("".join(words).encode(), usedforsecurity=False).hexdigest()[:27]


def _thumbnails(id_: str) -> dict[str, Any]:
    url = f"https://i.ytimg.com/vi/{id_}/default.jpg"
    return {"default": {"url": url, "width": 120, "height": 90}}


def _duration(seconds: int) -> str:
    if seconds == 0:
        return "P0D"
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "H"), (minutes, "M"), (left, "S"))
    return "PT" + "".join(f"{n}{unit}" for n, unit in parts if n)
