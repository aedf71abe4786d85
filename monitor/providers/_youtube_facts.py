"""What is told of a video, a list, a channel: the facts, and how services spell them."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from monitor.core.json_reading import dig, instant_at, items_at, number_at, text_at
from monitor.core.model import Json
from monitor.core.provider import Fact

FACTS: Mapping[str, Fact] = {
    "title": Fact(
        meaning="what it is called: videos and playlists in their owner's language, channels,"
        " albums and clips in English, as their pages are",
        source="Data API snippet.title (channels: snippet.localized.title), oEmbed title, yt-dlp"
        " title, the page's title",
        identity=True,
    ),
    "page_title": Fact(
        meaning="what a playlist's page calls it in English, where only the page could be asked",
        source="the page's title",
    ),
    "channel": Fact(
        meaning="whose it is, by the channel's name",
        source="Data API snippet.channelTitle, oEmbed author_name, yt-dlp channel",
        identity=True,
    ),
    "channel_url": Fact(
        meaning="where the channel is, and whom to ask",
        source="Data API snippet.channelId, oEmbed author_url, yt-dlp channel_id",
        unit="URL",
    ),
    "duration": Fact(
        meaning="how long the video is",
        source="Data API contentDetails.duration, watch page lengthSeconds, yt-dlp duration",
        unit="s",
        identity=True,
    ),
    "published": Fact(
        meaning="the day on which it was published, such as 2026-11-24",
        source="Data API snippet.publishedAt, watch page uploadDate, yt-dlp upload_date",
    ),
    "availability": Fact(
        meaning="who may see it: public, unlisted, or why not everybody",
        source="Data API status.privacyStatus, watch page isUnlisted, yt-dlp availability",
    ),
    "embeddable": Fact(
        meaning="whether other sites may show the player",
        source="Data API status.embeddable, oEmbed's 401, watch page playableInEmbed, yt-dlp"
        " playable_in_embed",
    ),
    "plays": Fact(
        meaning="that the player showed it without asking for money or an account",
        source="the watch page, read by yt-dlp or without it",
    ),
    "live": Fact(
        meaning="live, upcoming, or ended, where the video is or was a live stream or premiere",
        source="Data API snippet.liveBroadcastContent and liveStreamingDetails, watch page isLive,"
        " isUpcoming and isLiveContent, yt-dlp live_status",
    ),
    "starts": Fact(
        meaning="when an upcoming stream or premiere starts",
        source="Data API liveStreamingDetails.scheduledStartTime, watch page scheduledStartTime,"
        " yt-dlp release_timestamp",
        unit="ISO 8601",
    ),
    "blocked_in": Fact(
        meaning="the countries in which its owner does not let it be watched",
        source="Data API contentDetails.regionRestriction.blocked",
        unit="ISO 3166-1 alpha-2",
    ),
    "allowed_in": Fact(
        meaning="the only countries in which its owner lets it be watched",
        source="Data API contentDetails.regionRestriction.allowed, watch page availableCountries,"
        " yt-dlp countries",
        unit="ISO 3166-1 alpha-2",
    ),
    "items": Fact(
        meaning="how many videos a playlist holds",
        source="Data API contentDetails.itemCount",
    ),
    "items_dead": Fact(
        meaning="how many of those that were looked at nobody can watch any more",
        source="Data API playlistItems.list, and videos.list for those that look dead",
    ),
    "dead": Fact(
        meaning="which they are: place in the playlist, title, id; at most 20 are named",
        source="Data API playlistItems.list",
    ),
    "lists_gone": Fact(
        meaning="the playlists that links to the video name and that nobody can see",
        source="Data API playlists.list",
    ),
    "status": Fact(
        meaning="the HTTP status, where that was all the answer",
        source="oEmbed, the feed or the page",
    ),
}
"""Every fact that the provider gives."""

LONGEST_TITLE = 300
MOST_COUNTRIES = 250

_DURATION = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
_CHANNEL = re.compile(r"https?://www\.youtube\.com/(@?[\w%./-]{1,200})|(UC[\w-]{22})", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}")
_LIVE = {
    "is_live": "live",
    "is_upcoming": "upcoming",
    "was_live": "ended",
    "post_live": "ended",
    "live": "live",
    "upcoming": "upcoming",
}


def of_item(item: Json) -> dict[str, Json]:
    """Return the facts in an item of the Data API's videos, playlists or channels."""
    live = _LIVE.get(text_at(item, "snippet", "liveBroadcastContent") or "")
    if live is None and text_at(item, "liveStreamingDetails", "actualEndTime"):
        live = "ended"
    starts = instant_of(text_at(item, "liveStreamingDetails", "scheduledStartTime"))
    embeddable = dig(item, "status", "embeddable")
    restriction = dig(item, "contentDetails", "regionRestriction")
    return known(
        # Only channels' items hold a localized title: see _youtube_api.
        title=text_at(item, "snippet", "localized", "title") or text_at(item, "snippet", "title"),
        channel=text_at(item, "snippet", "channelTitle"),
        channel_url=channel_url(text_at(item, "snippet", "channelId")),
        # A stream that is not over has no length yet: "P0D".
        duration=None
        if live in {"live", "upcoming"}
        else seconds_of(text_at(item, "contentDetails", "duration")),
        published=day_of(text_at(item, "snippet", "publishedAt")),
        availability=text_at(item, "status", "privacyStatus"),
        embeddable=embeddable if isinstance(embeddable, bool) else None,
        live=live,
        starts=starts.isoformat() if starts is not None else None,
        blocked_in=countries(items_at(restriction, "blocked")),
        # An empty list of those allowed means nowhere at all, a missing one everywhere.
        allowed_in=countries(items_at(restriction, "allowed"))
        if isinstance(dig(restriction, "allowed"), Sequence)
        else None,
    )


