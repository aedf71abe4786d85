"""The bench of accuracy: what an answer is worth, how rivals are read, what is asked."""

import json
from datetime import date

import pytest

from bench.accuracy.cases import FIRST_LINE, GOOD, LOST, elsewhere, moved, page, truth
from bench.accuracy.rivals import (
    Rival,
    ask,
    meets,
    read_linkchecker,
    read_linkinator,
    read_lychee,
    stands,
)
from bench.accuracy.scoring import (
    ALL,
    Mark,
    Outcome,
    Said,
    Tally,
    Truth,
    mark,
    said_by,
    tallies,
    tally,
    truth_of,
)
from bench.accuracy.tables import markdown, misses, text
from monitor.core.reasons import Status
from tests.world.scenario import scenario, scenarios

GOOD_ONE, BROKEN_ONE = Truth.GOOD, Truth.BROKEN
UNKNOWABLE, DISPUTED = Truth.UNKNOWABLE, Truth.DISPUTED
FINE, DEAD, CANNOT_TELL = Said.FINE, Said.BROKEN, Said.UNKNOWN


@pytest.mark.parametrize(
    ("true", "said", "worth"),
    [
        pytest.param(GOOD_ONE, FINE, Mark.RIGHT, id="a good link called fine is right"),
        pytest.param(GOOD_ONE, DEAD, Mark.FALSE_ALARM, id="a good link called broken is an alarm"),
        pytest.param(GOOD_ONE, CANNOT_TELL, Mark.NEEDLESS, id="a good link could have been known"),
        pytest.param(BROKEN_ONE, FINE, Mark.FALSE_OK, id="a broken link called fine is missed"),
        pytest.param(BROKEN_ONE, DEAD, Mark.RIGHT, id="a broken link called broken is right"),
        pytest.param(BROKEN_ONE, CANNOT_TELL, Mark.NEEDLESS, id="a broken one could be known too"),
        pytest.param(UNKNOWABLE, FINE, Mark.GUESS, id="fine where nobody can know is a guess"),
        pytest.param(UNKNOWABLE, DEAD, Mark.FALSE_ALARM, id="broken where nobody can know is not"),
        pytest.param(UNKNOWABLE, CANNOT_TELL, Mark.RIGHT, id="unknown is right where it is so"),
        pytest.param(DISPUTED, FINE, Mark.GUESS, id="fine is a guess where sources disagree"),
        pytest.param(DISPUTED, DEAD, Mark.GUESS, id="broken is a guess where sources disagree"),
        pytest.param(DISPUTED, CANNOT_TELL, Mark.RIGHT, id="unknown is right where they disagree"),
    ],
)
def test_what_an_answer_is_worth(true: Truth, said: Said, worth: Mark):
    assert mark(true, said) is worth


@pytest.mark.parametrize(
    ("status", "valid", "true", "said"),
    [
        pytest.param(Status.OK, True, GOOD_ONE, FINE, id="ok is good"),
        pytest.param(Status.WARNING, True, GOOD_ONE, FINE, id="what is warned of still works"),
        pytest.param(Status.BROKEN, True, BROKEN_ONE, DEAD, id="broken is broken"),
        pytest.param(Status.UNKNOWN, True, UNKNOWABLE, CANNOT_TELL, id="unknown is unknown"),
        pytest.param(Status.BROKEN, False, UNKNOWABLE, DEAD, id="a run in doubt can know nothing"),
    ],
)
def test_how_a_status_is_taken(status: Status, valid: bool, true: Truth, said: Said):
    assert truth_of(status, valid=valid) is true
    assert said_by(status) is said


@pytest.mark.parametrize(
    ("statuses", "true"),
    [
        pytest.param((Status.OK, Status.WARNING), GOOD_ONE, id="two ways of being good"),
        pytest.param((Status.OK, Status.UNKNOWN), GOOD_ONE, id="what need not be seen is good"),
        pytest.param(
            (Status.UNKNOWN, Status.OK), UNKNOWABLE, id="what may be guessed is not known"
        ),
        pytest.param((Status.BROKEN, Status.OK), DISPUTED, id="broken or good is disputed"),
    ],
)
def test_what_is_true_where_several_words_are_right(statuses: tuple[Status, ...], true: Truth):
    assert truth_of(*statuses) is true


