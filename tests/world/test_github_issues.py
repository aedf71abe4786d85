"""The double of GitHub's issues: what it keeps, shows, refuses; people, limits and bad days.

Every call here, and its answer, is held against GitHub's own description (tests/conftest.py).
"""

from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.world import World, keys
from tests.world.clients import client
from tests.world.conftest import API, COURSE, NOON, Asking
from tests.world.scenario import Entrance


async def test_an_issue_is_opened_with_its_labels_and_given_to_people(github):
    said = await github.post(
        "/issues",
        {"title": "A link broke", "body": "It did.", "labels": ["link-health"]}
        | {"assignees": ["ada"]},
    )
    assert said.status == 201
    assert said.headers["Location"] == f"{COURSE}/issues/1"
    shown = {
        key: said.json[key]
        for key in ("number", "title", "body", "state", "state_reason", "comments", "html_url")
    }
    assert shown == {
        "number": 1,
        "title": "A link broke",
        "body": "It did.",
        "state": "open",
        "state_reason": None,
        "comments": 0,
        "html_url": "https://github.com/meadow/course/issues/1",
    }
    assert said.json["user"]["login"] == "github-actions[bot]"
    assert said.json["user"]["type"] == "Bot"
    assert [each["name"] for each in said.json["labels"]] == ["link-health"]
    assert [each["login"] for each in said.json["assignees"]] == ["ada"]
    assert "pull_request" not in said.json
    assert said.json["created_at"] == "2026-03-04T12:00:00Z"


async def test_what_is_written_is_what_is_read_and_the_timeline_tells_of_it(github):
    await github.post("/issues", {"title": "A", "body": "B", "labels": ["bug"]})
    await github.patch("/issues/1", {"title": "A, worse", "labels": ["question"]})
    await github.post("/issues/1/comments", {"body": "It got worse."})
    await github.patch("/issues/1", {"state": "closed", "state_reason": "not_planned"})
    await github.patch("/issues/1", {"state": "open"})
    issue, timeline = await github.get("/issues/1"), await github.get("/issues/1/timeline")
    assert (issue.json["state"], issue.json["state_reason"]) == ("open", "reopened")
    assert (issue.json["closed_at"], issue.json["closed_by"]) == (None, None)
    assert issue.json["comments"] == 1
    assert [each["event"] for each in timeline.json] == [
        "labeled",
        "renamed",
        "unlabeled",
        "labeled",
        "commented",
        "closed",
        "reopened",
    ]
    assert timeline.json[1]["rename"] == {"from": "A", "to": "A, worse"}
    assert timeline.json[5]["state_reason"] == "not_planned"
    assert timeline.json[5]["actor"]["login"] == "github-actions[bot]"
    events = await github.get("/issues/1/events")
    assert len(events.json) == 6


async def test_who_closed_an_issue_and_why_stands_in_it(github):
    github.tracker.human("ada").open("A")
    github.tracker.human("ada").close(1, not_planned=True)
    said = (await github.get("/issues/1")).json
    assert (said["state"], said["state_reason"]) == ("closed", "not_planned")
    assert said["closed_by"]["login"] == "ada"
    assert said["closed_at"] == "2026-03-04T12:00:00Z"


async def test_lists_are_filtered_and_sorted(github):
    ada = github.tracker.human("ada")
    for day, title in enumerate(("first", "second", "third", "fourth")):
        github.issues.now = lambda day=day: NOON + timedelta(days=day)
        ada.open(title, labels=["bug"] if title != "second" else [])
    ada.close(3)
    ada.comment(1, "Still so.")
    ada.label(4, "link-health")
    ada.assign(4, "bo")

    async def listed(query):
        said = await github.get(f"/issues{query}")
        assert said.status == 200
        return [each["number"] for each in said.json]

    assert await listed("") == [4, 2, 1]
    assert await listed("?state=all") == [4, 3, 2, 1]
    assert await listed("?state=closed") == [3]
    assert await listed("?labels=bug&direction=asc") == [1, 4]
    assert await listed("?labels=Bug,link-health") == [4]
    assert await listed("?labels=unknown") == []
    assert await listed("?creator=ada&state=all&sort=updated") == [4, 3, 1, 2]
    assert await listed("?creator=bo") == []
    assert await listed("?sort=comments") == [1, 4, 2]
    assert await listed("?assignee=bo") == [4]
    assert await listed("?assignee=none") == [2, 1]
    assert await listed(f"?since={quote('2026-03-07T00:00:00Z')}") == [4, 1]


async def test_a_pull_request_is_listed_among_the_issues(github):
    github.tracker.human("ada").open_pull_request("A change")
    (said,) = (await github.get("/issues")).json
    assert said["pull_request"]["html_url"] == "https://github.com/meadow/course/pull/1"


