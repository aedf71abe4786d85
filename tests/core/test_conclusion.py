"""What runs come to, night after night: states, incidents, and what is told of them."""

import pytest

from monitor.core.incidents import Ending
from monitor.core.model import ResourceId, Url, Verdict
from monitor.core.patience import PRESETS
from monitor.core.policies import Policies
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase, Turn
from tests.core.nights import PAGE, STRICT, Nights, titled

A, B = "https://a.example/", "https://b.example/"
WEB_A = ResourceId("web:https://a.example/")
OK, GONE, SILENT, WALL = Reason.ALIVE, Reason.NOT_FOUND, Reason.NOT_ANSWERING, Reason.BLOCKED


def test_a_blip_is_no_incident():
    nights = Nights()
    for reason in (OK, GONE, OK, SILENT, SILENT, OK):
        nights.night({A: reason, B: OK})
    assert nights.incidents == {}
    assert nights.phases() == ["healthy", "healthy"]


def test_two_nights_gone_are_an_incident_and_two_good_ones_its_end():
    nights = Nights()
    for reason in (OK, GONE):
        assert nights.night({A: reason}).turned == ()
    opened = nights.night({A: GONE})
    assert [each.turn for each in opened.turned] == ["opened"]
    (incident,) = nights.open
    assert (incident.status, incident.reason) == (Status.BROKEN, GONE)
    assert [link.occurrence.page for link in incident.members[0].links] == [PAGE]
    assert nights.night({A: OK}).turned == ()
    closed = nights.night({A: OK})
    assert [each.turn for each in closed.turned] == ["closed"]
    assert nights.incidents[incident.id].ending is Ending.RECOVERED


def test_what_never_answers_is_broken_on_the_fourth_night():
    nights = Nights()
    phases = []
    for reason in (OK, SILENT, SILENT, SILENT, SILENT):
        nights.night({A: reason})
        phases += nights.phases()
    assert phases == ["healthy", "suspect", "suspect", "suspect", "confirmed"]
    assert nights.open[0].status is Status.BROKEN


def test_a_bot_wall_between_two_failures_stops_nothing_and_counts_for_nothing():
    nights = Nights()
    for reason in (OK, GONE, WALL, WALL):
        nights.night({A: reason})
    assert nights.phases() == ["suspect"]
    nights.night({A: GONE})
    (incident,) = nights.open
    nights.night({A: WALL})
    assert incident.id in {each.id for each in nights.open}
    assert nights.open[0].members[0].verdict.reason is GONE  # and not the wall


def test_a_link_that_is_taken_off_the_page_ends_its_incident():
    nights = Nights(policies=STRICT)
    nights.night({A: GONE, B: OK})
    nights.night({B: OK})
    assert [each.ending for each in nights.incidents.values()] == [Ending.UNLINKED]


@pytest.mark.parametrize(
    "night",
    [
        pytest.param({"read": False}, id="the page could not be read"),
        pytest.param({"whole": False}, id="only a part of the page is known"),
        pytest.param({"sources": ()}, id="only a part was checked"),
        pytest.param({"sources": ("other",)}, id="another source was read"),
        pytest.param({"invalid_reason": "no network"}, id="the run does not count"),
        pytest.param({"finished_at": None}, id="the run was killed"),
    ],
)
def test_a_night_that_cannot_tell_ends_nothing(night):
    nights = Nights(policies=STRICT)
    nights.night({A: GONE, B: OK})
    assert nights.night({B: OK}, **night).turned == ()
    assert len(nights.open) == 1


@pytest.mark.parametrize(
    ("read", "endings"),
    [
        pytest.param({"course"}, [None], id="it is read by another configuration"),
        pytest.param(set(), [Ending.UNLINKED], id="nobody reads it any more"),
    ],
)
def test_a_source_that_this_run_did_not_read(read, endings):
    nights = Nights(policies=STRICT)
    nights.night({A: GONE, B: OK})
    nights.read_of_late = frozenset(read)
    nights.night({B: OK}, source="course 2027")
    assert [each.ending for each in nights.incidents.values()] == endings


def test_a_source_that_was_tried_is_not_gone():
    nights = Nights(policies=STRICT, read_of_late=frozenset())
    nights.night({A: GONE, B: OK})
    nights.night({B: OK}, sources=("other",))
    assert len(nights.open) == 1


def test_a_run_of_a_part_counts_for_states_and_opens_no_incident():
    nights = Nights(policies=STRICT)
    nights.night({A: GONE}, sources=())
    assert (nights.phases(), nights.incidents) == (["confirmed"], {})
    nights.night({A: GONE})
    assert len(nights.open) == 1


def test_a_run_that_does_not_count_comes_to_nothing():
    nights = Nights()
    concluded = nights.night({A: GONE}, invalid_reason="no network")
    assert (concluded.met, concluded.states, nights.states) == ({}, {}, {})


