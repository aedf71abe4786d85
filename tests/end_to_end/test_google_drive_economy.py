"""What 250 files of Google Drive cost, in whole runs through Google's own library."""

import pytest

from monitor.config import Source
from monitor.core.reasons import Reason
from tests.end_to_end.running import checked
from tests.world.keys import STATE
from tests.world.thread import WorldThread

IDS = [f"1MeadowSlides{n:020}" for n in range(250)]
API = "www.googleapis.com"


@pytest.fixture
def course(tmp_path):
    """Return a page with a link to each file, and the first of them in seven spellings."""
    first = IDS[0]
    urls = [f"https://drive.google.com/file/d/{id_}/view" for id_ in IDS]
    urls += [
        f"https://drive.google.com/file/d/{first}/preview",
        f"https://drive.google.com/file/u/1/d/{first}/edit?usp=sharing",
        f"https://drive.google.com/a/school.edu/file/d/{first}/view",
        f"https://drive.google.com/open?id={first}",
        f"https://drive.google.com/thumbnail?id={first}",
        f"https://colab.research.google.com/drive/{first}",
    ]
    file = tmp_path / "page.html"
    file.write_text("\n".join(f'<a href="{url}">x</a>' for url in urls), "utf-8")
    return Source(path=file)


def world(**drive):
    files = {id_: {"name": f"{n}.pdf"} for n, id_ in enumerate(IDS)}
    state = {"drive": {**STATE["drive"], "files": files, **drive}}
    return WorldThread(state)


def reasons(report):
    return [
        finding.verdict.reason
        for finding in report.found
        if finding.resource.provider == "google_drive"
    ]


@pytest.mark.parametrize(
    ("drive", "posts", "singles"),
    [
        pytest.param({}, 3, 0, id="nothing is lost"),
        pytest.param(
            {"batch_lost": [3], "batch_renamed": [9]},
            3,
            6,
            id="what a batch loses is asked singly",
        ),
    ],
)
def test_250_files_cost_a_post_for_each_hundred(course, tmp_path, drive, posts, singles):
    with world(**drive) as there:
        report = checked(there, course, tmp_path, credentials=True)
        assert reasons(report) == [Reason.ALIVE] * 250
        assert there.count(API, "/batch/drive/v3") == posts
        assert there.count(API) == posts + singles
        assert there.count("drive.google.com") == 0
        assert list(there.complaints) == []


def test_a_spent_quota_costs_no_more_calls_than_are_under_way_and_the_pages_decide(
    course, tmp_path
):
    with world(error="dailyLimitExceeded") as there:
        report = checked(there, course, tmp_path, credentials=True)
        assert reasons(report) == [Reason.ALIVE] * 250
        assert there.count(API) <= 3
        assert there.count("drive.google.com") == 250


def test_a_part_that_nobody_can_read_is_no_broken_file(course, tmp_path):
    with world(batch_garbled=[7]) as there:
        report = checked(there, course, tmp_path, credentials=True)
        assert reasons(report) == [Reason.ALIVE] * 250
