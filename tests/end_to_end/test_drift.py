"""What stands behind a link is noted at first sight, and told when it is not that any more."""

import json

import pytest

from tests.end_to_end.command import linkwell, report_in
from tests.world.thread import WorldThread

NAMES = {"site.example": "Slides", "casino.example": "Casino"}
SITES = {
    host: {"pages": {"/": name, "/slides": f"{name} of week 3", "/b": f"{name} of week 4"}}
    for host, name in NAMES.items()
}
SHORT = "shortlink:bit.ly/week3"


def world(target):
    return WorldThread({"sites": SITES, "short": {"bit.ly": {"week3": target}}})


def check(folder, target, *arguments):
    """Check the page in a world where the short link leads to a target; return the report."""
    with world(target) as running:
        done = linkwell("check", "page.md", *arguments, cwd=folder, world=running)
    assert done.code in {0, 1}, done.err
    (found,) = report_in(folder)["resources"]
    return done.code, found


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("sources: [page.md]\n")
    (tmp_path / "page.md").write_text("# Week 3\n\n[Slides](https://bit.ly/week3)")
    return tmp_path


def test_a_short_link_taken_over_is_broken_until_it_is_accepted(folder):
    code, found = check(folder, "https://site.example/slides")
    assert (code, found["verdict"]["reason"]) == (0, "leads-on")
    assert found["verdict"]["instead"]["url"] == "https://site.example/slides"
    assert "changes" not in found
    assert linkwell("changes", cwd=folder).out == "Behind your links is what you accepted.\n"

    code, found = check(folder, "https://casino.example/")
    assert (code, found["verdict"]["reason"]) == (1, "retargeted")
    assert found["changes"] == [
        {
            "fact": "target",
            "before": "https://site.example/slides",
            "now": "https://casino.example/",
        }
    ]
    page = (folder / "reports/latest/index.html").read_text("utf-8")
    assert "What changed behind your links" in page
    listed = linkwell("changes", cwd=folder)
    assert listed.code == 0, listed.err
    assert listed.out.splitlines() == [
        "Slides: Leads elsewhere now",
        "  target: https://site.example/slides → https://casino.example/",
        f"  To accept it: linkwell accept {SHORT}",
    ]
    assert linkwell("changes", "--json", cwd=folder).json == {
        "changes": [{"id": SHORT, "url": "https://bit.ly/week3", "changes": found["changes"]}]
    }

    done = linkwell("accept", SHORT, cwd=folder)
    assert (done.code, done.out) == (0, f"Accepted: {SHORT}\n"), done.err
    assert linkwell("accept", "https://bit.ly/week3+", cwd=folder).out == (
        "That was accepted already.\n"
    )
    assert json.loads(linkwell("changes", "--json", cwd=folder).out) == {"changes": []}
    assert linkwell("report", cwd=folder).code == 0

    code, found = check(folder, "https://casino.example/")
    assert (code, found["verdict"]["reason"]) == (0, "leads-on")
    code, found = check(folder, "https://site.example/slides")
    assert (code, found["verdict"]["reason"]) == (1, "retargeted")


def test_another_page_of_the_same_site_is_a_warning(folder):
    check(folder, "https://site.example/slides")
    code, found = check(folder, "https://site.example/b")
    assert (code, found["verdict"]["reason"]) == (0, "changed")
    assert linkwell("accept", "--all", cwd=folder).out == f"Accepted: {SHORT}\n"
    assert check(folder, "https://site.example/b")[1]["verdict"]["reason"] == "leads-on"


def test_a_wrong_wish_says_what_to_do(folder):
    with world("https://site.example/slides") as running:
        running.dark = True
        assert linkwell("check", "page.md", cwd=folder, world=running).code == 3
    for command in (["changes"], ["accept", "--all"]):
        done = linkwell(*command, cwd=folder)
        assert (done.code, "run `linkwell check` first" in done.err) == (2, True), command

    check(folder, "https://site.example/slides")
    for command, says in (
        (["accept"], "Name what to accept"),
        (["accept", SHORT, "--all"], "Name what to accept"),
        (["accept", "https://bit.ly/other"], "nothing that the newest run"),
    ):
        done = linkwell(*command, cwd=folder)
        assert (done.code, says in done.err) == (2, True), command
