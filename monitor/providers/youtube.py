"""YouTube: videos, playlists, channels and clips, with a key of its Data API or without any.

A watch page answers 200 for dead videos too. The Data API and oEmbed tell the living from the
rest, and yt-dlp says why.

Neither tells of a video that is for sale, or for a channel's members: no field of either says so.
oEmbed knows no length either, nor that a stream was not recorded. Without a key, the watch page
of a video that oEmbed calls working is therefore read once, by one plain request, and again only
as long as it shows no length: a stream, what is withheld, or a page that YouTube kept from us.
What such a look found amiss is not known, rather than well, as long as the page is not seen again.

A video's picture is a thing of its own, not its video: readers see it as long as it is there,
and it may outlive the video, or be missing in one size while the video plays.

What it cannot know at this price: with a key, what is for sale or for members reads as working,
unless a link names a second of it. Without one, so does what came to be so after the first look;
and what could not be looked at yet, for only so many are in one run. A stream that was not
recorded is known by a key where the API gives it no length (not confirmed that it never does). An
album of YouTube Music is known by its page alone: one that names nothing leaves it open whether
the album is there.

Facts: reference/providers.md, section A.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from monitor.core.asking import Get, Single
from monitor.core.causes import Cause, CauseKind, cause, on_one_line
from monitor.core.first_looks import FIRST_LOOK, LOOK_AGAIN
from monitor.core.json_reading import dig, items_at, number_at, parse_json
from monitor.core.model import Json, Link, Resource, Suggestion, Verdict
from monitor.core.ports import Failure, Ports, Request, Response
from monitor.core.provider import (
    Answer,
    Ask,
    CloserLook,
    CredentialUse,
    Document,
    Probe,
    Provider,
    last,
)
from monitor.core.reasons import Reason, Status
from monitor.core.urls import split
from monitor.providers import _youtube_about as about
from monitor.providers import _youtube_pictures as pictures
from monitor.providers._youtube_addresses import (
    HOME,
    WANTED,
    end_of,
    innermost,
    list_of,
    resource_of,
    start_of,
)
from monitor.providers._youtube_api import Channels, Playlists, Videos
from monitor.providers._youtube_facts import FACTS
from monitor.providers._youtube_judging import (
    APIS,
    at_sight,
    in_doubt,
    is_absent,
    is_cheap,
    joined,
    looked,
    of_answer,
    of_silence,
)
from monitor.providers._youtube_watch import LOOK, PAGE_BYTES, Look, in_english

_EMBEDDING = frozenset({"iframe", "embed", "object"})

_PLANS = (
    ("youtube:video:", ("api", "oembed", "watch", "ytdlp")),
    ("youtube:playlist:", ("api_playlists", "oembed", "page")),
    ("youtube:channel:UC", ("api_channels", "feed", "page")),
    ("youtube:channel:@", ("api_channels", "page")),
    ("youtube:channel:user/", ("api_channels", "page")),
    ("youtube:", ("page",)),
)
"""The probes by what a resource's id begins with, the cheapest sure one first."""


