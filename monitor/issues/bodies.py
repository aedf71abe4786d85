"""The words of an incident's issue: its title, its body, and what is said below it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.contacts import ADDRESS, Contact, contacts
from monitor.core.incidents import Ending, Incident, Member
from monitor.core.model import Suggestion, Verdict
from monitor.core.mutes import Mute
from monitor.core.reasons import Reason, Status, explain
from monitor.core.states import Phase, Sighting
from monitor.issues.rendering import LONGEST_TITLE, MOST, MOST_TITLE, Part, fitted, part, private
from monitor.issues.verbs import Command, Verb, box
from monitor.issues.view import Fared, View
from monitor.report.grouping import USE_INSTEAD, Place
from monitor.report.markdown_escape import defused
from monitor.report.wording import PHASES, count, facts, instant, label, shown, title_of

MOST_PLACES = 20
"""Places of one resource that are listed; the rest are counted."""

MOST_LISTED = 50
"""Resources that a comment lists; the rest are counted."""

MOST_ASKED = 10
"""People to ask who are named."""

_ROOM = 4_000
"""What the hidden marker takes at most, with some to spare."""

WORDS = {Status.BROKEN: "Broken", Status.WARNING: "Warning", Status.UNKNOWN: "Needs you"}
"""What an incident's status is called in a title."""

_DRIFT = frozenset({Reason.CHANGED, Reason.REPLACED, Reason.RETARGETED})
"""The reasons that are over as soon as somebody accepts what is there now."""

_OVER = {
    Ending.RECOVERED: "It works again: seen well on {times}.",
    Ending.UNLINKED: "The pages no longer link to it: it is mended.",
    Ending.MERGED: "It goes on as a part of another trouble.",
}

