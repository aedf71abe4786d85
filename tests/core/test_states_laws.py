"""What holds of states whatever is seen, against an oracle that looks at all of it at once."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.reasons import Grade, Reason, Status, explain
from monitor.core.states import (
    PRESETS,
    Patience,
    Phase,
    Sighting,
    Sign,
    State,
    StatePolicy,
    Turn,
    in_order,
    replay,
    sign,
    step,
)
from tests.core.test_states import folded

FIRST_NIGHT = datetime(2026, 11, 1, 3, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENT, NIGHTLY, STRICT = (PRESETS[name] for name in ("patient", "nightly", "strict"))
COMMON = {
    ".": Reason.ALIVE,
    "w": Reason.RENAMED,
    "x": Reason.NOT_FOUND,
    "s": Reason.NOT_ANSWERING,
    "b": Reason.BLOCKED,
}

hours = st.integers(0, 400)
spells = st.sampled_from([0, 1, 5, 20, 44, 70]).map(lambda n: n * HOUR)
patiences = st.builds(Patience, times=st.integers(1, 4), apart=spells, span=spells)
policies = st.sampled_from([PATIENT, NIGHTLY, STRICT]) | st.builds(
    StatePolicy,
    hard=patiences,
    soft=patiences,
    remark=patiences,
    recovery=patiences,
    flaps=st.integers(2, 5),
    flap_window=st.integers(10, 400).map(lambda n: n * HOUR),
    calm=st.integers(0, 400).map(lambda n: n * HOUR),
)
common = st.sampled_from([COMMON[letter] for letter in "..wxxsssb"])
reasons = common | st.sampled_from(list(Reason))
sightings_ = st.builds(Sighting, hours.map(lambda n: FIRST_NIGHT + n * HOUR), reasons)
in_disorder = st.lists(sightings_, max_size=25)
"""In any order, some of one instant."""
stretches = st.tuples(st.integers(1, 40), reasons, st.integers(1, 3))
in_turn = st.lists(stretches, max_size=12).map(
    lambda given: [
        Sighting(FIRST_NIGHT + hours * HOUR, reason)
        for hours, reason in zip(
            accumulate(gap for gap, _, times in given for _ in range(times)),
            (reason for _, reason, times in given for _ in range(times)),
            strict=True,
        )
    ]
)
"""One after the other, each newer than the one before."""

lawful = settings(max_examples=500, deadline=None)


@lawful
@given(in_turn, policies, st.sampled_from(list(Reason)), st.integers(-50, 50))
def test_what_says_nothing_of_the_resource_changes_nothing(seen, policy, reason, later):
    state, _ = replay(seen, policy)
    at = (seen[-1].at if seen else FIRST_NIGHT) + later * HOUR
    if explain(reason).grade in {Grade.OWN, Grade.BLOCKED, Grade.NONE}:
        assert step(state, Sighting(at, reason), policy) == (state, ())
    without = [each for each in seen if sign(each.reason) is not Sign.NOTHING]
    assert replay(without, policy) == replay(seen, policy)


@lawful
@given(in_turn, policies)
def test_replaying_is_stepping(seen, policy):
    state, happened = folded(seen, policy)
    assert replay(seen, policy) == (state, tuple(happened))


@lawful
@given(in_disorder, policies, st.randoms(use_true_random=False))
def test_the_order_does_not_matter_nor_that_of_equal_instants(seen, policy, chance):
    shuffled = chance.sample(seen, len(seen))
    assert replay(shuffled, policy) == replay(seen, policy)


@lawful
@given(in_disorder, policies)
def test_of_one_instant_the_best_alone_counts(seen, policy):
    best = {
        at: min(
            (each for each in seen if each.at == at),
            key=lambda each: (sign(each.reason), each.reason),
        )
        for at in sorted({each.at for each in seen})
    }
    state, happened = folded(list(best.values()), policy)
    assert replay(seen, policy) == (state, tuple(happened))
    assert list(in_order(seen)) == list(best.values())


@lawful
@given(in_turn, policies, st.integers(0, 36))
def test_to_replay_a_part_and_then_the_rest_is_to_replay_all(seen, policy, cut):
    first, before = replay(seen[:cut], policy)
    then, after = replay(seen[cut:], policy, first)
    assert (then, (*before, *after)) == replay(seen, policy)


@lawful
@given(in_disorder, policies, policies, sightings_)
def test_step_takes_whatever_comes_and_what_is_old_changes_nothing(seen, one, other, newest):
    state, _ = folded(seen, one)  # in disorder, and under another policy than it goes on
    after, happened = step(state, newest, other)
    if state.seen_at is not None and newest.at <= state.seen_at:
        assert (after, happened) == (state, ())
    assert {each.at for each in happened} <= {newest.at}


@lawful
@given(in_turn, policies)
def test_each_phase_has_the_evidence_that_the_policy_asks_for_and_none_without_it(seen, policy):
    state = State()
    for n, sighting in enumerate(seen):
        state, _ = step(state, sighting, policy)
        assert state.broken.phase is phase_by_evidence(seen[: n + 1], policy)
        assert state.remark.phase is remark_by_evidence(seen[: n + 1], policy)


@lawful
@given(in_turn, policies)
def test_what_is_told_is_what_becomes_of_the_phase(seen, policy):
    state = State()
    for sighting in seen:
        before = state.phase
        was_told = state.remark.is_told
        state, happened = step(state, sighting, policy)
        turns = [each.turn for each in happened if each.turn not in OF_REMARKS]
        assert [each.turn for each in happened if each.turn in OF_REMARKS] == (
            [] if state.remark.is_told is was_told else [OF_REMARKS[not was_told]]
        )
        if turns:
            assert state.phase in LEADS_TO[turns[-1]]
            assert before is not state.phase
            assert len(turns) == (2 if turns[-1] is Turn.FLAPPING else 1)
        else:
            assert before is state.phase or (before, state.phase) == (Phase.UNKNOWN, Phase.HEALTHY)
        assert (state.since is None) is (state.phase is Phase.UNKNOWN)
        assert (state.broken.began is None) is (
            state.broken.phase in {Phase.HEALTHY, Phase.UNKNOWN}
        )


@lawful
@given(in_turn, policies)
def test_flapping_begins_with_enough_turns_and_ends_with_a_calm(seen, policy):
    state, phases, turned = State(), [Phase.UNKNOWN], []
    for n, sighting in enumerate(seen):
        state, happened = step(state, sighting, policy)
        phases.append(phase_by_evidence(seen[: n + 1], policy))
        if (phases[-2], phases[-1]) in SETTLE:
            turned.append(sighting.at)
        turns = Counter(each.turn for each in happened)
        if turns[Turn.FLAPPING]:
            within = [at for at in turned if sighting.at - at < policy.flap_window]
            assert len(within) >= policy.flaps
        if turns[Turn.CALMED]:
            assert sighting.at - turned[-1] >= policy.calm
            turned.clear()
        elif state.flapping is None and len(turned) >= policy.flaps:
            newest = turned[-policy.flaps :]
            assert newest[-1] - newest[0] >= policy.flap_window


@lawful
@given(st.lists(st.integers(-119, 119), min_size=4, max_size=4))
def test_a_nightly_run_confirms_on_the_day_that_it_should_whatever_its_jitter(minutes):
    instants = [
        FIRST_NIGHT + n * timedelta(days=1) + timedelta(minutes=late)
        for n, late in enumerate(minutes)
    ]
    for policy, reason, night in (
        (PATIENT, Reason.NOT_FOUND, 2),
        (PATIENT, Reason.NOT_ANSWERING, 4),
        (NIGHTLY, Reason.NOT_FOUND, 2),
        (NIGHTLY, Reason.NOT_ANSWERING, 3),
    ):
        _, happened = replay([Sighting(at, reason) for at in instants], policy)
        assert [(each.turn, each.at) for each in happened] == [
            (Turn.SUSPECTED, instants[0]),
            (Turn.CONFIRMED, instants[night - 1]),
        ]


@lawful
@given(in_turn)
def test_strict_confirms_the_first_failure(seen):
    failing = [each for each in seen if sign(each.reason) in {Sign.FAILS_SOFTLY, Sign.FAILS_HARD}]
    _, happened = replay(seen, STRICT)
    confirmed = [each.at for each in happened if each.turn is Turn.CONFIRMED]
    assert confirmed[:1] == [each.at for each in failing[:1]]


LEADS_TO = {
    Turn.SUSPECTED: {Phase.SUSPECT},
    Turn.CLEARED: {Phase.HEALTHY},
    Turn.CONFIRMED: {Phase.CONFIRMED},
    Turn.RECOVERING: {Phase.RECOVERING},
    Turn.RECOVERED: {Phase.HEALTHY},
    Turn.RELAPSED: {Phase.CONFIRMED},
    Turn.FLAPPING: {Phase.FLAPPING},
    Turn.CALMED: {Phase.HEALTHY, Phase.CONFIRMED},
}
OF_REMARKS = {
    Turn.REMARKED: True,
    Turn.REMARK_GONE: False,
    True: Turn.REMARKED,
    False: Turn.REMARK_GONE,
}
SETTLE = {
    (Phase.SUSPECT, Phase.HEALTHY),
    (Phase.UNKNOWN, Phase.CONFIRMED),
    (Phase.HEALTHY, Phase.CONFIRMED),
    (Phase.SUSPECT, Phase.CONFIRMED),
    (Phase.CONFIRMED, Phase.HEALTHY),
    (Phase.RECOVERING, Phase.HEALTHY),
    (Phase.RECOVERING, Phase.CONFIRMED),
}


# --- the oracle: what the policy asks for, by looking at all that was seen, not by folding ---


def phase_by_evidence(seen: Sequence[Sighting], policy: StatePolicy) -> Phase:
    """Return the phase of a break, by whether there are sightings that satisfy the policy."""
    marks = [
        "works"
        if found in {Status.OK, Status.WARNING}
        else "hard"
        if grade is Grade.HARD
        else "soft"
        for found, grade in (
            (explain(each.reason).status, explain(each.reason).grade) for each in counting(seen)
        )
    ]
    asked = {"hard": (policy.hard, {"hard"}), "soft": (policy.soft, {"hard", "soft"})}
    return phase_of([each.at for each in counting(seen)], marks, asked, policy.recovery)


def remark_by_evidence(seen: Sequence[Sighting], policy: StatePolicy) -> Phase:
    """Return the phase of a remark: of what works alone."""
    good = [each for each in seen if explain(each.reason).grade is Grade.GOOD]
    marks = ["works" if explain(each.reason).status is Status.OK else "remarked" for each in good]
    asked = {"remark": (policy.remark, {"remarked"})}
    return phase_of([each.at for each in good], marks, asked, policy.recovery)


def counting(seen: Sequence[Sighting]) -> list[Sighting]:
    unsaid = {Grade.OWN, Grade.BLOCKED, Grade.NONE}
    return [each for each in seen if explain(each.reason).grade not in unsaid]


def phase_of(instants, marks, asked, recovery) -> Phase:
    """Return where it stands.

    It is told when somewhere there are failures, with nothing that works among them, that
    satisfy a patience, and since then no good ones in a row that satisfy the recovery.
    """
    if not marks:
        return Phase.UNKNOWN
    runs: list[list[int]] = []  # stretches of one kind: all work, or none does
    for n, mark in enumerate(marks):
        if n and (mark == "works") is (marks[n - 1] == "works"):
            runs[-1].append(n)
        else:
            runs.append([n])
    is_told = False
    for run in runs:
        if marks[run[0]] == "works":
            is_told = is_told and not satisfies([instants[n] for n in run], recovery)
        else:
            is_told = is_told or any(
                satisfies([instants[n] for n in run if marks[n] in kinds], patience)
                for patience, kinds in asked.values()
            )
    works = marks[-1] == "works"
    if is_told:
        return Phase.RECOVERING if works else Phase.CONFIRMED
    return Phase.HEALTHY if works else Phase.SUSPECT


def satisfies(instants: Sequence[datetime], patience: Patience) -> bool:
    """Return whether some of the instants are as many and as far apart as asked, all over long.

    So long it must go on, from the first of them to one that may be nearer to the last of them.
    """
    for n, first in enumerate(instants):
        longest = {first: 1}  # of chains from the first, each link far enough from the one before
        for at in (first, *instants[n + 1 :]):
            before = [k for was, k in longest.items() if was < at and at - was >= patience.apart]
            if before:
                longest[at] = 1 + max(before)
            if max(longest.values()) >= patience.times and at - first >= patience.span:
                return True
    return False
