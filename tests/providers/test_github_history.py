"""Where a path that is gone stands now, by what git remembers of it."""

import pytest

from monitor.core.ports import FailureKind
from monitor.core.reasons import Reason
from monitor.providers.github import PROVIDER
from tests.providers.fakes import FakePorts, check, drive, link, nothing, reply
from tests.providers.github_world import GRAPH, GitHubPorts, judged
from tests.providers.test_github import FILE, REPO, SITE, SPENT, TREE, repository, rest, tree

COMMIT, BLOB = "c" * 40, "b" * 40
LOG = f"{REPO}/commits?sha=main&path=a%2Fb.py&per_page=1"
CHANGE = f"{REPO}/commits/{COMMIT}"
SINCE = f"{REPO}/compare/{COMMIT}...main?per_page=1"
FOLDER, FOLDER_LOG = f"{SITE}/tree/main/a", f"{REPO}/commits?sha=main&path=a&per_page=1"
NOT_THERE = {REPO: repository(), TREE: tree("README.md")}
DAY = "2024-03-05T08:00:00Z"
LAST = rest([{"sha": COMMIT, "commit": {"committer": {"date": DAY}}}])


def renamed(old, new):
    return {"filename": new, "previous_filename": old, "status": "renamed", "sha": BLOB}


def removed(path, content=BLOB):
    return {"filename": path, "status": "removed", "sha": content}


def changed(*files):
    return rest({"sha": COMMIT, "files": list(files)})


MOVED = {LOG: LAST, CHANGE: changed(renamed("a/b.py", "c/d.py"))}
MANY = [{"filename": f"{n}.py", "status": "modified"} for n in range(300)]


def blobs(*paths):
    return rest({"tree": [{"path": path, "type": "blob", "sha": BLOB} for path in paths]})


@pytest.mark.parametrize(
    ("answers", "now"),
    [
        pytest.param({**MOVED, SINCE: changed()}, "c/d.py", id="moved, and not touched since"),
        pytest.param(
            {**MOVED, SINCE: changed({"filename": "c/d.py", "status": "modified"})},
            "c/d.py",
            id="moved, and edited since",
        ),
        pytest.param(
            {**MOVED, SINCE: changed(renamed("x", "y"), renamed("c/d.py", "e/f.py"))},
            "e/f.py",
            id="moved, and moved again",
        ),
        pytest.param({**MOVED, SINCE: changed(removed("c/d.py"))}, None, id="moved, then removed"),
        pytest.param({**MOVED, SINCE: rest({})}, None, id="what became of it is not told"),
        pytest.param({**MOVED, SINCE: rest({}, 404)}, None, id="what became of it cannot be asked"),
        pytest.param(
            {**MOVED, SINCE: changed(*MANY)}, None, id="so much changed that not all came"
        ),
        pytest.param(
            {**MOVED, SINCE: changed({"filename": "c/d.py", "status": "modified"}, *MANY[1:])},
            "c/d.py",
            id="so much changed that not all came, but this one did",
        ),
        pytest.param(
            {LOG: LAST, CHANGE: changed(removed("a/b.py"))}, None, id="removed, and nowhere"
        ),
        pytest.param({LOG: LAST, CHANGE: rest({})}, None, id="what the commit did is not told"),
        pytest.param({LOG: LAST}, None, id="the commit cannot be asked"),
        pytest.param({LOG: rest([])}, None, id="it never was there"),
        pytest.param({LOG: rest([{"sha": "../x"}])}, None, id="a commit of no known form"),
        pytest.param({LOG: rest({"message": "no"}, 500)}, None, id="git does not answer"),
        pytest.param({LOG: SPENT}, None, id="our calls are spent"),
        pytest.param({LOG: nothing(FailureKind.TIMEOUT)}, None, id="nobody answers"),
    ],
)
async def test_a_file_that_is_gone_is_looked_for_in_history(answers, now):
    verdict = await check(PROVIDER, FILE, FakePorts({**NOT_THERE, **answers}))
    assert verdict.reason is Reason.PATH_GONE
    expected = f"{SITE}/blob/main/{now}" if now else None
    assert (verdict.instead.url if verdict.instead else None) == expected


@pytest.mark.parametrize(
    ("content", "paths", "now"),
    [
        pytest.param(BLOB, ["c/d.py"], "c/d.py", id="its content stands elsewhere"),
        pytest.param(BLOB, ["c/d.py", "e/f.py"], None, id="its content stands in two places"),
        pytest.param(BLOB, [], None, id="its content is nowhere"),
        pytest.param("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", ["c/d.py"], None, id="empty"),
    ],
)
async def test_a_removed_file_is_looked_for_by_its_content(content, paths, now):
    entries = [{"path": path, "type": "blob", "sha": content} for path in paths]
    table = {
        REPO: repository(),
        TREE: rest({"tree": entries}),
        LOG: LAST,
        CHANGE: changed(removed("other.py"), removed("a/b.py", content)),
    }
    verdict = await check(PROVIDER, FILE, FakePorts(table))
    assert (verdict.instead.url if verdict.instead else None) == (
        f"{SITE}/blob/main/{now}" if now else None
    )


