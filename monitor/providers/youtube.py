"""YouTube: videos, playlists, channels and clips, asked without any key.

A watch page answers 200 for dead videos too. oEmbed tells the living from the dead, and
yt-dlp says why. Facts: reference/providers.md, section A.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from monitor.core.asking import Get, Single
from monitor.core.json_reading import dig, instant_at, number_at, parse_json, text_at
from monitor.core.model import Json, Link, Resource, Suggestion, Url, Verdict
from monitor.core.ports import Failure, Ports, Request, Response
from monitor.core.provider import Answer, Ask, Document, Probe, Provider, last
from monitor.core.reasons import Reason, Status
from monitor.core.urls import split
from monitor.core.verdicts import of_failure, of_status
from monitor.providers._youtube_addresses import HOME, resource_of, start_of

_EMBEDDING = frozenset({"iframe", "embed", "object"})


class YouTube(Provider):
    """What knows YouTube; see the module."""

    name = "youtube"
    title = "YouTube"

    def __init__(self) -> None:
        self.probes: Mapping[str, Probe] = {
            "oembed": Get("oembed", _oembed, _json),
            "ytdlp": Single(_video_by_ytdlp),
            "feed": Get("feed", _feed),
            "page": Get("page", lambda resource: _request(resource.url, 1_048_576), _page),
        }

    def identify(self, link: Link) -> Resource | None:
        """Return the video, playlist, channel or clip behind a link, also a wrapped one.

        None for listings, searches and images, which are plain pages. A link that lost its
        video id, or part of it, is a resource of the kind "truncated".
        """
        return resource_of(link.url)

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return the verdict, or which probe to ask next.

        The second probe is asked where the first is not content, or where a link's second
        needs the duration, which only yt-dlp knows.
        """
        seen = _at_sight(resource)
        if seen is not None:
            return seen
        verdict: Verdict | None = None
        plan = next((plan for start, plan in _PLANS if resource.id.startswith(start)), ())
        for probe in plan:
            heard = last(answers, probe)
            if heard is None:
                if probe in usable:
                    return Ask(probe)
                continue
            said = _of_answer(heard)
            # A feed may be gone for a while though its channel lives: the page has the last word.
            verdict = said if verdict is None or plan[:1] == ("feed",) else _joined(verdict, said)
            if verdict.status is Status.OK and not resource.needs - verdict.facts.keys():
                return verdict
        nobody = Verdict(reason=Reason.NOT_ASKED, detail="No way of asking YouTube was left.")
        return verdict or nobody

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:
        """Return the verdict with what only this link does: embed, or start at a second."""
        resource = self.identify(link)
        if verdict.reason is not Reason.ALIVE or resource is None:
            return verdict
        embeds = link.occurrence.element in _EMBEDDING
        if embeds and verdict.facts.get("embeddable") is False:
            why = "A plain link to the video works where the player does not."
            instead = Suggestion(url=resource.url, why=why, confidence=0.9)
            detail = "The owner forbids playing the video on other sites."
            return replace(verdict, reason=Reason.EMBED_FORBIDDEN, detail=detail, instead=instead)
        start, duration = start_of(split(link.url)), number_at(verdict.facts, "duration")
        if start is None or not duration or start <= duration:
            return verdict
        detail = f"The link starts at second {start}, but the video has only {duration}."
        return replace(verdict, reason=Reason.PART_MISSING, detail=detail)


# --- asking ---


def _request(url: str, read: int) -> Request:
    return Request(
        url=Url(url),
        headers={"Accept-Language": "en"},
        read=read,
        follow=lambda target: split(target).host == "www.youtube.com",
    )


def _oembed(resource: Resource) -> Request:
    return _request(f"{HOME}/oembed?format=json&url={quote(resource.url, safe='')}", 65_536)


def _feed(resource: Resource) -> Request:
    return _request(f"{HOME}/feeds/videos.xml?channel_id={resource.url.rpartition('/')[2]}", 0)


def _json(response: Response, _ports: Ports) -> Json:
    parsed = parse_json(response)
    return response.body[:100].decode("utf-8", "replace") if isinstance(parsed, Failure) else parsed


