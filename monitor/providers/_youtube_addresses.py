"""What on YouTube an address names: a video, its picture, a list, a channel; also wrapped ones.

Shapes: reference/providers.md A1. Pure; nothing is asked. Listings (/results, /hashtag, /feed,
/source/…/shorts) are plain pages there, and left to the web provider.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from monitor.core.model import Resource, ResourceId, Url
from monitor.core.urls import UrlParts, normalise, split

HOME = "https://www.youtube.com"
MUSIC = "https://music.youtube.com"
PICTURES = "https://i.ytimg.com"

_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtubekids.com")
_SHORT_HOSTS = frozenset({"youtu.be", "y2u.be"})
_OTHER_HOSTS = frozenset(
    f"{name}.youtube.com"
    for name in ("accounts", "artists", "charts", "help", "img", "studio", "support", "tv")
)
"""Hosts of YouTube's where a first path word is no channel's name: they are plain pages."""

_PICTURE_HOST = re.compile(r"img\.youtube\.com|i\d?\.ytimg\.com")
_PICTURE = re.compile(r"/(vi(?:_webp)?/[0-9A-Za-z_-]{11}/[\w.-]{1,100})", re.ASCII)

_NO_CHANNELS = (
    "channel c user playlist watch w v embed e live watch_popup clip shorts movies? results search"
    " shared hashtag trending explore feeds? browse oembed get_video_info iframe_api s player"
    " source storefront oops index account t terms about upload signin logout redirect"
    " attribution_link premium gaming music kids creators ads howyoutubeworks yt post tv"
).replace(" ", "|")

_SHAPES = tuple(
    (kind, re.compile(shape))
    for kind, shape in (
        ("wrapper", r"/attribution_link\?(?:.*&)?(u)="),
        ("wrapper", r"/redirect\?(?:.*&)?(q)="),
        ("truncated", r"/(attribution_link|redirect)(?=[?/]|$)"),
        ("video", r"/(?:watch(?:_popup|\.php)?|movie)?/?[?#](?:.*?[&;!?#])?v=([^&#]+)"),
        ("playlist", r"/(?:watch|playlist|embed(?:/videoseries)?)/?\?(?:.*&)?list=([\w-]+)"),
        ("channel", r"/embed/live_stream\?(?:.*&)?(channel=UC[\w-]{22})"),
        ("video", r"/(?:embed|v|e|shorts|live|watch)/(?!videoseries|live_stream)([^/?#]+)"),
        ("truncated", r"/(watch(?:_popup|\.php)?)/?(?=[?#]|$)"),
        ("clip", r"/(clip/[\w-]+)"),
        ("channel", r"/(channel/[\w-]+)"),
        ("channel", r"/((?:c|user)/[^/?#]+)"),
        ("channel", rf"/(?!(?:{_NO_CHANNELS})(?:[/?#]|$))(@?[\w%.-]{{1,200}})(?=[/?#]|$)"),
    )
)
"""Paths on YouTube's own hosts, with query and fragment; the first that fits says the kind."""

_MUSIC_SHAPES = tuple(
    (kind, re.compile(shape))
    for kind, shape in (
        ("playlist", r"/browse/VL([\w-]+)"),
        ("album", r"/(browse/MPRE[\w-]+)"),
        ("channel", r"/browse/(UC[\w-]{22})(?=[/?#]|$)"),
    )
)
"""Paths on music.youtube.com alone: lists, albums and artists under the names of its own code."""

_VIDEO_ID = re.compile(r"[0-9A-Za-z_-]{11}")
_PLAYLIST_ID = re.compile(r"(?:PL|LL|EC|UU|FL|RD|UL|TL|PU|OLAK5uy_)[\w-]{10,}|RDMM|WL|LL|LM")
_CHANNEL_ID = re.compile(r"^(?:channel[/=])?(UC[\w-]{22})$")
_LASTING_LIST = re.compile(r"(?:PL|OLAK5uy_|UU)[\w-]{10,100}", re.ASCII)
"""Lists that people or channels made; mixes, temporary and personal lists are left out."""

WANTED = frozenset({"duration", "plays"})
"""What is looked up for a link that starts at a second: whether it plays, and how long."""

LIST_NEED = "list:"
"""What stands before a playlist's id in a video's needs."""

_TIMES = (
    re.compile(
        r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})(?:\.\d{1,9})?s?)?", re.ASCII | re.IGNORECASE
    ),
    re.compile(r"(?:(\d{1,9}):)?(\d{1,9}):(\d{1,9})(?:\.\d{1,9})?", re.ASCII),
)
_STARTS, _ENDS = ("t", "start", "time_continue"), ("end",)
"""The parameters that name the second at which a link starts, or ends."""

_MOST_WRAPPERS = 5


def resource_of(url: Url, depth: int = _MOST_WRAPPERS) -> Resource | None:
    """Return the resource that an address names, or None for listings and other sites.

    At most `depth` wrappers are unpacked. A video's `needs` are facts that a link to it wants.
    A playlist's or channel's id that is none, or lost its end, names something too: its page
    answers 200, and tells only in words that there is no such thing.
    """
    parts = split(url)
    kind, name = _shape(url, parts)
    if kind == "wrapper":
        return _unwrapped(parts.first(name), url, depth)
    if kind == "truncated":
        return _resource("truncated", url, url)
    return _MADE[kind](name, parts) if kind else None


def innermost(url: Url) -> Url:
    """Return the address that wrappers hold, or the address itself."""
    for _ in range(_MOST_WRAPPERS):
        kind, name = _shape(url, split(url))
        target = split(url).first(name) if kind == "wrapper" else None
        wrapped = normalise(target, Url(f"{HOME}/")) if target else None
        if wrapped is None:
            break
        url = wrapped
    return url


