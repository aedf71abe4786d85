"""The words of an alert: its subject, and its body as plain text, Markdown and HTML.

What pages and services say is escaped and capped; none of it can ping, link or be HTML.
"""

import html
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from monitor.core.alerts import Item
from monitor.core.contacts import ADDRESS, Contact, contacts
from monitor.core.incidents import Incident, IncidentTurn, Member
from monitor.core.model import Suggestion
from monitor.core.reasons import Status, explain
from monitor.net.alerts import Message
from monitor.report.environment import environment, href
from monitor.report.grouping import USE_INSTEAD, Place
from monitor.report.markdown_escape import code, defused
from monitor.report.wording import PHASES, count, joined, label, name_of, shown, shown_url

MOST_SUBJECT = 120
"""Characters of a subject; more is not shown by mail programs."""

_WORDS = {
    IncidentTurn.OPENED: "New",
    IncidentTurn.REOPENED: "Back again",
    IncidentTurn.WORSENED: "Worse",
    IncidentTurn.FLAPPING: "Comes and goes",
    IncidentTurn.CLOSED: "Over",
}
_STATUSES = {Status.BROKEN: "broken", Status.WARNING: "warning", Status.UNKNOWN: "needs you"}
_COUNTED = {
    IncidentTurn.OPENED: ("new trouble", "new troubles"),
    IncidentTurn.REOPENED: ("back again", "back again"),
    IncidentTurn.WORSENED: ("worse", "worse"),
    IncidentTurn.FLAPPING: ("that comes and goes", "that come and go"),
    IncidentTurn.CLOSED: ("over", "over"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How much a version of a text tells."""

    items: int
    members: int
    places: int
    explains: bool


LENGTHS = (
    Length(items=20, members=10, places=5, explains=True),
    Length(items=10, members=3, places=2, explains=True),
    Length(items=8, members=1, places=1, explains=False),
    Length(items=5, members=0, places=0, explains=False),
    Length(items=1, members=0, places=0, explains=False),
)
"""The versions, from the longest to the shortest: a chat may hold 2,000 characters or 4,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One resource, as it is shown."""

    name: str
    url: str
    state: str
    detail: str
    instead: Suggestion | None
    places: Sequence[Place]
    more_places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One item, as it is shown; what is "" or empty is left out.

    `urls` are the addresses that a letter may hold; what else looks like one is defused.
    """

    headline: str
    sentences: Sequence[str]
    what: str = ""
    why: str = ""
    to_do: str = ""
    rows: Sequence[Row] = ()
    more_rows: int = 0
    contacts: Sequence[Contact] = ()
    urls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A message, as the templates want it."""

    items: Sequence[Told]
    more: int


def message(items: Sequence[Item]) -> Message:
    """Return the message about items, at least one."""
    views = [_view(items, length) for length in LENGTHS]
    return Message(
        subject=subject(items),
        text=tuple(_written("alert.txt", view) for view in views),
        markdown=tuple(_written("alert.md", view) for view in views),
        html=tuple(_written("alert.html", view) for view in views),
    )


def trial(name: str) -> Message:
    """Return the message by which a channel is tried out."""
    told = Told(
        headline="This is a test",
        sentences=(f"Linkwell reaches the channel {name}. What breaks will be told here.",),
    )
    view = View(items=(told,), more=0)
    return Message(
        subject="Linkwell: this is a test",
        text=(_written("alert.txt", view),),
        markdown=(_written("alert.md", view),),
        html=(_written("alert.html", view),),
    )


def subject(items: Sequence[Item]) -> str:
    """Return the subject of a message: what it is about, or how much of what it tells."""
    if len(items) == 1:
        text = defused(shown(f"Linkwell: {_headline(items[0])}", MOST_SUBJECT))
        return text.translate(_NO_MARKUP)
    numbers = [(turn, sum(item.turn is turn for item in items)) for turn in IncidentTurn]
    said = [count(number, *_COUNTED[turn]) for turn, number in numbers if number]
    return f"Linkwell: {joined(said)}"


_NO_MARKUP = str.maketrans("<>[]`", "‹›⟨⟩'")
"""Subjects are put into HTML and Markdown by apprise's plug-ins, each in its own way."""


def _view(items: Sequence[Item], length: Length) -> View:
    told = [_told(item, length) for item in items[: length.items]]
    return View(items=told, more=len(items) - len(told))


def _told(item: Item, length: Length) -> Told:
    incident = item.incident
    told = Told(headline=_headline(item), sentences=_sentences(item))
    if not incident.is_open:
        return told
    about = explain(incident.reason)
    ailing = [member for member in incident.members if member.ails]
    rows = [_row(member, length, told.sentences) for member in ailing[: length.members]]
    all_have = bool(ailing) and all(member.verdict.instead for member in ailing)
    return replace(
        told,
        what=about.what if length.explains else "",
        why=about.why if length.explains else "",
        to_do=(USE_INSTEAD if all_have else about.do) if length.members else "",
        rows=rows,
        more_rows=len(ailing) - len(rows) if rows else 0,
        contacts=contacts(incident)[: length.members],
        urls=frozenset(_urls(incident)),
    )


def _urls(incident: Incident) -> Iterator[str]:
    for member in incident.members:
        yield member.resource.url
        yield from (link.occurrence.page for link in member.links)


def _headline(item: Item) -> str:
    incident, turn = item.incident, item.turn
    status = f" ({_STATUSES[incident.status]})" if turn is not IncidentTurn.CLOSED else ""
    return f"{_WORDS[turn]}{status}: {explain(incident.reason).title} – {incident.cause.name}"


def _sentences(item: Item) -> Sequence[str]:
    """Return what happened, the newest last; of many the newest, for they hold the rest."""
    return tuple(dict.fromkeys(each.sentence for each in item.turns[-3:]))


def _row(member: Member, length: Length, told: Sequence[str]) -> Row:
    verdict = replace(member.verdict, facts={**member.known, **member.verdict.facts})
    places = member.links[: length.places]
    return Row(
        name=name_of(member.resource, verdict),
        url=member.resource.url,
        state=PHASES.get(member.phase, ""),
        detail=verdict.detail if not any(verdict.detail in each for each in told) else "",
        instead=verdict.instead,
        places=[Place(label=label(link, member.resource, verdict), link=link) for link in places],
        more_places=len(member.links) - len(places) if places else 0,
    )


def _written(name: str, view: View) -> str:
    text = str(_template(name).message(view)).strip("\n")
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return f"{text}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How a form writes what others wrote: a text, an address of the web, one of a mailbox."""

    text: Callable[[str], str]
    address: Callable[[str], str]
    mailbox: Callable[[Contact], str]

    def letter(self, letter: str, urls: Collection[str]) -> str:
        """Return what to write to somebody; these addresses stay in it as they are."""
        known = "|".join(re.escape(url) for url in sorted(urls, key=len, reverse=True) if url)
        text = letter[:_MOST_LETTER]
        return "".join(
            self.address(piece) if piece in urls else self._spaced(piece)
            for piece in (re.split(f"({known})", text) if known else [text])
        )

    def _spaced(self, piece: str) -> str:
        """Return a piece of it with the spaces around it."""
        before = " " if piece[:1] == " " else ""
        after = " " if len(piece) > 1 and piece[-1] == " " else ""
        return f"{before}{self.text(piece)}{after}"


_MOST_LETTER = 8_000


@lru_cache(maxsize=8)
def _template(name: str) -> Any:
    """Return the macros of a template of ours; what they write of others is made harmless."""
    from markupsafe import Markup

    form = _FORMS[name]

    def finished(value: object) -> object:
        return value if hasattr(value, "__html__") else Markup(form.text(str(value)))  # noqa: S704 - harmless

    made = environment(finalize=finished)
    made.filters["address"] = lambda url: Markup(form.address(url))  # noqa: S704 - harmless
    made.filters["mailbox"] = lambda contact: Markup(form.mailbox(contact))  # noqa: S704 - harmless
    made.filters["letter"] = lambda letter, urls: Markup(form.letter(letter, urls))  # noqa: S704 - harmless
    if name != "alert.html":
        made.filters["own_words"] = Markup
    return made.get_template(f"{name}.j2").module


def _plain(text: str) -> str:
    """Return a text for plain text; a chat would read "<!channel>" as a call to all."""
    return defused(text).replace("<", "<\u200b")


def _plain_address(url: str) -> str:
    """Return an address for plain text, in which chats find nobody to ping."""
    return " ".join(shown_url(url, 500).split()).replace("@", "%40").replace("<", "%3C")


def _plain_mailbox(contact: Contact) -> str:
    address = contact.address or ""
    return address if ADDRESS.fullmatch(address) else _plain(address)


def _html(text: str) -> str:
    return html.escape(_plain(text))


def _markdown(text: str) -> str:
    """Return a text as Markdown for chats, which know backslashes, but take entities literally."""
    plain = _ENTITY.sub("&\u200b", defused(text).translate(_NO_MARKUP))
    return _SPECIAL.sub(r"\\\g<0>", plain)


_ENTITY = re.compile(r"&(?=#?\w+;)")
_SPECIAL = re.compile(r"[\\*_{}()~$!#^|]|^[-+=:]")


def _html_address(url: str) -> str:
    target, text = href(url), html.escape(shown_url(url, 500))
    return f'<a href="{html.escape(target)}">{text}</a>' if target is not None else text


def _html_mailbox(contact: Contact) -> str:
    """Return a mailbox as a link that begins a mail with the letter in it."""
    address = contact.address or ""
    if not ADDRESS.fullmatch(address):
        return _html(address)
    letter = quote(contact.sentence[:_MOST_MAIL].encode("utf-8", "replace"), safe="")
    return f'<a href="mailto:{quote(address, safe="@")}?body={letter}">{html.escape(address)}</a>'


_MOST_MAIL = 1_500
"""Characters of a letter within an address; mail programs do not take much more."""

_FORMS = {
    "alert.txt": _Form(text=_plain, address=_plain_address, mailbox=_plain_mailbox),
    "alert.md": _Form(
        text=_markdown,
        address=code,
        mailbox=lambda contact: code(contact.address or ""),
    ),
    "alert.html": _Form(text=_html, address=_html_address, mailbox=_html_mailbox),
}
