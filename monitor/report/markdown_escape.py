"""Scraped text within Markdown: it can neither ping, close, link, break a table nor be HTML.

GitHub looks for mentions and references in the text after it is rendered, so a backslash
before "@" does not help; a zero-width space behind it does.
"""

import re

from monitor.report.wording import shown, shown_url

_GAP = "\u200b"

# CommonMark reads an entity as the character itself, and as nothing more.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "\\": "&#92;", "`": "&#96;"}
_SPECIAL = re.compile(r"[*_{}\[\]()~$!#^]")
_OPENING = re.compile(r"^([-+=:]|\d+(?=[.)](?:\s|$)))")

# Each is broken in two by a gap. Sources: docs.github.com, "Autolinked references and URLs"
# and "Mentioning people"; GFM specification 0.29, 6.9 (www., a scheme, an e-mail address).
_LINKING = (
    re.compile(r"(?<=@)(?=\S)"),
    re.compile(r"(?<=#)(?=\d)"),
    # GitHub's runner takes it for a command, wherever in a printed line it stands.
    re.compile(r"(?<=##)(?=\[)"),
    re.compile(r"(?<=\bgh)(?=-\d)", re.IGNORECASE),
    re.compile(r"(?<=:)(?=//)"),
    re.compile(r"(?<=www)(?=\.)", re.IGNORECASE),
    re.compile(r"(?<=mailto)(?=:)|(?<=xmpp)(?=:)", re.IGNORECASE),
    # A colon of ours may follow, and make a picture of the end of a text.
    re.compile(r"(?<=:)(?=[a-z0-9_+-]+(?::|$))", re.IGNORECASE),
)
_COMMIT = re.compile(r"\b(?=[a-f]*[0-9])[0-9a-f]{7,40}\b")


def escape(text: str) -> str:
    """Return a text of any origin as Markdown that shows it and does nothing else.

    For use within a line or a table cell; white space is folded, length bounded.
    """
    escaped = "".join(
        _ENTITIES.get(character) or _SPECIAL.sub(r"\\\g<0>", character)
        for character in defused(text)
    )
    return _OPENING.sub(_after_opening, escaped)


def defused(text: str) -> str:
    """Return a text of any origin, on one line, in which nothing pings, closes or links.

    For places that show it as it is, such as the title of an issue.
    """
    plain = shown(text)
    for pattern in _LINKING:
        plain = pattern.sub(_GAP, plain)
    return _COMMIT.sub(_in_sixes, plain)


def code(text: str) -> str:
    """Return an address of any origin as a code span, in which nothing links or pings.

    What would end the span or a table cell is shown percent-encoded, which in an address
    means the same.
    """
    plain = " ".join(shown_url(text, 300).split())
    for character in "`|\\":
        plain = plain.replace(character, f"%{ord(character):02X}")
    return f"`{plain}`" if plain else ""


def _in_sixes(match: "re.Match[str]") -> str:
    """Return a commit's name in parts too short to be one."""
    return _GAP.join(re.findall(".{1,6}", match.group()))


def _after_opening(match: "re.Match[str]") -> str:
    opening = match.group(1)
    return f"{opening}&#8203;" if opening.isdigit() else f"\\{opening}"
