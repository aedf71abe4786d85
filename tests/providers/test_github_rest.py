"""What GitHub's REST API says of repositories, branches and paths, and what that means."""

import pytest

from monitor.core.ports import FailureKind
from monitor.core.reasons import Reason
from monitor.providers.github import PROVIDER
from tests.providers.fakes import FakePorts, check, nothing, reply
from tests.providers.test_github import (
    CONTENTS,
    FILE,
    NOT_FOUND,
    REPO,
    SITE,
    SPENT,
    TREE,
    repository,
    rest,
    tree,
)


@pytest.mark.parametrize(
    ("url", "table", "reason"),
    [
        pytest.param(SITE, {REPO: repository()}, Reason.ALIVE, id="a repository"),
        pytest.param(
            SITE,
            {REPO: repository(archived=True)},
            Reason.ARCHIVED,
            id="an archived repository still serves its readers",
        ),
        pytest.param(
            SITE, {REPO: repository(full_name="O/R")}, Reason.ALIVE, id="names know no case"
        ),
        pytest.param(
            SITE, {REPO: repository(full_name="n/r")}, Reason.RENAMED, id="a renamed repository"
        ),
        pytest.param(
            SITE,
            {REPO: repository(full_name="n/r", archived=True)},
            Reason.RENAMED,
            id="renamed and archived: the name first",
        ),
        pytest.param(
            SITE, {REPO: repository(full_name="../x y")}, Reason.ALIVE, id="a name that is none"
        ),
        pytest.param(SITE, {REPO: NOT_FOUND}, Reason.DELETED, id="deleted or private"),
        pytest.param(
            "https://github.com/advisories/GHSA-1",
            {
                "https://api.github.com/repos/advisories/GHSA-1": NOT_FOUND,
                "https://github.com/advisories/GHSA-1": reply(200),
            },
            Reason.ALIVE,
            id="a page of GitHub's own that looks like a repository",
        ),
        pytest.param(
            SITE, {REPO: NOT_FOUND, SITE: reply(429)}, Reason.DELETED, id="deleted, page shut"
        ),
        pytest.param(
            SITE, {REPO: repository(private=True)}, Reason.PRIVATE, id="only our token may see it"
        ),
        pytest.param(
            FILE,
            {REPO: repository(private=True), TREE: tree("a/b.py")},
            Reason.PRIVATE,
            id="a file in a repository that only our token may see",
        ),
        pytest.param(
            f"{SITE}/issues/1",
            {
                f"{REPO}/issues/1": rest({"title": "x"}, **{"x-ratelimit-limit": "5000"}),
                REPO: repository(private=True),
            },
            Reason.PRIVATE,
            id="an issue in a repository that only our token may see",
        ),
        pytest.param(
            f"{SITE}/issues/1",
            {
                f"{REPO}/issues/1": rest({"title": "x"}, **{"x-ratelimit-limit": "5000"}),
                REPO: repository(private=False),
            },
            Reason.ALIVE,
            id="an issue that a token was shown, and everybody is",
        ),
        pytest.param(
            f"{SITE}/pull/1",
            {
                f"{REPO}/pulls/1": NOT_FOUND,
                f"{SITE}/pull/1": reply(302, location=f"{SITE}/issues/1"),
            },
            Reason.ALIVE,
            id="a pull request that is an issue",
        ),
        pytest.param(
            f"{SITE}/issues/1",
            {
                f"{REPO}/issues/1": NOT_FOUND,
                f"{SITE}/issues/1": reply(302, location=f"{SITE}/discussions/1"),
            },
            Reason.ALIVE,
            id="an issue that became a discussion",
        ),
        pytest.param(
            SITE,
            {REPO: rest({"message": "blocked", "block": {"reason": "dmca"}}, 451)},
            Reason.LEGAL_BLOCK,
            id="a legal demand",
        ),
        pytest.param(
            SITE,
            {REPO: rest({"message": "blocked", "block": {"reason": "tos"}}, 403)},
            Reason.TAKEN_DOWN,
            id="against GitHub's rules",
        ),
        pytest.param(SITE, {REPO: reply(451)}, Reason.LEGAL_BLOCK, id="451 without a word"),
        pytest.param(
            SITE, {REPO: repository(disabled=True), SITE: reply(200)}, Reason.ALIVE, id="disabled?"
        ),
        pytest.param(
            SITE, {REPO: repository(disabled=True)}, Reason.DELETED, id="disabled, without a page"
        ),
        pytest.param(
            SITE,
            {REPO: rest({"message": "administrative rules"}, 403), SITE: reply(200)},
            Reason.ALIVE,
            id="where the API refuses, the page answers",
        ),
        pytest.param(
            SITE, {REPO: reply(502, "<html>"), SITE: reply(429)}, Reason.RATE_LIMITED, id="neither"
        ),
        pytest.param(
            SITE, {REPO: reply(200, "<html>"), SITE: reply(200)}, Reason.ALIVE, id="not JSON"
        ),
        pytest.param(
            SITE,
            {REPO: nothing(FailureKind.TIMEOUT), SITE: nothing(FailureKind.RESET)},
            Reason.NOT_ANSWERING,
            id="no answer",
        ),
        pytest.param(FILE, {REPO: repository(), TREE: tree("a/b.py")}, Reason.ALIVE, id="a file"),
        pytest.param(
            f"{SITE}/tree/main",
            {REPO: repository(), TREE: tree()},
            Reason.ALIVE,
            id="the root of a branch",
        ),
        pytest.param(
            FILE,
            {REPO: repository(full_name="n/r"), TREE: tree("a/b.py")},
            Reason.RENAMED,
            id="a file in a renamed repository",
        ),
        pytest.param(
            FILE,
            {REPO: repository(archived=True), TREE: tree("a/b.py")},
            Reason.ALIVE,
            id="a file of an archived repository is simply there",
        ),
        pytest.param(
            FILE,
            {REPO: repository(full_name="n/r"), TREE: tree("a/c.py")},
            Reason.PATH_GONE,
            id="gone counts more than renamed",
        ),
        pytest.param(
            FILE,
            {
                REPO: repository(full_name="n/r"),
                TREE: tree("a/c.py"),
                FILE: reply(301, location="https://github.com/n/r/blob/main/a/b.py"),
            },
            Reason.PATH_GONE,
            id="gone counts more than renamed, also where the page redirects to the new name",
        ),
        pytest.param(
            FILE,
            {
                REPO: repository(full_name="n/r"),
                TREE: NOT_FOUND,
                FILE: reply(301, location="https://github.com/n/r/blob/main/a/b.py"),
            },
            Reason.BRANCH_GONE,
            id="a branch that is gone from a renamed repository",
        ),
        pytest.param(
            FILE,
            {
                REPO: repository(full_name="n/r"),
                TREE: NOT_FOUND,
                FILE: reply(301, location="https://github.com/n/r/blob/main/a/b.py"),
                "https://github.com/n/r/blob/main/a/b.py": reply(200),
            },
            Reason.RENAMED,
            id="a branch with a slash in its name in a renamed repository",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: tree("a/c.py"), FILE: reply(200)},
            Reason.ALIVE,
            id="a path that the site finds in another spelling",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: rest({"message": "Git Repository is empty."}, 409)},
            Reason.PATH_GONE,
            id="an empty repository",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: tree(truncated=True), CONTENTS: rest([])},
            Reason.ALIVE,
            id="a tree too large, but the file by itself is there",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: tree("a/b.py", truncated=True)},
            Reason.ALIVE,
            id="found in the part of a large tree",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: tree(truncated=True), CONTENTS: NOT_FOUND},
            Reason.PATH_GONE,
            id="a tree too large, and the file by itself not there",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: reply(200, "[1, 2"), CONTENTS: reply(503), FILE: reply(200)},
            Reason.ALIVE,
            id="a tree nobody can read",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: reply(500), CONTENTS: NOT_FOUND, FILE: reply(404)},
            Reason.NOT_FOUND,
            id="without a tree, whether branch or file is gone stays open",
        ),
        pytest.param(
            FILE, {REPO: repository(), TREE: SPENT, FILE: reply(200)}, Reason.ALIVE, id="spent"
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: NOT_FOUND, FILE: reply(404)},
            Reason.BRANCH_GONE,
            id="no such branch",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: NOT_FOUND, FILE: reply(200)},
            Reason.ALIVE,
            id="a branch with a slash in its name",
        ),
        pytest.param(
            FILE,
            {REPO: repository(), TREE: NOT_FOUND, FILE: reply(429)},
            Reason.RATE_LIMITED,
            id="a branch that might have a slash in its name",
        ),
        pytest.param(
            FILE,
            {
                REPO: repository(),
                TREE: NOT_FOUND,
                FILE: reply(302, location=f"{SITE}/blob/trunk/a/b.py"),
            },
            Reason.MOVED,
            id="a renamed branch",
        ),
    ],
)
async def test_judge(url, table, reason):
    assert (await check(PROVIDER, url, FakePorts(table))).reason is reason