def outcome(
    true: Truth = GOOD_ONE, said: Said = FINE, *, checker="Linkwell", provider="web", **more
) -> Outcome:
    given = {"scenario": "a case", "name": "A case is a case", "requests": 2, **more}
    return Outcome(checker=checker, provider=provider, truth=true, said=said, **given)


MANY = (
    outcome(GOOD_ONE, FINE),
    outcome(GOOD_ONE, DEAD),
    outcome(UNKNOWABLE, DEAD),
    outcome(BROKEN_ONE, FINE),
    outcome(BROKEN_ONE, CANNOT_TELL),
    outcome(UNKNOWABLE, CANNOT_TELL),
    outcome(UNKNOWABLE, FINE),
)


def test_the_figures_of_some_answers():
    assert tally(MANY) == Tally(
        cases=7,
        false_alarms=2,
        alarms_on_good=1,
        false_oks=1,
        unknowns=2,
        needless=1,
        guesses=1,
        requests=14,
    )


def test_figures_are_by_provider_and_checker_and_added_up():
    found = tallies(
        [
            outcome(provider="web"),
            outcome(provider="youtube"),
            outcome(GOOD_ONE, DEAD, provider="youtube", checker="other"),
        ]
    )
    assert list(found) == ["web", "youtube", ALL]
    assert {name: each.cases for name, each in found["web"].items()} == {"Linkwell": 1, "other": 0}
    assert found["youtube"]["other"].false_alarms == 1
    assert found[ALL]["Linkwell"].cases == 2


def test_the_tables_hold_the_figures():
    printed = text(MANY, {"web": "Web pages"})
    assert "Web pages: 1 scenarios (1 unknowable)" in printed
    row = next(line for line in printed.splitlines() if line.strip().startswith("Linkwell"))
    assert row.split() == ["Linkwell", "7", "2", "1", "1", "2", "1", "1", "14"]

    on = date(2027, 1, 31)
    shown = markdown(MANY, {"web": "Web pages"}, {"lychee": "0.24.2"}, on, patience=2, longest=15)
    assert "| Linkwell | 7 | 2 | 1 | 1 | 2 | 1 | 1 | 14 |" in shown
    assert "Measured on 2027-01-31: lychee 0.24.2." in shown
    assert "| A case is a case | Web pages | broken | false OK |" in shown


def test_misses_are_the_sins_the_other_words_and_what_went_wrong_and_nothing_else():
    found = misses(
        [
            outcome(scenario="right"),
            outcome(scenario="other reason", as_written=False, expected="gone", got="not-found"),
            outcome(BROKEN_ONE, FINE, scenario="missed", as_written=False),
            outcome(scenario="failed", trouble="it raised"),
        ]
    )
    assert list(found) == [
        "TROUBLE Linkwell, failed: it raised",
        "FALSE OK: Linkwell, missed: expected broken, ; got fine, ",
        "other words: Linkwell, other reason: expected good, gone; got fine, not-found",
    ]


# --- what is asked ---


def test_a_page_holds_the_link_and_behind_it_the_controls():
    lines = page(scenario("youtube-age")).splitlines()
    assert "Meadow_Lec1&amp;t=60" in lines[FIRST_LINE - 1]
    assert GOOD in lines[FIRST_LINE]
    assert LOST in lines[FIRST_LINE + 1]


def test_without_a_network_there_are_no_controls():
    case = scenario("web-network-down")
    assert GOOD not in page(case)
    assert truth(case) is UNKNOWABLE


@pytest.mark.parametrize("case", scenarios(), ids=lambda case: case.id)
def test_no_rival_meets_a_reserved_name(case):
    there = elsewhere(case)
    assert "example.org" not in f"{there.url} {there.state}"
    assert there.status is case.status


def test_only_texts_are_moved():
    given = {"sites": {"a.example.org": {"to": "https://example.org/", "n": (1, True, None)}}}
    assert moved(given) == {
        "sites": {"a.meadow.internal": {"to": "https://meadow.internal/", "n": [1, True, None]}}
    }


# --- how rivals are read ---