_COMMANDS = ("/mute 30d reason", "/unmute", "/recheck")


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick box and its words."""

    mark: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The head of a body."""

    headline: str
    what: str
    why: str
    to_do: str
    detail: str
    facts: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One resource of an incident, as it is shown."""

    name: str
    url: str
    state: str
    detail: str
    instead: Suggestion | None
    began: str
    since: datetime | None
    last_good: datetime | None
    facts: str
    places: Sequence[Place]
    more_places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """One resource that has recovered: the sightings that show it, or what else to say."""

    name: str
    url: str
    good: Sequence[Sighting]
    otherwise: str


def title(incident: Incident) -> str:
    """Return the title of an incident's issue; it stays while the trouble does."""
    what = explain(incident.reason).title
    text = f"{WORDS[incident.status]}: {what} – {incident.cause.name}"
    text = private(text)
    harmless = defused(shown(text, MOST_TITLE))
    return harmless if len(harmless) <= LONGEST_TITLE else defused(shown(text, MOST_TITLE // 3))


def body(incident: Incident, view: View, mute: Mute | None = None) -> str:
    """Return the body of an incident's issue, all but the marker, fitted to what GitHub takes."""
    parts = [Part(part("issue", "head", _story(incident)))]
    if mute is not None:
        parts.append(Part(part("issue", "muted", mute)))
    if incident.members:
        parts.append(Part(part("issue", "members_title")))
    for member in incident.members:
        row = _row(member, view.fared.get(member.resource.id, Fared()))
        parts.append(Part(part("issue", "member", row), "resource"))
    if incident.is_open:
        parts += _asking(contacts(incident))
        parts.append(Part(part("issue", "foot", _ticks(incident), _COMMANDS)))
    return fitted(parts, MOST - _ROOM)


def changed(sentences: Sequence[str]) -> str:
    """Return the comment that tells of what happened."""
    return part("comment", "told", sentences)


def over(incident: Incident, view: View) -> str:
    """Return the comment with which an issue is closed: the evidence that it is over."""
    ending = incident.ending or Ending.RECOVERED
    members = incident.members[:MOST_LISTED]
    lines = [_over(member, view.fared.get(member.resource.id, Fared())) for member in members]
    times = max((len(line.good) for line in lines), default=0)
    sentence = (
        _OVER[ending].format(times=count(times, "check"))
        if times or ending is not Ending.RECOVERED
        else ""
    )
    more = len(incident.members) - len(members)
    return part("comment", "over", sentence or "It works again.", lines, more)


def again(sentence: str, incident: Incident, view: View) -> str:
    """Return the comment with which an issue is opened again."""
    checked = [f"Checked on {instant(view.checked_at)}"] if view.checked_at else []
    return part("comment", "again", sentence, [*checked, *_story(incident).facts])


def still(view: View) -> str:
    """Return the comment that a closed issue is not over yet."""
    return part("comment", "still", view.checked_at or view.now)


def duplicate(number: int) -> str:
    """Return the comment with which an issue is closed that says what another says."""
    return part("comment", "duplicate", number)


def merged(number: int, into: Incident) -> str:
    """Return the comment with which an issue is closed that goes on in another."""
    return part("comment", "merged", number, into.cause.name)


def _story(incident: Incident) -> Story:
    told = explain(incident.reason)
    members = incident.members
    links = [link for member in members for link in member.links]
    pages = {link.occurrence.page for link in links}
    where = f": {count(len(links), 'link')} on {count(len(pages), 'page')}" if links else ""
    known = [f"Known since {instant(incident.opened_at)}"]
    if incident.flapping:
        known.append("It comes and goes; nothing more is told of it until that ends")
    if incident.closed_at is not None:
        known.append(f"Over since {instant(incident.closed_at)}")
    all_have = bool(members) and all(member.verdict.instead for member in members)
    ended = {} if incident.ending is None else {"to_do": "", "why": ""}
    story = Story(
        headline=f"{told.title}: {incident.cause.name}{where}",
        what=told.what,
        why=told.why,
        to_do=USE_INSTEAD if all_have else told.do,
        detail=incident.detail,
        facts=known,
    )
    return replace(story, **ended)


def _row(member: Member, fared: Fared) -> Row:
    verdict = _with_known(member)
    # Of what works again, or stands on no page any more, only that is worth saying.
    ails = member.phase is not Phase.HEALTHY and bool(member.links)
    instead = member.verdict.instead if ails else None
    is_said = instead is not None and instead.why == member.verdict.detail
    broken = member.status is Status.BROKEN
    told = [f"{name}: {value}" for name, value in facts(verdict) if not ADDRESS.search(value)]
    return Row(
        name=title_of(verdict) or "",
        url=member.resource.url,
        state=PHASES.get(member.phase, "") if member.links else "no longer on the pages",
        detail=member.verdict.detail if ails and not is_said else "",
        instead=instead,
        began="Failing since" if broken else "So since",
        since=member.since if ails else None,
        last_good=fared.last_good if broken else None,  # what has a warning works every day
        facts=" · ".join(told) if ails else "",
        places=[
            Place(label=label(link, member.resource, verdict), link=link)
            for link in member.links[:MOST_PLACES]
        ],
        more_places=max(0, len(member.links) - MOST_PLACES),
    )


def _with_known(member: Member) -> Verdict:
    """Return a verdict with what was known of the resource when it last worked."""
    return replace(member.verdict, facts={**member.known, **member.verdict.facts})


def _over(member: Member, fared: Fared) -> Over:
    otherwise = "works again" if member.links else "no longer on the pages"
    return Over(
        name=title_of(_with_known(member)) or "",
        url=member.resource.url,
        good=fared.good if member.links else (),
        otherwise=otherwise,
    )


def _asking(people: Sequence[Contact]) -> list[Part]:
    """Return whom to ask; no addresses of e-mail, for others may read the issue."""
    if not people:
        return []
    asked = [_without_address(each) for each in people[:MOST_ASKED]]
    return [Part(part("issue", "contacts", asked), "list of whom to ask", "lists of whom to ask")]


def _without_address(contact: Contact) -> Contact:
    """Return whom to ask by another name, where they have none but an address."""
    if not ADDRESS.fullmatch(contact.who):
        return contact
    sentence = contact.sentence.replace(contact.who, contact.what)
    return replace(contact, who=contact.what, sentence=sentence)


def _ticks(incident: Incident) -> Sequence[Tick]:
    drifted = any(member.verdict.reason in _DRIFT for member in incident.members)
    return ticks(Verb.RECHECK, *([Verb.ACCEPT] if drifted else []), Verb.MUTE)


_TICK_WORDS = {
    Verb.RECHECK: "Check again at the next run",
    Verb.ACCEPT: "Accept what is there now",
    Verb.MUTE: "Mute for 30 days",
    Verb.UNMUTE: "End the mute",
}


def ticks(*verbs: Verb, of: str = "") -> Sequence[Tick]:
    """Return tick boxes, as a template wants them."""
    return [Tick(box(Command(verb=verb, of=of)), _TICK_WORDS[verb]) for verb in verbs]
