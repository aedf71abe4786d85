"""A job's summary: within GitHub's limit, by whole sections."""

import stat

import pytest
from hypothesis import given, settings

from monitor.core.errors import OutputError
from monitor.core.reasons import Reason
from monitor.report.job_summary import MOST_BYTES, append, job_summary, of_the_change
from monitor.report.markdown import markdown
from tests.report.build import Course, sample
from tests.report.in_checkout import course, located
from tests.report.lived import lived, report_of
from tests.report.strategies import lived_courses


def test_a_small_report_is_there_whole():
    report = course().report()
    assert job_summary(report) == markdown(report, MOST_BYTES)


def test_a_large_one_is_cut_by_sections_to_fit_in_bytes():
    page = sample(12)
    text = job_summary(report_of(page, lived(page)), 100_000)
    assert 70_000 < len(text.encode()) <= 100_000
    assert "*Left out to fit: " in text


def test_many_bytes_a_character_count_as_many():
    page = Course()
    for n in range(600):
        page.link(f"https://a.example/{n}", Reason.GONE, text="測試" * 70, context=("課程" * 70,))
    text = job_summary(page.report(), 200_000)
    assert len(text.encode()) <= 200_000 < len(job_summary(page.report()).encode())


def test_what_is_new_in_the_change_comes_first():
    page = course().link("https://g.example/", Reason.GONE).link("https://h.example/")
    text = job_summary(located(page.report(), 17, 18))
    assert text.startswith(
        "## In this change\n\n"
        "2 links added or touched, of which 1 is broken.\n\n"
        "- **Gone** `docs/it/index.md:17:5` https:\u200b//g.example/:"
    )
    assert "What was broken before does not make this check fail." in text
    assert "g.example**, " not in text.split("# Linkwell report")[0]


def test_many_that_are_new_are_counted():
    page = Course()
    for n in range(60):
        page.link(f"https://a.example/{n}", Reason.GONE)
    text = job_summary(located(page.report(), *range(10, 70)))
    assert "- … and 10 more below.\n" in text


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param((), "0 links added or touched, of which 0 are broken.", id="none"),
        pytest.param((10,), "1 link added or touched, of which 1 is broken.", id="a broken one"),
        pytest.param((15,), "1 link added or touched, of which 0 are broken.", id="a good one"),
    ],
)
def test_the_change_in_one_sentence(lines, said):
    assert of_the_change(located(course().report(), *lines)) == said


def test_without_a_change_asked_about_nothing_is_said_of_one():
    assert of_the_change(course().report()) is None


def test_it_is_appended_to_what_earlier_steps_wrote(tmp_path):
    file = tmp_path / "summary"
    file.write_text("Before.\n")
    append(course().report(), file)
    assert file.read_text("utf-8") == "Before.\n\n" + job_summary(course().report())


def test_what_earlier_steps_wrote_counts(tmp_path):
    file = tmp_path / "summary"
    file.write_text("x" * (MOST_BYTES - 20_000))
    page = sample(3)
    append(report_of(page, lived(page)), file)
    assert MOST_BYTES - 20_000 < file.stat().st_size <= MOST_BYTES


def test_without_room_nothing_is_written_rather_than_all_be_lost(tmp_path):
    file = tmp_path / "summary"
    file.write_text("x" * (MOST_BYTES - 10))
    append(course().report(), file)
    assert file.stat().st_size == MOST_BYTES - 10


def test_a_file_that_is_not_there_is_made(tmp_path):
    append(course().report(), tmp_path / "summary")
    assert stat.S_ISREG((tmp_path / "summary").stat().st_mode)


def test_a_place_that_cannot_be_written_is_said_with_advice(tmp_path):
    with pytest.raises(OutputError, match="GITHUB_STEP_SUMMARY"):
        append(course().report(), tmp_path)


@given(lived_courses())
@settings(max_examples=30, deadline=None)
def test_whatever_a_page_holds_it_is_utf8_within_the_limit(pair):
    assert len(job_summary(report_of(*pair)).encode("utf-8", "replace")) <= MOST_BYTES