async def test_long_lists_come_in_pages_that_a_header_links(github):
    for n in range(250):
        github.tracker.human("ada").open(f"Issue {n}")
    first = await github.get("/issues?per_page=500&state=all")
    assert len(first.json) == 100
    there = f"{API}/repositories/{github.tracker.id}/issues?per_page=500&state=all&page="
    assert first.headers["Link"] == f'<{there}2>; rel="next", <{there}3>; rel="last"'
    second = await github.get(f"{there}2")
    assert [each["number"] for each in second.json] == list(range(150, 50, -1))
    assert 'rel="prev"' in second.headers["Link"]
    last = await github.get(f"{there}3")
    assert len(last.json) == 50
    assert 'rel="next"' not in last.headers["Link"]
    assert "Link" not in (await github.get("/issues?per_page=100&creator=bo")).headers
    assert len((await github.get("/issues")).json) == 30


async def test_comments_are_read_changed_and_removed(github):
    github.tracker.human("ada").open("A")
    made = await github.post("/issues/1/comments", {"body": "One."})
    github.issues.now = lambda: NOON + timedelta(hours=1)
    github.tracker.human("eve").comment(1, "/mute 30d it is loud")
    assert made.status == 201
    at = f"/issues/comments/{made.json['id']}"
    assert made.json["html_url"].endswith(f"/issues/1#issuecomment-{made.json['id']}")
    assert (await github.patch(at, {"body": "One, again."})).json["body"] == "One, again."
    assert (await github.get(at)).json["updated_at"] == "2026-03-04T13:00:00Z"
    here = (await github.get("/issues/1/comments")).json
    assert [each["user"]["login"] for each in here] == ["github-actions[bot]", "eve"]
    assert [each["author_association"] for each in here] == ["NONE", "NONE"]
    everywhere = (await github.get("/issues/comments?since=2026-03-04T12:30:00Z")).json
    assert len(everywhere) == 2
    assert (await github.ask("DELETE", at)).status == 204
    assert (await github.get(at)).status == 404
    assert github.tracker.issues[1].comments[0].body == "/mute 30d it is loud"


async def test_labels_are_made_changed_given_and_taken(github):
    made = await github.post(
        "/labels", {"name": "link-health", "color": "D73A4A", "description": "Links"}
    )
    assert (made.status, made.json["color"]) == (201, "d73a4a")
    await github.post("/issues", {"title": "A"})
    given = await github.post("/issues/1/labels", {"labels": ["Link-Health", "bug"]})
    assert [each["name"] for each in given.json] == ["link-health", "bug"]
    taken = await github.ask("DELETE", "/issues/1/labels/bug")
    assert [each["name"] for each in taken.json] == ["link-health"]
    assert (await github.ask("DELETE", "/issues/1/labels/bug")).status == 404
    assert (await github.get("/labels/link-health")).json["description"] == "Links"
    assert (await github.get("/labels/nothing")).status == 404
    changed = await github.patch("/labels/link-health", {"color": "ededed"})
    assert changed.json["color"] == "ededed"
    put = await github.ask("PUT", "/issues/1/labels", json={"labels": ["question"]})
    assert [each["name"] for each in put.json] == ["question"]
    assert (await github.ask("DELETE", "/issues/1/labels")).status == 204
    assert (await github.get("/issues/1/labels")).json == []
    assert [each["name"] for each in (await github.get("/labels")).json] == [
        "bug",
        "link-health",
        "question",
    ]
    assert (await github.ask("DELETE", "/labels/bug")).status == 204
    assert "bug" not in github.tracker.labels


async def test_issues_are_given_to_collaborators_only(github):
    await github.post("/issues", {"title": "A"})
    given = await github.post("/issues/1/assignees", {"assignees": ["ada", "stranger"]})
    assert [each["login"] for each in given.json["assignees"]] == ["ada"]
    taken = await github.ask("DELETE", "/issues/1/assignees", json={"assignees": ["ada"]})
    assert taken.json["assignees"] == []
    assert (await github.get("/assignees/ada")).status == 204
    assert (await github.get("/assignees/stranger")).status == 404
    refused = await github.post("/issues", {"title": "B", "assignees": ["stranger"]})
    assert refused.status == 422
    assert refused.json["errors"][0]["value"] == "stranger"


@pytest.mark.parametrize(
    ("login", "permission", "role"),
    [
        ("meadow", "admin", "admin"),
        ("di", "write", "maintain"),
        ("ada", "write", "write"),
        pytest.param("bo", "read", "triage", id="triage is told as read, but for its role's name"),
        ("cy", "read", "read"),
        pytest.param("stranger", "read", "read", id="whoever reads a public repository"),
    ],
)
async def test_somebodys_permission_is_told(github, login, permission, role):
    said = (await github.get(f"/collaborators/{login}/permission")).json
    assert (said["permission"], said["role_name"]) == (permission, role)
    assert said["user"]["login"] == login


