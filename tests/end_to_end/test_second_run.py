"""A second run asks GitHub only whether what it said still holds."""

from collections import Counter

import pytest

from monitor import providers
from monitor.check import Check
from monitor.config import Config, Network
from monitor.core.identify import identify
from monitor.core.reasons import Reason
from monitor.doors import opened
from monitor.store.history import History
from tests.end_to_end.running import HASTE
from tests.providers.fakes import link
from tests.world.server import World

STATE = {
    "github": {
        "repos": {
            "o/old": {"renamed_to": "o/new"},
            "o/new": {"branches": {"main": ["a.py"]}, "issues": [1], "releases": ["v1"]},
        },
        "gists": {"0123456789abcdef0123": {"owner": "o", "files": ["a.py"]}},
    }
}
LINKS = [
    link(f"https://github.com/o/new{path}")
    for path in ("", "/blob/main/a.py", "/issues/1", "/releases/tag/v1")
]
LINKS += [link("https://github.com/o/old"), link("https://gist.github.com/0123456789abcdef0123")]


class Counting:
    """The validators of a history, and how often something new had to be kept."""

    def __init__(self, history):
        self._validators = history.validators()
        self.counts = Counter()

    async def find(self, url, credential):
        found = await self._validators.find(url, credential)
        self.counts["known" if found else "new"] += 1
        return found

    async def keep(self, validator):
        self.counts["kept"] += 1
        await self._validators.keep(validator)


async def run_once(world, history):
    """Check all links over real connections, and return the reasons and the counts."""
    proxies = {"http_proxy": world.proxy_url, "https_proxy": world.proxy_url}
    network = {**HASTE, **proxies, "ca_file": world.ca_file}
    validators, found = Counting(history), {}

    async def deliver(checked):
        found[checked.observation.resource.id] = checked.observation.verdict.reason

    async with opened(Config(network=Network.model_validate(network)), validators) as doors:
        linked = {identify(one, providers.find()): [one] for one in LINKS}
        await Check(providers.find(), doors, deliver).run(linked.items(), {})
    return found, validators.counts


async def test_the_second_run_gets_only_304(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    with History.open(tmp_path / "history.sqlite3") as history:
        async with World(STATE) as world:
            first, counts = await run_once(world, history)
            asked = world.count("api.github.com")
            assert counts == {"new": asked, "kept": 6}  # the old name redirects: 7 are asked
            second, again = await run_once(world, history)
    assert first == second
    assert Counter(second.values()) == {Reason.ALIVE: 5, Reason.RENAMED: 1}
    assert again == {"known": 6, "new": 1}


@pytest.mark.parametrize("change", [{"archived": True}])
async def test_what_has_changed_comes_anew(tmp_path, change):
    with History.open(tmp_path / "history.sqlite3") as history:
        async with World(STATE) as world:
            await run_once(world, history)
        changed = {**STATE["github"]["repos"]["o/new"], **change}
        repos = {**STATE["github"]["repos"], "o/new": changed}
        async with World({"github": {**STATE["github"], "repos": repos}}) as world:
            found, counts = await run_once(world, history)
    assert found["github:repo:o/new"] is Reason.ARCHIVED
    assert counts["kept"] == 2  # the repository by both of its names
