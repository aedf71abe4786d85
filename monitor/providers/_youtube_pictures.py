"""The pictures that YouTube has of each video, in several sizes; a part of youtube.

Each is judged for itself. Where one is missing YouTube answers 404, and still sends a grey box of
120 by 90, which readers see in its place: that link is broken, whatever became of the video. The
largest sizes are not made of every video, so that a missing one is looked for in the size that
all have. A picture that is there is what readers see, though its video may be gone: nothing is
said of that. Facts: reference/providers.md A2, Thumbnail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.core.asking import Get
from monitor.core.model import Resource, Suggestion, Url, Verdict
from monitor.core.ports import Failure, Request
from monitor.core.provider import Answer, Ask, Probe, last
from monitor.core.reasons import Reason
from monitor.core.urls import split
from monitor.core.verdicts import of_failure, of_status
from monitor.providers._youtube_judging import ELSEWHERE

PICTURE, OTHER = "picture", "other_picture"
"""The probes: the picture that a link names, and the size that every video has."""

_LOST = frozenset({404, 410})
_STANDARD = "hqdefault"


def probes() -> Mapping[str, Probe]:
    """Return the ways of asking for pictures, by name."""
    return {
        PICTURE: Get(PICTURE, lambda resource: Request(url=resource.url)),
        OTHER: Get(OTHER, lambda resource: Request(url=standard(resource))),
    }


def standard(resource: Resource) -> Url:
    """Return the address of the same picture in the size that every video has."""
    folder, _, file = resource.url.partition("?")[0].rpartition("/")
    return Url(f"{folder}/{_STANDARD}.{file.rpartition('.')[2]}")


def judged(resource: Resource, answers: Sequence[Answer], usable: frozenset[str]) -> Verdict | Ask:
    """Return the verdict of a picture, or which probe to ask next."""
    heard = last(answers, PICTURE)
    if heard is None:
        nobody = Verdict(reason=Reason.NOT_ASKED, detail="No way of asking YouTube was left.")
        return Ask(PICTURE) if PICTURE in usable else nobody
    verdict = _verdict(heard)
    if verdict.reason is not Reason.NOT_FOUND or resource.url == standard(resource):
        return verdict
    other = last(answers, OTHER)
    if other is None:
        return Ask(OTHER) if OTHER in usable else verdict
    if _verdict(other).reason is not Reason.ALIVE:
        return verdict
    why = "YouTube has the picture in this size."
    instead = Suggestion(url=standard(resource), why=why, confidence=0.9)
    detail = "YouTube has this picture, but not in this size: readers see a grey box."
    return replace(verdict, detail=detail, instead=instead)


def _verdict(heard: Answer) -> Verdict:
    """Return what the answer to a request for a picture says of it."""
    said = heard.said
    if isinstance(said, Failure):
        return of_failure(said)
    host = split(said.location).host if said.location is not None else ""
    for start, reason, detail in ELSEWHERE:
        if host.startswith(start):
            return Verdict(reason=reason, detail=detail)
    if said.status in _LOST:
        detail = "YouTube has no such picture: readers see a grey box."
        return Verdict(reason=Reason.NOT_FOUND, detail=detail, facts={"status": said.status})
    if said.status == 200 and said.headers.get("content-type", "").startswith("image/"):
        return Verdict(reason=Reason.ALIVE, detail="The picture is there.")
    odd = f"{said.url} answered {said.status} with something that is no picture."
    return of_status(said, heard.at) or Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=odd)
