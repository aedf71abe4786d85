"""Which lines a change touches, and whether a link is the change's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.checkout import EVERY_LINE, Checkout, moved_files, touched_lines
from monitor.core.model import Occurrence, Position

CHANGED = """\
diff --git a/docs/a.md b/docs/a.md
index 1111111..2222222 100644
--- a/docs/a.md
+++ b/docs/a.md
@@ -3 +3 @@ # Heading
-old
+new
@@ -10,0 +11,3 @@
+one
+two
+three
@@ -20,2 +23,0 @@
-gone
-gone too
"""

NEW = """\
diff --git a/new.md b/new.md
new file mode 100644
index 0000000..2222222
--- /dev/null
+++ b/new.md
@@ -0,0 +1,2 @@
+one
+two
\\ No newline at end of file
"""

DELETED = """\
diff --git a/old.md b/old.md
deleted file mode 100644
--- a/old.md
+++ /dev/null
@@ -1 +0,0 @@
-gone
"""

MOVED = """\
diff --git a/old.md b/new/place.md
similarity index 100%
rename from old.md
rename to new/place.md
"""

MOVED_AND_CHANGED = """\
diff --git a/old.md b/new/place.md
similarity index 90%
rename from old.md
rename to new/place.md
--- a/old.md
+++ b/new/place.md
@@ -7 +7 @@
-old
+new
"""

TREACHEROUS = """\
diff --git a/a.md b/a.md
--- a/a.md
+++ b/a.md
@@ -1 +1,4 @@
---- a/x.md
+++ b/elsewhere.md
+@@ -1 +100,9 @@
+diff --git a/b.md b/b.md
\\ No newline at end of file
+last
@@ -9,0 +13 @@
+after
"""

ENDS_EARLY = """\
diff --git a/a.md b/a.md
--- a/a.md
+++ b/a.md
@@ -1 +1,9 @@
-old
"""

BINARY = "diff --git a/x.png b/x.png\nBinary files a/x.png and b/x.png differ\n"


@pytest.mark.parametrize(
    ("diff", "expected"),
    [
        pytest.param("", {}, id="nothing changed"),
        pytest.param(CHANGED, {"docs/a.md": [range(3, 4), range(11, 14)]}, id="lines changed"),
        pytest.param(NEW, {"new.md": [range(1, 3)]}, id="a new file"),
        pytest.param(DELETED, {}, id="a file that is no more"),
        pytest.param(MOVED, {}, id="a file that only moved"),
        pytest.param(
            MOVED_AND_CHANGED, {"new/place.md": [range(7, 8)]}, id="a file that moved and changed"
        ),
        pytest.param(
            TREACHEROUS,
            {"a.md": [range(1, 5), range(13, 14)]},
            id="content that looks like the head of a file",
        ),
        pytest.param(ENDS_EARLY, {"a.md": [range(1, 10)]}, id="a diff that breaks off"),
        pytest.param(BINARY, {}, id="a picture"),
        pytest.param(
            CHANGED + NEW + DELETED,
            {"docs/a.md": [range(3, 4), range(11, 14)], "new.md": [range(1, 3)]},
            id="several files",
        ),
        pytest.param(
            '+++ "b/with \\"quotes\\" \\\\ \\303\\274\\t.md"\n@@ -0,0 +1 @@\n+x\n',
            {'with "quotes" \\ ü\t.md': [range(1, 2)]},
            id="a name that git writes in quotes",
        ),
        pytest.param(
            "+++ b/a b.md\t\n@@ -0,0 +1 @@\n+x\n",
            {"a b.md": [range(1, 2)]},
            id="a name with a space",
        ),
    ],
)
def test_the_lines_that_a_diff_touches(diff, expected):
    assert touched_lines(diff) == expected


@pytest.mark.parametrize(
    ("diff", "expected"),
    [
        pytest.param(CHANGED + NEW + DELETED, {}, id="nothing moved"),
        pytest.param(MOVED, {"new/place.md": "old.md"}, id="a file that only moved"),
        pytest.param(
            CHANGED + MOVED_AND_CHANGED, {"new/place.md": "old.md"}, id="one that changed as well"
        ),
        pytest.param(
            'rename from "\\303\\274.md"\nrename to b c.md\n',
            {"b c.md": "ü.md"},
            id="a name that git writes in quotes",
        ),
        pytest.param(
            "@@ -1,2 +0,0 @@\nrename from a\nrename to b\n", {}, id="content that looks like it"
        ),
    ],
)
def test_the_files_that_a_diff_moves(diff, expected):
    assert moved_files(diff) == expected


@given(st.text(alphabet='+-@ ,0123ab/"\\\n\t\rü\ud800', max_size=200))
def test_whatever_it_is_given_it_returns(text):
    touched_lines(text)
    moved_files(text)


def at(line: int, page: str = "page", used: int | None = None) -> Occurrence:
    return Occurrence(
        page=page,
        position=Position(line=line, column=1),
        element="a",
        attribute="href",
        used_at=Position(line=used, column=1) if used is not None else None,
    )


@pytest.mark.parametrize(
    ("occurrence", "new"),
    [
        pytest.param(at(3), True, id="on a line that was touched"),
        pytest.param(at(4), False, id="on the next line"),
        pytest.param(at(9, used=3), True, id="defined elsewhere, used on that line"),
        pytest.param(at(3, used=9), True, id="defined on that line, used elsewhere"),
        pytest.param(at(8, used=9), False, id="neither"),
        pytest.param(at(3, page="other"), False, id="on a page that is no file"),
        pytest.param(at(3, page="untouched"), False, id="in a file without changes"),
        pytest.param(at(99_999, page="all new"), True, id="in a file that is new as a whole"),
    ],
)
def test_whether_a_link_is_new(occurrence, new):
    checkout = Checkout(
        files={"page": "docs/a.md", "untouched": "docs/b.md", "all new": "docs/c.md"},
        touched={"docs/a.md": [range(3, 4)], "docs/c.md": EVERY_LINE},
    )
    assert checkout.is_new(occurrence) is checkout.blames(occurrence) is new


def test_without_a_change_asked_about_no_link_is_new_and_each_is_to_blame():
    for checkout in (Checkout(), Checkout(files={"page": "docs/a.md"})):
        assert not checkout.is_new(at(3))
        assert checkout.blames(at(3))


def test_where_nothing_is_known_of_files_no_page_is_one():
    assert Checkout().file("page") is None
    assert not Checkout(touched={"docs/a.md": [range(3, 4)]}).is_new(at(3))


def test_a_link_to_what_no_site_has_yet_is_never_new():
    checkout = Checkout(
        files={"page": "a.md"},
        touched={"a.md": EVERY_LINE},
        turned=frozenset([at(3)]),
        unpublished=frozenset([at(3)]),
    )
    assert not checkout.is_new(at(3))
    assert checkout.is_new(at(4))


def test_a_link_that_leads_elsewhere_since_its_page_moved_is_new_on_any_line():
    checkout = Checkout(files={"page": "a.md"}, touched={}, turned=frozenset([at(3)]))
    assert checkout.is_new(at(3))
    assert not checkout.is_new(at(4))