def _shape(url: Url, parts: UrlParts) -> tuple[str, str]:
    """Return the kind that an address has by its looks, and its name; "" for others' pages."""
    address = url.partition("://")[2].partition("/")[2]
    if parts.host in _SHORT_HOSTS and address and not address.startswith("watch"):
        return "video", address.partition("?")[0].partition("#")[0]
    if parts.is_web and parts.port is None and _PICTURE_HOST.fullmatch(parts.host):
        picture = _PICTURE.fullmatch(parts.path)
        return ("thumbnail", picture.group(1)) if picture else ("", "")
    googles = parts.host == "youtube.googleapis.com" and address.startswith("v/")
    if not parts.is_web or parts.host in _OTHER_HOSTS or not (_is_ours(parts.host) or googles):
        return "", ""
    if parts.host.startswith("consent."):
        return "wrapper", "continue"
    shapes = _MUSIC_SHAPES if parts.host == "music.youtube.com" else ()
    found = ((kind, shape.match(f"/{address}")) for kind, shape in (*shapes, *_SHAPES))
    return next(((kind, match.group(1)) for kind, match in found if match), ("", ""))


def _is_ours(host: str) -> bool:
    return host in _SHORT_HOSTS or any(host == h or host.endswith(f".{h}") for h in _HOSTS)


def _unwrapped(target: str | None, url: Url, depth: int) -> Resource | None:
    wrapped = normalise(target, Url(f"{HOME}/")) if target else None
    if wrapped is None or not depth:
        return _resource("truncated", url, url)
    within = resource_of(wrapped, depth - 1)
    if within is not None or _is_ours(split(wrapped).host):
        return within
    return _resource("redirect", wrapped, f"{HOME}/redirect?q={quote(wrapped, safe='')}")


def _video(written: str, parts: UrlParts) -> Resource:
    """Return the video of an id; as in yt-dlp, what follows its 11 characters is dropped."""
    found = _VIDEO_ID.match(written)
    if found is None:
        return _resource("truncated", written, f"{HOME}/watch?v={quote(written, safe='%')}")
    video = _resource("video", found.group(), f"{HOME}/watch?v={found.group()}")
    needs = WANTED if start_of(parts) or end_of(parts) else frozenset()
    beside = list_of(parts)
    return replace(video, needs=needs | ({LIST_NEED + beside} if beside else frozenset()))


def _thumbnail(name: str, parts: UrlParts) -> Resource:
    """Return the picture of a path; what stands behind it may ask for another size (sqp=)."""
    name += f"?{parts.search}" if parts.search else ""
    return _resource("thumbnail", name, f"{PICTURES}/{name}")


def _album(name: str, _parts: UrlParts) -> Resource:
    return _resource("album", name.removeprefix("browse/"), f"{MUSIC}/{name}")


def _clip(name: str, _parts: UrlParts) -> Resource:
    return _resource("clip", name.removeprefix("clip/"), f"{HOME}/{name}")


def _channel(name: str, _parts: UrlParts) -> Resource:
    """Return the channel of a path; only a whole id is asked for in the cheaper ways."""
    whole = _CHANNEL_ID.search(name)
    if whole is None:
        return _resource("channel", name, f"{HOME}/{name}")
    return _resource("channel", whole.group(1), f"{HOME}/channel/{whole.group(1)}")


def _playlist(name: str, parts: UrlParts) -> Resource | None:
    """Return the playlist of an id; a player's list may be a search or a user, which is none."""
    if _PLAYLIST_ID.fullmatch(name):
        return _resource("playlist", name, f"{HOME}/playlist?list={name}")
    if parts.path.startswith("/embed"):
        return None
    return _resource("playlist", name, f"{HOME}/playlist?list={name}", start="youtube:list:")


def _resource(kind: str, name: str, url: str, start: str = "") -> Resource:
    id_ = ResourceId(f"{start or f'youtube:{kind}:'}{name}")
    return Resource(id=id_, provider="youtube", kind=kind, url=Url(url))


_MADE: Mapping[str, Callable[[str, UrlParts], Resource | None]] = {
    "album": _album,
    "channel": _channel,
    "clip": _clip,
    "playlist": _playlist,
    "thumbnail": _thumbnail,
    "video": _video,
}


def list_of(parts: UrlParts) -> str | None:
    """Return the playlist that a link to a video names beside it, if it is one that can be gone."""
    named = parts.first("list") or ""
    return named if _LASTING_LIST.fullmatch(named) else None


def start_of(parts: UrlParts) -> int | None:
    """Return the second at which a link starts ("90", "90s", "1h2m3s", "1:30"), or None.

    It stands in t=, start= or time_continue=, or in a fragment (#t=90).
    """
    fragment = parts.fragment.partition("&")[0]
    behind = fragment.removeprefix("t=") if fragment.startswith("t=") else ""
    return _second(parts, _STARTS, behind)


def end_of(parts: UrlParts) -> int | None:
    """Return the second at which a link to a player ends (end=), or None."""
    return _second(parts, _ENDS)


def _second(parts: UrlParts, names: Sequence[str], behind: str = "") -> int | None:
    """Return the second in the first parameter that names one, or behind the hash."""
    # An "&" that was written as an entity twice leaves "amp;" before the next name.
    written = [parts.first(start + name) for name in names for start in ("", "amp;")]
    for text in (*written, behind):
        found = [shape.fullmatch(text) for shape in _TIMES] if text else []
        for match in filter(None, found):
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return hours * 3600 + minutes * 60 + seconds
    return None