_ALERT = re.compile(
    rb'"alertRenderer":\{"type":"ERROR","text":\{(?:"simpleText":|"runs":\[\{"text":)'
    rb'("(?:[^"\\]|\\.){0,500}")'
)


def _page(response: Response, ports: Ports) -> Json:
    """Return title and alert: a dead playlist's or channel's page answers 200 with an alert."""
    found = _ALERT.search(response.body)
    alert = found.group(1).decode("utf-8", "replace").strip('"') if found else None
    return {"title": ports.outline(response).title, "alert": alert}


_INFO = {
    "title": "title", "channel": "channel", "duration": "duration", "published": "upload_date",
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


# --- judging ---

_PLANS = (
    ("youtube:video:", ("oembed", "ytdlp")),
    ("youtube:playlist:", ("oembed", "page")),
    ("youtube:channel:UC", ("feed", "page")),
    ("youtube:", ("page",)),
)
_PASSES_ON, _PERSONAL = "YouTube passes readers on.", "It opens each reader's own list."
_AT_SIGHT = (
    ("youtube:truncated:", Reason.MALFORMED_URL, "The address lost (part of) the video's id."),
    ("youtube:redirect:", Reason.LEADS_ON, _PASSES_ON),
    ("youtube:playlist:WL", Reason.PRIVATE, _PERSONAL),
    ("youtube:playlist:LL", Reason.PRIVATE, _PERSONAL),
    ("youtube:playlist:LM", Reason.PRIVATE, _PERSONAL),
    ("youtube:playlist:RD", Reason.ALIVE, "YouTube makes this mix anew for each reader."),
)
_ELSEWHERE = (
    ("consent.", Reason.BLOCKED, "YouTube shows its consent page first."),
    ("accounts.google.", Reason.LOGIN_REQUIRED, "YouTube asks to sign in."),
    ("www.google.com", Reason.RATE_LIMITED, "Google takes us for a robot that asks too often."),
)
_STATUS = {
    400: (Reason.DELETED, "YouTube says that nothing has this id."),
    401: (Reason.ALIVE, "It works on YouTube itself, but may not be embedded."),
    403: (Reason.PRIVATE, "YouTube refuses it to everybody: it is private."),
    404: (Reason.DELETED, "YouTube says that it does not exist."),
}
_TEXTS = tuple(
    (re.compile(text, re.IGNORECASE), reason)
    for text, reason in (
        (r"not a bot|captcha|rate.limited|try again later|likely being blocked", Reason.BLOCKED),
        (r"HTTP Error 429|any player response", Reason.BLOCKED),
        (r"private video|(?:video|playlist) is private", Reason.PRIVATE),
        (r"confirm your age|inappropriate for some|age.restricted", Reason.AGE_RESTRICTED),
        (r"^Geo|(?:available|blocked it) in your country", Reason.REGION_RESTRICTED),
        (r"channel's members|members.only|premium members|requires payment", Reason.PAYWALLED),
        (r"(?:event|premiere) will begin|premieres in \d", Reason.UPCOMING),
        (r"closed their YouTube account|removed by the (?:uploader|user)", Reason.DELETED),
        (r"copyright|terminated|terms of service|violat\w+ (?:of |YouTube|our)", Reason.TAKEN_DOWN),
        (r"stream recording is not available|does ?n[o']t exist", Reason.DELETED),
        (r": video unavailable\.?$", Reason.DELETED),
    )
)
"""yt-dlp's class of error, or YouTube's English words for each state (A2). Any other text, such
as "This video is not available", which was said of a living video, decides nothing."""

_AVAILABILITY = {
    "private": (Reason.PRIVATE, "The video is private."),
    "needs_auth": (Reason.AGE_RESTRICTED, "The video is shown only to signed-in adults."),
    "subscriber_only": (Reason.PAYWALLED, "The video is for the channel's paying members."),
    "premium_only": (Reason.PAYWALLED, "The video is for buyers or Premium members."),
}
_DEAD = frozenset({Reason.DELETED, Reason.PRIVATE, Reason.TAKEN_DOWN})


def _at_sight(resource: Resource) -> Verdict | None:
    """Return the verdict that the address alone is, or None where YouTube must be asked."""
    target = split(resource.url).first("q") if resource.kind == "redirect" else None
    for start, reason, detail in _AT_SIGHT:
        if resource.id.startswith(start):
            return Verdict(reason=reason, detail=detail, leads_to=Url(target) if target else None)
    return None


def _joined(first: Verdict, second: Verdict) -> Verdict:
    """Return what two sources say together: never a false alarm where they disagree."""
    facts = {**first.facts, **second.facts}
    if second.status is Status.UNKNOWN:
        return replace(first, facts=facts)
    if first.status is Status.OK and second.reason in _DEAD:
        detail = f"Two sources disagree. {first.detail} {second.detail}"
        return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail, facts=facts)
    return replace(second, facts=facts)


