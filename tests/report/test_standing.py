"""Where each resource stands, and what is said of it."""

from datetime import timedelta

import pytest

from monitor.core.mutes import Mute
from monitor.core.patience import Patience, StatePolicy
from monitor.core.reasons import Reason, Status
from monitor.core.states import State
from monitor.report.over_time import trouble_words
from monitor.report.past import Past
from monitor.report.report import Report
from monitor.report.standing import Standing, over_time_words, state_words
from tests.report.build import FINISHED, Course, invalid
from tests.report.lived import Nights, mute, nights, past_of, report_of, state_of

OK, MOVED, GONE, SILENT, BLOCKED = (
    *(Reason.ALIVE, Reason.MOVED, Reason.GONE),
    *(Reason.NOT_ANSWERING, Reason.BLOCKED),
)
LIVES: dict[str, tuple[Reason, Nights]] = {
    "well": (OK, nights((90, OK))),
    "confirmed": (GONE, nights((80, OK), (10, GONE))),
    "suspect": (GONE, nights((89, OK), (1, GONE))),
    "suspect, silent": (SILENT, nights((88, OK), (2, SILENT))),
    "confirmed, silent": (SILENT, nights((80, OK), (10, SILENT))),
    "confirmed, refused": (BLOCKED, nights((80, OK), (9, GONE), (1, BLOCKED))),
    "suspect, refused": (BLOCKED, nights((88, OK), (1, GONE), (1, BLOCKED))),
    "recovering": (OK, nights((80, OK), (9, GONE), (1, OK))),
    "flapping": (GONE, nights(*((1, OK), (1, GONE)) * 8, since=15)),
    "warned": (MOVED, nights((80, OK), (10, MOVED))),
    "refused": (BLOCKED, nights((89, OK), (1, BLOCKED))),
    "new": (OK, {}),
    "new and gone": (GONE, {}),
}


def report(*names: str, muted: tuple[str, ...] = (), **more: object) -> Report:
    course = Course()
    for n, name in enumerate(names):
        course.link(f"https://{n}.example/", LIVES[name][0])
    found = course.findings()
    lives = {f.resource.id: LIVES[name][1] for f, name in zip(found, names, strict=True)}
    wish = mute("*")
    quiet = {f.resource.id: wish for f, name in zip(found, names, strict=True) if name in muted}
    return report_of(course, past_of(found, lambda f: lives[f.resource.id], muted=quiet, **more))


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("well", Standing.WELL),
        ("confirmed", Standing.CONFIRMED),
        ("suspect", Standing.SUSPECT),
        ("suspect, silent", Standing.SUSPECT),
        ("confirmed, silent", Standing.CONFIRMED),
        ("confirmed, refused", Standing.CONFIRMED),
        ("suspect, refused", Standing.UNKNOWN),
        ("recovering", Standing.RECOVERING),
        ("flapping", Standing.FLAPPING),
        ("warned", Standing.WARNED),
        ("refused", Standing.UNKNOWN),
        ("new", Standing.WELL),
        ("new and gone", Standing.BROKEN),
    ],
)
def test_each_stands_in_one_place(name: str, standing: Standing) -> None:
    assert list(report(name).standings.values()) == [standing]
    quiet = standing in {Standing.WELL, Standing.UNKNOWN}
    muted = report(name, muted=(name,)).standings.values()
    assert list(muted) == [standing if quiet else Standing.MUTED]


@pytest.mark.parametrize(
    ("names", "says"),
    [
        pytest.param(
            ("confirmed", "confirmed", "confirmed", "suspect", "suspect", "warned"),
            "3 are confirmed broken, 2 fail now for the first time:"
            " confirmed or not after the next check",
            id="the worst alone, and when more is known",
        ),
        pytest.param(
            ("suspect", "suspect, silent"),
            "2 fail now without being confirmed yet: confirmed or not after the next check",
            id="one of them failed before",
        ),
        pytest.param(
            ("warned", "refused", "recovering"),
            "1 is recovering, 1 needs attention and 1 could not be checked",
            id="nothing is broken",
        ),
        pytest.param(
            ("flapping", "new and gone"),
            "1 is broken and 1 comes and goes",
            id="without a past it is broken; what flaps is not told as broken",
        ),
    ],
)
def test_the_headline_speaks_of_time(names: tuple[str, ...], says: str) -> None:
    page = f"Of the {len(names)} resources that your page links to, "
    assert report(*names).headline == f"{page}{says}."


def test_what_takes_more_than_one_check_is_said_so() -> None:
    course = Course().link("https://a.example/", SILENT)
    past = past_of(course.findings(), lambda _f: nights((89, OK), (1, SILENT)))
    assert report_of(course, past).headline.endswith(
        "1 fails now for the first time: confirmed or not after further checks."
    )


