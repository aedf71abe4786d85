"""What YouTube's answers mean: the words of oEmbed, pages, yt-dlp and the Data API.

Pure. States: reference/providers.md A2. Where a fact is disputed there, the reading was chosen
that cannot call a living video dead.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.core.json_reading import dig, instant_at, items_at, number_at, text_at
from monitor.core.model import Json, Resource, Url, Verdict
from monitor.core.ports import Failure
from monitor.core.provider import Answer, Document, last
from monitor.core.reasons import Reason, Status
from monitor.core.urls import split
from monitor.core.verdicts import of_failure, of_status
from monitor.providers._youtube_addresses import HOME
from monitor.providers._youtube_facts import (
    channel_url,
    countries,
    instant_of,
    known,
    of_info,
    of_item,
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
ELSEWHERE = (
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
_NAMED = re.compile(r"(.+) - YouTube(?: Music)?", re.DOTALL)
"""The title of a page that names what it shows; the same page without a name proves nothing."""

_UNRECORDED = r"stream recording is not available"
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
        (_UNRECORDED + r"|does ?n[o']t exist", Reason.DELETED),
        (r": video unavailable\.?$", Reason.DELETED),
    )
)
"""yt-dlp's class of error or the player's status, and YouTube's English words for each state (A2).
Any other text, such as "This video is not available", said of a living video, decides nothing."""

_AVAILABILITY = {
    "private": (Reason.PRIVATE, "The video is private."),
    "needs_auth": (Reason.AGE_RESTRICTED, "The video is shown only to signed-in adults."),
    "subscriber_only": (Reason.PAYWALLED, "The video is for the channel's paying members."),
    "premium_only": (Reason.PAYWALLED, "The video is for buyers or Premium members."),
}
APIS = frozenset({"api", "api_playlists", "api_channels"})
"""The probes that are calls of the Data API."""

_DEAD = frozenset({Reason.DELETED, Reason.PRIVATE, Reason.TAKEN_DOWN})


_NOT_SHOWN = {
    "private": (Reason.PRIVATE, "YouTube says that it is private."),
    "failed": (Reason.DELETED, "YouTube says that it never could be shown."),
    "deleted": (Reason.DELETED, "YouTube says that it was deleted."),
    "duplicate": (Reason.DELETED, "YouTube took it for another's double."),
    "length": (Reason.DELETED, "YouTube says that it was too long."),
    "uploaderAccountClosed": (Reason.DELETED, "Its owner has closed the account."),
    "rejected": (Reason.TAKEN_DOWN, "YouTube says that it was rejected."),
}
"""The Data API's words for what nobody can see: privacyStatus, uploadStatus, rejectionReason."""


def at_sight(resource: Resource) -> Verdict | None:
    """Return the verdict that the address alone is, or None where YouTube must be asked."""
    target = split(resource.url).first("q") if resource.kind == "redirect" else None
    for start, reason, detail in _AT_SIGHT:
        if resource.id.startswith(start):
            return Verdict(reason=reason, detail=detail, leads_to=Url(target) if target else None)
    return None


def joined(first: Verdict, second: Verdict) -> Verdict:
    """Return what two sources say together: never a false alarm where they disagree."""
    if second.status is Status.UNKNOWN:
        return first
    facts = {**first.facts, **second.facts}
    # A stream that was not recorded is known to all, and there is nothing to be seen.
    unrecorded = second.facts.get("live") == "ended"
    if first.status is Status.OK and second.reason in _DEAD and not unrecorded:
        detail = f"Two sources disagree. {first.detail} {second.detail}"
        return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail, facts=facts)
    return replace(second, facts=facts)


def of_answer(heard: Answer) -> Verdict | None:
    """Return what an answer means by itself; None where the Data API says nothing of the thing."""
    if heard.probe in APIS:
        return _of_api(heard.said) if isinstance(heard.said, Document) else None
    if heard.probe == "watch":
        return _of_watch(heard)
    if isinstance(heard.said, Failure):
        return of_failure(heard.said)
    return _of_player(heard.said) if heard.probe == "ytdlp" else _of_http(heard, heard.said)


