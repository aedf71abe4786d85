"""YouTube's watch page, read once without yt-dlp: what its player was told of the video.

What is kept has the form of `_video_by_ytdlp`, so that one judge reads
both: `info` of what is shown, or else the words of the `error`. Structure goes before words; a
page without the player's answer (a wall, another page) is None.

Source of the form: reference/providers.md A2, recorded watch pages of 2020 to 2026.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from monitor.core.asking import Single
from monitor.core.first_looks import MOST_LOOKS
from monitor.core.json_reading import dig, instant_at, items_at, number_at, text_at, whole
from monitor.core.model import Json, Resource, Url
from monitor.core.ports import Ports, Request, Response
from monitor.core.provider import Answer, CloserLook, answer
from monitor.core.reasons import Reason
from monitor.core.urls import split
from monitor.providers._youtube_facts import LONGEST_TITLE, countries, instant_of

PAGE_BYTES = 2 * 1024 * 1024
"""So much of a page is read: a watch page has 0.4 MB (recorded in 2020) to about a megabyte."""


def in_english(url: str, read: int) -> Request:
    """Return how YouTube's pages and oEmbed are asked for: in English, on no other host."""
    return Request(
        url=Url(url),
        headers={"Accept-Language": "en"},
        read=read,
        follow=lambda target: split(target).host == "www.youtube.com",
    )


LOOK = CloserLook(
    facts=frozenset({"duration"}),
    reasons=frozenset(
        {Reason.PAYWALLED, Reason.REGION_RESTRICTED, Reason.AGE_RESTRICTED, Reason.DELETED}
    ),
)
"""What the page alone tells. A stream that was not recorded reads as deleted; that a video is
private or was taken down is believed only where oEmbed denies it too, which can take it back."""


class Look(Single):
    """The probe "watch": one plain GET of a video's page, after all else was asked of YouTube.

    A page of which YouTube says that we ask too often makes us leave its host alone, and oEmbed
    is asked there too. So looks wait, as if for a batch that nothing can fill, until nothing else
    can join it; and then each is asked by itself.
    """

    size = MOST_LOOKS + 1

    def __init__(self) -> None:
        super().__init__(_video_by_page)


async def _video_by_page(resource: Resource, ports: Ports) -> Answer:
    """Return what a video's own page tells, by one plain GET, in English if it can be had."""
    request = in_english(f"{resource.url}&hl=en", PAGE_BYTES)
    video = split(resource.url).first("v") or ""

    def read(response: Response) -> Json:
        return told(response.body.decode("utf-8", "replace"), video)

    return answer("watch", await ports.fetch(request), read)


def told(page: str, video: str) -> Json:
    """Return what a watch page tells of a video, as far as the judge reads it; None for nothing.

    A page that shows another video than was asked for tells nothing.
    """
    player = _player_in(page)
    shown = dig(player, "videoDetails")
    if player is None or (isinstance(shown, Mapping) and text_at(shown, "videoId") != video):
        return None
    status = text_at(player, "playabilityStatus", "status") or ""
    live, withheld = _live(player), _withheld(player, status)
    works = status == "OK" or (status == _OFFLINE and live == "is_upcoming")
    if not works and withheld is None:
        return whole({"info": None, "error": _error(player, status)})
    info = _info(player) | {"availability": withheld or _listed(player)}
    if works:
        info |= {"live": live, "starts": _starts(player) if live == "is_upcoming" else None}
    if works and live in {None, "was_live"}:
        # What does not play has no length here: it is to be looked at again.
        info["duration"] = _length(player)
    return whole({"info": info, "error": None})


_OFFLINE = "LIVE_STREAM_OFFLINE"
_MARK = re.compile(r"""ytInitialPlayerResponse(?:["']\])?\s{0,4}=\s{0,4}(?=\{)""")
_MOST_MARKS = 4
"""So many places are tried: a page's title may hold the mark too."""

_FOR_ADULTS = frozenset(
    {"AGE_VERIFICATION_REQUIRED", "AGE_CHECK_REQUIRED", "CONTENT_CHECK_REQUIRED"}
)
_LONGEST_VIDEO = 10**9
_LONGEST_TEXT, _MOST_TEXTS, _MOST_PARTS = 500, 6, 20


