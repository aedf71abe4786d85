"""What GitHub's links of one page cost in calls, as a run asks them."""

from collections import Counter

import pytest

from monitor import providers
from monitor.check import Check
from monitor.core.identify import identify
from monitor.core.reasons import Reason
from monitor.doors import Doors
from tests.providers.fakes import AT, FakePorts, link, reply
from tests.providers.github_world import GitHubPorts
from tests.providers.test_github import NOT_FOUND, REPO, SITE, SPENT, TREE, repository, tree

EXAMPLES = "https://api.github.com/repos/p/examples"
LINKS = [
    *(link(f"{SITE}/blob/main/notes/{n:02}.ipynb") for n in range(19)),
    link(f"{SITE}/blob/main/notes/00.ipynb"),
    link(SITE),
    link("https://github.com/p/examples/tree/main/dcgan"),
]


async def checked(ports, links=LINKS, keys=frozenset()):
    delivered = {}

    async def deliver(found):
        delivered[found.observation.resource.id] = found.observation.verdict.reason

    doors = Doors(fetch=ports.fetch, video=None, outline=ports.outline, now=lambda: AT, keys=keys)
    linked = {}
    for one in links:
        linked.setdefault(identify(one, providers.find()), []).append(one)
    await Check(providers.find(), doors, deliver).run(linked.items(), {})
    return delivered


def calls(ports):
    """Return the addresses asked of the API, in order."""
    return [url for url in ports.asked if url.startswith("https://api.github.com/")]


async def test_22_links_into_two_repositories_cost_four_calls():
    ports = FakePorts(
        {
            REPO: repository(),
            TREE: tree(*(f"notes/{n:02}.ipynb" for n in range(19))),
            EXAMPLES: repository(full_name="p/examples"),
            f"{EXAMPLES}/git/trees/main?recursive=1": tree("dcgan"),
        }
    )
    reasons = await checked(ports)
    assert len(reasons) == 21
    assert set(reasons.values()) == {Reason.ALIVE}
    assert len(ports.asked) == 4


async def test_a_deleted_repository_costs_one_call_under_all_its_links():
    ports = FakePorts({REPO: NOT_FOUND, EXAMPLES: NOT_FOUND})
    assert set((await checked(ports)).values()) == {Reason.DELETED}
    home = "https://github.com/p/examples"
    assert sorted(ports.asked) == sorted([REPO, EXAMPLES, SITE, home])  # pages have the last word


async def test_an_api_that_knows_nothing_breaks_no_link_whose_page_is_there():
    pages = {one.url: reply(200) for one in [*LINKS, link("https://github.com/p/examples")]}
    ports = FakePorts({REPO: NOT_FOUND, EXAMPLES: NOT_FOUND, **pages})
    assert set((await checked(ports)).values()) == {Reason.ALIVE}
    assert len(ports.asked) == 2 + 2 + 20  # calls, repositories' pages, files and a folder


async def test_a_spent_allowance_is_noticed_once_and_the_pages_are_asked():
    pages = {one.url: reply(200) for one in LINKS}
    ports = FakePorts({REPO: SPENT, EXAMPLES: SPENT, **pages})
    assert set((await checked(ports)).values()) == {Reason.ALIVE}
    assert len(calls(ports)) == 1


async def test_an_allowance_spent_midway_is_noticed_once():
    pages = {one.url: reply(200) for one in LINKS}
    both = {REPO: repository(), EXAMPLES: repository(full_name="p/examples")}
    ports = FakePorts({**both, TREE: SPENT, **pages})
    reasons = await checked(ports)
    assert set(reasons.values()) == {Reason.ALIVE}
    assert calls(ports).count(TREE) == 1
    assert calls(ports)[-1] == TREE  # the refused one is the last


KEY = frozenset({"github"})
PAGES = ["", "/blob/main/a.py", "/tree/main/d", "/issues/1", "/releases/tag/v1"]
SOUND = {"branches": {"main": ["a.py", "d/b.py"]}, "issues": [1], "releases": ["v1"]}
GONE = ["", "/blob/main/z.py", "/blob/old/a.py", "/blob/feature/x/a.py", "/blob/main/a.py"]


def page_of(repositories, paths):
    names = [f"o{n}/r{n}" for n in range(repositories)]
    return names, [link(f"https://github.com/{name}{path}") for name in names for path in paths]