class YouTube(Provider):
    """What knows YouTube; see the module."""

    name = "youtube"
    title = "YouTube"
    facts = FACTS
    checkups = about.CHECKUPS
    shapes = about.SHAPES
    ways = about.WAYS
    looked_up: Mapping[str, CloserLook] = {"video": LOOK}
    credentials: Mapping[str, CredentialUse] = {
        "youtube": CredentialUse(
            header="X-Goog-Api-Key", form="{}", hosts=frozenset({"youtube.googleapis.com"})
        )
    }

    def __init__(self) -> None:
        self.probes: Mapping[str, Probe] = {
            "api": Videos(),
            "api_playlists": Playlists(),
            "api_channels": Channels(),
            "oembed": Get("oembed", _oembed, _json),
            "watch": Look(),
            "ytdlp": Single(_video_by_ytdlp),
            "feed": Get("feed", _feed),
            "page": Get("page", lambda resource: in_english(resource.url, PAGE_BYTES), _page),
            **pictures.probes(),
        }

    def identify(self, link: Link) -> Resource | None:
        """Return the video, picture, playlist, channel or clip behind a link, also a wrapped one.

        None for listings and searches, which are plain pages. A link that lost its video id,
        or part of it, is a resource of the kind "truncated".
        """
        return resource_of(link.url)

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return the verdict, or which probe to ask next.

        The next is asked where the last was not content, or could not know. The Data API is
        believed where it has the thing; that it has not may have many reasons, and none by which
        it would be deleted for sure.
        """
        seen = at_sight(resource)
        if seen is not None:
            return seen
        if resource.kind == "thumbnail":
            return pictures.judged(resource, answers, usable)
        said = self._judged(resource, answers, usable)
        if LOOK_AGAIN in resource.needs and isinstance(said, Verdict) and is_cheap(said, answers):
            return in_doubt(said, answers)
        return said

    def _judged(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return what the probes say together, in the order of the plan, or which to ask next."""
        verdict: Verdict | None = None
        silence: Verdict | None = None
        absent = False
        looks = _looks(resource, answers, usable)
        for probe in next((plan for start, plan in _PLANS if resource.id.startswith(start)), ()):
            heard = last(answers, probe)
            if heard is None:
                if probe in usable and not _is_told(verdict, probe, looks=looks):
                    return Ask(probe)
                continue
            said = of_answer(heard)
            if said is None:
                silence, absent = of_silence(heard), is_absent(heard)
                continue
            # A feed may be gone for a while though its channel lives: its page has the last word,
            # unless the Data API does not know the channel either.
            if verdict is None or (resource.kind == "channel" and not absent):
                verdict = said
            else:
                verdict = (looked if probe == "watch" else joined)(verdict, said)
            if _is_enough(verdict, resource, probe, looks=looks):
                return verdict
        nobody = Verdict(reason=Reason.NOT_ASKED, detail="No way of asking YouTube was left.")
        return verdict or silence or nobody

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:
        """Return the verdict with what only this link does.

        It embeds, starts or ends at a second, or names a playlist or a place in it.
        """
        resource = self.identify(link)
        if verdict.reason is not Reason.ALIVE or resource is None:
            return verdict
        if resource.kind == "playlist":
            return _place_in_list(link, verdict)
        parts = split(innermost(link.url))
        embeds = link.occurrence.element in _EMBEDDING
        if embeds and verdict.facts.get("embeddable") is False:
            why = "A plain link to the video works where the player does not."
            instead = Suggestion(url=resource.url, why=why, confidence=0.9)
            detail = "The owner forbids playing the video on other sites."
            return replace(verdict, reason=Reason.EMBED_FORBIDDEN, detail=detail, instead=instead)
        duration = number_at(verdict.facts, "duration") or 0
        # The Data API rounds a length: what ends with the video may end a second later.
        for does, second, end in (
            ("starts", start_of(parts), duration),
            ("ends", end_of(parts), duration + 1),
        ):
            if second is not None and duration and second > end:
                detail = f"The link {does} at second {second}, but the video has only {duration}."
                return replace(verdict, reason=Reason.PART_MISSING, detail=detail)
        if list_of(parts) is not None and list_of(parts) in items_at(verdict.facts, "lists_gone"):
            detail = "The video works; the playlist that the link also names is private or gone."
            return replace(verdict, detail=detail)
        return verdict

    def causes(self, resource: Resource, facts: Mapping[str, Json]) -> Sequence[Cause]:
        """Return the channel that a video or playlist is of, by its name, or that it is itself."""
        told = facts.get("channel") or (facts.get("title") if resource.kind == "channel" else None)
        name = on_one_line(told) if isinstance(told, str) else ""
        if not name:
            return ()
        return (cause(CauseKind.OWNER, f"youtube:channel:{name}", f"the channel {name}"),)


def _looks(resource: Resource, answers: Sequence[Answer], usable: frozenset[str]) -> bool:
    """Return whether a video is looked at, or was: its watch page says more than oEmbed."""
    if last(answers, "watch") is not None:
        return True
    asked = last(answers, "oembed") is not None or "oembed" not in usable
    return asked and FIRST_LOOK in resource.needs and "watch" in usable


