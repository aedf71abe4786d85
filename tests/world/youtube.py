"""YouTube: oEmbed, watch pages that the real yt-dlp reads, the player's API, feeds, thumbnails.

State: `[youtube.videos.<id>]` with `state` (a key of youtube_states.STATES, default "public"),
`title`, `title_en` (its translation, for who asks in English), `seconds`, `channel`, `blocked_in`
(countries, as the Data API tells them), `says` and `says_more` (other words, or another language,
for reason and subreason), `pictures` (which files of its pictures are there);
`[youtube.channels]`, id or handle = title or {title, state, names (others of it)};
`[youtube.playlists]`, id = title or {title, state, items (ids of videos)};
`[youtube.clips]`, id = the video's; `[youtube.albums]`, id = title. What is not named was deleted.
Source of the facts: providers.md A2 and A4 of the project's reference. How an album's page looks
is not known: this one answers 200 for all, and names those that are there.
"""

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.world.wire import Asked, Reply, as_json, html, page, redirect, text
from tests.world.youtube_states import (
    CHANNEL_ALERTS,
    PLAYLIST_ALERTS,
    STATES,
    channels_of,
    playlists_of,
)

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
            "consent.youtube.com",
            "youtubei.googleapis.com",
            "i.ytimg.com",
            "img.youtube.com",
        }
    )

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._videos: Mapping[str, Mapping[str, Any]] = state.get("videos", {})
        self._channels = channels_of(state)
        self._playlists = playlists_of(state)
        self._clips: Mapping[str, str] = state.get("clips", {})
        self._albums: Mapping[str, str] = state.get("albums", {})
        wrong = [
            v["state"] for v in self._videos.values() if v.get("state", "public") not in STATES
        ]
        if wrong:
            raise ValueError(f"no such state of a video: {wrong}")

    def answer(self, asked: Asked) -> Reply:
        """Return what YouTube says."""
        match asked.host, asked.segments:
            case _, ("attribution_link",):
                return redirect(f"https://www.youtube.com{asked.query.get('u', '/')}", 303)
            case _, ("redirect",):
                return redirect(asked.query.get("q", "/"), 302)
            case "consent.youtube.com", _:
                return html(page("Before you continue to YouTube"))
            case "youtu.be", (video,):
                return redirect(f"https://www.youtube.com/watch?v={video}&feature=youtu.be", 303)
            case "i.ytimg.com" | "img.youtube.com", (_, video, *rest):
                return self._thumbnail(video, "".join(rest))
            case "youtube.com" | "m.youtube.com", _:
                return redirect(f"https://www.youtube.com{asked.target}", 301)
            case _, ("youtubei", "v1", *method):
                return self._player(asked) if method == ["player"] else as_json({})
        return self._shown(asked)

    def _shown(self, asked: Asked) -> Reply:
        match asked.host, asked.segments:
            case _, ("embed", "videoseries"):
                return self._playlist(asked.query.get("list", ""))
            case _, ("embed" | "shorts" | "live" | "v" | "e", video, *_):
                return self._watch(video)
            case "music.youtube.com", ("browse", name):
                album = self._albums.get(name)
                return html(page(f"{escape(album)} - YouTube Music" if album else "YouTube Music"))
            case _, ("clip", clip):
                known = self._clips.get(clip)
                return self._watch(known) if known else html(page("404 Not Found"), 404)
        return self._page(asked)

    def _page(self, asked: Asked) -> Reply:
        first, second = (*asked.segments, "", "")[:2]
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
            return self._channel(first.lower() if first.startswith("@") else second)
        return html(page("404 Not Found"), 404)

    def _oembed(self, url: str) -> Reply:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        if parts.path == "/playlist":
            return self._playlist_oembed(query.get("list", [""])[0])
        last = parts.path.rstrip("/").rpartition("/")[2]
        video = query.get("v", [last])[0]
        if not VIDEO_ID.fullmatch(video):
            return text("Bad Request", 400)
        known = self._videos.get(video, {"state": "deleted"})
        state = STATES[known.get("state", "public")]
        status = known.get("oembed", state.oembed)
        if status == 200 and not state.listed:  # the older shape: no JSON, and yet 200
            return text(_OEMBED_BODIES[state.oembed])
        if status != 200:
            return text(_OEMBED_BODIES[status], status)
        return as_json(_oembed_item(video, _title(video, known), known.get("channel", "Somebody")))

    def _playlist_oembed(self, id_: str) -> Reply:
        known = self._playlists.get(id_)
        if known is None or known.state != "public":
            status = 403 if known is not None and known.state == "private" else 404
            return text(_OEMBED_BODIES[status], status)
        return as_json(_oembed_item(id_, known.title, "Somebody", "videoseries?list="))

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
        reason, more = known.get("says", said.reason), known.get("says_more", said.subreason)
        if reason:
            playability["reason"] = reason
            playability["errorScreen"] = {
                "playerErrorMessageRenderer": {
                    "reason": {"simpleText": reason},
                    **({"subreason": {"simpleText": more}} if more else {}),
                }
            }
        if said.offer:
            offer = {"offerId": said.offer, "offerDescription": reason}
            playability["errorScreen"] = {"playerLegacyDesktopYpcOfferRenderer": offer}
        if said.live in {"upcoming", "now"}:
            slate = {"scheduledStartTime": "1893492000"}
            offline = {"offlineSlate": {"liveStreamOfflineSlateRenderer": slate}}
            more_live = offline if said.live == "upcoming" else {}
            renderer = {"videoId": video, "pollDelayMs": "15000", **more_live}
            playability["liveStreamability"] = {"liveStreamabilityRenderer": renderer}
        if said.message:
            playability["messages"] = [said.message]
        response: dict[str, Any] = {"playabilityStatus": playability}
        if not said.shown:
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
            "isLiveContent": bool(said.live),
            "isUpcoming": said.live == "upcoming",
            **({"isLive": True} if said.live == "now" else {}),
        }
        response["microformat"] = {
            "playerMicroformatRenderer": {
                "title": {"simpleText": known.get("title_en", _title(video, known))},
                "lengthSeconds": str(seconds),
                "isUnlisted": state == "unlisted",
                "isFamilySafe": True,
                "availableCountries": ["DE", "FR"]
                if state == "region"
                else ["DE", "FR", "IT", "US"],
                "publishDate": "2020-02-03T00:00:00-08:00",
                "uploadDate": "2020-02-03T00:00:00-08:00",
                **({"liveBroadcastDetails": _broadcast(said.live)} if said.live else {}),
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

    def _thumbnail(self, video: str, file: str) -> Reply:
        known = self._videos.get(video, {"state": "deleted"})
        # Living videos may lack the two largest; a missing one is a 404 with a small picture.
        made = STATES[known.get("state", "public")].status != "ERROR"
        usual = made and not file.startswith(("maxres", "sd"))
        alive = file in known["pictures"] if "pictures" in known else usual
        image = (("Content-Type", "image/jpeg"),)
        return Reply(status=200 if alive else 404, headers=image, body=b"\xff\xd8\xff\xd9")

    def _feed(self, channel: str) -> Reply:
        known = self._channels.get(channel)
        if known is None or known.state != "public":
            return html(page("Error 404 (Not Found)!!1"), 404)
        title = escape(known.title)
        feed = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title></feed>'
        return Reply(headers=(("Content-Type", "text/xml; charset=UTF-8"),), body=feed.encode())

    def _channel(self, name: str) -> Reply:
        known = self._channels.get(name)
        if known is not None and known.state == "public":
            return html(page(f"{escape(known.title)} - YouTube"))
        if known is not None or name.startswith("UC"):  # only names and handles answer 404
            return html(_alert(CHANNEL_ALERTS[known.state if known is not None else "gone"]))
        return html(page("404 Not Found"), 404)

    def _playlist(self, id_: str) -> Reply:
        known = self._playlists.get(id_)
        if known is not None and known.state == "public":
            return html(page(f"{escape(known.title)} - YouTube"))
        return html(_alert(PLAYLIST_ALERTS[known.state if known is not None else "gone"]))


def _broadcast(live: str) -> dict[str, Any]:
    started = "2030-01-01T10:00:00+00:00" if live == "upcoming" else "2026-01-01T10:00:00+00:00"
    ended = {"endTimestamp": "2026-01-01T11:00:00+00:00"} if live == "over" else {}
    return {"isLiveNow": live == "now", "startTimestamp": started, **ended}


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