def looked(first: Verdict, look: Verdict) -> Verdict:
    """Return what oEmbed and a look at the watch page say together.

    The names and the word on embedding are oEmbed's, which is asked in later runs too, and may tell
    them otherwise.
    """
    names = {n: first.facts[n] for n in ("title", "channel", "channel_url") if n in first.facts}
    told = {name: value for name, value in look.facts.items() if name != "embeddable"}
    return joined(first, replace(look, facts={**told, **names}))


def is_cheap(verdict: Verdict, answers: Sequence[Answer]) -> bool:
    """Return whether a video reads as well by oEmbed alone, which knows little of it."""
    if verdict.status is not Status.OK:
        return False
    others = (of_answer(answer) for answer in answers if answer.probe != "oembed")
    return not any(other is not None and other.status is Status.OK for other in others)


def in_doubt(verdict: Verdict, answers: Sequence[Answer]) -> Verdict:
    """Return that nobody can tell whether it is well again: what a look found was not looked at.

    `verdict` is oEmbed's, whose facts stand.
    """
    look = last(answers, "watch")
    wall = of_answer(look) if look is not None else None
    reason = wall.reason if wall is not None else Reason.NOT_ASKED
    why = wall.detail if wall is not None else "This run had no look left for it."
    detail = f"It was not well the last time, and its page was not seen since. {why}"
    return Verdict(reason=reason, detail=detail, facts=verdict.facts)


def is_absent(heard: Answer) -> bool:
    """Return whether the Data API answered, and has no such thing: no proof, but a sign."""
    return isinstance(heard.said, Document) and heard.said.status == 200


def of_silence(heard: Answer) -> Verdict:
    """Return what it means, where nobody else has a word, that the Data API says nothing."""
    if isinstance(heard.said, Failure):
        return of_failure(heard.said)
    words = text_at(heard.said.body, "error", "message") or "no word why"
    detail = (
        "YouTube's API does not know it: it is private or deleted, or never was."
        if is_absent(heard)
        else f"YouTube's API answered with an error ({heard.said.status}): {words[:200]}"
    )
    return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)


def _of_api(said: Document) -> Verdict | None:
    """Return what the Data API's item says; None where it has none, which alone proves nothing."""
    item = dig(said.body, "item")
    if not isinstance(item, Mapping):
        return None
    listed = {"items": number_at(item, "contentDetails", "itemCount")}
    within = {name: dig(said.body, name) for name in ("items_dead", "dead", "lists_gone")}
    facts = {**of_item(item), **known(**listed, **{k: v for k, v in within.items() if v})}
    reason, detail = _state_of(item, facts, number_at(said.body, "looked_at"))
    starts = instant_of(text_at(facts, "starts")) if reason is Reason.UPCOMING else None
    return Verdict(reason=reason, detail=detail, retry_at=starts, facts=facts)


def _state_of(item: Json, facts: Mapping[str, Json], looked_at: int | None) -> tuple[Reason, str]:
    """Return the state that an item tells of, the gravest first."""
    words = (
        text_at(item, "status", name)
        for name in ("rejectionReason", "uploadStatus", "privacyStatus")
    )
    shut = next((_NOT_SHOWN[word] for word in words if word in _NOT_SHOWN), None)
    if shut is not None:
        return shut
    if text_at(item, "contentDetails", "contentRating", "ytRating") == "ytAgeRestricted":
        return Reason.AGE_RESTRICTED, "YouTube shows it to signed-in adults only."
    if facts.get("live") == "upcoming":
        return Reason.UPCOMING, "It has not started yet."
    if "blocked_in" in facts or "allowed_in" in facts:
        return Reason.REGION_RESTRICTED, _where(facts)
    return _state_of_list(facts, looked_at)


def _where(facts: Mapping[str, Json]) -> str:
    """Return in words where a video may be watched, or not."""
    blocked, allowed = (
        ", ".join(str(name) for name in items_at(facts, key)[:20])
        for key in ("blocked_in", "allowed_in")
    )
    if "allowed_in" in facts:
        return f"Its owner lets it be watched only in {allowed or 'no country at all'}."
    return f"Its owner does not let it be watched in {blocked}."