def test_all_is_well_over_time_too() -> None:
    assert report("well", "well").headline == (
        "All is well: of the 2 resources that your page links to, every one works."
    )


@pytest.mark.parametrize(
    ("names", "muted", "status"),
    [
        (("well",), (), Status.OK),
        (("suspect", "well"), (), Status.BROKEN),
        (("confirmed",), ("confirmed",), Status.OK),
        (("warned", "confirmed"), ("confirmed",), Status.WARNING),
        (("suspect, silent",), (), Status.UNKNOWN),
    ],
)
def test_the_status_is_the_worst_that_is_not_muted(
    names: tuple[str, ...], muted: tuple[str, ...], status: Status
) -> None:
    assert report(*names, muted=muted).status is status


def test_suspects_and_the_muted_are_apart_from_what_needs_you() -> None:
    made = report(
        *("confirmed", "suspect", "confirmed, silent", "warned", "refused", "flapping"),
        muted=("warned",),
    )
    assert [group.reason for group in made.needs] == [GONE, GONE, SILENT]
    assert [group.reason for group in made.suspects] == [GONE]
    assert [group.reason for group in made.muted] == [MOVED]
    assert [group.reason for group in made.unknowns] == [BLOCKED]


def test_of_a_run_that_does_not_count_nothing_stands_anywhere() -> None:
    course = invalid().link("https://a.example/", GONE)
    made = report_of(course, past_of(course.findings(), lambda _f: nights((2, GONE))))
    assert (made.standings, made.needs, made.suspects, made.muted) == ({}, (), (), ())
    assert made.headline.startswith("No network")


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        pytest.param({}, "nothing counted yet", id="nothing"),
        pytest.param(nights((90, OK)), "works since 15 December 2025", id="healthy"),
        pytest.param(
            nights((1, OK), (1, GONE)),
            "suspect since 16 December 2025: failure 1 of the 2 that confirm it",
            id="suspect by hard evidence",
        ),
        pytest.param(
            nights((88, OK), (2, SILENT)),
            "suspect since 13 March 2026: failure 2 of the 3 that confirm it",
            id="suspect by soft evidence",
        ),
        pytest.param(
            nights((80, OK), (10, GONE)), "confirmed broken since 5 March 2026", id="confirmed"
        ),
        pytest.param(
            nights((80, OK), (9, GONE), (1, OK)),
            "recovering since 14 March 2026, was broken since 5 March 2026",
            id="recovering",
        ),
        pytest.param(LIVES["flapping"][1], "flapping since 7 March 2026", id="flapping"),
        pytest.param(
            nights((80, OK), (10, MOVED)),
            "works since 15 December 2025; warned since 5 March 2026",
            id="it works, with a warning that lasts",
        ),
    ],
)
def test_a_state_in_words(seen: Nights, words: str) -> None:
    assert state_words(state_of(seen), StatePolicy()) == words


def test_often_enough_but_in_too_short_a_time() -> None:
    soft = Patience(times=2, span=timedelta(hours=70))
    policy = StatePolicy(soft=soft)
    state = state_of(nights((88, OK), (2, SILENT)), policy)
    assert state_words(state, policy) == (
        "suspect since 13 March 2026: 2 failures, over too short a time to confirm it"
    )


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (mute("*"), "muted until 13 April 2026 (The term is over)"),
        (mute("*", "", None), "muted for good"),
    ],
)
def test_a_mute_in_words(wish: Mute, words: str) -> None:
    assert state_words(State(), StatePolicy(), wish) == f"nothing counted yet; {words}"


def test_the_tally_over_time() -> None:
    made = report(*LIVES, muted=("new and gone",))
    assert over_time_words(made.standings.values()) == (
        "3 confirmed broken, 2 suspect, 1 flapping, 1 recovering, 1 muted and counted apart"
    )
    assert made.number(Standing.SUSPECT, Standing.CONFIRMED) == 5
    assert over_time_words([]) == ""


def test_troubles_in_words() -> None:
    course = Course()
    for n in range(3):
        course.link(f"https://a.example/{n}", Reason.NO_SUCH_HOST)
        course.link(f"http://b.example/{n}", MOVED, instead=f"https://b.example/{n}")
    found = course.findings()
    broken = nights((80, OK), (10, Reason.NO_SUCH_HOST))
    warned = nights((80, OK), (10, MOVED))
    past = past_of(found, lambda f: broken if f.resource.url.startswith("https") else warned)
    first, second = report_of(course, past).needs
    assert trouble_words(first, past) == "3 confirmed; the first failed on 5 March 2026"
    assert trouble_words(second, past) == "since 5 March 2026"
    assert trouble_words(second, Past(until=FINISHED.date())) == ""
