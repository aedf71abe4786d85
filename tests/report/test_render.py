import json
import stat
from pathlib import Path

import pytest

from monitor.core.errors import OutputError
from monitor.report.badge import badge_json, badge_svg
from monitor.report.feed import feed
from monitor.report.html import html
from monitor.report.json_report import to_json
from monitor.report.markdown import markdown
from monitor.report.render import publish, write
from tests.report.build import Course, sample


def test_each_format_is_written_whole_and_nothing_else(tmp_path: Path) -> None:
    report = sample().report()
    place = tmp_path / "deep" / "er"
    assert write(report, place) == {
        "html": place / "index.html",
        "md": place / "report.md",
        "json": place / "report.json",
        "atom": place / "feed.xml",
        "badge": place / "badge.json",
    }
    assert sorted(path.name for path in place.iterdir()) == [
        *("badge.json", "badge.svg", "feed.xml", "index.html", "report.json", "report.md"),
    ]
    assert (place / "index.html").read_text(encoding="utf-8") == html(report)
    assert (place / "report.md").read_text(encoding="utf-8") == markdown(report)
    assert (place / "report.json").read_text(encoding="utf-8") == to_json(report)
    assert (place / "feed.xml").read_text(encoding="utf-8") == feed(report)
    assert (place / "badge.json").read_text(encoding="utf-8") == badge_json(report)
    assert (place / "badge.svg").read_text(encoding="utf-8") == badge_svg(report)
    assert stat.S_IMODE((place / "index.html").stat().st_mode) == 0o644


def test_only_the_formats_asked_for_are_written(tmp_path: Path) -> None:
    assert list(write(Course().report(), tmp_path, ["json"])) == ["json"]
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_lone_surrogate_does_not_stop_a_report(tmp_path: Path) -> None:
    course = Course().link("https://a.example/", text="a\ud800", detail="\ud800", written="\ud800")
    paths = write(course.report(), tmp_path)
    parsed = json.loads(paths["json"].read_text(encoding="utf-8"))
    assert parsed["resources"][0]["links"][0]["url"] == "\ud800"


def test_an_old_report_is_replaced(tmp_path: Path) -> None:
    write(Course().report(), tmp_path)
    write(sample().report(), tmp_path)
    assert "86 resources" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_a_place_that_is_no_folder_is_said_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot be written to .*index\.html: .*--output"):
        write(Course().report(), tmp_path / "file")


def test_a_file_that_cannot_be_replaced_leaves_no_rest(tmp_path: Path) -> None:
    (tmp_path / "index.html").mkdir()
    with pytest.raises(OutputError):
        write(Course().report(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_the_latest_report_is_a_copy(tmp_path: Path) -> None:
    run, latest = tmp_path / "run", tmp_path / "latest"
    write(sample().report(), run)
    publish(run, latest)
    for name in ("index.html", "report.md", "report.json", "feed.xml", "badge.json", "badge.svg"):
        assert (latest / name).read_bytes() == (run / name).read_bytes()
        assert not (latest / name).is_symlink()


def test_a_format_that_was_not_made_does_not_stay_from_an_older_run(tmp_path: Path) -> None:
    write(sample().report(), tmp_path / "latest")
    write(Course().report(), tmp_path / "run", ["md"])
    publish(tmp_path / "run", tmp_path / "latest")
    assert [path.name for path in (tmp_path / "latest").iterdir()] == ["report.md"]


@pytest.mark.parametrize("where", ["run", "latest"])
def test_a_latest_that_cannot_be_made_is_said_with_advice(tmp_path: Path, where: str) -> None:
    write(Course().report(), tmp_path / "run", ["md"])
    (tmp_path / "latest").mkdir()
    (tmp_path / where / "index.html").mkdir()
    with pytest.raises(OutputError, match="--output"):
        publish(tmp_path / "run", tmp_path / "latest")


def test_a_latest_that_is_a_file_is_said_with_advice(tmp_path: Path) -> None:
    write(Course().report(), tmp_path / "run", ["md"])
    (tmp_path / "latest").write_text("")
    with pytest.raises(OutputError, match="--output"):
        publish(tmp_path / "run", tmp_path / "latest")
