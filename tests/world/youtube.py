"""YouTube: oEmbed, watch pages that the real yt-dlp reads, the player's API, feeds, thumbnails.

State: `[youtube.videos.<id>]` with `state` (a key of youtube_states.STATES, default "public"),
`title`, `seconds`, `channel`; `[youtube.channels]` and `[youtube.playlists]`, id or handle =
title. What is not named was deleted.
Source of the facts: providers.md A2 and A4 of the project's reference.
"""

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.world.wire import Asked, Reply, as_json, html, page, redirect, text
from tests.world.youtube_states import STATES

VIDEO_ID = re.compile(r"[0-9A-Za-z_-]{11}")


_OEMBED_BODIES = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}


class YouTube:
    """YouTube's hosts, over the videos of its state."""

    hosts = frozenset(
        {
            "www.youtube.com",
            "youtube.com",
            "m.youtube.com",
            "music.youtube.com",
            "youtu.be",
            "www.youtube-nocookie.com",
            "youtubei.googleapis.com",
            "i.ytimg.com",
            "img.youtube.com",
        }
    )

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._videos: Mapping[str, Mapping[str, Any]] = state.get("videos", {})
        self._channels: Mapping[str, str] = state.get("channels", {})
        self._playlists: Mapping[str, str] = state.get("playlists", {})
        wrong = [
            v["state"] for v in self._videos.values() if v.get("state", "public") not in STATES
        ]
        if wrong:
            raise ValueError(f"no such state of a video: {wrong}")

    def answer(self, asked: Asked) -> Reply:
        """Return what YouTube says."""
        match asked.host, asked.segments:
            case "youtu.be", (video,):
                return redirect(f"https://www.youtube.com/watch?v={video}&feature=youtu.be", 303)
            case "i.ytimg.com" | "img.youtube.com", (_, video, *_):
                return self._thumbnail(video)
            case "youtube.com" | "m.youtube.com", _:
                return redirect(f"https://www.youtube.com{asked.target}", 301)
            case _, ("youtubei", "v1", "player"):
                return self._player(asked)
            case _, ("youtubei", "v1", *_):
                return as_json({})
            case _, ("embed" | "shorts" | "live" | "v" | "e", video, *_):
                return self._watch(video)
        return self._page(asked)

    def _page(self, asked: Asked) -> Reply:
        first, last = (asked.segments or ("",))[0], (asked.segments or ("",))[-1]
        by_path = {
            "": lambda: html(page("YouTube")),
            "oembed": lambda: self._oembed(asked.query.get("url", "")),
            "watch": lambda: self._watch(asked.query.get("v", "")),
            "playlist": lambda: self._playlist(asked.query.get("list", "")),
            "feeds": lambda: self._feed(asked.query.get("channel_id", "")),
        }
        if first in by_path:
            return by_path[first]()
        if first.startswith("@") or first in {"channel", "c", "user"}:
            return self._channel(first if first.startswith("@") else last)
        return html(page("404 Not Found"), 404)

    def _oembed(self, url: str) -> Reply:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        if parts.path == "/playlist" and (title := self._playlists.get(query["list"][0])):
            return as_json(_oembed_item(query["list"][0], title, "Somebody", "videoseries?list="))
        last = parts.path.rstrip("/").rpartition("/")[2]
        video = query.get("v", [last])[0]
        if not VIDEO_ID.fullmatch(video):
            return text("Bad Request", 400)
        known = self._videos.get(video, {"state": "deleted"})
        status = STATES[known.get("state", "public")].oembed
        if status != 200:
            return text(_OEMBED_BODIES[status], status)
        return as_json(_oembed_item(video, _title(video, known), known.get("channel", "Somebody")))

    def _watch(self, video: str) -> Reply:
        response = self._response(video)
        shown = "videoDetails" in response
        title = _title(video, self._videos.get(video, {})) if shown else ""
        settings = {
            "INNERTUBE_API_KEY": "not-a-real-key",
            "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
            "INNERTUBE_CLIENT_VERSION": "2.20260101.00.00",
            "INNERTUBE_CONTEXT": {
                "client": {"clientName": "WEB", "clientVersion": "2.20260101.00.00", "hl": "en"}
            },
        }
        return html(
            f"<!DOCTYPE html><html><head><title>{escape(title)} - YouTube</title>"
            f'<meta property="og:title" content="{escape(title)}">'
            f"<script>ytcfg.set({_script(settings)});</script></head><body>"
            f"<script>var ytInitialPlayerResponse = {_script(response)};</script>"
            f"<script>var ytInitialData = {_script(_initial(title))};</script>"
            "</body></html>"
        )

    def _player(self, asked: Asked) -> Reply:
        try:
            video = json.loads(asked.body)["videoId"]
        except (ValueError, KeyError, TypeError):
            return as_json({"error": {"code": 400, "status": "INVALID_ARGUMENT"}}, 400)
        return as_json(self._response(video))

    def _response(self, video: str) -> dict[str, Any]:
        known = self._videos.get(video, {"state": "deleted"})
        state = known.get("state", "public")
        said = STATES[state]
        playability: dict[str, Any] = {"status": said.status}
        if said.status == "OK":
            playability["playableInEmbed"] = state != "no-embed"
        if said.reason:
            playability["reason"] = said.reason
            playability["errorScreen"] = {
                "playerErrorMessageRenderer": {
                    "reason": {"simpleText": said.reason},
                    **({"subreason": {"simpleText": said.subreason}} if said.subreason else {}),
                }
            }
        if said.message:
            playability["messages"] = [said.message]
        response: dict[str, Any] = {"playabilityStatus": playability}
        if said.status in {"ERROR", "LOGIN_REQUIRED"} and state != "age":
            return response
        seconds = int(known.get("seconds", 3600))
        response["videoDetails"] = {
            "videoId": video,
            "title": _title(video, known),
            "lengthSeconds": str(seconds),
            "channelId": "UC" + "Somebodys_Channel_Id_0"[:22],
            "author": known.get("channel", "Somebody"),
            "viewCount": "1234",
            "isPrivate": False,
            "isUnpluggedCorpus": False,
            "isLiveContent": state == "upcoming",
            "isUpcoming": state == "upcoming",
        }
        response["microformat"] = {
            "playerMicroformatRenderer": {
                "title": {"simpleText": _title(video, known)},
                "lengthSeconds": str(seconds),
                "isUnlisted": state == "unlisted",
                "isFamilySafe": True,
                "availableCountries": ["DE", "FR"]
                if state == "region"
                else ["DE", "FR", "IT", "US"],
                "publishDate": "2020-02-03T00:00:00-08:00",
                "uploadDate": "2020-02-03T00:00:00-08:00",
            }
        }
        if said.status == "OK":
            stream = {
                "itag": 18,
                "url": f"https://rr1.googlevideo.com/videoplayback?id={video}",
                "mimeType": 'video/mp4; codecs="avc1.42001E, mp4a.40.2"',
                "width": 640,
                "height": 360,
                "fps": 30,
                "qualityLabel": "360p",
                "contentLength": "1000",
            }
            response["streamingData"] = {"expiresInSeconds": "21540", "formats": [stream]}
        return response

    def _thumbnail(self, video: str) -> Reply:
        state = self._videos.get(video, {"state": "deleted"}).get("state", "public")
        alive = STATES[state].status != "ERROR"
        image = (("Content-Type", "image/jpeg"),)
        return Reply(status=200 if alive else 404, headers=image, body=b"\xff\xd8\xff\xd9")

    def _feed(self, channel: str) -> Reply:
        if channel not in self._channels:
            return html(page("Error 404 (Not Found)!!1"), 404)
        title = escape(self._channels[channel])
        feed = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title></feed>'
        return Reply(headers=(("Content-Type", "text/xml; charset=UTF-8"),), body=feed.encode())

    def _channel(self, name: str) -> Reply:
        if name in self._channels:
            return html(page(f"{escape(self._channels[name])} - YouTube"))
        if name.startswith("UC"):  # HTTP 200 with an alert; only names and handles answer 404
            return html(_alert("This channel does not exist."))
        return html(page("404 Not Found"), 404)

    def _playlist(self, id_: str) -> Reply:
        if id_ in self._playlists:
            return html(page(f"{escape(self._playlists[id_])} - YouTube"))
        return html(_alert("The playlist does not exist."))