def of_info(info: Json) -> dict[str, Json]:
    """Return the facts in what yt-dlp tells of a video, by our names for its keys."""
    starts = instant_at(info, "starts")
    embeddable = dig(info, "embeddable")
    return known(
        title=text_at(info, "title"),
        channel=text_at(info, "channel"),
        channel_url=channel_url(text_at(info, "channel_id")),
        duration=number_at(info, "duration"),
        published=day_of(text_at(info, "published")),
        availability=text_at(info, "availability"),
        embeddable=embeddable if isinstance(embeddable, bool) else None,
        live=_LIVE.get(text_at(info, "live") or ""),
        starts=starts.isoformat() if starts is not None else None,
    )


def channel_url(name: str | None) -> str | None:
    """Return the address of a channel by its id, or by the address that oEmbed gives; or None."""
    found = _CHANNEL.fullmatch(name or "")
    if found is None:
        return None
    return f"https://www.youtube.com/{found.group(1) or f'channel/{found.group(2)}'}"


def known(**facts: Json) -> dict[str, Json]:
    """Return the facts that there are; texts are cut, an empty list of the blocked is none."""
    return {
        name: value[:LONGEST_TITLE] if isinstance(value, str) else value
        for name, value in facts.items()
        if value is not None and value != "" and not (name == "blocked_in" and not value)
    }


def seconds_of(written: str | None) -> int | None:
    """Return the seconds of an ISO 8601 duration ("PT1H2M3S", "P0D"), or None."""
    found = _DURATION.fullmatch(written or "")
    if found is None or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return int(span.total_seconds())


def instant_of(written: str | None) -> datetime | None:
    """Return the instant of an ISO 8601 text with its zone, as UTC, or None."""
    try:
        instant = datetime.fromisoformat(written or "")
        return instant.astimezone(UTC) if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def day_of(written: str | None) -> str | None:
    """Return the day ("2026-11-24") of a text that begins with one, with or without dashes."""
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", written or "", re.ASCII)
    return "-".join(found.groups()) if found else None


def countries(given: Sequence[Json]) -> list[Json]:
    """Return the countries in a list, as they are written, in order; what else it holds is left."""
    names = {name for name in given if isinstance(name, str) and _COUNTRY.fullmatch(name)}
    return list(sorted(names)[:MOST_COUNTRIES])
