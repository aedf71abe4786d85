"""What the double of GitHub's issues refuses, and whom it lets do what."""

from datetime import timedelta

import pytest

from tests.world.conftest import API, COURSE, NOON


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        pytest.param({}, {"code": "missing_field", "field": "title"}, id="no title"),
        pytest.param(
            {"title": "  "}, {"code": "missing_field", "field": "title"}, id="a blank one"
        ),
        pytest.param(
            {"title": "x" * 257},
            {"code": "custom", "message": "title is too long (maximum is 256 characters)"},
            id="a title of 257 characters",
        ),
        pytest.param(
            {"title": "A", "body": "é" * 65_537},
            {"code": "custom", "message": "body is too long (maximum is 65536 characters)"},
            id="a body of 65,537 characters",
        ),
        pytest.param(
            {"title": "A", "labels": ["x" * 51]},
            {"code": "custom", "message": "name is too long (maximum is 50 characters)"},
            id="a label of 51 characters",
        ),
    ],
)
async def test_an_issue_that_will_not_do_is_refused_with_the_field(github, described, sent, error):
    described.calls = False
    said = await github.post("/issues", sent)
    assert (said.status, said.json["message"]) == (422, "Validation Failed")
    assert said.json["errors"][0].items() >= error.items()
    assert said.json["status"] == "422"
    assert github.tracker.issues == {}


async def test_the_longest_of_everything_is_taken(github):
    sent = {"title": "x" * 256, "body": "é" * 65_536, "labels": ["y" * 50]}
    assert (await github.post("/issues", sent)).status == 201
    said = await github.post("/issues/1/comments", {"body": "z" * 65_537})
    assert said.json["errors"][0]["message"] == "body is too long (maximum is 65536 characters)"
    assert (await github.post("/issues/1/comments", {"body": ""})).status == 422


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"name": "bug"}, "already_exists", "name"),
        pytest.param({"name": "BUG"}, "already_exists", "name", id="in capitals"),
        ({"name": "x", "color": "#ff0000"}, "invalid", "color"),
        ({"name": "x", "description": "y" * 101}, "custom", "description"),
    ],
)
async def test_a_label_that_will_not_do_is_refused(github, sent, code, field):
    said = await github.post("/labels", sent)
    assert said.status == 422
    assert (said.json["errors"][0]["code"], said.json["errors"][0]["field"]) == (code, field)


async def test_what_is_no_json_or_no_state_is_refused(github, described):
    described.calls = False
    assert (await github.ask("POST", "/issues", data="{")).status == 400
    assert (await github.ask("POST", "/issues", data="3")).status == 400
    await github.post("/issues", {"title": "A"})
    assert (await github.patch("/issues/1", {"state": "shut"})).status == 422
    assert (await github.get("/issues?state=shut")).status == 422
    assert (await github.get("/issues?since=yesterday")).status == 422
    assert (await github.get(headers={"X-GitHub-Api-Version": "1999-01-01"})).status == 400


async def test_a_call_that_the_double_does_not_know_is_complained_of(github, described):
    described.calls = False
    assert (await github.get("/issues/1/weather")).status == 404
    await github.post("/issues", {"title": "A"})
    assert (await github.ask("PUT", "/issues/1/lock")).status == 404
    assert github.world.complaints == [
        "PUT api.github.com/repos/meadow/course/issues/1/lock",
    ]
    github.world.complaints.clear()


async def test_a_deleted_issue_is_gone_and_one_that_never_was_is_not_found(github):
    ada = github.tracker.human("ada")
    ada.open("A")
    ada.delete(1)
    for path in ("/issues/1", "/issues/1/comments", "/issues/1/timeline"):
        said = await github.get(path)
        assert (said.status, said.json["message"]) == (410, "This issue was deleted")
    assert (await github.patch("/issues/1", {"state": "closed"})).status == 410
    assert (await github.post("/issues/1/comments", {"body": "?"})).status == 410
    assert (await github.get("/issues/2")).status == 404
    assert (await github.get("/issues?state=all")).json == []
    assert (await github.post("/issues", {"title": "B"})).json["number"] == 2


async def test_issues_that_are_switched_off_are_gone(github):
    github.tracker.has_issues = False
    assert (await github.get("/issues")).status == 410
    said = await github.post("/issues", {"title": "A"})
    assert said.status == 410
    assert said.json["message"] == "Issues has been disabled in this repository."
    assert (await github.get()).json["has_issues"] is False
    assert (await github.get("/labels")).status == 200


async def test_an_archived_repository_is_only_read(github):
    github.tracker.human("ada").open("A")
    github.tracker.archived = True
    for write in (
        github.post("/issues", {"title": "B"}),
        github.patch("/issues/1", {"state": "closed"}),
        github.post("/issues/1/comments", {"body": "?"}),
        github.post("/labels", {"name": "link-health"}),
    ):
        said = await write
        assert said.status == 403
        assert said.json["message"] == "Repository was archived so is read-only."
    assert len((await github.get("/issues")).json) == 1


