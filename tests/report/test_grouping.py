import pytest

from monitor.core.reasons import Reason, Status
from tests.report.build import Course

REPO = "https://github.com/mabel/deep/blob"


def names(course: Course) -> list[tuple[str, int]]:
    report = course.report()
    return [
        (f"{group.explanation.title}: {group.subject}", group.links)
        for group in (*report.needs, *report.unknowns)
    ]


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        pytest.param(
            Course()
            .link(f"{REPO}/master/1.ipynb", Reason.RENAMED)
            .link(f"{REPO}/master/2.ipynb", Reason.RENAMED)
            .link("https://github.com/Mabel/Deep", Reason.RENAMED),
            [("Renamed: the repository mabel/deep", 3)],
            id="one repository renamed is one trouble, however it is spelled",
        ),
        pytest.param(
            Course()
            .link(f"{REPO}/old/a", Reason.BRANCH_GONE)
            .link(f"{REPO}/older/a", Reason.BRANCH_GONE)
            .link(f"{REPO}/old/b", Reason.BRANCH_GONE)
            .link("https://github.com/mabel/deep", Reason.BRANCH_GONE),
            [
                ("Branch gone: the branch old of mabel/deep", 2),
                ("Branch gone: the branch older of mabel/deep", 1),
                ("Branch gone: the repository mabel/deep", 1),
            ],
            id="a branch is a cause of its own",
        ),
        pytest.param(
            Course()
            .link("http://a.example/1", Reason.MOVED)
            .link("http://www.a.example/2", Reason.MOVED)
            .link("http://b.example/1", Reason.MOVED),
            [("Moved: a.example", 2), ("Moved: b.example", 1)],
            id="the permanent redirects of one host are one trouble",
        ),
        pytest.param(
            Course()
            .link("http://a.example/1", Reason.NOT_ANSWERING)
            .link("http://a.example/2", Reason.NOT_ANSWERING),
            [("Not answering now: a.example", 2)],
            id="a host that does not answer is one trouble",
        ),
        pytest.param(
            Course()
            .link("http://a.example/1", Reason.NOT_FOUND)
            .link("http://a.example/2", Reason.NOT_FOUND),
            [("Not found: a.example/1", 1), ("Not found: a.example/2", 1)],
            id="two missing pages are two troubles",
        ),
        pytest.param(
            Course()
            .link("http://a.example/1", Reason.NOT_FOUND, instead="http://a.example/x")
            .link("http://a.example/2", Reason.NOT_FOUND, instead="http://a.example/y"),
            [("Not found: 2 addresses with the same mistake", 2)],
            id="two missing pages that one correction mends are one",
        ),
        pytest.param(
            Course()
            .link("https://youtube.example/1", Reason.DELETED, title="One")
            .link("https://youtube.example/2", Reason.DELETED, title="Two"),
            [("Deleted: One", 1), ("Deleted: Two", 1)],
            id="two deleted videos are two troubles",
        ),
        pytest.param(
            Course()
            .link("https://a.example/", Reason.OWN_NETWORK)
            .link("https://b.example/", Reason.OWN_NETWORK)
            .link("https://c.example/", None),
            [("Our network was down: ", 2), ("Not asked: ", 1)],
            id="what is the run's own is one trouble",
        ),
        pytest.param(
            Course()
            .link("https://youtube.example/1", Reason.OWN_QUOTA)
            .link("https://youtube.example/2", Reason.OWN_QUOTA)
            .link("https://drive.example/1", Reason.OWN_QUOTA),
            [("Our quota is spent: YouTube", 2), ("Our quota is spent: Google Drive", 1)],
            id="a spent quota is one trouble a service",
        ),
        pytest.param(
            Course()
            .link("https://youtube.example/1", Reason.RATE_LIMITED)
            .link("https://youtube.example/2", Reason.RATE_LIMITED),
            [("Asked too often: YouTube", 2)],
            id="a service that has had enough of us is one trouble",
        ),
        pytest.param(
            Course().link("http://[::1", Reason.NO_SUCH_HOST),
            [("No such site: http://[::1", 1)],
            id="what has no host stands for itself",
        ),
        pytest.param(
            Course()
            .link("https://s.example/1", Reason.LEADS_ON, leads_to="https://b.example/x")
            .link("https://b.example/y", Reason.NO_SUCH_HOST)
            .behind("https://b.example/x", Reason.NO_SUCH_HOST),
            [("No such site: b.example", 2)],
            id="a short link shares the cause of what it leads to",
        ),
        pytest.param(
            Course().link("https://a.example/").link("https://a.example/#missing"),
            [("Place not found: a.example", 1)],
            id="of two links to one page only the wrong one is told",
        ),
    ],
)
def test_one_cause_is_one_trouble(course: Course, expected: list[tuple[str, int]]) -> None:
    assert names(course) == expected


def test_the_worst_comes_first() -> None:
    course = (
        Course()
        .link("http://a.example/", Reason.MOVED)
        .link("http://b.example/1", Reason.TLS_INVALID)
        .link("http://b.example/2", Reason.TLS_INVALID)
        .link("http://c.example/", Reason.GONE)
        .link("http://d.example/", Reason.NOT_FOUND)
        .link("http://d.example/", Reason.NOT_FOUND)
    )
    assert [name for name, _ in names(course)] == [
        "Not found: d.example",
        "Gone: c.example",
        "Certificate not valid: b.example",
        "Moved: a.example",
    ]


def test_a_trouble_keeps_its_name_from_run_to_run() -> None:
    one = Course().link("http://a.example/1", Reason.MOVED).report()
    two = Course().link("http://x.example/").link("http://a.example/2", Reason.MOVED).report()
    assert one.needs[0].key == two.needs[0].key


def test_it_is_said_where_everything_has_gone() -> None:
    course = (
        Course()
        .link(f"{REPO}/m/1", Reason.RENAMED, instead="https://github.com/New/Deep/blob/m/1")
        .link(f"{REPO}/m/2", Reason.RENAMED, instead="https://github.com/New/Deep/blob/m/2")
        .link("http://a.example/1", Reason.MOVED, instead="https://a.example/1")
        .link("http://b.example/1", Reason.MOVED, instead="https://c.example/1")
        .link("http://b.example/2", Reason.MOVED, instead="https://d.example/2")
        .link("http://e.example/1", Reason.MOVED)
        .link("https://github.com/a/b", Reason.RENAMED)
        .link("https://f.example/", Reason.GONE, instead="https://g.example/")
    )
    assert {group.subject: group.now for group in course.report().needs} == {
        "the repository mabel/deep": "New/Deep",
        "a.example": "https://a.example",
        "b.example": None,
        "e.example": None,
        "the repository a/b": None,
        "f.example": None,
    }


def test_texts_come_from_the_reason() -> None:
    (group,) = Course().link("http://a.example/", Reason.GONE).report().needs
    assert group.status is Status.BROKEN
    assert group.explanation.do == "Link to a successor or an archived copy."


def test_where_every_resource_has_a_better_address_that_is_what_to_do() -> None:
    mended = Course().link(
        "https://a.example/it/it/1", Reason.NOT_FOUND, instead="https://a.example/it/1"
    )
    (group,) = mended.report().needs
    assert group.to_do.startswith("Put the address under “use instead”")

    (group,) = Course().link("https://a.example/1", Reason.NOT_FOUND).report().needs
    assert group.to_do == group.explanation.do