def test_reading_lychee():
    entry = {"status": {"text": "…"}, "span": {"line": 4, "column": 1}}
    printed = {
        "total": 4,
        "success_map": {"page.html": [{"url": "https://good/", **entry}]},
        "error_map": {"page.html": [{"url": "https://bad/", **entry}]},
        "timeout_map": {"page.html": [{"url": "https://slow/", **entry}]},
        "excluded_map": {"page.html": [{"url": "https://left-out/", **entry}]},
        "redirect_map": {"page.html": [{"origin": "https://good/", "redirects": []}]},
    }
    assert read_lychee(json.dumps(printed)) == {
        "https://good/": FINE,
        "https://bad/": DEAD,
        "https://slow/": CANNOT_TELL,
        "https://left-out/": CANNOT_TELL,
    }


def test_reading_linkchecker():
    printed = """\
# created by LinkChecker
urlname;parentname;base;result;warningstring;infostring;valid;url
file:///page.html;;;;;;True;file:///page.html
https://good/;file:///page.html;;200 OK;"Redirected; twice";;True;https://good/there
https://bad/;file:///page.html;;404 Not Found;;;False;https://bad/
# Stopped checking
"""
    assert read_linkchecker(printed) == {"https://good/": FINE, "https://bad/": DEAD}


def test_reading_linkinator():
    links = [
        {"url": "http://page/", "status": 200, "state": "OK"},
        {"url": "https://good/", "status": 200, "state": "OK", "parent": "http://page/"},
        {"url": "https://bad/", "status": 404, "state": "BROKEN", "parent": "http://page/"},
        {"url": "https://wall/", "status": 999, "state": "SKIPPED", "parent": "http://page/"},
    ]
    assert read_linkinator(json.dumps({"links": links, "passed": False})) == {
        "https://good/": FINE,
        "https://bad/": DEAD,
        "https://wall/": CANNOT_TELL,
    }


def rival(folder, printed: str, **more) -> Rival:
    """Return a link checker that always prints the same."""
    (folder / "printed").write_text(printed)
    program = folder / "checker"
    program.write_text(f"#!/bin/sh\ncat '{folder}/printed'\n")
    program.chmod(0o755)
    given = {"command": lambda page, _: (page,), "read": read_lychee, **more}
    return Rival(name="other", package="other", program=program, **given)


def lychee_saying(*, good: str, lost: str, link: str) -> str:
    maps: dict = {"success_map": {}, "error_map": {}, "timeout_map": {}, "excluded_map": {}}
    for where, url in ((good, moved(GOOD)), (lost, moved(LOST)), (link, "https://link/")):
        maps[where].setdefault("page.html", []).append({"url": url})
    return json.dumps(maps)


ALL_BROKEN = {"good": "error_map", "lost": "error_map"}
RIGHT = {"good": "success_map", "lost": "error_map"}


def test_a_rival_stands_where_it_tells_the_controls_apart(tmp_path):
    assert stands(rival(tmp_path, lychee_saying(**RIGHT, link="error_map")))
    assert not stands(rival(tmp_path, lychee_saying(**ALL_BROKEN, link="error_map")))
    assert not stands(rival(tmp_path, "no JSON"))


def test_an_answer_counts_where_the_controls_came_out_right(tmp_path):
    case = scenario("web-alive")
    found = ask(rival(tmp_path, lychee_saying(**RIGHT, link="error_map")), case)
    assert found is not None
    assert found.mark is Mark.FALSE_ALARM
    assert ask(rival(tmp_path, lychee_saying(**ALL_BROKEN, link="error_map")), case) is None


def test_a_rival_that_says_nothing_readable_cannot_tell(tmp_path):
    found = ask(rival(tmp_path, ""), scenario("web-alive"))
    assert found is not None
    assert found.said is CANNOT_TELL


@pytest.mark.parametrize(
    ("name", "served", "met"),
    [
        pytest.param("web-alive", True, True, id="a page that works is for everybody"),
        pytest.param("web-no-such-host", False, False, id="a proxy hides what a resolver says"),
        pytest.param("web-network-down", False, True, id="a file can be read without a network"),
        pytest.param("web-network-down", True, False, id="a page cannot be served without one"),
    ],
)
def test_which_scenarios_a_rival_meets(tmp_path, name: str, served: bool, met: bool):
    assert meets(rival(tmp_path, "", served=served), scenario(name)) is met
