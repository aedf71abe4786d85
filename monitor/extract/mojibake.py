"""Repairing text whose UTF-8 was once read as windows-1252 or windows-1254.

Only for what is shown to people, never for URLs. Own work instead of ftfy: that takes over
0.1 s to import and leaves symbols such as a circled two as they are.
"""

import re

_BYTES: dict[str, int] = {chr(byte): byte for byte in range(0x80, 0xA0)}
for _page in ("cp1252", "cp1254"):
    for _byte in range(0x80, 0x100):
        _char = bytes([_byte]).decode(_page, "ignore")
        if _char:
            _BYTES[_char] = _byte

# What may follow a letter in a sound text. Anything else there betrays a broken one.
_USUAL = frozenset("\xa0’‘”“»«›‹…–—®™°²³¹ªº•·")
# Blocks of symbols that people put into pages: punctuation, letter-like, arrows to dingbats.
_SYMBOLS = (range(0x2010, 0x2028), range(0x20AC, 0x20AD), range(0x2100, 0x27C0))
# Second bytes of a variation selector whose last byte no code page could keep.
_LOST_SELECTOR = "ï¸"


def _class(first: int, last: int) -> str:
    return "[" + "".join(re.escape(c) for c, b in _BYTES.items() if first <= b <= last) + "]"


_FOLLOWING = _class(0x80, 0xBF)
_TWO = f"[ÂÃÄÅÎÏĞÐÑ]{_FOLLOWING}"
_THREE = f"{_class(0xE2, 0xEF)}{_FOLLOWING}{{2}}"
_FOUR = f"[ğð][Ÿ\x9f]{_FOLLOWING}{{2}}(?:{_LOST_SELECTOR}(?!{_FOLLOWING}))?"
_SEQUENCE = re.compile(f"{_TWO}|{_THREE}|{_FOUR}")
_RUN = re.compile(f"(?:{_TWO}|{_THREE}|{_FOUR})+")


def repair(text: str) -> str:
    """Return a text with the mojibake in it repaired, where no byte was lost.

    Sound text comes back as it is: a run of sequences is only read anew where one of them
    makes no sense as it stands.
    """
    return text if text.isascii() else _RUN.sub(_repaired, text)


def _repaired(match: re.Match[str]) -> str:
    around = match.string[max(match.start() - 1, 0) : match.start()] or " "
    rest = match.string[match.end() : match.end() + 1] or " "
    sequences = _SEQUENCE.findall(match[0])
    try:
        chars = [_read(sequence) for sequence in sequences]
    except UnicodeDecodeError:
        return match[0]
    befores = [around, *(sequence[-1] for sequence in sequences)]
    afters = [*(sequence[0] for sequence in sequences[1:]), rest]
    broken = any(map(_makes_no_sense, sequences, chars, befores, afters))
    return "".join(chars) if broken else match[0]


def _read(sequence: str) -> str:
    whole = sequence.removesuffix(_LOST_SELECTOR) if len(sequence) > 4 else sequence
    char = bytes(_BYTES[each] for each in whole).decode("utf-8")
    return char if whole == sequence else f"{char}\N{VARIATION SELECTOR-16}"


def _makes_no_sense(sequence: str, char: str, before: str, after: str) -> bool:
    """Return whether a sequence, between two characters, cannot have been meant as it is."""
    lead, rest = sequence[0], sequence[1:]
    unusual = any(each not in _USUAL for each in rest)
    if len(rest) == 1:
        if unusual or (before.islower() and before not in _BYTES):
            return True
        if lead in "ÂÃ":  # no word of any language is one of these alone
            return not before.isalpha() or after.islower()
        return not before.isalnum() and after.islower() and rest != "\xa0"
    return unusual or (not before.isalpha() and any(ord(char) in block for block in _SYMBOLS))
