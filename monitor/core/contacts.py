"""Whom to ask when something is lost, and what to write to them, ready to be sent.

All of it is made of what the thing said of itself when it last worked. Names and titles in it are
as strangers wrote them, though on one line: whoever shows them escapes them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.causes import on_one_line
from monitor.core.incidents import Incident, Member
from monitor.core.model import Json, Url
from monitor.core.reasons import Reason
from monitor.core.urls import normalise, split

ADDRESS = re.compile(r"[\w.+'%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""An address of e-mail, as people have them: the domain has a dot, the rest no quotes."""

MOST_LISTED = 10
"""How many things one sentence names."""

_RESTORE = "Could you tell us its new address, or of another copy that we may link to?"
_ASKS: dict[Reason, str] = {
    Reason.NOT_SHARED: "Could you share it again with anyone who has the link?",
    Reason.PRIVATE: "Could you make it public again, or at least unlisted?",
    Reason.TRASHED: "It lies in the trash, which is emptied after 30 days. Could you restore it?",
    Reason.EMPTY: "Nothing is in it any more. Could you tell us where it all went?",
    Reason.CLOSED: "Could you open the form again?",
    Reason.DOWNLOAD_FORBIDDEN: "Could you allow readers to download it?",
    Reason.EMBED_FORBIDDEN: "Could you allow other sites to show it?",
    Reason.AGE_RESTRICTED: "Could you lift the age restriction?",
    Reason.REGION_RESTRICTED: "Could you let it be seen in every country?",
    Reason.PAYWALLED: "Could you offer it without payment again?",
    Reason.DELETED: _RESTORE,
    Reason.GONE: _RESTORE,
    Reason.NOT_FOUND: _RESTORE,
    Reason.PATH_GONE: _RESTORE,
    Reason.BRANCH_GONE: _RESTORE,
    Reason.TAKEN_DOWN: "Could you tell us of another copy that we may link to?",
    Reason.LEGAL_BLOCK: "Could you tell us of another copy that we may link to?",
    Reason.UNSAFE: "Could you look into why it is called harmful?",
}
"""What to ask the owner for. About a reason that is missing nobody else needs to be asked."""

_KINDS = {"blob": "file", "tree": "folder", "repo": "repository", "archive": "archive"}
_REPOSITORY = re.compile(r"([A-Za-z0-9][\w-]{0,38})/[\w.-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody to ask: who, as what ("the owner of the file"), and what to write, on one line.

    `address` is one of e-mail, `url` that of a page on which they can be reached; either is
    None where it is not known.
    """

    who: str
    what: str
    sentence: str
    address: str | None = None
    url: Url | None = None

    @property
    def where(self) -> Url | None:
        """Return where to find them: their page, else their mailbox; None where it is unknown."""
        return self.url or (Url(f"mailto:{self.address}") if self.address else None)


def contact(member: Member) -> Contact | None:
    """Return whom to ask about one resource of an incident, or None where nobody is known."""
    found = _contacts([member])
    return found[0] if found else None


def contacts(incident: Incident) -> Sequence[Contact]:
    """Return whom to ask about an incident: everybody once, about all that is theirs."""
    return _contacts([member for member in incident.members if member.ails])


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    what: str = field(compare=False)
    address: str | None = None
    url: Url | None = None


def _contacts(members: Sequence[Member]) -> Sequence[Contact]:
    by_person: dict[_Person, list[Member]] = {}
    for member in members:
        person = _person(member) if member.verdict.reason in _ASKS else None
        if person is not None:
            by_person.setdefault(person, []).append(member)
    return [
        Contact(
            who=person.name,
            what=person.what,
            sentence=_letter(person, theirs),
            address=person.address,
            url=person.url,
        )
        for person, theirs in by_person.items()
    ]


def _person(member: Member) -> _Person | None:
    """Return whose a resource is, by the facts of when it last worked, else by those of now."""
    facts = {**member.verdict.facts, **member.known}
    for find in (_owner_of_file, _channel, _owner_of_repository):
        person = find(facts, _kind(member))
        if person is not None:
            return person
    return None


def _owner_of_file(facts: Mapping[str, Json], kind: str) -> _Person | None:
    address = _text(facts, "owner_address")
    name = _text(facts, "owner") or address
    reachable = address if ADDRESS.fullmatch(address) else None
    return _Person(name, f"the owner of the {kind}", reachable) if name else None


def _channel(facts: Mapping[str, Json], _kind: str) -> _Person | None:
    name = _text(facts, "channel")
    url = normalise(_text(facts, "channel_url"))
    shown = url if url is not None and split(url).host == "www.youtube.com" else None
    return _Person(name, "the channel", None, shown) if name else None


def _owner_of_repository(facts: Mapping[str, Json], _kind: str) -> _Person | None:
    found = _REPOSITORY.fullmatch(_text(facts, "full_name"))
    if found is None:
        return None
    url = Url(f"https://github.com/{found.group(1)}")
    return _Person(found.group(1), "the owner of the repository", None, url)


def _text(facts: Mapping[str, Json], name: str) -> str:
    value = facts.get(name)
    return on_one_line(value) if isinstance(value, str) else ""


def _kind(member: Member) -> str:
    return _KINDS.get(member.resource.kind) or on_one_line(member.resource.kind)


def _letter(person: _Person, members: Sequence[Member]) -> str:
    """Return what to write about some resources that are one person's."""
    asks = " ".join(dict.fromkeys(_ASKS[member.verdict.reason] for member in members))
    if len(members) == 1:
        (member,) = members
        named = f"our page links to your {_kind(member)} {_thing(member)}."
        trouble = f"Our readers have had trouble with it since {_day(member)}."
        return f"Dear {person.name}, {named} {trouble} {asks} Thank you!"
    listed = [f"{_thing(member)} (since {_day(member)})" for member in members[:MOST_LISTED]]
    if len(members) > MOST_LISTED:
        listed.append(f"and {len(members) - MOST_LISTED} more")
    named = f"our pages link to {len(members)} things of yours with which our readers have trouble:"
    return f"Dear {person.name}, {named} {'; '.join(listed)}. {asks} Thank you!"


def _thing(member: Member) -> str:
    """Return a resource with its title, its address, and where it stands on the page."""
    title = _text({**member.verdict.facts, **member.known}, "title") or _text(member.known, "name")
    named = f"“{title}” ({member.resource.url})" if title else member.resource.url
    if not member.links:
        return named
    place = member.links[0].occurrence
    under = on_one_line(", ".join(filter(None, place.context)))
    text = on_one_line(place.text)
    where = f", under “{under}”" if under else ""
    called = f", as “{text}”" if text and text != title else ""
    return f"{named} on {on_one_line(place.page)}{where}{called}"


def _day(member: Member) -> str:
    return f"{member.since.day} {member.since:%B %Y}"