def _of_answer(heard: Answer) -> Verdict:
    if isinstance(heard.said, Failure):
        return of_failure(heard.said)
    return _of_ytdlp(heard.said) if heard.probe == "ytdlp" else _of_http(heard, heard.said)


def _of_http(heard: Answer, said: Document) -> Verdict:
    """Return what oEmbed, a feed or a page says; of these only a feed says it by 200 alone."""
    host = split(said.location).host if said.location is not None else ""
    for start, reason, detail in _ELSEWHERE:
        if host.startswith(start):
            return Verdict(reason=reason, detail=detail)
    alert, title = text_at(said.body, "alert"), text_at(said.body, "title") or ""
    if alert is not None:
        return _of_words(f": {alert}")
    if heard.probe == "page" and not title.endswith(" - YouTube"):
        title = ""
    if said.status == 200 and (title or heard.probe == "feed"):
        author = text_at(said.body, "author_name")
        known = (("title", title.removesuffix(" - YouTube")[:300]), ("channel", author))
        return Verdict(
            reason=Reason.ALIVE, detail="YouTube knows it.", facts={k: v for k, v in known if v}
        )
    text = said.body.strip() if isinstance(said.body, str) else ""
    status = 403 if text == "Forbidden" else said.status
    # A page in place of oEmbed's bare words is a wall, or the end of oEmbed: no word on a video.
    vague = text.startswith("<")
    if not vague and (status == 404 or (heard.probe == "oembed" and status in _STATUS)):
        reason, detail = _STATUS[status]
        allowed: Mapping[str, Json] = {"embeddable": False} if status == 401 else {}
        return Verdict(reason=reason, detail=detail, facts=allowed)
    detail = f"{said.url} answered {status} in a form that Linkwell does not know."
    odd = Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)
    found = of_status(said, heard.at) or odd
    return odd if vague and found.status is Status.BROKEN else found


def _of_ytdlp(said: Document) -> Verdict:
    """Return what yt-dlp found out, or of the words in which it failed."""
    if not text_at(said.body, "info", "title"):
        kind, message = (text_at(said.body, "error", key) or "" for key in ("kind", "message"))
        return _of_words(f"{kind}: {message}")
    info = {key: dig(said.body, "info", key) for key in _INFO}
    facts = {key: value for key, value in info.items() if value is not None}
    if info["live"] == "is_upcoming":
        starts, detail = instant_at(info, "starts"), "It has not started yet."
        return Verdict(reason=Reason.UPCOMING, detail=detail, retry_at=starts, facts=facts)
    reason, detail = _AVAILABILITY.get(str(info["availability"]), (Reason.ALIVE, "It plays."))
    return Verdict(reason=reason, detail=detail, facts=facts)


def _of_words(text: str) -> Verdict:
    """Return what "kind: words" mean; words of no known meaning never make it broken."""
    plain = text.replace("’", "'").partition(" Use --cookies")[0].strip()
    found = (reason for pattern, reason in _TEXTS if pattern.search(plain))
    detail = f"YouTube says: “{plain.partition(': ')[2][:200]}”"
    return Verdict(reason=next(found, Reason.UNEXPECTED_ANSWER), detail=detail)


PROVIDER = YouTube()
