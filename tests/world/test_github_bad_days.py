"""How the double of GitHub's issues fails on command, and what people do by hand."""

import aiohttp
import pytest


async def test_a_new_issue_is_missing_from_lists_for_a_while(github):
    github.tracker.lag = 2
    await github.post("/issues", {"title": "A"})
    seen = [len((await github.get("/issues")).json) for _ in range(3)]
    assert seen == [0, 0, 1]
    assert (await github.get("/issues/1")).status == 200


@pytest.mark.parametrize(
    ("kind", "status", "headers"),
    [
        ("server-error", 500, {}),
        ("bad-gateway", 502, {}),
        ("unavailable", 503, {}),
        ("gateway-timeout", 504, {}),
        ("secondary", 403, {"Retry-After": "60"}),
        ("secondary-429", 429, {"Retry-After": "60"}),
        ("primary", 403, {"X-RateLimit-Remaining": "0"}),
        ("primary-429", 429, {"X-RateLimit-Remaining": "0"}),
        ("unauthorized", 401, {}),
        ("forbidden", 403, {}),
        ("not-found", 404, {}),
        ("gone", 410, {}),
        ("invalid", 422, {}),
    ],
)
async def test_calls_fail_on_command_and_are_not_carried_out(github, kind, status, headers):
    github.issues.fail(kind, times=2)
    for _ in range(2):
        said = await github.post("/issues", {"title": "A"})
        assert said.status == status
        assert said.headers.items() >= headers.items()
    assert github.tracker.issues == {}
    assert (await github.post("/issues", {"title": "A"})).status == 201


async def test_the_kth_write_fails_and_reads_do_not(github):
    github.issues.fail("secondary", after=2, writes=True, retry_after=None)
    await github.post("/issues", {"title": "A"})
    await github.get("/issues")
    await github.post("/issues", {"title": "B"})
    await github.get("/issues")
    said = await github.post("/issues", {"title": "C"})
    assert said.status == 403
    assert "Retry-After" not in said.headers
    assert (await github.post("/issues", {"title": "D"})).status == 201
    assert [each.title for each in github.tracker.open] == ["A", "B", "D"]


async def test_a_fault_can_keep_to_one_path(github):
    github.issues.fail("bad-gateway", times=None, path="*/timeline")
    github.tracker.human("ada").open("A")
    assert (await github.get("/issues/1/timeline")).status == 502
    assert (await github.get("/issues/1")).status == 200
    github.issues.mend()
    assert (await github.get("/issues/1/timeline")).status == 200
    with pytest.raises(ValueError, match="no such fault: weather"):
        github.issues.fail("weather")


@pytest.mark.parametrize(("kind", "done"), [("cut", False), ("cut-after", True)])
async def test_a_connection_is_cut_before_or_after_the_call_was_carried_out(github, kind, done):
    github.issues.fail(kind)
    with pytest.raises(aiohttp.ClientError):
        await github.post("/issues", {"title": "A"})
    assert [(each.status, each.done) for each in github.issues.calls] == [(None, done)]
    assert len(github.tracker.issues) == done


async def test_a_gateway_can_fail_after_the_call_was_carried_out(github):
    github.issues.fail("bad-gateway-after")
    assert (await github.post("/issues", {"title": "A"})).status == 502
    assert len(github.tracker.issues) == 1


async def test_boxes_are_ticked_by_hand(github):
    ada = github.tracker.human("ada")
    ada.open("A", "- [ ] <!-- recheck=abc --> Recheck\n- [ ] <!-- mute=abc --> Mute\n")
    ada.tick(1, "recheck=abc")
    wanted = "- [x] <!-- recheck=abc --> Recheck\n- [ ] <!-- mute=abc --> Mute\n"
    assert (await github.get("/issues/1")).json["body"] == wanted
    with pytest.raises(ValueError, match="0 boxes"):
        ada.tick(1, "recheck=abc")
    ada.untick(1, "recheck=abc")
    ada.edit_body(1, lambda body: body.replace("<!-- mute=abc -->", ""))
    ada.edit_title(1, "B")
    said = (await github.get("/issues/1")).json
    assert (said["title"], said["body"].count("[x]"), "mute=" in said["body"]) == ("B", 0, False)


async def test_people_do_what_people_do(github):
    ada = github.tracker.human("ada")
    ada.open("A", labels=["bug"])
    ada.label(1, "muted")
    ada.unlabel(1, "bug")
    ada.close(1)
    ada.reopen(1)
    talk = ada.comment(1, "/mute 30d too loud")
    ada.edit_comment(talk, "/mute 7d too loud")
    said = (await github.get("/issues/1/timeline")).json
    assert [each["event"] for each in said] == (
        ["labeled", "labeled", "unlabeled", "closed", "reopened", "commented"]
    )
    assert {each["actor"]["login"] for each in said} == {"ada"}
    assert said[-1]["body"] == "/mute 7d too loud"
    assert said[1]["label"]["name"] == "muted"
    ada.delete_comment(talk)
    assert (await github.get("/issues/1/comments")).json == []


async def test_somebody_can_act_between_a_look_and_a_write(github):
    def meanwhile(made):
        if made.method == "GET":
            github.tracker.human("ada").open("A, from elsewhere")

    github.issues.after_call = meanwhile
    assert (await github.get("/issues")).json == []
    assert (await github.post("/issues", {"title": "A"})).json["number"] == 2