def test_what_was_not_reached_stays_as_it_was():
    nights = Nights(policies=STRICT)
    nights.night({A: GONE})
    before = nights.states
    concluded = nights.night({A: None})
    assert (nights.states, concluded.met) == (before, {})
    assert len(nights.open) == 1


def test_what_was_never_reached_has_no_state():
    nights = Nights()
    assert nights.night({A: None}).states == {}


def test_a_remembered_verdict_counts_once():
    nights = Nights()
    nights.night({A: OK})
    nights.night({A: GONE})
    state = nights.states[WEB_A]
    nights.night({A: GONE}, hours=0)
    assert nights.states[WEB_A] == state


def test_what_another_machine_saw_a_little_earlier_counts_where_it_belongs():
    nights = Nights()
    for reason in (OK, GONE, GONE):
        nights.night({A: reason})
    nights.night({A: OK}, hours=-0.1)
    assert nights.phases() == ["suspect"]


def test_what_a_wrong_clock_put_years_ahead_does_not_count_now():
    nights = Nights(policies=STRICT)
    nights.night({A: OK})
    nights.night({A: GONE}, hours=24 * 3650)
    nights.night({A: OK}, hours=-24 * 3649)
    assert nights.states[WEB_A].phase is Phase.HEALTHY


def test_another_policy_replays_what_was_seen():
    nights = Nights()
    nights.night({A: OK})
    nights.night({A: GONE})
    nights.policies = STRICT
    happened = nights.night({A: GONE}).happened
    assert nights.phases() == ["confirmed"]
    assert happened == {}  # that was long ago, and is not told as news


@pytest.mark.parametrize(
    "tonight",
    [
        pytest.param(SILENT, id="it fails, which is not enough to be told now"),
        pytest.param(WALL, id="a bot wall tells nothing"),
        pytest.param(None, id="it was not reached"),
    ],
)
def test_another_policy_heals_nothing(tonight):
    nights = Nights(policies=STRICT)
    nights.night({A: SILENT})
    before = nights.open
    nights.policies = Policies(usual=PRESETS["patient"])
    assert nights.night({A: tonight}).turned == ()
    assert nights.open == before
    assert [each.turn for each in nights.night({A: OK}).turned] == ["closed"]


def test_a_warning_is_an_incident_of_its_own_kind():
    nights = Nights()
    repository = "https://github.com/octocat/hello"
    for reason in (OK, Reason.RENAMED, Reason.RENAMED):
        nights.night({repository: reason})
    (incident,) = nights.open
    assert incident.status is Status.WARNING
    assert nights.phases() == ["healthy"]
    for _ in range(2):
        nights.night({repository: OK})
    assert nights.open == []


def test_what_a_dead_thing_was_called_is_remembered():
    nights = Nights(policies=STRICT)
    video = "https://youtu.be/aaaaaaaaaaa"
    nights.night({video: titled(OK, "Lecture 3")})
    nights.night({video: Reason.PRIVATE})
    assert nights.open[0].members[0].known == {"title": "Lecture 3"}


def test_what_comes_and_goes_is_told_once_as_flapping():
    nights = Nights()
    for _ in range(8):
        nights.night({A: GONE})
        nights.night({A: OK})
    assert nights.phases() == ["flapping"]
    (incident,) = nights.open
    assert incident.flapping
    assert [each.partition(":")[0] for each in nights.told].count("flapping") <= 1
    assert len(nights.told) <= 2
    assert incident.members[0].verdict.reason is GONE


def test_only_the_links_that_meet_the_trouble_are_named():
    nights = Nights(policies=STRICT)
    nights.night({A: OK, f"{A}#no-such-heading": OK, B: GONE})
    (incident,) = nights.open
    assert [str(link.url) for link in incident.members[0].links] == [B]


def test_a_state_that_is_as_before_is_not_written_again():
    nights = Nights()
    nights.night({A: OK})
    assert nights.night({A: WALL}).states == {}


def test_turns_of_resources_are_told_when_they_happen():
    nights = Nights()
    nights.night({A: OK})
    (suspected,) = nights.night({A: GONE}).happened[WEB_A]
    assert (suspected.turn, suspected.at) == (Turn.SUSPECTED, nights.at)


def test_of_a_short_link_it_is_known_what_it_led_to():
    nights = Nights(policies=STRICT)
    short, video = "https://bit.ly/x", "https://www.youtube.com/watch?v=0bMe_vCZo30"
    leads = Verdict(reason=Reason.LEADS_ON, detail="", leads_to=Url(video))
    facts = {"title": "A lecture", "channel": "A teacher"}
    nights.night({short: leads, video: Verdict(reason=OK, detail="", facts=facts)})
    nights.night({short: leads, video: Reason.DELETED})
    (incident,) = nights.open
    assert incident.cause.name == "the channel A teacher"
    assert [each.known.get("title") for each in incident.members] == ["A lecture"] * 2
