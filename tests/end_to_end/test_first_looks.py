"""Without a key, a video's page is looked at once: a first run, the next, and a wall."""

from collections import Counter

import pytest

from monitor.config import Config, Network, Source
from monitor.core.first_looks import MOST_LOOKS
from monitor.core.reasons import Reason, Status
from monitor.explain import explain
from monitor.store.history import History
from tests.end_to_end.running import HASTE, checked
from tests.world import keys
from tests.world.scenario import merged
from tests.world.thread import WorldThread

MANY = MOST_LOOKS + 2
VIDEOS = {f"Meadow_{number:04}": {"title": f"Lecture {number}"} for number in range(MANY)}


def page(folder, ids):
    source = folder / "page.md"
    source.write_text(" ".join(f"[{id_}](https://youtu.be/{id_})" for id_ in ids))
    return Source(path=source)


def asked(world):
    """Return how often YouTube was asked for what, and forget it."""
    found = Counter(each.path for each in world.requests if each.host == "www.youtube.com")
    world.requests.clear()
    return found


def test_each_video_is_looked_at_once_and_so_many_in_a_run(tmp_path):
    source = page(tmp_path, VIDEOS)
    with WorldThread({"youtube": {"videos": VIDEOS}}) as world:
        report = checked(world, source, tmp_path)
        assert asked(world) == {"/oembed": MANY, "/watch": MOST_LOOKS}
        found = [finding.verdict for finding in report.found]
        assert Counter(verdict.reason for verdict in found) == {Reason.ALIVE: MANY}
        assert Counter(verdict.facts.get("duration") for verdict in found)[3600] == MOST_LOOKS

        checked(world, source, tmp_path)
        assert asked(world) == {"/oembed": MANY, "/watch": 2}

        checked(world, source, tmp_path)
        assert asked(world) == {"/oembed": MANY}


def test_what_a_look_found_withheld_is_looked_at_again(tmp_path):
    videos = {"Meadow_Lec1": {"state": "members"}, "Meadow_Lec2": {"state": "region"}}
    source = page(tmp_path, videos)
    with WorldThread({"youtube": {"videos": videos}}) as world:
        for _ in range(2):
            found = checked(world, source, tmp_path).found
            reasons = {finding.verdict.reason for finding in found}
            assert reasons == {Reason.PAYWALLED, Reason.REGION_RESTRICTED}
            assert asked(world) == {"/oembed": 2, "/watch": 2}


def test_what_a_look_found_is_not_well_again_because_of_a_wall(tmp_path):
    videos = {"Meadow_Lec1": {"state": "members"}}
    source = page(tmp_path, videos)
    with WorldThread({"youtube": {"videos": videos}}) as world:
        checked(world, source, tmp_path)
        world.fault("www.youtube.com", "rate-limited", path="/watch")
        (walled,) = checked(world, source, tmp_path).found
    assert walled.verdict.status is Status.UNKNOWN
    with History.open(tmp_path / "history.sqlite3") as history:
        (state,) = history.states().values()
    assert state.reason is Reason.PAYWALLED


def test_what_oembed_had_denied_is_well_again_by_its_word_alone(tmp_path):
    source = page(tmp_path, ["Meadow_Lec1"])
    for state, reason in (("private", Reason.PRIVATE), ("public", Reason.ALIVE)):
        with WorldThread({"youtube": {"videos": {"Meadow_Lec1": {"state": state}}}}) as world:
            world.fault("www.youtube.com", "rate-limited", path="/watch")
            (found,) = checked(world, source, tmp_path).found
        assert found.verdict.reason is reason


@pytest.mark.parametrize("kind", ["rate-limited", "rate-limited-silent", "challenge"])
def test_a_wall_before_the_watch_pages_takes_nothing_from_what_oembed_said(tmp_path, kind):
    fault = {"host": "www.youtube.com", "path": "/watch", "kind": kind}
    state = {"youtube": {"videos": VIDEOS}, "faults": [fault]}
    with WorldThread(state) as world:
        report = checked(world, page(tmp_path, VIDEOS), tmp_path)
        assert asked(world)["/oembed"] == MANY
    assert {finding.verdict.reason for finding in report.found} == {Reason.ALIVE}


async def test_what_is_explained_is_looked_at():
    state = {"youtube": {"videos": {"Meadow_Lec1": {"state": "not-recorded"}}}}
    with WorldThread(state) as world:
        network = {"http_proxy": world.proxy_url, "https_proxy": world.proxy_url}
        given = Network.model_validate({**HASTE, **network, "ca_file": world.ca_file})
        account = await explain(Config(network=given), "https://youtu.be/Meadow_Lec1")
    (step,) = account.steps
    assert [answer.probe for answer in step.answers] == ["oembed", "watch"]
    assert account.verdict.reason is Reason.DELETED


def test_with_a_key_nothing_is_looked_at(tmp_path):
    state = merged([keys.STATE, {"youtube": {"videos": VIDEOS}}])
    with WorldThread(state) as world:
        checked(world, page(tmp_path, VIDEOS), tmp_path, credentials=True)
        assert asked(world) == {}
