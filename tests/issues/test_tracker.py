"""Looking and doing, where GitHub answers as it seldom does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from monitor.config.issues import Issues
from monitor.core.incidents import IncidentTurn
from monitor.core.model import Json
from monitor.core.tracked import Tracked
from monitor.issues.actions import Comment, CreateIssue, EditIssue, Plan
from monitor.issues.found import Access, Repository
from monitor.issues.looking import look
from monitor.issues.matching import Desk
from monitor.issues.reconcile import plan
from monitor.issues.tracker import Tracker
from monitor.net.github_refusals import Refusal
from tests.issues.build import NOON, Books, incident, turned, view

CONFIG = Issues(repository="o/r")
GONE = Refusal(detail="It is gone.", status=410)


@dataclass
class Answers:
    """An API that answers by path; lists that are not named are empty."""

    by_path: Mapping[str, object] = field(default_factory=dict)
    written: list[tuple[str, str, Mapping[str, Json]]] = field(default_factory=list)

    async def get(self, path: str, repository: str = "") -> object:
        return self.by_path.get(path, Refusal(detail="Not Found", status=404))

    async def pages(self, path: str, repository: str = "") -> object:
        return self.by_path.get(path.partition("?")[0], [])

    async def write(
        self, method: str, path: str, sent: Mapping[str, Json], repository: str = ""
    ) -> object:
        self.written.append((method, path, sent))
        return self.by_path.get(f"{method} {path}", {})


REPOSITORY = {"/repos/o/r": {"full_name": "o/r"}}
TRACKED = {"inc-a": Tracked(repository="o/r", number=3)}


async def looked(view_: object, **paths: object) -> Desk | Refusal:
    by_path = {**REPOSITORY, **{f"/repos/o/r/{name}": value for name, value in paths.items()}}
    by_path = {path.replace("__", "/"): value for path, value in by_path.items()}
    return await look(Answers(by_path), CONFIG, view_)  # type: ignore[arg-type]


async def test_pull_requests_are_no_issues():
    pulled = {"number": 4, "pull_request": {}}
    desk = await looked(view(), issues=[pulled, {"number": 5}])
    assert isinstance(desk, Desk)
    assert [each.number for each in desk.issues] == [5]


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param({"issues": [{"title": "no number"}]}, id="in a list"),
        pytest.param({"issues__3": {}}, id="by itself"),
    ],
)
async def test_an_issue_that_cannot_be_read_is_no_less_there(paths):
    found = await looked(view(incident("a"), tracked=TRACKED), **paths)
    assert found == Refusal(detail="An issue in o/r could not be read.")


async def test_an_issue_that_cannot_be_had_now_is_not_gone():
    busy = Refusal(detail="It is not well.", status=502)
    assert await looked(view(incident("a"), tracked=TRACKED), issues__3=busy) == busy


async def test_a_repository_that_cannot_be_read():
    api = Answers({"/repos/o/r": {"name": "r"}})
    found = await look(api, CONFIG, view())  # type: ignore[arg-type]
    assert found == Refusal(detail="GitHub's answer about o/r could not be read.")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(GONE, id="deleted"),
        pytest.param(Refusal(detail="", status=404), id="not there"),
        pytest.param(
            {"number": 3, "repository_url": "https://api.github.com/repos/o/else"}, id="moved away"
        ),
    ],
)
async def test_an_issue_that_is_gone(said):
    desk = await looked(view(incident("a"), tracked=TRACKED), issues__3=said)
    assert isinstance(desk, Desk)
    assert desk.gone == {3}


async def test_a_comment_that_cannot_be_read_is_left_out():
    talk = [{"body": "no id"}, {"id": 1, "user": {"login": "ada"}, "body": "/recheck"}]
    desk = await looked(
        view(incident("a"), tracked=TRACKED),
        issues__3={"number": 3, "comments": 2},
        issues__3__comments=talk,
        collaborators__ada__permission={"permission": "write"},
    )
    assert isinstance(desk, Desk)
    assert [each.id for each in desk.issues[0].comments] == [1]
    assert desk.access == {"ada": Access.WRITE}


# --- doing ---

DESK = Desk(repository=Repository(full_name="o/r"))
NEW = CreateIssue(key="inc-a", title="t", body="b", digest="d", labels=("l",), tells=("x",))
OLD = EditIssue(key="inc-a", number=3, body="b", digest="d")


async def done(
    answers: Mapping[str, object], *actions: object, books: Books | None = None
) -> tuple[Tracker, Answers]:
    api = Answers(answers)
    tracker = Tracker(
        api=api,  # type: ignore[arg-type]
        notebook=books or Books(),
        desk=DESK,
        tracked=TRACKED,
        now=lambda: NOON,
        accept=lambda _: None,
    )
    await tracker.do(Plan(repository="o/r", actions=actions))  # type: ignore[arg-type]
    return tracker, api


async def test_a_new_issue_that_cannot_be_read_is_left_for_the_next_time():
    books = Books()
    tracker, _ = await done({}, NEW, books=books)
    assert tracker.left == 1
    assert books.tracks == {}
    assert books.told == set()
    assert "could not be read" in tracker.notes[0]


async def test_an_issue_without_labels_is_told():
    tracker, _ = await done({"POST /repos/o/r/issues": {"number": 9}}, NEW)
    assert tracker.notes == [
        (
            "Issue 9 got no label, so it may not be found again: the token's owner needs write"
            " access to the repository."
        )
    ]


@pytest.mark.parametrize("said", [GONE, {}])
async def test_an_issue_that_cannot_be_looked_at_again_is_not_written_to(said):
    tracker, api = await done({"/repos/o/r/issues/3": said}, OLD)
    assert (tracker.left, api.written) == (1, [])


async def test_what_another_process_tells_is_not_told_twice():
    turn = turned(incident("a"), IncidentTurn.WORSENED)
    books = Books(claims={turn.id: NOON})
    comment = Comment(key="inc-a", number=3, body="b", tells=(turn.id,))
    tracker, api = await done({}, comment, books=books)
    assert (tracker.left, api.written, books.told) == (1, [], set())


async def test_a_comment_that_is_refused_can_be_told_again_at_once():
    books = Books()
    comment = Comment(key="inc-a", number=3, body="b", tells=("x",))
    path = "/repos/o/r/issues/3/comments"
    tracker, _ = await done({f"POST {path}": GONE}, comment, OLD, books=books)
    assert (tracker.left, books.claims) == (2, {})


async def test_three_refusals_are_enough():
    comments = [Comment(key=f"{n}", number=n, body="b") for n in range(5)]
    refused = {f"POST /repos/o/r/issues/{n}/comments": GONE for n in range(5)}
    tracker, api = await done(refused, *comments)
    assert (tracker.left, len(api.written)) == (5, 3)


def same_trouble(number: int) -> Mapping[str, Json]:
    body = plan(view(incident("a")), DESK, CONFIG).actions[-1]
    assert isinstance(body, CreateIssue)
    return {"number": number, "body": body.body, "user": {"type": "Bot", "login": "other"}}


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"/repos/o/r/issues": GONE}, id="the list fails"),
        pytest.param(
            {
                "/repos/o/r/issues": [same_trouble(2)],
                "POST /repos/o/r/issues/9/comments": GONE,
            },
            id="the comment fails",
        ),
    ],
)
async def test_a_duplicate_that_cannot_be_closed_now_is_closed_the_next_time(answers):
    books = Books()
    new = plan(view(incident("a")), DESK, CONFIG).actions[-1]
    created = {"number": 9, "labels": ["l"]}
    _, api = await done({"POST /repos/o/r/issues": created, **answers}, new, books=books)
    assert books.tracks["inc-a"].number == 9
    assert not [path for method, path, _ in api.written if method == "PATCH"]


async def test_of_strangers_nobody_gives_way():
    books = Books()
    new = plan(view(incident("a")), DESK, CONFIG).actions[-1]
    forged = {**same_trouble(2), "user": {"login": "eve"}}
    answers: Sequence[object] = [forged]
    await done(
        {
            "POST /repos/o/r/issues": {"number": 9, "labels": ["l"], "user": {"login": "me"}},
            "/repos/o/r/issues": answers,
        },
        new,
        books=books,
    )
    assert books.tracks["inc-a"].number == 9