async def test_a_bot_is_no_collaborator(github):
    said = await github.get(f"/collaborators/{quote('dependabot[bot]')}/permission")
    assert said.status == 404


async def test_what_has_not_changed_costs_nothing(github):
    await github.post("/issues", {"title": "A"})
    first = await github.get("/issues")
    known = {"If-None-Match": first.headers["ETag"]}
    same = await github.get("/issues", headers=known)
    assert (same.status, same.body) == (304, b"")
    assert same.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"] == "998"
    await github.post("/issues", {"title": "B"})
    assert (await github.get("/issues", headers=known)).status == 200


async def test_the_repository_tells_what_may_be_done_there(github):
    said = (await github.get()).json
    assert said["permissions"]["push"] is True
    assert (said["archived"], said["has_issues"], said["open_issues_count"]) == (False, True, 0)
    token = github.issues.personal_token("cy")
    said = (await github.get(token=token)).json
    assert said["permissions"] == {
        "admin": False,
        "maintain": False,
        "push": False,
        "triage": False,
        "pull": True,
    }


async def test_time_in_the_tracker_is_the_hooks(github):
    await github.post("/issues", {"title": "A"})
    github.issues.now = lambda: NOON + timedelta(days=365)
    said = await github.patch("/issues/1", {"state": "closed"})
    assert said.json["created_at"] == "2026-03-04T12:00:00Z"
    assert said.json["closed_at"] == said.json["updated_at"] == "2027-03-04T12:00:00Z"
    assert said.json["state_reason"] == "completed"
    assert said.headers["Date"] == "Thu, 04 Mar 2027 12:00:00 GMT"


async def test_every_call_is_kept_in_order(github):
    await github.post("/issues", {"title": "A"})
    await github.get("/issues?state=all")
    github.issues.fail("bad-gateway")
    await github.patch("/issues/1", {"title": "B"})
    assert [(each.method, each.path, each.status) for each in github.issues.calls] == [
        ("POST", "/repos/meadow/course/issues", 201),
        ("GET", "/repos/meadow/course/issues", 200),
        ("PATCH", "/repos/meadow/course/issues/1", 502),
    ]
    assert [each.body for each in github.issues.writes] == [{"title": "A"}, {"title": "B"}]
    assert github.issues.calls[1].query == "state=all"
    assert github.issues.calls[0].by == "github-actions[bot]"
    assert [each.done for each in github.issues.calls] == [True, True, False]


async def test_an_enterprise_has_its_own_address_tokens_and_no_limits(github):
    host = "github.example.edu"
    tracker = github.world.tracker("meadow/course", host=host)
    there = github.world.enterprise(host)
    token = there.personal_token("meadow")
    base = f"https://{host}/api/v3/repos/meadow/course"
    said = await github.post(f"{base}/issues", {"title": "A"}, token=token)
    assert said.status == 201
    assert said.json["html_url"] == f"https://{host}/meadow/course/issues/1"
    assert said.json["url"] == f"{base}/issues/1"
    assert not [name for name in said.headers if name.lower().startswith("x-ratelimit")]
    assert (await github.get(f"https://{host}/api/v3/rate_limit", token=token)).status == 404
    assert (await github.get(f"{base}/issues?per_page=1&state=all", token=token)).status == 200
    assert (len(tracker.issues), len(github.tracker.issues)) == (1, 0)
    assert [each.path for each in there.writes] == ["/repos/meadow/course/issues"]


async def test_a_token_in_the_wrong_place_is_complained_of(github, described):
    described.calls = False
    github.world.enterprise("github.example.edu")
    await github.get(f"https://github.example.edu/{github.token}")
    assert github.world.complaints[:2] == [
        "a token of api.github.com stands in the URL of a request to github.example.edu",
        "a token of api.github.com was sent to github.example.edu",
    ]
    github.world.complaints.clear()


async def test_trackers_are_state_too_beside_the_rest_of_github():
    shared = {"repos": {"meadow/notes": {"issues": [7]}}, "tokens": [keys.GITHUB]}
    trackers = {"meadow/course": {"collaborators": {"ada": "write"}, "labels": ["bug"]}}
    world = World({"github": {**shared, "trackers": trackers}})
    async with world, client(world, Entrance.PROXY) as there:
        github = Asking(world, there, keys.GITHUB)
        said = await github.post("/issues", {"title": "A", "assignees": ["ada"]})
        assert (said.status, said.json["user"]["login"]) == (201, "somebody")
        notes = f"{API}/repos/meadow/notes"
        assert (await github.get(f"{notes}/issues/7")).status == 200
        assert (await github.get(f"{notes}/git/trees/main")).status == 200
        assert (await github.get(f"{API}/repos/meadow/gone")).status == 404
    assert [each.status for each in world.issues.calls] == [201, 404]
    assert world.complaints == []