def _state_of_list(facts: Mapping[str, Json], looked_at: int | None) -> tuple[Reason, str]:
    """Return the state of a playlist by what is in it; anything else is alive."""
    items, dead = number_at(facts, "items"), number_at(facts, "items_dead") or 0
    if items == 0:
        return Reason.EMPTY, "The playlist holds no video."
    if items is not None and looked_at is not None and dead >= max(items, looked_at):
        return Reason.EMPTY, f"Nobody can watch any of the {items} videos in the playlist any more."
    if dead:
        named = "; ".join(str(name) for name in items_at(facts, "dead"))
        return Reason.ALIVE, f"{dead} of its videos cannot be watched any more: {named}"
    return Reason.ALIVE, "YouTube's API knows it."


def _of_http(heard: Answer, said: Document) -> Verdict:
    """Return what oEmbed, a feed or a page says; of these only a feed says it by 200 alone."""
    host = split(said.location).host if said.location is not None else ""
    for start, reason, detail in ELSEWHERE:
        if host.startswith(start):
            return Verdict(reason=reason, detail=detail)
    alert, title = text_at(said.body, "alert"), text_at(said.body, "title") or ""
    if alert is not None:
        return _of_words(f": {alert}")
    if heard.probe == "page":
        named = _NAMED.fullmatch(title)
        title = named.group(1) if named is not None else ""
    video = text_at(said.body, "video")
    if video is not None and said.status == 200:
        detail = "It is a part of a video."
        return Verdict(
            reason=Reason.LEADS_ON, detail=detail, leads_to=Url(f"{HOME}/watch?v={video}")
        )
    if said.status == 200 and (title or heard.probe == "feed"):
        author = text_at(said.body, "author_name")
        # A list's title is asked for in the owner's language, its page speaks ours.
        name = "page_title" if "/playlist?" in said.url else "title"
        link = channel_url(text_at(said.body, "author_url"))
        facts = known(**{name: title, "channel": author, "channel_url": link})
        return Verdict(reason=Reason.ALIVE, detail="YouTube knows it.", facts=facts)
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


def _of_watch(heard: Answer) -> Verdict:
    """Return what a watch page says of its video; a wall, or a page without it, says nothing."""
    said = heard.said
    if isinstance(said, Document) and said.status == 200 and isinstance(said.body, Mapping):
        return _of_player(said)
    wall = of_failure(said) if isinstance(said, Failure) else _of_http(heard, said)
    if wall.status is Status.UNKNOWN:
        return wall
    detail = f"The watch page cannot be read, which says nothing of the video: {wall.detail}"
    return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)


def _of_player(said: Document) -> Verdict:
    """Return what yt-dlp or the watch page tells, or of the words in which they refuse."""
    if not text_at(said.body, "info", "title"):
        kind, message = (text_at(said.body, "error", key) or "" for key in ("kind", "message"))
        allowed = countries(items_at(said.body, "error", "countries"))
        failed = _of_words(f"{kind}: {message}")
        if allowed and failed.reason is Reason.REGION_RESTRICTED:
            return replace(failed, facts={"allowed_in": allowed})
        return failed
    info = dig(said.body, "info")
    facts = of_info(info)
    if facts.get("live") == "upcoming":
        starts, detail = instant_at(info, "starts"), "It has not started yet."
        return Verdict(reason=Reason.UPCOMING, detail=detail, retry_at=starts, facts=facts)
    withheld = _AVAILABILITY.get(text_at(facts, "availability") or "")
    if withheld is not None:
        return Verdict(reason=withheld[0], detail=withheld[1], facts=facts)
    return Verdict(reason=Reason.ALIVE, detail="It plays.", facts={**facts, "plays": True})


def _of_words(text: str) -> Verdict:
    """Return what "kind: words" mean; words of no known meaning never make it broken."""
    plain = text.replace("’", "'").partition(" Use --cookies")[0].strip()
    found = (reason for pattern, reason in _TEXTS if pattern.search(plain))
    detail = f"YouTube says: “{plain.partition(': ')[2][:200]}”"
    facts: Mapping[str, Json] = {"live": "ended"} if _UNRECORDED in plain else {}
    return Verdict(reason=next(found, Reason.UNEXPECTED_ANSWER), detail=detail, facts=facts)
