"""Which pipeline the environment tells of."""

from pathlib import Path

import pytest

from monitor.config import Ci, CiService, ci_of

GITHUB = {
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "GITHUB_STEP_SUMMARY": "/runner/summary",
    "GITHUB_WORKSPACE": "/runner/work",
}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({}, Ci(), id="none"),
        pytest.param({"CI": "true"}, Ci(), id="one that is not known here"),
        pytest.param(
            GITHUB,
            Ci(
                service=CiService.GITHUB,
                summary=Path("/runner/summary"),
                folder=Path("/runner/work"),
            ),
            id="GitHub Actions",
        ),
        pytest.param(
            {**GITHUB, "GITHUB_STEP_SUMMARY": ""},
            Ci(service=CiService.GITHUB, folder=Path("/runner/work")),
            id="GitHub Actions without a summary",
        ),
        pytest.param({**GITHUB, "GITHUB_ACTIONS": "false"}, Ci(), id="told that it is none"),
        pytest.param(
            {"GITLAB_CI": "true", "CI_PROJECT_DIR": "/builds/course"},
            Ci(service=CiService.GITLAB, folder=Path("/builds/course")),
            id="GitLab",
        ),
        pytest.param({"GITLAB_CI": "true"}, Ci(service=CiService.GITLAB), id="GitLab, bare"),
    ],
)
def test_which_it_is(environment, expected):
    assert ci_of(environment) == expected
