"""What a link names besides a thing on GitHub: a gist's file, a form of address, a commit."""

import pytest

from monitor.core.model import Link, Occurrence, Position, Url
from monitor.core.reasons import Reason
from monitor.core.urls import normalise
from monitor.providers.github import PROVIDER
from tests.providers.fakes import FakePorts, check, link, reply
from tests.providers.github_world import judged
from tests.providers.test_github import GIST, NOT_FOUND, REPO, SITE, repository, rest, tree

ITEM = f"https://api.github.com/gists/{GIST}"
PAGE = f"https://gist.github.com/u/{GIST}"
RAW = f"https://gist.githubusercontent.com/u/{GIST}/raw"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def gist(*names, **more):
    return rest({"id": GIST, "files": {name: {"filename": name} for name in names}, **more})


@pytest.mark.parametrize(
    ("url", "answer", "reason"),
    [
        pytest.param(f"{PAGE}#file-a-py", gist("a.py"), Reason.ALIVE, id="its file"),
        pytest.param(f"{PAGE}#file-a-py-L3", gist("a.py"), Reason.ALIVE, id="a line of it"),
        pytest.param(f"{PAGE}#file-a-py-L3-L9", gist("a.py"), Reason.ALIVE, id="lines of it"),
        pytest.param(f"{PAGE}#file-a-l3", gist("a.L3"), Reason.ALIVE, id="a name like a line"),
        pytest.param(f"{PAGE}#file-a_b-py", gist("A_b.py"), Reason.ALIVE, id="other spelling"),
        pytest.param(
            f"{PAGE}#file-b-py", gist("a.py"), Reason.PART_MISSING, id="none of its files"
        ),
        pytest.param(
            f"{PAGE}#file-b-py", gist("a.py", "README.md"), Reason.PART_MISSING, id="beside a page"
        ),
        pytest.param(f"{PAGE}#file-sizes", gist("README.md"), Reason.ALIVE, id="maybe a heading"),
        pytest.param(f"{PAGE}#file-b-py", gist("ü.py"), Reason.ALIVE, id="names in other letters"),
        pytest.param(
            f"{PAGE}#file-%C3%BC-py", gist("a.py"), Reason.ALIVE, id="other letters asked"
        ),
        pytest.param(f"{PAGE}#comments", gist("a.py"), Reason.ALIVE, id="no file is named"),
        pytest.param(f"{PAGE}#file-", gist("a.py"), Reason.ALIVE, id="no name is named"),
        pytest.param(
            f"{PAGE}#file-b-py", gist("a.py", truncated=True), Reason.ALIVE, id="not all are told"
        ),
        pytest.param(f"{PAGE}#file-b-py", rest({"files": {}}), Reason.ALIVE, id="none are told"),
        pytest.param(
            f"{PAGE}#file-b-py", rest({"files": "x"}), Reason.ALIVE, id="nonsense is told"
        ),
        pytest.param(f"{PAGE}#file-b-py", NOT_FOUND, Reason.DELETED, id="the gist is gone"),
        pytest.param(f"{RAW}/a.py", gist("a.py"), Reason.ALIVE, id="a raw file"),
        pytest.param(f"{RAW}/a%20b.py", gist("a b.py"), Reason.ALIVE, id="a raw file, escaped"),
        pytest.param(f"{RAW}/b.py", gist("a.py"), Reason.PATH_GONE, id="a raw file it lacks"),
        pytest.param(f"{RAW}/{COMMIT}/b.py", gist("a.py"), Reason.ALIVE, id="a raw file of old"),
        pytest.param(f"{RAW}/{COMMIT}", gist("a.py"), Reason.ALIVE, id="the raw gist of old"),
        pytest.param(RAW, gist("a.py"), Reason.ALIVE, id="the raw gist"),
        pytest.param(
            f"https://nbviewer.org/gist/u/{GIST}#file-b-py",
            gist("a.py"),
            Reason.ALIVE,
            id="a viewer",
        ),
    ],
)
async def test_a_link_to_a_file_of_a_gist_needs_the_file(url, answer, reason):
    verdict = await check(PROVIDER, url, FakePorts({ITEM: answer}))
    assert verdict.reason is reason


async def test_the_nearest_file_of_a_gist_is_offered():
    ports = FakePorts({ITEM: gist("lecture-12.py", "z.c")})
    verdict = await check(PROVIDER, f"{PAGE}#file-lecture-1-py", ports)
    assert verdict.instead.url == f"{PAGE}#file-lecture-12-py"


