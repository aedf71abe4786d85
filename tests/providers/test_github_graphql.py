"""What GitHub's states come to, with a token and without one, in the world's GitHub."""

import pytest

from monitor.core.reasons import Reason
from tests.providers.fakes import reply
from tests.providers.github_world import judged

SITE = "https://github.com/o/r"
GRAPHQL = "https://api.github.com/graphql"
REPO = "https://api.github.com/repos/o/r"


def repos(**state):
    return {"repos": {"o/r": state}}


FILES = repos(branches={"main": ["a/b.py", "x/c.py"], "feature/new": ["a/d.py"]})
RENAMED = {"repos": {"o/r": {"renamed_to": "n/r"}, "n/r": {"branches": {"main": ["a/b.py"]}}}}
OLD_MASTER = repos(default_branch="main", branches={"main": ["a/b.py"]})
MASTER_MOVED = repos(branches={"main": ["a/b.py"]}, renamed_branches={"master": "main"})
MASTER = f"{SITE}/blob/master/a/b.py"


@pytest.mark.parametrize("token", [True, False], ids=["with a token", "without one"])
@pytest.mark.parametrize(
    ("url", "state", "reason", "instead"),
    [
        pytest.param(SITE, FILES, Reason.ALIVE, None, id="a repository"),
        pytest.param(f"{SITE}/blob/main/a/b.py", FILES, Reason.ALIVE, None, id="a file"),
        pytest.param(f"{SITE}/tree/main/a", FILES, Reason.ALIVE, None, id="a folder"),
        pytest.param(f"{SITE}/tree/main", FILES, Reason.ALIVE, None, id="a branch"),
        pytest.param(
            f"{SITE}/blob/feature/new/a/d.py", FILES, Reason.ALIVE, None, id="a ref with a slash"
        ),
        pytest.param(
            f"{SITE}/tree/feature/new", FILES, Reason.ALIVE, None, id="the top of such a branch"
        ),
        pytest.param(
            f"{SITE}/blob/feature/new/z/d.py",
            FILES,
            Reason.PATH_GONE,
            f"{SITE}/blob/feature%2Fnew/a/d.py",
            id="gone from such a branch",
        ),
        pytest.param(
            f"{SITE}/blob/main/z/c.py",
            FILES,
            Reason.PATH_GONE,
            f"{SITE}/blob/main/x/c.py",
            id="a file that is elsewhere under its name",
        ),
        pytest.param(
            f"{SITE}/blob/main/a/b.py#L41", FILES, Reason.PART_MISSING, None, id="a line too far"
        ),
        pytest.param(f"{SITE}/blob/main/a/b.py#L40", FILES, Reason.ALIVE, None, id="the last line"),
        pytest.param(
            SITE, RENAMED, Reason.RENAMED, "https://github.com/n/r", id="a transferred repository"
        ),
        pytest.param(
            f"{SITE}/blob/main/a/b.py#L3",
            RENAMED,
            Reason.RENAMED,
            "https://github.com/n/r/blob/main/a/b.py#L3",
            id="a file in it",
        ),
        pytest.param(
            SITE, repos(archived=True), Reason.ARCHIVED, None, id="an archived repository"
        ),
        pytest.param(SITE, {}, Reason.DELETED, None, id="deleted or private"),
        pytest.param(SITE, repos(blocked="dmca"), Reason.LEGAL_BLOCK, None, id="a takedown"),
        pytest.param(
            f"{SITE}/blob/main/a/b.py",
            repos(blocked="tos"),
            Reason.TAKEN_DOWN,
            None,
            id="a file under a block by GitHub's own rules",
        ),
        pytest.param(
            MASTER,
            OLD_MASTER,
            Reason.BRANCH_GONE,
            f"{SITE}/blob/main/a/b.py",
            id="the same path on the new default branch",
        ),
        pytest.param(
            f"{SITE}/blob/old/z.py", FILES, Reason.BRANCH_GONE, None, id="neither branch nor path"
        ),
        pytest.param(
            f"{SITE}/archive/refs/heads/main.zip", FILES, Reason.ALIVE, None, id="an archive"
        ),
        pytest.param(
            f"{SITE}/archive/feature/new.tar.gz", FILES, Reason.ALIVE, None, id="one of such a ref"
        ),
        pytest.param(
            f"{SITE}/blob/main/a/b.py",
            repos(empty=True),
            Reason.PATH_GONE,
            None,
            id="an empty repository",
        ),
        pytest.param(f"{SITE}/issues/1", repos(issues=[1]), Reason.ALIVE, None, id="an issue"),
        pytest.param(f"{SITE}/pull/1", repos(pulls=[1]), Reason.ALIVE, None, id="a pull request"),
        pytest.param(f"{SITE}/issues/2", repos(issues=[1]), Reason.DELETED, None, id="no issue"),
        pytest.param(
            f"{SITE}/issues/2",
            repos(deleted_issues=[2]),
            Reason.DELETED,
            None,
            id="a deleted issue",
        ),
        pytest.param(
            f"{SITE}/issues/2",
            {"repos": {"o/r": {"transferred": {"2": "p/q#9"}}, "p/q": {"issues": [9]}}},
            Reason.MOVED,
            "https://github.com/p/q/issues/9",
            id="a transferred issue",
        ),
        pytest.param(
            f"{SITE}/discussions/3", repos(discussions=[3]), Reason.ALIVE, None, id="a discussion"
        ),
        pytest.param(
            f"{SITE}/discussions/4", repos(discussions=[3]), Reason.NOT_FOUND, None, id="none"
        ),
        pytest.param(
            f"{SITE}/releases/tag/v1", repos(releases=["v1"]), Reason.ALIVE, None, id="a release"
        ),
        pytest.param(
            f"{SITE}/releases/tag/v2", repos(releases=["v1"]), Reason.NOT_FOUND, None, id="no tag"
        ),
        pytest.param(
            f"{SITE}/releases/download/v1/a.zip",
            repos(releases={"v1": ["a.zip"]}),
            Reason.ALIVE,
            None,
            id="a file of a release",
        ),
        pytest.param(
            f"{SITE}/releases/download/v1/b.zip",
            repos(releases={"v1": ["a.zip"]}),
            Reason.DELETED,
            None,
            id="a file that its release has not",
        ),
        pytest.param(f"{SITE}/commit/main", FILES, Reason.ALIVE, None, id="a commit"),
        pytest.param(f"{SITE}/commit/abcdef1", FILES, Reason.DELETED, None, id="no such commit"),
        pytest.param("https://github.com/o", FILES, Reason.ALIVE, None, id="a person"),
        pytest.param("https://github.com/nobody", FILES, Reason.DELETED, None, id="nobody"),
        pytest.param(f"{SITE}/releases", FILES, Reason.ALIVE, None, id="a page that always is"),
        pytest.param(f"{SITE}/wiki/Home", FILES, Reason.ALIVE, None, id="a wiki's page"),
        pytest.param(f"{SITE}/wiki/No", FILES, Reason.PART_MISSING, None, id="a page it has not"),
    ],
)
async def test_judge(token, url, state, reason, instead):
    verdict, _ = await judged(url, state, token=token)
    assert (verdict.reason, verdict.instead and verdict.instead.url) == (reason, instead)


