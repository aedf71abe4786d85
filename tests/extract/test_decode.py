"""Bytes to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.decode import decode, encoding_named

HTML = "text/html"


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        pytest.param("è".encode(), HTML, "è", id="UTF-8"),
        pytest.param("è".encode(), None, "è", id="a file"),
        pytest.param("\ufeffè".encode(), "text/html; charset=latin1", "è", id="a mark wins"),
        pytest.param("\ufeffè".encode("utf-16-le"), HTML, "è", id="UTF-16 with a mark"),
        pytest.param("è€".encode("cp1252"), "text/html;charset=ISO-8859-1", "è€", id="latin1"),
        pytest.param("ğ".encode("cp1254"), 'text/html; charset="iso-8859-9"', "ğ", id="Turkish"),
        pytest.param("日本".encode("cp932"), "text/html; charset=x-sjis", "日本", id="Japanese"),
        pytest.param("è".encode("utf-16-le"), "text/html; charset=utf-16", "è", id="UTF-16"),
        pytest.param(
            b"<meta charset=windows-1251>\xef", HTML, "<meta charset=windows-1251>п", id="meta"
        ),
        pytest.param(
            b"<meta http-equiv=x content='a; charset=koi8-r'>\xd0",
            HTML,
            "<meta http-equiv=x content='a; charset=koi8-r'>п",
            id="the old meta",
        ),
        pytest.param(
            "<meta charset=utf-16>è".encode(), HTML, "<meta charset=utf-16>è", id="no UTF-16"
        ),
        pytest.param(b"", HTML, "", id="nothing"),
    ],
)
def test_what_is_read_without_a_word(body, header, text):
    decoded = decode(body, header)
    assert (decoded.text, decoded.notes, decoded.is_text) == (text, (), True)


@pytest.mark.parametrize(
    ("body", "header", "text", "note"),
    [
        pytest.param(
            "a è b".encode() + b"\xe8",
            HTML,
            "a è b\ufffd",
            "The page is not valid utf-8 (first at byte 6); what could not be read was replaced.",
            id="broken UTF-8",
        ),
        pytest.param(
            b"caf\xe9",
            HTML,
            "café",
            "The page does not say its encoding; it was read as windows-1252.",
            id="an old page that says nothing",
        ),
        pytest.param(
            "è".encode(),
            "text/html; charset=iso-8859-1",
            "è",
            "The page says that it is cp1252, but it is UTF-8.",
            id="a wrong header",
        ),
        pytest.param(
            "è".encode(),
            "text/html; charset=klingon",
            "è",
            "The header names an encoding that nobody knows: 'klingon'.",
            id="an unknown label",
        ),
        pytest.param(
            b"<meta charset=zlib>a",
            HTML,
            "<meta charset=zlib>a",
            "The page names an encoding that nobody knows: 'zlib'.",
            id="no encoding of text",
        ),
        pytest.param(
            b"\xff\xfe\x00\xd8a\x00",
            HTML,
            "\ufffd",
            "The page is not valid utf-16-le (first at byte 0);"
            " what could not be read was replaced.",
            id="half a pair",
        ),
    ],
)
def test_what_is_noted(body, header, text, note):
    decoded = decode(body, header)
    assert note in decoded.notes
    assert decoded.text.startswith(text)


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (b"%PDF-1.7", HTML),
        (b"\x89PNG\r\n", None),
        (b"GIF89a", "text/plain"),
        (b"anything", "image/png"),
        (b"\x00\x01\x02", None),
        (b"\x00" * 50 + b"<p>", HTML),
    ],
)
def test_what_is_no_text(body, header):
    decoded = decode(body, header)
    assert (decoded.is_text, decoded.text) == (False, "")
    assert decoded.notes[0].startswith("This is not text")


def test_a_drawing_is_text_and_so_is_a_page_with_a_stray_null():
    assert decode(b"<svg/>", "image/svg+xml").is_text
    assert decode(b"<p>" + b"x" * 50 + b"\0", HTML).text.endswith("\0")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("UTF8", "utf-8"), (" latin1 ", "cp1252"), ("us-ascii", "cp1252"), ("gbk", "gb18030"),
        ("tis-620", "cp874"), ("EUC-KR", "cp949"), ("big5", "big5hkscs"), ("utf-7", None),
        ("rot13", None), ("idna", None), ("johab", None), ("a\0b", None), ("", None), ("é", None),
    ],
)  # fmt: skip
def test_labels(label, name):
    assert encoding_named(label) == name


@given(st.binary(max_size=200), st.none() | st.text(max_size=40))
def test_any_bytes_can_be_decoded(body, header):
    decoded = decode(body, header)
    decoded.text.encode("utf-8")


@given(st.text(), st.sampled_from(["utf-8", "utf-16-le", "gb18030"]))
def test_what_is_labelled_rightly_is_read_rightly(text, encoding):
    body = f"<p>{text.replace(chr(0xFEFF), '')}".encode(encoding)
    decoded = decode(body, f"text/html; charset={encoding}")
    if decoded.is_text:
        assert decoded.text == body.decode(encoding)
