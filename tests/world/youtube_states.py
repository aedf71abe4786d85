"""The states a video can be in, and what YouTube says of it in each.

Source of the facts: providers.md A2 of the project's reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Playability:
    """What YouTube says of a video in one state; the page answers 200 in all of them."""

    status: str = "OK"
    reason: str = ""
    subreason: str = ""
    message: str = ""
    oembed: int = 200


def _error(subreason: str = "") -> Playability:
    return Playability(status="ERROR", reason="Video unavailable", subreason=subreason, oembed=404)


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
    ),
    "deleted": _error(),
    "removed": _error("This video has been removed by the uploader"),
    "terminated": _error(
        "This video is no longer available because the YouTube account associated with this video"
        " has been terminated."
    ),
    "copyright": _error(
        "This video is no longer available due to a copyright claim by Somebody's Records"
    ),
    "terms": _error("This video has been removed for violating YouTube's Terms of Service"),
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
    ),
    "paid": Playability(status="UNPLAYABLE", reason="This video requires payment to watch."),
    "upcoming": Playability(
        status="LIVE_STREAM_OFFLINE", reason="This live event will begin in 2 days."
    ),
    "bot-check": Playability(
        status="LOGIN_REQUIRED", reason="Sign in to confirm you’re not a bot", oembed=429
    ),
    "quirk": Playability(status="UNPLAYABLE", reason="This video is not available", oembed=404),
}