async def test_a_file_that_nobody_named_is_not_looked_for():
    verdict = await check(PROVIDER, PAGE, FakePorts({ITEM: gist("a.py")}))
    assert {"files_missing", "anchors_missing"} & verdict.facts.keys() == set()


# --- addresses that are git's ---


def written(text, element="a", base="https://course.example/links/"):
    occurrence = Occurrence(
        page="page", position=Position(line=1, column=1), element=element, attribute="href"
    )
    return Link(written=text, url=normalise(text, Url(base)) or Url(text), occurrence=occurrence)


async def verdict_of(the_link, ports):
    resource = PROVIDER.identify(the_link)
    judged_by_itself = await check(PROVIDER, resource.url, ports)
    return PROVIDER.judge_link(the_link, judged_by_itself)


@pytest.mark.parametrize(
    ("the_link", "repo", "reason", "instead"),
    [
        pytest.param(
            written("ssh://git@github.com/o/r.git"), {}, Reason.ALIVE, None, id="ssh works with git"
        ),
        pytest.param(
            written("ssh://git@github.com/o/r"),
            {"full_name": "n/s"},
            Reason.RENAMED,
            "ssh://git@github.com/n/s",
            id="ssh keeps its form under the new name",
        ),
        pytest.param(
            written("git://github.com/o/r.git"), {}, Reason.MOVED, SITE, id="git:// is not served"
        ),
        pytest.param(
            written("git://github.com/o/r"),
            {"archived": True},
            Reason.MOVED,
            SITE,
            id="git:// is not served of an archived one",
        ),
        pytest.param(
            written("git://github.com/o/r"),
            {"full_name": "n/s"},
            Reason.MOVED,
            "https://github.com/n/s",
            id="git:// under the old name",
        ),
        pytest.param(
            written("git@github.com:o/r.git"),
            {},
            Reason.MALFORMED_URL,
            SITE,
            id="the short form on a page",
        ),
        pytest.param(
            written("git@github.com:o/r.git"),
            {"full_name": "n/s"},
            Reason.MALFORMED_URL,
            "https://github.com/n/s",
            id="the short form of an old name on a page",
        ),
        pytest.param(
            written("git@github.com:o/r.git", element=""),
            {},
            Reason.ALIVE,
            None,
            id="the short form in a list",
        ),
        pytest.param(
            written("git@github.com:o/r.git"), None, Reason.DELETED, None, id="a deleted repository"
        ),
    ],
)
async def test_an_address_for_git_is_its_repositorys(the_link, repo, reason, instead):
    ports = FakePorts({REPO: NOT_FOUND if repo is None else repository(**repo)})
    verdict = await verdict_of(the_link, ports)
    assert verdict.reason is reason
    assert (verdict.instead.url if verdict.instead else None) == instead


@pytest.mark.parametrize("text", ["git://github.com/settings", "ssh://git@github.com/"])
def test_an_address_for_git_that_names_no_repository_is_not_githubs(text):
    the_link = written(text)
    assert PROVIDER.identify(the_link) is None
    verdict = PROVIDER.judge_link(the_link, UNKNOWN)
    assert verdict is UNKNOWN


# --- permanent addresses ---


PERMANENT = f"{SITE}/blob/{COMMIT}/a/b.py"
STATE = {"repos": {"o/r": {"branches": {"main": ["a/b.py"]}}}}


@pytest.mark.parametrize("token", [True, False])
@pytest.mark.parametrize(
    "page", [pytest.param(404, id="its page is gone"), pytest.param(429, id="its page is shut")]
)
async def test_a_commit_that_was_rewritten_away_is_gone_without_a_search_for_names(token, page):
    table = {PERMANENT: reply(page)}
    verdict, ports = await judged(f"{PERMANENT}#L3", STATE, token=token, table=table)
    assert verdict.reason is Reason.BRANCH_GONE
    assert "no commit 0123456789 any more" in verdict.detail
    assert verdict.instead.url == f"{SITE}/blob/main/a/b.py#L3"
    assert verdict.instead.confidence < 0.9
    assert not any("matching-refs" in url or "/branches/" in url for url in ports.asked)


async def test_a_commit_that_the_api_calls_none_is_gone():
    table = {REPO: repository(), f"{REPO}/git/trees/{COMMIT}?recursive=1": rest({}, 422)}
    ports = FakePorts({**table, f"{REPO}/git/trees/HEAD?recursive=1": tree("z.py")})
    verdict = await check(PROVIDER, PERMANENT, ports)
    assert (verdict.reason, verdict.instead) == (Reason.BRANCH_GONE, None)


UNKNOWN = PROVIDER.judge(PROVIDER.identify(link(SITE)), [], frozenset())
