"""What is hidden in issues and comments: written, read back, forged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.issues.marker import (
    MOST_IDS,
    Marker,
    duplicate,
    find,
    is_duplicate,
    short,
    telling,
    told,
    without,
)

MARKER = Marker(cause="ab12", ids=("c3", "d4"), state="broken", title="e5", digest="f6")
LINE = "<!-- linkwell:incident=ab12 ids=c3,d4 state=broken title=e5 digest=f6 -->"
words = st.text(st.sampled_from("abc019_.:-"), min_size=1, max_size=12)


def test_a_marker_is_one_hidden_line():
    assert str(MARKER) == LINE


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param(f"{LINE}\nWords.", MARKER, id="at the top"),
        pytest.param(f"Words.\n\n{LINE}", MARKER, id="moved to the end"),
        pytest.param(f"Words.\r\n{LINE}\r\nMore.", MARKER, id="with the browser's line ends"),
        pytest.param(f"{LINE}  \nWords.", MARKER, id="with blanks behind it"),
        pytest.param(f"{LINE}\n<!-- linkwell:incident=zz -->", MARKER, id="the first counts"),
        pytest.param(
            "<!-- linkwell:incident=ab12 -->", Marker(cause="ab12"), id="an older, shorter one"
        ),
        pytest.param(
            "<!-- linkwell:digest=f6 new=1 incident=ab12 ids=,c3,, -->",
            Marker(cause="ab12", ids=("c3",), digest="f6"),
            id="fields in another order, and one that we do not know",
        ),
        pytest.param("", None, id="nothing"),
        pytest.param("Words.", None, id="words"),
        pytest.param(f"- `https://x.org/{LINE}`", None, id="within a line, as scraped text is"),
        pytest.param(f"> {LINE}", None, id="quoted"),
        pytest.param(f"    {LINE}", None, id="indented"),
        pytest.param("<!-- linkwell:incident= -->", None, id="empty"),
        pytest.param("<!-- linkwell:told=a what=b -->", None, id="of a comment"),
        pytest.param("<!-- linkwell:duplicate-of=3 -->", None, id="of a duplicate"),
        pytest.param(LINE.removesuffix("-->"), None, id="cut"),
        pytest.param(LINE.replace("ids", "\nids"), None, id="broken in two"),
    ],
)
def test_find(body, found):
    assert find(body) == found


@given(words, st.lists(words, max_size=300), words)
def test_what_is_written_is_read_again(cause, ids, digest):
    marker = Marker(cause=cause, ids=tuple(ids), state="ours", title="t", digest=digest)
    read = find(f"{marker}\nwords")
    assert read == Marker(
        cause=cause, ids=tuple(ids[:MOST_IDS]), state="ours", title="t", digest=digest
    )


@given(st.text())
def test_any_text_is_read_without_complaint(text):
    find(text)
    told(text)
    is_duplicate(text)
    assert without(text) == without(without(text))


def test_a_comment_tells_by_digests():
    said = f"{telling(['one', 'two'], 'what')}\nWords."
    assert told(said) == {short("one"), short("two"), "what"}
    assert told("Words.") == frozenset()
    assert told(str(MARKER)) == frozenset()


def test_a_duplicate_says_so():
    assert is_duplicate(f"{duplicate(7)}\nWords.")
    assert not is_duplicate(f"{MARKER}\nWords.")


def test_without_leaves_what_people_read():
    assert without(f"{MARKER}\nWords.\n{duplicate(3)}\n") == "Words.\n"


@pytest.mark.parametrize("fence", ["```text", "~~~", "`````"])
def test_what_stands_in_a_block_of_code_hides_nothing(fence):
    end = fence.replace("text", "")
    body = f"Words.\n\n{fence}\n{LINE}\n{duplicate(3)}\n{telling(['a'], 'b')}\n{end}\nMore.\n"
    assert (find(body), is_duplicate(body), told(body)) == (None, False, frozenset())
    assert without(body) == body
    assert find(f"{body}{LINE}") == MARKER
