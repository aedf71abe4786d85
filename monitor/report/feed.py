"""What happened to the incidents as an Atom feed (RFC 4287): an entry for each transition."""

import hashlib
import re
from xml.etree import ElementTree as ET

from monitor.report.environment import href
from monitor.report.report import Report
from monitor.report.stories import TURNS, Story
from monitor.report.wording import iso, shown

MOST_ENTRIES = 200
"""Readers ask for a feed again and again; what is older is in the report."""

_ATOM = "http://www.w3.org/2005/Atom"
_AUTHORITY = "linkwell.invalid,2026"
"""What a tag begins with (RFC 4151): a name that nobody else may use, for nobody can own it."""


def feed(report: Report) -> str:
    """Return the feed of a report, the same characters for the same report.

    The newest comes first. An entry says nothing that could change after it, and `updated` is
    when something last happened, so that the bytes change only when there is news.
    """
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    told = [(story, turn) for story in report.stories for turn in story.turns]
    told.sort(key=lambda pair: (pair[1].at, pair[1].id), reverse=True)
    newest = told[0][1].at if told else report.checked_at
    _text(root, "id", f"tag:{_AUTHORITY}:feed/{_name_of(report)}")
    _text(root, "title", _titled(report))
    _text(root, "updated", iso(newest))
    _text(root, "generator", "Linkwell")
    _text(ET.SubElement(root, "author"), "name", "Linkwell")
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": "index.html"})
    for story, turn in told[:MOST_ENTRIES]:
        entry = ET.SubElement(root, "entry")
        _text(entry, "id", f"tag:{_AUTHORITY}:transition/{_digest(turn.id)}")
        _text(entry, "title", f"{TURNS[turn.turn]}: {story.subject}")
        _text(entry, "published", iso(turn.at))
        _text(entry, "updated", iso(turn.at))
        ET.SubElement(entry, "category", {"term": turn.turn.value})
        target = {"rel": "alternate", "type": "text/html", "href": f"index.html#i-{story.anchor}"}
        ET.SubElement(entry, "link", target)
        for related in _related(story):
            ET.SubElement(entry, "link", {"rel": "related", "href": related})
        _text(entry, "content", shown(turn.sentence))
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _related(story: Story) -> list[str]:
    """Return the addresses that an incident of one resource is about."""
    if len(story.incident.members) != 1:
        return []
    target = href(story.incident.members[0].resource.url)
    return [target] if target is not None else []


def _titled(report: Report) -> str:
    names = list(dict.fromkeys(shown(page.name, 200) for page in report.pages))
    if len(names) == 1 and names[0]:
        return f"What happens to the links of {names[0]}"
    return "What happens to your links"


def _name_of(report: Report) -> str:
    """Return the name of the feed: that of what is watched, the same from run to run."""
    sources = {page.source for page in report.pages if page.source}
    return _digest("\n".join(sorted(sources or {page.name for page in report.pages})))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _writable(text)


def _writable(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold (its section 2.2)."""
    return _UNWRITABLE.sub("", text)


_UNWRITABLE = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
