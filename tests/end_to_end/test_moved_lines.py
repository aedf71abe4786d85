"""Lines that a link names are remembered, and found again where they have moved to."""

import pytest

from tests.end_to_end.command import linkwell, report_in
from tests.world.thread import WorldThread

FILE = "https://github.com/meadow-university/notebooks/blob/main/extra/grads.py"
NAME = "meadow-university/notebooks"
ONLY_60 = {"lines": {"extra/grads.py": 60}}


def world(*, token=None, **state):
    repository = {"branches": {"main": ["extra/grads.py"]}, **state}
    return WorldThread({"github": {"repos": {NAME: repository}, "tokens": [token or "none"]}})


def check(folder, environment, **state):
    """Check the page in a world; return what the report says of its one link."""
    token = environment.get("GITHUB_TOKEN")
    with world(token=token, **state) as running:
        done = linkwell("check", "page.md", cwd=folder, world=running, **environment)
    assert done.code == 0, done.err
    (found,) = report_in(folder)["resources"]
    (link,) = found["links"]
    return link["verdict"] if "verdict" in link else found["verdict"]


@pytest.fixture(params=[{}, {"GITHUB_TOKEN": "ghp_canary"}], ids=["no token", "a token"])
def environment(request):
    return request.param


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("sources: [page.md]\n")
    (tmp_path / "page.md").write_text(f"[The gradient]({FILE}#L10-L20)")
    return tmp_path


def test_lines_that_moved_down_are_a_warning_that_names_the_new_ones(folder, environment):
    assert check(folder, environment)["reason"] == "alive"
    assert check(folder, environment)["reason"] == "alive"
    moved = check(folder, environment, inserted={"extra/grads.py": 5})
    assert moved["reason"] == "part-missing"
    assert moved["instead"]["url"] == f"{FILE}#L15-L25"


def test_a_corrected_link_is_judged_by_its_own_lines(folder, environment):
    check(folder, environment)
    check(folder, environment, inserted={"extra/grads.py": 5})
    (folder / "page.md").write_text(f"[The gradient]({FILE}#L15-L25)")
    assert check(folder, environment, inserted={"extra/grads.py": 5})["reason"] == "alive"


def test_lines_whose_text_is_nowhere_any_more_are_no_warning(folder, environment):
    check(folder, environment)
    rewritten = check(folder, environment, inserted={"extra/grads.py": 60}, **ONLY_60)
    assert rewritten["reason"] == "alive"


def test_lines_that_moved_up_in_a_file_that_became_shorter_are_found_too(folder, environment):
    (folder / "page.md").write_text(f"[The gradient]({FILE}#L30-L40)")
    check(folder, environment)
    cut = check(folder, environment, removed_lines={"extra/grads.py": 8})
    assert cut["reason"] == "part-missing"
    assert cut["instead"]["url"] == f"{FILE}#L22-L32"
