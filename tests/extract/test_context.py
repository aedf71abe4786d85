"""Contexts: the headings above a link, and the words of its row."""

import pytest

from monitor.core.model import PageKind
from tests.extract.pages import links_of, markdown


def context(text: str, n: int = 0, kind: PageKind = PageKind.HTML) -> list[str]:
    return list(links_of(text, kind).links[n].occurrence.context)


LESSONS = """
<h1>Course</h1><h2>Before</h2><h2>Lessons</h2>
<table>
<thead><tr><th>Week<th>Kind<th>Title<th>Material</thead>
<tbody>
<tr><td rowspan=3>(1)<td rowspan=2>Lecture<td>Why <b>now</b><td rowspan=2><a href=video>v</a>
<tr><td><a href=how>And how</a>
<tr><td>Lab<td>Hands on<td><a href=notebook>n</a>
</tbody>
</table>
<h3>After</h3><p><a href=end>e</a>
"""


def test_a_cell_over_two_rows_names_both():
    assert context(LESSONS, 0) == [
        "Course",
        "Lessons",
        "Week: (1)",
        "Kind: Lecture",
        "Title: Why now / And how",
        "Material",
    ]


def test_a_row_within_spanning_cells_names_them():
    assert context(LESSONS, 1) == [
        "Course", "Lessons", "Week: (1)", "Kind: Lecture", "Material: v", "Title",
    ]  # fmt: skip
    assert context(LESSONS, 2) == [
        "Course", "Lessons", "Week: (1)", "Kind: Lab", "Title: Hands on", "Material",
    ]  # fmt: skip


def test_the_trail_goes_on_after_a_table():
    assert context(LESSONS, 3) == ["Course", "Lessons", "After"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "<table><tr><td>a<td><a href=x>b</a></table>", ["a"], id="a table without a header"
        ),
        pytest.param(
            "<table><tr><th>A<th>B<tr><td>a<td><a href=x>b</a></table>",
            ["A: a", "B"],
            id="a header without a head",
        ),
        pytest.param(
            "<table><tr><th>A<th>B<tr><th colspan=2>Part<tr><td>a<td><a href=x>b</a></table>",
            ["A: a", "B"],
            id="a title between rows heads nothing",
        ),
        pytest.param(
            "<table><tr><th>A<th>B<tr><td>c<td>d<tr><th>C<th>D<tr><td>a<td><a href=x>b</a></table>",
            ["C: a", "D"],
            id="the nearest header counts",
        ),
        pytest.param(
            "<table><thead><tr><th colspan=2>A<th>B</thead>"
            "<tr><td>a<td>c<td><a href=x>b</a></table>",
            ["A: a", "A: c", "B"],
            id="a header over two columns",
        ),
        pytest.param(
            "<table><tr><th>A<th>B<tr><th scope=row>a<th scope=row><a href=x>b</a></table>",
            ["A: a", "B"],
            id="a row's own header is a cell",
        ),
        pytest.param(
            "<table><thead><tr><th>A<th><a href=x>B</a></thead></table>", [], id="in a header"
        ),
        pytest.param(
            "<table><tr><td rowspan=0>a<td>b<tr><td><a href=x>c</a></table>",
            ["a"],
            id="a cell down to the end",
        ),
        pytest.param(
            "<table><tbody><tr><td rowspan=9>a<td>b<tbody><tr><td>c<td><a href=x>d</a></table>",
            ["c"],
            id="no cell reaches out of its group",
        ),
        pytest.param(
            "<table><tr><td rowspan=-1 colspan=zz>a<td><a href=x>b</a></table>",
            ["a"],
            id="odd spans are one",
        ),
        pytest.param(
            "<table><tr><td>out<td><table><tr><td>in<td><a href=x>b</a></table></table>",
            ["in"],
            id="the innermost table counts",
        ),
        pytest.param(
            "<table><tr><td>out<td><table><tr><td>in</table><a href=x>b</a></table>",
            ["out"],
            id="after a table within",
        ),
        pytest.param("<h2>A</h2><h1></h1><a href=x>b</a>", [], id="an empty heading"),
        pytest.param("<h2>Ã€ lire</h2><a href=x>b</a>", ["À lire"], id="a broken heading"),
        pytest.param("<h2><a href=x>b</a></h2>", ["b"], id="within a heading"),
        pytest.param(
            "<table><tr><td><img alt=Me src=y><td><a href=x>b</a></table>", ["b"], id="a picture"
        ),
        pytest.param("<table><td>a<td><a href=x>b</a></table>", ["a"], id="a row never opened"),
    ],
)
def test_context(text, expected):
    assert context(text) == expected


def test_a_cell_beyond_every_screen_has_no_place():
    text = "<h1>A</h1><table><tr>" + "<td colspan=1000>w" * 3 + "<td><a href=x>b</a></table>"
    assert context(text) == ["A"]


def test_a_cell_over_very_many_rows_names_the_first():
    rows = "".join(f"<tr><td>{n}" for n in range(1, 99))
    text = f"<table><tr><td rowspan=65534><a href=x>b</a><td>0{rows}</table>"
    assert context(text) == [" / ".join(map(str, range(20)))]


def test_hostile_spans_cost_no_memory():
    text = "<table>" + "<tr><td rowspan=65534 colspan=1000><a href=x>b</a>" * 2_000
    assert len(links_of(text).links) == 2_000


def test_a_markdown_table_with_a_header():
    extracted = markdown("## Team\n\n| Name | Page |\n|---|---|\n| Ada \\| A | [p](x) |\n")
    assert extracted.links[0].occurrence.context == ("Team", "Name: Ada | A", "Page")


def test_a_markdown_table_without_a_header_as_kramdown_reads_it():
    extracted = markdown("| FORUM | [r](x) |\n| FILES | [a](y), [b](z) |\n")
    assert [link.occurrence.context for link in extracted.links] == [
        ("FORUM",), ("FILES",), ("FILES",),
    ]  # fmt: skip


def test_html_in_markdown_goes_on_over_blank_lines():
    text = (
        "# Plan\n<table>\n<tr><th>Day</th><th>What</th></tr>\n\n"
        "    <tr><td>Monday</td>\n\n    <td><a href=x>it</a></td></tr>\n\n</table>\n\n"
        "    <a href=code>\n"
    )
    (link,) = markdown(text).links
    assert link.occurrence.context == ("Plan", "Day: Monday", "What")