@pytest.mark.parametrize(
    ("files", "there", "now"),
    [
        pytest.param(
            [renamed("a/b.py", "n/b.py"), renamed("a/c/d.py", "n/c/d.py")],
            ["n"],
            "n",
            id="all its files moved alike",
        ),
        pytest.param([renamed("a/b.py", "n/b.py")], ["x"], None, id="the new one is gone too"),
        pytest.param(
            [renamed("a/b.py", "n/b.py"), renamed("a/c.py", "m/c.py")],
            ["n", "m"],
            None,
            id="its files went to several",
        ),
        pytest.param([renamed("a/b.py", "n/z.py")], ["n"], None, id="its files have new names"),
        pytest.param([renamed("a/b.py", "/b.py")], [""], None, id="its files went to the top"),
        pytest.param([removed("a/b.py")], ["n"], None, id="its files were removed"),
    ],
)
async def test_a_folder_is_followed_with_all_its_files(files, there, now):
    table = {REPO: repository(), TREE: tree(*there), FOLDER_LOG: LAST, CHANGE: changed(*files)}
    verdict = await check(PROVIDER, FOLDER, FakePorts(table))
    assert verdict.reason is Reason.PATH_GONE
    expected = f"{SITE}/tree/main/{now}" if now else None
    assert (verdict.instead.url if verdict.instead else None) == expected


async def test_a_reader_learns_when_it_went_and_what_it_became():
    ports = FakePorts({**NOT_THERE, **MOVED, SINCE: changed(removed("c/d.py"))})
    verdict = await check(PROVIDER, FILE, ports)
    assert verdict.detail == (
        "The branch “main” has no “a/b.py”. Commit cccccccccc took it away on 2024-03-05."
        " It became “c/d.py”, which is not there."
    )
    assert verdict.facts == {"removed_by": COMMIT, "removed_at": DAY}


async def test_a_commit_without_a_date_is_named_all_the_same():
    ports = FakePorts({**NOT_THERE, LOG: rest([{"sha": COMMIT}]), CHANGE: changed()})
    verdict = await check(PROVIDER, FILE, ports)
    assert verdict.detail.endswith("Commit cccccccccc took it away.")
    assert verdict.facts == {"removed_by": COMMIT}


async def test_a_rename_is_surer_than_a_copy():
    moved = await check(PROVIDER, FILE, FakePorts({**NOT_THERE, **MOVED, SINCE: changed()}))
    copied = FakePorts(
        {REPO: repository(), TREE: blobs("c/d.py"), LOG: LAST, CHANGE: changed(removed("a/b.py"))}
    )
    assert moved.instead.confidence > (await check(PROVIDER, FILE, copied)).instead.confidence


@pytest.mark.parametrize(
    ("url", "table"),
    [
        pytest.param(FILE, {REPO: repository(), TREE: tree("z/b.py")}, id="a file of its name"),
        pytest.param(FILE, {**NOT_THERE, FILE: reply(200)}, id="its page is there"),
        pytest.param(FILE, {REPO: repository(), TREE: tree("a/b.py")}, id="it is there"),
    ],
)
async def test_history_is_not_asked_where_enough_is_known(url, table):
    _, asked = await drive(PROVIDER, PROVIDER.identify(link(url)), FakePorts(table))
    assert "history" not in asked


STATE = {"branches": {"main": ["new/name.py"]}, "history": {"a/b.py": "new/name.py"}}


@pytest.mark.parametrize(
    ("token", "left", "calls"),
    [
        pytest.param(True, 5000, 3, id="with a token"),
        pytest.param(False, 60, 3, id="without"),
        pytest.param(False, 33, 1, id="half is reached by the first call"),
        pytest.param(False, 32, 0, id="half was reached before"),
        pytest.param(True, 2501, 0, id="half was reached before, with a token"),
    ],
)
async def test_history_costs_three_calls_and_none_that_others_may_need(token, left, calls):
    remaining = {"remaining": left, "remaining_with_token": left}
    state = {"repos": {"o/r": STATE}, **remaining}
    verdict, ports = await judged(FILE, state, token=token)
    of_history = [u for u in ports.asked if "/commits" in u or "/compare" in u]
    assert len(of_history) == calls
    assert (verdict.instead is not None) == (calls == 3)


async def test_files_that_one_commit_moved_are_asked_after_together():
    moves = {f"a/{n}.py": f"b/x{n}.py" for n in range(5)}
    ports = GitHubPorts(state={"repos": {"o/r": {"branches": {"main": list(moves.values())}}}})
    log = f"{REPO}/commits?sha=main&path=a%2F{{}}.py&per_page=1"
    ports.table = {log.format(n): LAST for n in range(5)} | {
        CHANGE: changed(*(renamed(old, new) for old, new in moves.items())),
        SINCE: changed(),
    }
    resources = [PROVIDER.identify(link(f"{SITE}/blob/main/a/{n}.py")) for n in range(5)]
    (batch,) = PROVIDER.probes["history"].cut(resources)
    answers = await PROVIDER.probes["history"].ask(batch, ports)
    assert {a.said.body["now"] for a in answers.values()} == set(moves.values())
    assert len(ports.asked) == 5 + 2


async def test_a_refusal_in_the_middle_is_not_repeated():
    resources = [PROVIDER.identify(link(f"{SITE}/blob/main/{n}.py")) for n in range(3)]
    log = f"{REPO}/commits?sha=main&path={{}}.py&per_page=1"
    ports = FakePorts({log.format(0): LAST, CHANGE: SPENT})
    answers = await PROVIDER.probes["history"].ask(resources, ports)
    assert [getattr(a.said, "kind", None) for a in answers.values()] == [
        None,
        FailureKind.QUOTA,
        FailureKind.QUOTA,
    ]
    assert ports.asked == [log.format(0), CHANGE]


async def test_without_the_graph_a_branch_with_slashes_is_not_followed():
    state = {"repos": {"o/r": {"branches": {"f/x": ["new.py"]}, "default_branch": "f/x"}}}
    ports = GitHubPorts(state=state, token=False)
    verdict = await check(PROVIDER, f"{SITE}/blob/f/x/old.py", ports, without=GRAPH)
    assert verdict.reason is Reason.PATH_GONE
    assert not any("/commits" in url for url in ports.asked)
