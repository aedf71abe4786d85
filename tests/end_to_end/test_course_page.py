"""The main job: the course page, checked by the real command in its world."""

from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from monitor.report.json_report import schema
from tests.end_to_end.command import linkwell
from tests.world.course.page import BASE_URL, PAGE, VARIABLES, expected, state
from tests.world.server import World
from tests.world.thread import WorldThread

COURSE, GAN = "/repos/meadow-university/deep-learning-course", "/repos/river-lab/examples"
GITHUB_CALLS = (
    # each repository once, also where it is renamed (a second call) or where GitHub is in trouble
    COURSE,
    "/repos/meadow-university/old-exercises",
    "/repos/heron-group/variational",
    "/repos/otter-labs/trailer",
    GAN,
    "/repositories/208671844",
    # each branch once, whatever number of files is linked
    f"{COURSE}/git/trees/main?recursive=1",
    f"{GAN}/git/trees/main?recursive=1",
    "/repositories/208671844/git/trees/main?recursive=1",
    # the branch that is gone: is it a name with a slash, a tag, and is the path on the default one?
    f"{COURSE}/git/trees/autumn-2019?recursive=1",
    f"{COURSE}/git/matching-refs/heads/autumn-2019",
    f"{COURSE}/git/matching-refs/tags/autumn-2019",
    f"{COURSE}/git/trees/HEAD?recursive=1",
    # the file that is gone: what git remembers of it
    f"{COURSE}/commits?sha=main&path=07-filters.ipynb&per_page=1",
)


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """The page checked once: the world, what the command said, the report."""
    folder = tmp_path_factory.mktemp("course")
    with WorldThread(state()) as world:
        done = linkwell(
            *("check", PAGE, "--base-url", BASE_URL, "--json", "--output", folder / "report"),
            *(f"--var={name}={value}" for name, value in VARIABLES.items()),
            cwd=folder,
            world=world,
        )
        yield world, done, done.json, folder / "report"


def links_of(report):
    """Return every link of a report with its verdict, in page order."""
    return [
        (link, link.get("verdict", resource["verdict"]))
        for resource in report["resources"]
        for link in resource["links"]
    ]


def test_every_planted_outcome_gets_its_verdict_and_nothing_else_is_called_bad(checked):
    _, _, report, _ = checked
    surprises = []
    for link, verdict in links_of(report):
        planted = expected().get(link["url"])
        want = (planted.status.value, {planted.reason.value, *planted.also}) if planted else ("ok",)
        if verdict["status"] != want[0] or (planted and verdict["reason"] not in want[1]):
            surprises.append((link["url"], verdict["reason"], verdict["detail"], want))

    assert surprises == []


def test_the_counts_are_those_of_the_page(checked):
    _, _, report, _ = checked
    assert report["summary"]["links"] == 114
    assert report["summary"]["resources"] == 111
    assert Counter(resource["provider"] for resource in report["resources"]) == {
        "web": 54,
        "youtube": 21,
        "github": 20,
        "google_drive": 13,
        "short_link": 3,
    }


def test_something_is_broken_and_the_exit_code_says_so(checked):
    _, done, report, _ = checked
    assert report["summary"]["broken"] > 0
    assert done.code == 1
    assert "Traceback" not in done.err


def test_the_report_keeps_its_contract(checked):
    import json

    _, _, report, _ = checked
    jsonschema.Draft202012Validator(json.loads(schema())).validate(report)


def test_the_files_are_written_straight_into_the_folder(checked):
    folder: Path = checked[3]
    assert sorted(file.name for file in folder.iterdir()) == [
        *("badge.json", "badge.svg", "feed.xml", "index.html", "report.json", "report.md"),
    ]


def test_the_seven_links_that_lost_the_variable_are_mended(checked):
    _, _, report, _ = checked
    mended = [
        (link["url"], link["resolved"], verdict["instead"]["url"])
        for link, verdict in links_of(report)
        if link["url"].startswith("it/") and verdict["instead"]
    ]

    assert len(mended) == 7
    for written, resolved, instead in mended:
        assert resolved == f"{BASE_URL}{written}"
        assert instead == f"https://meadow-university.github.io/deep-learning-course/{written}"


def test_every_resource_is_asked_at_most_as_often_as_it_needs(checked):
    world: World = checked[0]
    asked = Counter(r.target for r in world.requests if r.host == "api.github.com")
    assert asked == dict.fromkeys(GITHUB_CALLS, 1)
    oembed = Counter(r.target for r in world.requests if r.path == "/oembed")
    assert set(oembed.values()) == {1}
    assert len(oembed) == 21 + 1  # the videos of the page, and one behind a short link


def test_the_service_is_told_who_asks(checked):
    world: World = checked[0]
    agents = {r.headers.get("user-agent", "") for r in world.requests if r.host == "bit.ly"}
    assert [agent.partition("/")[0] for agent in agents] == ["Linkwell"]


def test_the_report_for_people_names_the_place_of_each_trouble(checked):
    folder: Path = checked[3]
    text = (folder / "report.md").read_text("utf-8")
    html = (folder / "index.html").read_text("utf-8")
    for place in ("settimana06/06-2", "bvQqBObqNeE"):
        assert place in text
        assert place in html


def test_the_same_run_is_rendered_again_to_the_same_bytes(checked):
    folder = checked[3]
    again = folder.parent / "again"

    second = linkwell("report", "--output", again, cwd=folder.parent)

    assert second.code == 0, second.err
    for file in folder.iterdir():
        assert (again / file.name).read_bytes() == file.read_bytes()


def test_offline_the_stored_answers_give_the_same_verdicts(checked):
    _, _, report, folder = checked

    again = linkwell("check", "--offline", "--json", cwd=folder.parent).json

    def reasons(which):
        return {r["id"]: r["verdict"]["reason"] for r in which["resources"]}

    assert reasons(again) == reasons(report)
