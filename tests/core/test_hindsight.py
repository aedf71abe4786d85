"""What history says of the numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.hindsight import Blips, Hindsight, Share, Trial, look_back
from monitor.core.model import ResourceId
from monitor.core.patience import PRESETS
from monitor.core.reasons import Reason
from monitor.core.states import Sighting

FIRST_NIGHT = datetime(2026, 11, 1, 3, 17, tzinfo=UTC)
DAY = timedelta(days=1)
LETTERS = {
    ".": Reason.ALIVE,
    "w": Reason.MOVED,
    "x": Reason.DELETED,
    "s": Reason.SERVER_ERROR,
    "b": Reason.BLOCKED,
}
PATIENT, STRICT = PRESETS["patient"], PRESETS["strict"]


def nights(seen: str) -> list[Sighting]:
    return [Sighting(FIRST_NIGHT + n * DAY, LETTERS[letter]) for n, letter in enumerate(seen)]


def histories(*seen: str) -> list[tuple[ResourceId, list[Sighting]]]:
    return [(ResourceId(f"web:{n}"), nights(each)) for n, each in enumerate(seen)]


def service(id_: ResourceId) -> str:
    return id_.partition(":")[0]


def looked(*seen: str, **policies) -> Hindsight:
    return look_back(histories(*seen), policies, service)


@pytest.mark.parametrize(
    ("seen", "failures", "by_second", "by_third"),
    [
        pytest.param(".x.", 1, (1, 1), (1, 1), id="well at the second check"),
        pytest.param(".xx.", 1, (0, 1), (1, 1), id="well at the third"),
        pytest.param(".xxx.", 1, (0, 1), (0, 1), id="not well at the third"),
        pytest.param(".x", 1, (0, 0), (0, 0), id="no second check yet"),
        pytest.param(".xx", 1, (0, 1), (0, 0), id="no third check yet"),
        pytest.param(".xb.", 1, (1, 1), (1, 1), id="a bot wall is no check"),
        pytest.param(".xw", 1, (1, 1), (1, 1), id="a warning is well"),
        pytest.param(".xs.", 1, (0, 1), (1, 1), id="a failure goes on as another"),
        pytest.param(".x.x.", 2, (2, 2), (2, 2), id="each time counts"),
    ],
)
def test_first_failures(seen, failures, by_second, by_third):
    (found,) = looked(seen).blips
    shares = [Share(part=part, of=of) for part, of in (by_second, by_third)]
    assert found == Blips(
        provider="web", hard=True, failures=failures, by_second=shares[0], by_third=shares[1]
    )


def test_what_failed_from_the_first_is_counted_apart():
    found = looked("x.", "bxx", "..", "bb", "")
    assert (found.from_the_first, found.blips) == (2, ())
    assert (found.resources, found.sightings) == (3, 6)
    assert (found.since, found.until) == (FIRST_NIGHT, FIRST_NIGHT + 2 * DAY)


def test_by_provider_and_kind_of_evidence():
    seen = [
        (ResourceId("youtube:video:1"), nights(".x.")),
        (ResourceId("github:repo:a/b"), nights(".s..x.")),
    ]
    found = look_back(seen, {}, service).blips
    assert [(each.provider, each.hard) for each in found] == [
        ("github", True),
        ("github", False),
        ("youtube", True),
    ]


def test_nothing_was_seen():
    assert looked(patient=PATIENT) == Hindsight(
        resources=0,
        sightings=0,
        since=None,
        until=None,
        from_the_first=0,
        blips=(),
        trials=(Trial(name="patient", called=0, false=0, early=0, flapping=0, delay=None),),
    )


@pytest.mark.parametrize(
    ("policy", "seen", "expected"),
    [
        pytest.param(PATIENT, ".x...", (0, 0, 0, 0, None), id="a blip is not called"),
        pytest.param(STRICT, ".x...", (1, 1, 0, 0, 0), id="the strict call it, falsely"),
        pytest.param(PATIENT, ".xxxxx", (1, 0, 0, 0, 1), id="a break is called a day later"),
        pytest.param(STRICT, ".xxxxx", (1, 0, 0, 0, 0), id="by the strict at once"),
        pytest.param(PATIENT, ".xxxx.", (1, 1, 0, 0, 1), id="well at the third check after"),
        pytest.param(PATIENT, ".xxxxx.", (1, 0, 0, 0, 1), id="well at the fourth: it was broken"),
        pytest.param(PATIENT, ".xxx", (1, 0, 1, 0, 1), id="too early to tell"),
        pytest.param(PATIENT, ".xx.", (1, 1, 0, 0, 1), id="early, but well already"),
        pytest.param(PATIENT, "xxxxx", (1, 0, 0, 0, 1), id="broken from the first"),
        pytest.param(PATIENT, ".x.x.x.x.", (0, 0, 0, 1, None), id="it comes and goes"),
    ],
)
def test_what_a_policy_would_have_done(policy, seen, expected):
    called, false, early, flapping, days = expected
    delay = None if days is None else days * DAY
    assert looked(seen, it=policy).trials == (
        Trial(name="it", called=called, false=false, early=early, flapping=flapping, delay=delay),
    )


def test_within_how_many_checks_a_break_is_false_may_be_said():
    (trial,) = look_back(histories(".xxxxx."), {"it": PATIENT}, service, within=4).trials
    assert (trial.called, trial.false) == (1, 1)


def test_the_delay_is_that_in_the_middle():
    seen = (".xxxxx", ".ssssssss", ".xxxxx")
    (trial,) = looked(*seen, it=PATIENT).trials
    assert (trial.called, trial.delay) == (3, DAY)


def test_ten_failures_with_two_checks_after_each_are_enough():
    assert not looked(*[".x."] * 9, ".xx").is_enough
    assert looked(*[".x."] * 10).is_enough


@given(st.lists(st.text("..wxsb", max_size=12), max_size=6))
def test_the_numbers_agree_with_each_other(seen):
    found = looked(*seen, patient=PATIENT, strict=STRICT)
    _patient, strict = found.trials
    for trial in found.trials:
        assert trial.false + trial.early <= trial.called
        assert (trial.delay is None) is (trial.called == 0)
    assert strict.delay in {None, timedelta(0)}
    for each in found.blips:
        assert each.by_second.part <= each.by_third.part <= each.by_third.of
        assert each.by_third.of <= each.by_second.of <= each.failures
