"""What GitHub's links of one page cost in calls, as a run asks them."""

from monitor import providers
from monitor.check import Check
from monitor.core.identify import identify
from monitor.core.reasons import Reason
from monitor.doors import Doors
from tests.providers.fakes import AT, FakePorts, link, reply
from tests.providers.test_github import NOT_FOUND, REPO, SITE, SPENT, TREE, repository, tree

EXAMPLES = "https://api.github.com/repos/p/examples"
LINKS = [
    *(link(f"{SITE}/blob/main/notes/{n:02}.ipynb") for n in range(19)),
    link(f"{SITE}/blob/main/notes/00.ipynb"),
    link(SITE),
    link("https://github.com/p/examples/tree/main/dcgan"),
]


async def checked(ports):
    delivered = {}

    async def deliver(found):
        delivered[found.observation.resource.id] = found.observation.verdict.reason

    doors = Doors(fetch=ports.fetch, video=None, outline=ports.outline, now=lambda: AT)
    linked = {}
    for one in LINKS:
        linked.setdefault(identify(one, providers.find()), []).append(one)
    await Check(providers.find(), doors, deliver).run(linked.items(), {})
    return delivered


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
    assert [url for url in ports.asked if "api.github.com" not in url] == ["https://github.com/o/r"]
    assert len(ports.asked) == 2 + 1  # its page has the last word


async def test_a_spent_allowance_is_noticed_once_and_the_pages_are_asked():
    pages = {one.url: reply(200) for one in LINKS}
    ports = FakePorts({REPO: SPENT, EXAMPLES: SPENT, **pages})
    assert set((await checked(ports)).values()) == {Reason.ALIVE}
    assert sum(url.startswith("https://api.github.com/") for url in ports.asked) <= 2


async def test_an_allowance_spent_midway_is_noticed_once():
    pages = {one.url: reply(200) for one in LINKS}
    ports = FakePorts({REPO: repository(), EXAMPLES: repository(), TREE: SPENT, **pages})
    reasons = await checked(ports)
    assert Reason.OWN_QUOTA not in reasons.values()
    assert sum(url.startswith("https://api.github.com/") for url in ports.asked) <= 6
