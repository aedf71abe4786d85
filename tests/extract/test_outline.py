"""What an answer says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Url
from monitor.core.ports import Outline, Response
from monitor.extract.outline import outline


def answer(body: str | bytes, content_type: str | None = "text/html; charset=utf-8") -> Response:
    return Response(
        status=200,
        url=Url("https://a.example/b/c"),
        headers={} if content_type is None else {"content-type": content_type},
        body=body.encode() if isinstance(body, str) else body,
    )


def test_a_whole_page():
    body = """<!doctype html><title> The\n page </title><style>p{}</style><script>var x</script>
    <svg><title>a drawing</title><text>drawn</text></svg>
    <h1></h1><h1 id=top>First <b>heading</b></h1><h1>Second</h1>
    <a name=old>x</a><p id=p>Some&nbsp;words<br>more</p><a id=old></a><noscript>no</noscript>"""
    assert outline(answer(body)) == Outline(
        title="The page",
        heading="First heading",
        refresh=None,
        ids=("top", "old", "p"),
        words="First heading Second x Some words more",
    )


@pytest.mark.parametrize(
    ("content", "url"),
    [
        ("0; url=d", "https://a.example/b/d"),
        ("0;URL='/d'", "https://a.example/d"),
        ("1.5 ; url = https://e.example/", "https://e.example/"),
        (";url=d", "https://a.example/b/d"),
        ("30; url=d", None),
        ("0", None),
        ("99999; url=d", None),
        ("", None),
        ("0; url=http://[", None),
    ],
)
def test_where_a_page_sends_its_readers_at_once(content, url):
    body = f'<meta name=x><meta http-equiv=Refresh content="{content}">'
    assert outline(answer(body)).refresh == url


def test_a_base_moves_what_is_relative():
    body = "<base><base href=/x/><base href=/y/><meta http-equiv=refresh content='0;url=d'>"
    assert outline(answer(body)).refresh == "https://a.example/x/d"


def test_what_is_no_page():
    assert outline(answer(b"%PDF-1.7 \x00", None)) == Outline()
    assert outline(answer("<h1>a</h1>\n b", "text/plain")) == Outline(words="<h1>a</h1> b")


def test_its_size_is_bounded():
    body = "".join(f"<p id=i{n}>word</p>" for n in range(60_000))
    found = outline(answer(body))
    assert (len(found.ids), len(found.words)) == (50_000, 5_000)


@given(st.binary(max_size=300), st.sampled_from([None, "text/html", "text/plain", "x; charset=y"]))
def test_any_answer_has_an_outline(body, content_type):
    assert isinstance(outline(answer(body, content_type)), Outline)