def _title(video: str, known: Mapping[str, Any]) -> str:
    return str(known.get("title", f"Lecture {video}"))


def _oembed_item(id_: str, title: str, author: str, embed: str = "") -> dict[str, Any]:
    return {
        "title": title,
        "author_name": author,
        "author_url": f"https://www.youtube.com/@{author.replace(' ', '')}",
        "type": "video",
        "height": 113,
        "width": 200,
        "version": "1.0",
        "provider_name": "YouTube",
        "provider_url": "https://www.youtube.com/",
        "thumbnail_height": 360,
        "thumbnail_width": 480,
        "thumbnail_url": f"https://i.ytimg.com/vi/{id_}/hqdefault.jpg",
        "html": f'<iframe width="200" height="113" src="https://www.youtube.com/embed/{embed}{id_}"'
        ' frameborder="0" allowfullscreen></iframe>',
    }


def _initial(title: str) -> dict[str, Any]:
    primary = {"videoPrimaryInfoRenderer": {"title": {"runs": [{"text": title}]}}}
    secondary = {"videoSecondaryInfoRenderer": {"owner": {"videoOwnerRenderer": {}}}}
    contents = {"results": {"results": {"contents": [primary, secondary]}}}
    return {
        "contents": {"twoColumnWatchNextResults": contents},
        "engagementPanels": [],
        "frameworkUpdates": {},
    }


def _alert(words: str) -> str:
    renderer = {"alertRenderer": {"type": "ERROR", "text": {"runs": [{"text": words}]}}}
    data = _script({"alerts": [renderer]})
    return page("YouTube", f"<script>var ytInitialData = {data};</script>")


def _script(value: object) -> str:
    return json.dumps(value, separators=(",", ":")).replace("</", "<\\/")
