from dataclasses import replace
from itertools import product

import pytest

from monitor.core.reasons import Reason
from monitor.report.changes import ChangeKind, changes
from tests.report.build import Course

U = "https://a.example/"
OK, WARNED, BROKEN, SILENT = Reason.ALIVE, Reason.MOVED, Reason.GONE, Reason.NOT_ANSWERING
NEW, SAME = "new", None

EXPECTED = {
    (NEW, OK): ChangeKind.ADDED,
    (NEW, WARNED): ChangeKind.ADDED,
    (NEW, BROKEN): ChangeKind.NEWLY_BROKEN,
    (NEW, SILENT): ChangeKind.ADDED,
    (OK, OK): SAME,
    (OK, WARNED): ChangeKind.NEWLY_WARNED,
    (OK, BROKEN): ChangeKind.NEWLY_BROKEN,
    (OK, SILENT): ChangeKind.OUT_OF_SIGHT,
    (OK, NEW): ChangeKind.REMOVED,
    (WARNED, OK): ChangeKind.RECOVERED,
    (WARNED, WARNED): SAME,
    (WARNED, BROKEN): ChangeKind.NEWLY_BROKEN,
    (WARNED, SILENT): ChangeKind.OUT_OF_SIGHT,
    (WARNED, NEW): ChangeKind.REMOVED,
    (BROKEN, OK): ChangeKind.RECOVERED,
    (BROKEN, WARNED): ChangeKind.RECOVERED,
    (BROKEN, BROKEN): SAME,
    (BROKEN, SILENT): ChangeKind.OUT_OF_SIGHT,
    (BROKEN, NEW): ChangeKind.REMOVED,
    (SILENT, OK): ChangeKind.RECOVERED,
    (SILENT, WARNED): ChangeKind.NEWLY_WARNED,
    (SILENT, BROKEN): ChangeKind.NEWLY_BROKEN,
    (SILENT, SILENT): SAME,
    (SILENT, NEW): ChangeKind.REMOVED,
}


def kinds(before: Course, now: Course) -> list[ChangeKind]:
    return [change.kind for change in changes(before.findings(), now.findings())]


def with_reason(reason: object) -> Course:
    return Course().link(U, reason) if isinstance(reason, Reason) else Course()


@pytest.mark.parametrize(("before", "now"), EXPECTED)
def test_what_becomes_of_a_resource(before: object, now: object) -> None:
    expected = EXPECTED[before, now]
    assert kinds(with_reason(before), with_reason(now)) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("before", "now"),
    [
        *product([Reason.OWN_NETWORK, Reason.OWN_QUOTA, None], [OK, WARNED, BROKEN]),
        *product([OK, WARNED, BROKEN], [Reason.OWN_NETWORK, Reason.NOT_ASKED, None]),
    ],
)
def test_what_our_own_side_kept_us_from_asking_is_no_change(
    before: Reason | None, now: Reason | None
) -> None:
    assert kinds(Course().link(U, before), Course().link(U, now)) == []


def test_another_warning_is_new_and_another_break_is_not() -> None:
    assert kinds(with_reason(WARNED), with_reason(Reason.ARCHIVED)) == [ChangeKind.NEWLY_WARNED]
    assert kinds(with_reason(BROKEN), with_reason(Reason.NOT_FOUND)) == []


def test_the_worst_changes_come_first() -> None:
    before = Course().link("https://b.example/", BROKEN).link("https://c.example/")
    now = Course().link("https://b.example/").link("https://c.example/", BROKEN).link(U)
    assert kinds(before, now) == [
        ChangeKind.NEWLY_BROKEN,
        ChangeKind.RECOVERED,
        ChangeKind.ADDED,
    ]


def test_a_change_is_named_as_its_link_is() -> None:
    before = Course().link("https://youtube.example/v", text="ğŸ¥", title="Lezione")
    (change,) = changes(before.findings(), ())
    assert (change.name, change.now) == ("video: Lezione", None)


def test_a_resource_without_links_goes_by_its_title() -> None:
    (finding,) = Course().link(U, title="Notes").findings()
    (change,) = changes([replace(finding, links=())], ())
    assert change.name == "Notes"
