"""Texts of a page as they are shown to people."""

from monitor.extract.mojibake import repair

LONGEST = 300
"""How many characters of one text are shown, in code points."""

LOOKED_AT = 4 * LONGEST
"""How many characters of the source are looked at for that: white space and mojibake shrink."""

_SPACES = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")


def shown(text: str) -> str:
    """Return a text repaired, on one line and cut to a length, ready to be shown.

    Repaired first, for a lost letter may hide in a no-break space; control characters count
    as white space.
    """
    repaired = repair(text[:LOOKED_AT])
    if not repaired.isprintable():
        repaired = repaired.translate(_SPACES)
    one_line = " ".join(repaired.split())
    return one_line if len(one_line) <= LONGEST else one_line[: LONGEST - 1].rstrip() + "…"