async def test_300_links_into_60_repositories_cost_three_queries_and_nothing_else():
    names, links = page_of(60, PAGES)
    ports = GitHubPorts(state={"repos": dict.fromkeys(names, SOUND)})
    reasons = await checked(ports, links, KEY)
    assert len(reasons) == 300
    assert set(reasons.values()) == {Reason.ALIVE}
    assert ports.calls == {"graphql": 3}


async def test_300_links_of_which_most_are_broken_cost_at_most_six_queries():
    names, links = page_of(60, GONE)
    old = {"branches": {"main": ["a.py"], "feature/x": ["a.py"]}}
    ports = GitHubPorts(state={"repos": dict.fromkeys(names, old)})
    reasons = await checked(ports, links, KEY)
    assert Counter(reasons.values()) == {
        Reason.ALIVE: 180,
        Reason.PATH_GONE: 60,
        Reason.BRANCH_GONE: 60,
    }
    assert ports.calls["graphql"] <= 6
    assert ports.calls["rest"] <= 60 * (1 + 3)  # all paths of a branch, and a gone path's history


async def test_without_a_token_the_history_of_gone_paths_leaves_half_of_the_calls_to_others():
    names, links = page_of(12, [f"/blob/main/gone{n}.py" for n in range(4)])
    old = {"branches": {"main": ["a.py"]}, "removed": [f"gone{n}.py" for n in range(4)]}
    ports = GitHubPorts(state={"repos": dict.fromkeys(names, old)}, token=False)
    assert set((await checked(ports, links)).values()) == {Reason.PATH_GONE}
    of_history = sum("/commits" in url for url in ports.asked)
    assert 0 < of_history <= 60 / 2 - 24  # two calls a repository, whatever else is asked


async def test_60_renamed_repositories_are_told_by_the_same_queries():
    names, links = page_of(60, ["", "/blob/main/a.py", "/tree/main/d"])
    old = {name: {"renamed_to": f"new/{name[1:].partition('/')[0]}"} for name in names}
    new = {f"new/{n}": SOUND for n in range(60)}
    ports = GitHubPorts(state={"repos": {**old, **new}})
    reasons = await checked(ports, links, KEY)
    assert set(reasons.values()) == {Reason.RENAMED}
    assert ports.calls == {"graphql": 2}


async def test_points_that_are_spent_cost_one_query_and_rest_does_the_work():
    names, links = page_of(5, ["", "/blob/main/a.py"])
    state = {"repos": dict.fromkeys(names, SOUND), "graphql_says": "RATE_LIMITED"}
    ports = GitHubPorts(state=state)
    assert set((await checked(ports, links, KEY)).values()) == {Reason.ALIVE}
    assert ports.calls == {"graphql": 1, "rest": 10}


async def test_the_users_page_costs_at_most_six_calls_without_a_token():
    paths = [f"notes/{n:02}.ipynb" for n in range(19)]
    state = {
        "repos": {
            "o/r": {"branches": {"main": paths}},
            "p/examples": {"branches": {"main": ["dcgan/a.py"]}},
        }
    }
    ports = GitHubPorts(state=state, token=False)
    assert set((await checked(ports)).values()) == {Reason.ALIVE}
    assert ports.calls == {"rest": 4}


@pytest.mark.parametrize(
    ("repos", "rest"),
    [
        pytest.param({"o/r": SOUND}, 1, id="its repository is there"),
        pytest.param({"o/o.github.io": SOUND}, 2, id="only the owner's own is"),
    ],
)
async def test_all_broken_pages_of_a_site_on_github_io_cost_a_call_for_a_repository(repos, rest):
    pages = [link(f"https://o.github.io/r/{n}.html") for n in range(20)]
    missing = {one.url: reply(404) for one in pages}
    ports = GitHubPorts(table=missing, state={"repos": repos}, token=False)
    assert set((await checked(ports, pages)).values()) == {Reason.NOT_FOUND, Reason.ALIVE} | (
        {Reason.DELETED} if rest == 2 else set()
    )
    assert ports.calls["rest"] == rest


async def test_a_page_on_github_io_that_is_there_costs_no_call():
    page = link("https://o.github.io/r/")
    ports = GitHubPorts(table={page.url: reply(200)}, token=False)
    assert set((await checked(ports, [page])).values()) == {Reason.ALIVE}
    assert ports.calls["rest"] == 0