async def test_a_renamed_repository_is_found_by_its_number(github):
    github.tracker.human("ada").open("A")
    github.tracker.rename("meadow/lessons")
    there = f"{API}/repositories/{github.tracker.id}"
    read = await github.get("/issues?state=all")
    assert (read.status, read.headers["Location"]) == (301, f"{there}/issues?state=all")
    wrote = await github.patch("/issues/1", {"state": "closed"})
    assert (wrote.status, wrote.headers["Location"]) == (307, f"{there}/issues/1")
    assert wrote.json["message"] == "Moved Permanently"
    assert github.tracker.issues[1].state == "open"
    followed = await github.patch("/issues/1", {"state": "closed"}, allow_redirects=True)
    assert (followed.status, followed.json["state"]) == (200, "closed")
    assert (await github.get(there)).json["full_name"] == "meadow/lessons"
    assert (await github.get(f"{API}/repos/meadow/lessons/issues/1")).status == 200


async def test_a_private_repository_does_not_exist_for_strangers(github):
    github.tracker.private = True
    stranger = github.issues.personal_token("stranger")
    elsewhere = github.issues.personal_token("ada", "ada/notes")
    for token in (stranger, elsewhere):
        assert (await github.get("/issues", token=token)).status == 404
        assert (await github.post("/issues", {"title": "A"}, token=token)).status == 404
    assert (await github.get("/issues")).status == 200
    assert (await github.get(f"{API}/repos/meadow/nothing/issues")).status == 404


@pytest.mark.parametrize("issues", ["read", None])
async def test_a_token_without_issues_write_writes_nothing(github, issues):
    tokens = {
        "integration": github.issues.actions_token("meadow/course", issues=issues),
        "personal access token": github.issues.personal_token("ada", issues=issues),
    }
    for kind, token in tokens.items():
        said = await github.post("/issues", {"title": "A"}, token=token)
        assert said.status == 403
        assert said.json["message"] == f"Resource not accessible by {kind}"
    assert github.tracker.issues == {}


async def test_a_token_for_other_repositories_writes_nothing_here(github):
    token = github.issues.personal_token("ada", "ada/notes")
    assert (await github.post("/issues", {"title": "A"}, token=token)).status == 403
    assert (await github.get("/issues", token=token)).status == 200


async def test_who_cannot_push_opens_issues_without_labels(github):
    token = github.issues.personal_token("cy")
    sent = {"title": "A", "labels": ["bug"], "assignees": ["ada"]}
    said = await github.post("/issues", sent, token=token)
    assert (said.status, said.json["labels"], said.json["assignees"]) == (201, [], [])
    own = await github.patch("/issues/1", {"state": "closed", "labels": ["bug"]}, token=token)
    assert (own.json["state"], own.json["labels"]) == ("closed", [])
    github.tracker.human("ada").open("B")
    assert (await github.patch("/issues/2", {"state": "closed"}, token=token)).status == 403
    assert (await github.post("/labels", {"name": "new"}, token=token)).status == 403
    assert (await github.get("/collaborators/ada/permission", token=token)).status == 403


async def test_nobodys_locked_talk_is_added_to_but_by_those_who_write(github):
    github.tracker.human("ada").open("A")
    github.tracker.human("ada").lock(1)
    assert (await github.post("/issues/1/comments", {"body": "?"})).status == 403
    token = github.issues.personal_token("ada")
    assert (await github.post("/issues/1/comments", {"body": "!"}, token=token)).status == 201


async def test_whoever_has_no_good_token_writes_nothing(github):
    github.issues.revoke(spoilt := github.issues.actions_token("meadow/course"))
    said = await github.get("/issues", token=spoilt)
    assert (said.status, said.json["message"]) == (401, "Bad credentials")
    there = {"allow_redirects": False, "json": {"title": "A"}}
    anonymous = await github._there.ask(f"{COURSE}/issues", "POST", **there)
    assert (anonymous.status, anonymous.json["message"]) == (401, "Requires authentication")
    listed = await github._there.ask(f"{COURSE}/issues")
    assert (listed.status, listed.headers["X-RateLimit-Limit"]) == (200, "60")


async def test_somebody_learns_who_they_are_and_what_is_left(github):
    token = github.issues.personal_token("ada")
    assert (await github.get(f"{API}/user", token=token)).json["login"] == "ada"
    assert (await github.get(f"{API}/user")).status == 403
    said = await github.get(f"{API}/rate_limit", token=token)
    assert said.json["resources"]["core"]["remaining"] == 4999
    assert (await github.get(f"{API}/rate_limit")).json["rate"]["limit"] == 1000


async def test_a_spent_hour_refuses_until_it_is_over(github):
    github.issues.spend(github.token, left=1)
    assert (await github.get("/issues")).status == 200
    said = await github.get("/issues")
    assert said.status == 403
    assert said.headers["X-RateLimit-Remaining"] == "0"
    assert int(said.headers["X-RateLimit-Reset"]) == (NOON + timedelta(hours=1)).timestamp()
    github.issues.now = lambda: NOON + timedelta(hours=1)
    assert (await github.get("/issues")).status == 200
