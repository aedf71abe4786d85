"""From bytes to text as browsers do it, with a note on everything that was wrong."""

import codecs
import re
from dataclasses import dataclass

_SNIFFED = 1445
"""How many bytes are looked at to tell text from other things (mimesniff.spec.whatwg.org)."""
_META_WITHIN = 1024
"""Where a page must declare its encoding (html.spec.whatwg.org, "prescan a byte stream")."""
_BINARY_SHARE = 0.1

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b\x08", b"BM6",
    b"Rar!\x1a\x07", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90", b"OggS", b"ID3", b"wOFF", b"wOF2",
    b"\x00\x00\x01\x00", b"\x00asm", b"\x1aE\xdf\xa3", b"RIFF", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_BINARY = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/json", "message/")
_TEXT_SUFFIXES = ("+xml", "+json", "javascript", "ecmascript", "yaml", "markdown")
_BINARY_TYPES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';,]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)
_XML = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SEVERAL_BYTES = re.compile(r"[^\x00-\x7f\ufffd]")

# What the Encoding Standard (encoding.spec.whatwg.org, 4.2) means by a label, where Python's
# codec of that name is another one. Keys and values are the codecs' own names.
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "iso8859-9": "cp1254",
    "iso8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs", "utf-16": "utf-16-le",
    "utf-8-sig": "utf-8", "johab": "",
}  # fmt: skip
_KNOWN = frozenset((
    "utf-8", "cp866", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6",
    "iso8859-7", "iso8859-8", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15",
    "iso8859-16", "koi8-r", "koi8-u", "mac-roman", "cp874", "cp1250", "cp1251", "cp1252",
    "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "mac-cyrillic", "gb18030",
    "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949", "utf-16-be", "utf-16-le",
))  # fmt: skip
_LABELS = {
    "macintosh": "mac-roman", "mac": "mac-roman", "csmacintosh": "mac-roman",
    "x-mac-roman": "mac-roman", "x-mac-cyrillic": "mac-cyrillic", "x-sjis": "cp932",
    "windows-31j": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "x-cp1250": "cp1250",
    "x-cp1251": "cp1251", "x-cp1252": "cp1252", "x-x-big5": "big5hkscs", "dos-874": "cp874",
    "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "windows-949": "cp949",
    "logical": "iso8859-8", "visual": "iso8859-8", "iso-8859-8-i": "iso8859-8",
    "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u", "unicode-1-1-utf-8": "utf-8",
    "unicode11utf8": "utf-8", "unicode20utf8": "utf-8", "x-unicode20utf8": "utf-8",
    "utf8": "utf-8", "ucs-2": "utf-16-le", "unicode": "utf-16-le", "unicodefffe": "utf-16-be",
    "unicodefeff": "utf-16-le", "iso-10646-ucs-2": "utf-16-le", "windows-874": "cp874",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A body as text. `notes` are what was wrong with it, one sentence each.

    Where `is_text` is false the body is something else (a picture, an archive) and the text
    is empty.
    """

    text: str
    notes: tuple[str, ...] = ()
    is_text: bool = True


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Return a body as text; works for any bytes and any header.

    In this order are believed: a byte order mark, UTF-8 that can be nothing else, the
    header's charset, the page's own, UTF-8. What cannot be read is replaced by U+FFFD, with
    a note. `content_type` is the header's value, or None for a file.
    """
    for mark, marked in _MARKS:
        if body.startswith(mark):
            return _read(body[len(mark) :], marked, ())
    kind, _, parameters = (content_type or "").partition(";")
    kind = kind.strip().lower()
    notes: list[str] = []
    label = _CHARSET.search(parameters)
    encoding = _declared([("header", label[1])] if label else [], notes)
    if not (encoding or "").startswith("utf-16") and _is_binary(body, kind):
        return Decoded(text="", is_text=False, notes=(_what_it_is(kind),))
    if encoding is None:
        encoding = _declared(_own_labels(body), notes)
        if encoding is not None and encoding.startswith("utf-16"):
            encoding = "utf-8"  # a page whose declaration can be read so is not UTF-16
    if encoding is None or encoding == "utf-8":
        return _read_utf8(body, notes, guessed=encoding is None)
    if not encoding.startswith(("utf-16", "iso2022")):
        text = _unmistakable_utf8(body)
        if text is not None:
            notes.append(f"The page says that it is {encoding}, but it is UTF-8.")
            return Decoded(text=text, notes=tuple(notes))
    return _read(body, encoding, notes)


def _declared(labels: list[tuple[str, str]], notes: list[str]) -> str | None:
    """Return the codec that a label stands for; one that nobody knows is noted."""
    for where, label in labels:
        encoding = encoding_named(label)
        if encoding is not None:
            return encoding
        notes.append(f"The {where} names an encoding that nobody knows: {label[:40]!r}.")
    return None


def encoding_named(label: str) -> str | None:
    """Return the name of Python's codec for a label of the web, or None for an unknown one.

    "latin1" is windows-1252 there, as in browsers. Codecs that are no encodings of text
    ("zlib", "rot13", "utf-7") are unknown.
    """
    key = label.strip().strip("\"'").lower()
    if key in _LABELS:
        return _LABELS[key]
    try:
        name = codecs.lookup(key).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _KNOWN else None


def _own_labels(body: bytes) -> list[tuple[str, str]]:
    found = _XML.search(body[:_META_WITHIN]) or _META.search(body[:_META_WITHIN])
    return [("page", found[1].decode("latin-1"))] if found else []


def _read_utf8(body: bytes, notes: list[str], *, guessed: bool) -> Decoded:
    """Read UTF-8; what was only guessed to be that may prove to be windows-1252."""
    decoded = _read(body, "utf-8", notes)
    if guessed and decoded.notes != tuple(notes) and not _SEVERAL_BYTES.search(decoded.text):
        notes.append("The page does not say its encoding; it was read as windows-1252.")
        return Decoded(text=body.decode("cp1252", "replace"), notes=tuple(notes))
    return decoded


def _unmistakable_utf8(body: bytes) -> str | None:
    if body.isascii():
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _read(body: bytes, encoding: str, notes: tuple[str, ...] | list[str]) -> Decoded:
    try:
        return Decoded(text=body.decode(encoding), notes=tuple(notes))
    except UnicodeDecodeError as error:
        note = (
            f"The page is not valid {encoding} (first at byte {error.start:,}); what could not"
            " be read was replaced."
        )
    text = body.decode(encoding, "replace")
    # Python's UTF-16 codec can leave half a pair behind; nothing else takes those.
    return Decoded(text=_SURROGATE.sub("\ufffd", text), notes=(*notes, note))


def _is_binary(body: bytes, kind: str) -> bool:
    if kind.startswith(_BINARY_TYPES) and not kind.endswith("+xml"):
        return True
    start = body[:_SNIFFED]
    if start.startswith(_MAGIC):
        return True
    odd = len(start) - len(start.translate(None, _BINARY))
    labelled = kind.startswith(_TEXT_TYPES) or kind.endswith(_TEXT_SUFFIXES)
    return odd > _BINARY_SHARE * len(start) if labelled else odd > 0


def _what_it_is(kind: str) -> str:
    named = f" ({kind[:60]})" if kind else ""
    return f"This is not text{named}."
