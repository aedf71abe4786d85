"""What is said of keys and quotas that were refused: once, by who must act."""

from datetime import UTC, datetime

import pytest

from monitor import providers
from monitor.core.ports import Failure, FailureKind
from monitor.report.refusals import refusals

WHOLE = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
KEYS = {"github": "GITHUB_TOKEN", "google": "GOOGLE_API_KEY", "youtube": "GOOGLE_API_KEY"}


def refused(detail="GitHub refuses the token."):
    return Failure(kind=FailureKind.CREDENTIAL, detail=detail)


def spent(retry_at=WHOLE):
    return Failure(kind=FailureKind.QUOTA, detail="The allowance is spent.", retry_at=retry_at)


AGAIN = " What was left can be asked again at 24 November 2026, 14:05 UTC."
MORE = " A key of your own allows more: see `linkwell doctor`."
HOW = (
    " Set it right, `linkwell doctor` tells how; what needed it was asked without it, or is not"
    " known."
)


@pytest.mark.parametrize(
    ("failures", "keys", "said"),
    [
        pytest.param({}, KEYS, (), id="nothing was refused"),
        pytest.param(
            {("github", "repository"): refused(), ("github", "tree"): refused()},
            KEYS,
            (f"GITHUB_TOKEN was refused (GitHub): GitHub refuses the token.{HOW}",),
            id="a key that many probes show is told once",
        ),
        pytest.param(
            {("google_drive", "api"): refused("No."), ("youtube", "api"): refused("No.")},
            KEYS,
            (f"GOOGLE_API_KEY was refused (Google Drive and YouTube): No.{HOW}",),
            id="a key of two services is told once",
        ),
        pytest.param(
            {("github", "item"): spent(), ("github", "tree"): spent(None)},
            KEYS,
            (f"GITHUB_TOKEN: The allowance is spent.{AGAIN}",),
            id="a spent quota tells when it is whole again",
        ),
        pytest.param(
            {("github", "item"): spent(None)},
            {},
            (f"GitHub: The allowance is spent. What was left can be asked in a later run.{MORE}",),
            id="without a key one is advised",
        ),
        pytest.param(
            {("web", "get"): spent()},
            KEYS,
            (f"Web: The allowance is spent.{AGAIN}{MORE}",),
            id="a provider without keys",
        ),
        pytest.param(
            {("github", "of an older Linkwell"): refused("a\x1b[31mb" + "x" * 999)},
            KEYS,
            (f"GITHUB_TOKEN was refused (GitHub): a[31mb{'x' * 193}…{HOW}",),
            id="a service's words are cut and clean",
        ),
    ],
)
def test_what_was_refused_is_told_by_who_must_act(failures, keys, said):
    assert refusals(failures, providers.find(), keys) == said