def _player_in(page: str) -> Json:
    """Return the player's answer in a page, or None: the first that says how it plays."""
    decoder = json.JSONDecoder()
    for mark in islice(_MARK.finditer(page), _MOST_MARKS):
        try:
            player: Json = decoder.raw_decode(page, mark.end())[0]
        except (ValueError, RecursionError):
            continue
        if isinstance(dig(player, "playabilityStatus"), Mapping):
            return player
    return None


def _info(player: Json) -> dict[str, Json]:
    """Return our facts of what is shown; without a title there are none to the judge."""
    shown = dig(player, "videoDetails")
    embeddable = dig(player, "playabilityStatus", "playableInEmbed")
    return {
        "title": _cut(text_at(shown, "title")),
        "channel": _cut(text_at(shown, "author")),
        "channel_id": _cut(text_at(shown, "channelId")),
        "published": _cut(text_at(_format(player), "uploadDate")),
        "embeddable": embeddable if isinstance(embeddable, bool) else None,
    }


def _format(player: Json) -> Json:
    return dig(player, "microformat", "playerMicroformatRenderer")


def _listed(player: Json) -> str | None:
    unlisted = dig(_format(player), "isUnlisted")
    if not isinstance(unlisted, bool):
        return None
    return "unlisted" if unlisted else "public"


def _length(player: Json) -> int | None:
    """Return how many seconds a video has, or None where it says 0, or nonsense."""
    seconds = number_at(player, "videoDetails", "lengthSeconds") or 0
    return seconds if 0 < seconds < _LONGEST_VIDEO else None


def _live(player: Json) -> str | None:
    """Return whether it is, was or will be live, in yt-dlp's words."""
    shown, broadcast = dig(player, "videoDetails"), dig(_format(player), "liveBroadcastDetails")
    if dig(shown, "isUpcoming") is True:
        return "is_upcoming"
    if dig(shown, "isLive") is True or dig(broadcast, "isLiveNow") is True:
        return "is_live"
    return "was_live" if dig(shown, "isLiveContent") is True else None


def _starts(player: Json) -> int | None:
    """Return the second since 1970 at which an announced stream starts, or None."""
    live = dig(player, "playabilityStatus", "liveStreamability", "liveStreamabilityRenderer")
    slate = dig(live, "offlineSlate", "liveStreamOfflineSlateRenderer")
    begins = instant_at(slate, "scheduledStartTime") or instant_of(
        text_at(_format(player), "liveBroadcastDetails", "startTimestamp")
    )
    return int(begins.timestamp()) if begins is not None else None


def _withheld(player: Json, status: str) -> str | None:
    """Return from whom it is withheld, in yt-dlp's words, where more than words say so."""
    if status == "OK":
        return None
    play = dig(player, "playabilityStatus")
    if dig(player, "videoDetails", "isPrivate") is True:
        return "private"
    if status in _FOR_ADULTS or number_at(play, "desktopLegacyAgeGateReason"):
        return "needs_auth"
    offer = dig(play, "errorScreen", "playerLegacyDesktopYpcOfferRenderer", "offerId")
    return "subscriber_only" if offer == "sponsors_only_video" else None


def _error(player: Json, status: str) -> Json:
    """Return the words by which it is refused, each once, and where it is let be watched."""
    texts = list(dict.fromkeys(filter(None, _texts(dig(player, "playabilityStatus")))))
    allowed = countries(items_at(_format(player), "availableCountries"))
    message = ". ".join(texts[:_MOST_TEXTS])
    return {"kind": _cut(status), "message": message, "countries": allowed or None}


def _texts(play: Json) -> Iterator[str]:
    screen = dig(play, "errorScreen")
    if isinstance(screen, Mapping) and "playerCaptchaViewModel" in screen:
        yield "captcha"
    yield _text(dig(play, "reason"))
    for name in ("reason", "subreason"):
        yield _text(dig(screen, "playerErrorMessageRenderer", name))
    for message in items_at(play, "messages")[:_MOST_TEXTS]:
        yield _text(message)


def _text(value: Json) -> str:
    """Return a text in any of YouTube's forms, without the stop at its end; "" for none."""
    runs = items_at(value, "runs")[:_MOST_PARTS]
    parts = [value, text_at(value, "simpleText"), *(text_at(run, "text") for run in runs)]
    text = "".join(part for part in parts if isinstance(part, str))
    return text.strip()[:_LONGEST_TEXT].rstrip(".")


def _cut(text: str | None) -> str | None:
    return text[:LONGEST_TITLE] if text else None
