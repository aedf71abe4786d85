"""What on YouTube an address names: a video, a list, a channel, a clip; also wrapped ones.

Shapes: reference/providers.md A1. Pure; nothing is asked.
"""

import re
from dataclasses import replace
from urllib.parse import quote

from monitor.core.model import Resource, ResourceId, Url
from monitor.core.urls import UrlParts, normalise, split

HOME = "https://www.youtube.com"

_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtubekids.com")
_SHORT_HOSTS = frozenset({"youtu.be", "y2u.be"})
_IMAGE_HOSTS = frozenset({"img.youtube.com"})
"""Their images are judged as images, by the web provider: one may outlive its video."""

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
        ("channel", r"/(channel/UC[\w-]{22})"),
        ("channel", r"/((?:c|user)/[^/?#]+)"),
        ("channel", rf"/(?!(?:{_NO_CHANNELS})(?:[/?#]|$))(@?[\w%.-]{{1,200}})(?=[/?#]|$)"),
    )
)
"""Paths on YouTube's own hosts, with query and fragment; the first that fits says the kind."""

_VIDEO_ID = re.compile(r"[0-9A-Za-z_-]{11}")
_PLAYLIST_ID = re.compile(r"(?:PL|LL|EC|UU|FL|RD|UL|TL|PU|OLAK5uy_)[\w-]{10,}|RDMM|WL|LL|LM")
_LASTING_LIST = re.compile(r"(?:PL|OLAK5uy_|UU)[\w-]{10,100}", re.ASCII)
"""Lists that people or channels made; mixes, temporary and personal lists are left out."""

WANTED = frozenset({"duration", "plays"})
"""What is looked up for a link that starts at a second: whether it plays, and how long."""

LIST_NEED = "list:"
"""What stands before a playlist's id in a video's needs."""

_SECONDS = re.compile(r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s?)?", re.ASCII)
_MOST_WRAPPERS = 5


def resource_of(url: Url, depth: int = _MOST_WRAPPERS) -> Resource | None:
    """Return the resource that an address names, or None for listings, images, other sites.

    At most `depth` wrappers are unpacked. A video's `needs` are facts that a link to it wants.
    """
    parts = split(url)
    kind, name = _shape(url, parts)
    if kind == "wrapper":
        return _unwrapped(parts.first(name), url, depth)
    if kind == "truncated":
        return _resource("truncated", url, url)
    if kind == "video":
        return _video(name, parts)
    if not kind or (kind == "playlist" and not _PLAYLIST_ID.fullmatch(name)):
        return None
    name = name.replace("channel=", "channel/")
    path = f"playlist?list={name}" if kind == "playlist" else name
    return _resource(kind, re.sub(r"^(?:channel|clip)/", "", name), f"{HOME}/{path}")


def _shape(url: Url, parts: UrlParts) -> tuple[str, str]:
    """Return the kind that an address has by its looks, and its name; "" for others' pages."""
    address = url.partition("://")[2].partition("/")[2]
    if parts.host in _SHORT_HOSTS and address and not address.startswith("watch"):
        return "video", address.partition("?")[0].partition("#")[0]
    googles = parts.host == "youtube.googleapis.com" and address.startswith("v/")
    if not parts.is_web or parts.host in _IMAGE_HOSTS or not (_is_ours(parts.host) or googles):
        return "", ""
    if parts.host.startswith("consent."):
        return "wrapper", "continue"
    found = ((kind, shape.match(f"/{address}")) for kind, shape in _SHAPES)
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
    needs = WANTED if start_of(parts) else frozenset()
    beside = list_of(parts)
    return replace(video, needs=needs | ({LIST_NEED + beside} if beside else frozenset()))


def _resource(kind: str, name: str, url: str) -> Resource:
    id_ = ResourceId(f"youtube:{kind}:{name}")
    return Resource(id=id_, provider="youtube", kind=kind, url=Url(url))


def list_of(parts: UrlParts) -> str | None:
    """Return the playlist that a link to a video names beside it, if it is one that can be gone."""
    named = parts.first("list") or ""
    return named if _LASTING_LIST.fullmatch(named) else None


def start_of(parts: UrlParts) -> int | None:
    """Return the second at which a link starts ("90", "90s", "1h2m3s"), or None."""
    fragment = parts.fragment.removeprefix("t=") if parts.fragment.startswith("t=") else ""
    written = parts.first("t") or parts.first("start") or parts.first("amp;t") or fragment
    found = _SECONDS.fullmatch(written)
    if found is None or not written:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds
