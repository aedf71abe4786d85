"""The states a video, a playlist, a channel can be in, and what YouTube says of it in each.

Source of the facts: providers.md A2 of the project's reference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Playability:
    """What YouTube says of a video in one state; the page answers 200 in all of them.

    `listed` tells whether the Data API has an item of it; `shown` whether the player tells
    title and length; `live` is one of "", "upcoming", "now", "over"; `offer` is what is for sale.
    """

    status: str = "OK"
    reason: str = ""
    subreason: str = ""
    message: str = ""
    oembed: int = 200
    listed: bool = True
    shown: bool = True
    live: str = ""
    offer: str = ""


def _error(subreason: str = "") -> Playability:
    return Playability(
        status="ERROR",
        reason="Video unavailable",
        subreason=subreason,
        oembed=404,
        listed=False,
        shown=False,
    )


STATES: Mapping[str, Playability] = {
    "public": Playability(),
    "unlisted": Playability(),
    "no-embed": Playability(oembed=401),
    "private": Playability(
        status="LOGIN_REQUIRED",
        reason="Private video",
        subreason="Sign in if you've been granted access to this video",
        message="This is a private video. Please sign in to verify that you may see it.",
        oembed=403,
        listed=False,
        shown=False,
    ),
    "deleted": _error(),
    "removed": _error("This video has been removed by the uploader"),
    "terminated": _error(
        "This video is no longer available because the YouTube account associated with this video"
        " has been terminated."
    ),
    "closed": _error(
        "This video is no longer available because the uploader has closed their YouTube account."
    ),
    "copyright": _error(
        "This video is no longer available due to a copyright claim by Somebody's Records"
    ),
    "terms": _error("This video has been removed for violating YouTube's Terms of Service"),
    "guidelines": _error(
        "This video has been removed for violating YouTube's Community Guidelines"
    ),
    "age": Playability(
        status="LOGIN_REQUIRED",
        reason="Sign in to confirm your age",
        subreason="This video may be inappropriate for some users.",
        oembed=401,
    ),
    "region": Playability(
        status="UNPLAYABLE",
        reason="Video unavailable",
        subreason="The uploader has not made this video available in your country",
    ),
    "members": Playability(
        status="UNPLAYABLE",
        reason="Join this channel to get access to members-only content like this video, and"
        " other exclusive perks.",
        offer="sponsors_only_video",
    ),
    "paid": Playability(status="UNPLAYABLE", reason="This video requires payment to watch."),
    "music": Playability(
        status="UNPLAYABLE", reason="This video is only available to Music Premium members"
    ),
    "upcoming": Playability(
        status="LIVE_STREAM_OFFLINE",
        reason="This live event will begin in 2 days.",
        live="upcoming",
    ),
    "premiere": Playability(
        status="LIVE_STREAM_OFFLINE", reason="Premieres in 5 hours", live="upcoming"
    ),
    "live": Playability(live="now"),
    "was-live": Playability(live="over"),
    "not-recorded": Playability(
        status="UNPLAYABLE", reason="This live stream recording is not available.", live="over"
    ),
    "bot-check": Playability(
        status="LOGIN_REQUIRED",
        reason="Sign in to confirm you’re not a bot",
        oembed=429,
        shown=False,
    ),
    "try-later": Playability(
        status="UNPLAYABLE",
        reason="This content isn't available, try again later",
        oembed=429,
        shown=False,
    ),
    "quirk": Playability(status="UNPLAYABLE", reason="This video is not available", oembed=404),
}


PLAYLIST_ALERTS: Mapping[str, str] = {
    "gone": "The playlist does not exist.",
    "private": "This playlist is private.",
    "unviewable": "This playlist type is unviewable.",
}

CHANNEL_ALERTS: Mapping[str, str] = {
    "gone": "This channel does not exist.",
    "guidelines": "This channel was removed because it violated our Community Guidelines.",
    "terminated": "This account has been terminated for a violation of YouTube's Terms of Service.",
    "copyright": "This account has been terminated because we received multiple third-party claims"
    " of copyright infringement regarding material the user posted.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """A playlist: its state ("public", or a key of PLAYLIST_ALERTS) and its videos' ids."""

    title: str
    state: str = "public"
    items: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel: its state ("public", or a key of CHANNEL_ALERTS) and its id."""

    id: str
    title: str
    state: str = "public"


def playlists_of(state: Mapping[str, Any]) -> dict[str, Playlist]:
    """Return the playlists of a state by id, those given by their title alone too."""
    given = state.get("playlists", {})
    return {
        id_: Playlist(title=each) if isinstance(each, str) else Playlist(**{"title": "", **each})
        for id_, each in given.items()
    }


def channels_of(state: Mapping[str, Any]) -> dict[str, Channel]:
    """Return the channels of a state by all their names: id, @handle, custom and user name."""
    found: dict[str, Channel] = {}
    for name, each in state.get("channels", {}).items():
        known = {"title": each} if isinstance(each, str) else dict(each)
        plain = name.removeprefix("@")
        id_ = name if name.startswith("UC") else f"UC{plain:_<22}"[:24]
        names = {name, id_, *known.pop("names", ())}
        channel = Channel(id=id_, **{"title": "", **known})
        found |= {each.lower() if each.startswith("@") else each: channel for each in names}
    return found
