"""The scenarios: all can be read, are named as sentences, and cover the outcomes."""

from collections import defaultdict

import pytest

from monitor.core.reasons import Reason, Status, explain
from tests.world import World, scenarios
from tests.world.clients import client
from tests.world.scenario import Entrance, merged, scenario

ALL = scenarios()

OUTCOMES = {
    "alive": {Reason.ALIVE, Reason.LEADS_ON},
    "deleted": {Reason.NOT_FOUND, Reason.GONE, Reason.DELETED},
    "private or not shared": {
        Reason.PRIVATE,
        Reason.NOT_SHARED,
        Reason.LOGIN_REQUIRED,
    },
    "renamed or moved": {Reason.MOVED, Reason.RENAMED},
    "rate-limited or blocked": {Reason.RATE_LIMITED, Reason.BLOCKED},
    "own failure": {Reason.OWN_NETWORK, Reason.OWN_QUOTA, Reason.OWN_CREDENTIAL},
}

CANNOT_BE = {
    ("youtube", "renamed or moved"),
    ("google_drive", "renamed or moved"),
}
"""A video and a file keep their ids for ever; a repository that is private reads as deleted."""

PROVIDERS = ("web", "youtube", "google_drive", "github", "short_link")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_provider_has_a_scenario_of_every_outcome(provider, outcome):
    reasons = {r for each in ALL if each.provider == provider for r in (each.reason, *each.also)}
    if (provider, outcome) in CANNOT_BE:
        assert not reasons & OUTCOMES[outcome]
    else:
        assert reasons & OUTCOMES[outcome]


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_a_scenario_is_a_sentence_about_a_world_that_can_be_built(each):
    assert each.name[0].isupper()
    assert len(each.name.split()) > 3
    assert not each.name.endswith(".")
    assert each.id.startswith(each.provider.replace("_", "-"))
    World(each)


def test_no_two_scenarios_have_one_name():
    names = defaultdict(list)
    for each in ALL:
        names[(each.provider, each.name)].append(each.id)
    assert [ids for ids in names.values() if len(ids) > 1] == []


def test_every_status_is_expected_somewhere():
    assert {each.status for each in ALL} == set(Status)


@pytest.mark.parametrize(
    "each",
    [e for e in ALL if e.status is Status.OK and e.reason is Reason.ALIVE],
    ids=lambda each: each.id,
)
async def test_what_should_be_alive_answers_a_reader(each):
    entrance = min(each.entrances)
    async with World(each) as world, client(world, entrance) as there:
        answers = [(await there.ask(each.url, allow_redirects=True)).status for _ in "ab"]
    assert answers[-1] == 200


def test_states_are_laid_over_each_other():
    state = merged(
        [
            {"sites": {"a.example": {"pages": {"/": "A", "/x": "X"}}}, "faults": [{"host": "a"}]},
            {"sites": {"a.example": {"pages": {"/": "B"}}}, "faults": [{"host": "b"}]},
        ]
    )
    assert state["sites"]["a.example"]["pages"] == {"/": "B", "/x": "X"}
    assert [fault["host"] for fault in state["faults"]] == ["a", "b"]


def test_a_scenario_is_found_by_its_files_name():
    found = scenario("youtube-private")
    assert (found.reason, found.status) == (Reason.PRIVATE, explain(Reason.PRIVATE).status)
    assert found.entrances == frozenset(Entrance)