def _is_told(verdict: Verdict | None, probe: str, *, looks: bool) -> bool:
    """Return whether a probe would tell nothing that is not known.

    oEmbed does not after the Data API, the watch page not where it is not to be looked at, or
    where oEmbed said more than that the video works.
    """
    if probe == "watch":
        return not looks or (verdict is not None and verdict.status is not Status.OK)
    return probe == "oembed" and verdict is not None and verdict.status is not Status.BROKEN


def _is_enough(verdict: Verdict, resource: Resource, probe: str, *, looks: bool) -> bool:
    """Return whether the next probe needs no asking, by the probe that answered last."""
    missing = bool((resource.needs & WANTED) - verdict.facts.keys())
    if verdict.status is not Status.OK:
        # What a look found is known, and so is that it and oEmbed disagree.
        return probe == "watch" or (probe in APIS and verdict.status is Status.WARNING)
    if verdict.reason is Reason.UPCOMING:
        return True
    if probe in APIS:
        # A stream that is over and has no length was not recorded, or that is not yet known.
        unsure = verdict.facts.get("live") == "ended" and not verdict.facts.get("duration")
        return not (missing or unsure)
    if probe == "oembed" and looks:
        return False
    # oEmbed refuses to embed what its owner forbids, and what is for adults.
    embeds = verdict.facts.get("embeddable") is not False or "plays" in verdict.facts
    unsure = probe in {"oembed", "watch"} and not embeds
    return not (missing or unsure)


def _place_in_list(link: Link, verdict: Verdict) -> Verdict:
    """Return the verdict of a link that begins at a place in a playlist, counted from 1."""
    index = number_at(split(link.url).first("index"))
    items = number_at(verdict.facts, "items")
    if index is None or not items or index <= items:
        return verdict
    detail = f"The link begins at video {index}, but the playlist has only {items}."
    return replace(verdict, reason=Reason.PART_MISSING, detail=detail)


# --- asking without a key ---


def _oembed(resource: Resource) -> Request:
    return in_english(f"{HOME}/oembed?format=json&url={quote(resource.url, safe='')}", 65_536)


def _feed(resource: Resource) -> Request:
    return in_english(f"{HOME}/feeds/videos.xml?channel_id={resource.url.rpartition('/')[2]}", 0)


def _json(response: Response, _ports: Ports) -> Json:
    parsed = parse_json(response)
    return response.body[:100].decode("utf-8", "replace") if isinstance(parsed, Failure) else parsed


_ALERT = re.compile(
    rb'"alertRenderer":\{"type":"ERROR","text":\{(?:"simpleText":|"runs":\[\{"text":)'
    rb'("(?:[^"\\]|\\.){0,500}")'
)
_CLIPPED = re.compile(
    rb'"currentVideoEndpoint":\{.{0,1000}?"watchEndpoint":\{"videoId":"([\w-]{11})"', re.DOTALL
)


def _page(response: Response, ports: Ports) -> Json:
    """Return title and alert: a dead playlist's or channel's page answers 200 with an alert.

    A clip's page also tells the video that it is a part of.
    """
    found = _ALERT.search(response.body)
    alert = found.group(1).decode("utf-8", "replace").strip('"') if found else None
    within = _CLIPPED.search(response.body) if "/clip/" in response.url else None
    video = within.group(1).decode() if within else None
    return {"title": ports.outline(response).title, "alert": alert, "video": video}


_INFO = {
    "title": "title", "channel": "channel", "channel_id": "channel_id", "duration": "duration",
    "published": "upload_date",
    "embeddable": "playable_in_embed", "availability": "availability", "live": "live_status",
    "starts": "release_timestamp",
}  # fmt: skip
"""Our facts by yt-dlp's names for them."""


async def _video_by_ytdlp(resource: Resource, ports: Ports) -> Answer:
    """Return yt-dlp's metadata of a video, kept as far as the judge reads it."""
    found, exchanges = await ports.video(resource.url)
    said: Document | Failure
    if isinstance(found, Failure):
        said = found
    else:
        info = {ours: dig(found, "info", theirs) for ours, theirs in _INFO.items()}
        body: Json = {"info": info, "error": dig(found, "error")}
        said = Document(status=0, url=resource.url, body=body)
    return Answer(probe="ytdlp", at=ports.now(), said=said, exchanges=exchanges)


PROVIDER = YouTube()