@pytest.mark.parametrize("token", [True, False], ids=["with a token", "without one"])
async def test_a_renamed_branch_redirects_by_its_page_or_is_known_to_the_api(token):
    by_page, _ = await judged(MASTER, MASTER_MOVED, token=token)
    by_api, _ = await judged(MASTER, MASTER_MOVED, token=token, table={MASTER: reply(429)})
    for verdict in (by_page, by_api):
        assert verdict.reason is Reason.MOVED
        assert verdict.instead.url == f"{SITE}/blob/main/a/b.py"


@pytest.mark.parametrize("token", [True, False], ids=["with a token", "without one"])
@pytest.mark.parametrize("url", [MASTER, f"{SITE}/tree/master", f"{SITE}/blob/fe/a.py"])
async def test_a_branch_is_gone_also_where_the_pages_are_shut(token, url):
    verdict, _ = await judged(url, OLD_MASTER, token=token, table={url: reply(429)})
    assert verdict.reason is Reason.BRANCH_GONE


async def test_a_file_on_the_default_branch_is_offered_when_it_left_another():
    state = repos(branches={"main": ["a/b.py"], "dev": ["c.py"]})
    verdict, _ = await judged(f"{SITE}/blob/dev/a/b.py#L3", state)
    assert verdict.reason is Reason.PATH_GONE
    assert verdict.instead.url == f"{SITE}/blob/main/a/b.py#L3"


async def test_what_graphql_shows_needs_no_other_call():
    verdict, ports = await judged(f"{SITE}/blob/main/a/b.py#L3", FILES)
    assert ports.calls == {"graphql": 1}
    assert verdict.facts["lines"] == 40
    assert verdict.facts["size"] > 100
    assert verdict.facts["full_name"] == "o/r"
    assert isinstance(verdict.facts["repository_id"], int)


async def test_the_owner_of_a_missing_repository_is_looked_up():
    there, _ = await judged(SITE, {"users": ["o"]})
    gone, _ = await judged(SITE, {})
    assert there.detail.endswith("Its owner, o, is there.")
    assert gone.detail.endswith("Nobody is called o there any more.")
