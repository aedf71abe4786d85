import turbohtml

from monitor.core.reasons import Reason
from monitor.report.drift import Line, drifts
from monitor.report.html import html
from monitor.report.json_report import to_json
from monitor.report.markdown import LEAST, markdown
from tests.report.build import Course, drifted, invalid
from tests.report.test_json_report import read

VIDEO = "https://youtube.example/v1"


def replaced() -> Course:
    return Course().link(
        VIDEO,
        text="Week 1",
        context=("Lessons",),
        accepted={"title": "Lecture <1>", "duration": 3605, "owners": ["A", "B"]},
        title="Cats",
        duration=61,
        owners=["A"],
    )


def test_a_change_is_told_as_people_say_it() -> None:
    (drift,) = drifts(replaced().findings())
    assert (drift.name, drift.title) == ("Week 1", "Another thing in its place")
    assert drift.lines == (
        Line(name="duration", before="1 h 00 min", now="1 min 01 s"),
        Line(name="owners", before="A → B", now="A"),
        Line(name="title", before="Lecture <1>", now="Cats"),
    )
    assert drift.accept == f"linkwell accept youtube:{VIDEO}"
    assert [place.label for place in drift.places] == ["Week 1"]


def test_what_is_broken_by_it_comes_first() -> None:
    told = [drift.title for drift in drifts(drifted(4).findings())]
    assert told == ["Another thing in its place"] * 2 + ["Changed"] * 2


def test_a_change_beside_another_warning_is_called_a_change() -> None:
    course = Course().link(VIDEO, Reason.AGE_RESTRICTED, accepted={"title": "A"}, title="B")
    (drift,) = drifts(course.findings())
    assert (drift.title, drift.status) == ("Changed", "warning")


def test_an_id_that_a_shell_would_take_apart_is_quoted() -> None:
    url = "https://youtube.example/v?a=1&b=$(x)"
    course = Course().link(url, accepted={"title": "A"}, title="B")
    assert drifts(course.findings())[0].accept == f"linkwell accept 'youtube:{url}'"


def test_the_page_has_a_section_for_it_only_where_something_changed() -> None:
    page = turbohtml.parse(html(replaced().report()))
    (section,) = page.select("#drift")
    words = " ".join(section.text.split())
    assert "title Lecture <1> →, now Cats" in words
    assert f"To accept it: linkwell accept youtube:{VIDEO}" in words
    assert "line 10:5" in words
    assert [link.text for link in page.select("nav a")][2] == "Behind your links"
    assert turbohtml.parse(html(Course().link(VIDEO).report())).select("#drift") == []


def test_many_changes_are_folded() -> None:
    page = turbohtml.parse(html(drifted(25).report()))
    assert [e.text for e in page.select("#drift summary")] == ["5 more resources"]


def test_the_text_has_a_section_for_it() -> None:
    text = markdown(replaced().report())
    assert "## What changed behind your links" in text
    assert "title: Lecture &lt;1&gt; → Cats" in text
    assert f"`linkwell accept youtube:{VIDEO}`" in text
    assert "behind your links" not in markdown(Course().link(VIDEO).report())


def test_a_text_too_long_says_what_it_leaves_out() -> None:
    text = markdown(drifted(300).report(), LEAST)
    assert len(text) <= LEAST
    assert "changes behind links" in text


def test_machines_get_it_too() -> None:
    (resource,) = read(replaced())["resources"]
    assert resource["verdict"]["reason"] == "replaced"
    assert resource["changes"] == [
        {"fact": "duration", "before": 3605, "now": 61},
        {"fact": "owners", "before": ["A", "B"], "now": ["A"]},
        {"fact": "title", "before": "Lecture <1>", "now": "Cats"},
    ]
    assert '"changes"' not in to_json(Course().link(VIDEO).report())


def test_a_run_that_does_not_count_claims_no_change() -> None:
    course = invalid().link(VIDEO, accepted={"title": "A", "duration": 9}, title="B", duration=99)
    report = course.report()
    assert report.drifted == ()
    assert [f.verdict.reason for f in report.found] == [Reason.OWN_NETWORK]
