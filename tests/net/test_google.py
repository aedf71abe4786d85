"""Google's library over bytes that fetch brought: what goes out, and what is read."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.pacific import pacific_zone, quota_reset
from monitor.core.ports import Failure, FailureKind, Response
from monitor.net.credentials import Credential
from monitor.net.google import Google
from tests.net.google_service import (
    NOON,
    Service,
    as_batch,
    error,
    file_call,
    piece,
    said,
    video_call,
)

CANARY = "AIzaCANARY0123456789012345678901234567"
KEYS = {
    "google": Credential(
        header="X-Goog-Api-Key", value=CANARY, hosts=frozenset({"www.googleapis.com"})
    )
}
HTML = "<!DOCTYPE html><title>Error 500 (Server Error)!!1</title>"
A_SECOND = timedelta(seconds=1)


def file(name, **more):
    return said(200, {"id": name, "name": f"{name}.pdf", **more})


async def ask(service, *calls, google=None):
    return await (google or Google(KEYS)).calls(calls, service.fetch, lambda: NOON)


# --- what goes out ---


async def test_one_call_is_one_get_with_the_key_in_fetchs_hands():
    service = Service({"a": file("a")})
    ((value, evidence),) = await ask(
        service, file_call("a", **{"X-Goog-Drive-Resource-Keys": "a/k"})
    )
    assert value == {"id": "a", "name": "a.pdf"}
    assert evidence == ("x1",)
    (request,) = service.requests
    assert request.url == (
        "https://www.googleapis.com/drive/v3/files/a"
        "?fields=id%2Cname&supportsAllDrives=true&alt=json"
    )
    assert (request.method, request.credential, request.follow) == ("GET", "google", None)
    assert request.headers == {"accept": "application/json", "X-Goog-Drive-Resource-Keys": "a/k"}
    assert CANARY not in repr(request)


async def test_ids_are_asked_as_they_are_joined():
    service = Service({"a,b": said(200, {"items": []})})
    ((value, _),) = await ask(service, video_call("a", "b"))
    assert value == {"items": []}
    assert service.requests[0].url.startswith(
        "https://youtube.googleapis.com/youtube/v3/videos?id=a%2Cb"
    )


async def test_a_hundred_and_fifty_files_are_two_posts():
    names = [f"f{n}" for n in range(150)]
    service = Service({name: file(name) for name in names})
    answers = await ask(service, *(file_call(name) for name in names))
    assert [value["id"] for value, _ in answers] == names
    assert service.asked == ["POST /batch/drive/v3"] * 2
    assert [evidence for _, evidence in answers] == [("x1",)] * 100 + [("x2",)] * 50


async def test_each_part_of_a_batch_shows_the_key_and_its_own_headers():
    service = Service({"a": file("a"), "b": file("b")})
    await ask(service, file_call("a", **{"X-Goog-Drive-Resource-Keys": "a/k"}), file_call("b"))
    body = service.requests[0].body.decode()
    assert body.count(f"X-Goog-Api-Key: {CANARY}") == 2
    assert body.count("X-Goog-Drive-Resource-Keys: a/k") == 1
    assert "key=" not in body
    assert service.requests[0].credential == "google"
    assert CANARY not in str(service.requests[0].headers) + service.requests[0].url


async def test_a_key_for_another_host_stays_at_home():
    keys = {"google": Credential(header="X-Goog-Api-Key", value=CANARY, hosts=frozenset({"x.org"}))}
    service = Service()
    await ask(service, file_call("a"), file_call("b"), google=Google(keys))
    assert CANARY.encode() not in service.requests[0].body


async def test_videos_do_not_travel_as_a_batch():
    service = Service({"a": said(200, {"items": []}), "b": said(200, {"items": [1]})})
    answers = await ask(service, video_call("a"), video_call("b"))
    assert [value for value, _ in answers] == [{"items": []}, {"items": [1]}]
    assert service.asked == ["GET /youtube/v3/videos"] * 2


async def test_no_calls_ask_nothing():
    assert await ask(Service()) == []


async def test_calls_of_two_apis_come_back_in_their_order():
    service = Service({"a": file("a"), "b": file("b"), "v": said(200, {"items": []})})
    answers = await ask(service, file_call("a"), video_call("v"), file_call("b"))
    assert [value.get("id") for value, _ in answers] == ["a", None, "b"]


async def test_the_environment_does_not_move_the_api(monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "evil.example")
    monkeypatch.setenv("GOOGLE_API_USE_MTLS_ENDPOINT", "always")
    service = Service({"a": file("a")})
    await ask(service, file_call("a"))
    assert service.requests[0].url.startswith("https://www.googleapis.com/")


# --- errors ---


@pytest.mark.parametrize("many", [False, True], ids=["singly", "in a batch"])
@pytest.mark.parametrize(
    ("answer", "kind", "retry_at"),
    [
        pytest.param(
            error(403, "quotaExceeded"),
            FailureKind.QUOTA,
            datetime(2026, 11, 25, 8, tzinfo=UTC),
            id="a spent quota is whole again at midnight in California",
        ),
        pytest.param(
            error(403, "dailyLimitExceeded"),
            FailureKind.QUOTA,
            datetime(2026, 11, 25, 8, tzinfo=UTC),
            id="an older word for it",
        ),
        pytest.param(
            error(429, "rateLimitExceeded", "Quota exceeded for limit 'Queries per day'"),
            FailureKind.QUOTA,
            datetime(2026, 11, 25, 8, tzinfo=UTC),
            id="a rate by the day is a quota",
        ),
        pytest.param(
            error(403, "userRateLimitExceeded"),
            FailureKind.BLOCKED,
            NOON + timedelta(seconds=60, milliseconds=50),
            id="too fast is no quota",
        ),
        pytest.param(
            error(429, "rateLimitExceeded"),
            FailureKind.BLOCKED,
            NOON + timedelta(seconds=60, milliseconds=50),
            id="too fast, said as 429",
        ),
        pytest.param(said(429, HTML), FailureKind.BLOCKED, ..., id="too fast, said as a page"),
        pytest.param(error(400, "keyInvalid"), FailureKind.CREDENTIAL, None, id="a wrong key"),
        pytest.param(
            said(
                400,
                {
                    "error": {
                        "code": 400,
                        "message": "API key not valid. Please pass a valid API key.",
                        "errors": [{"reason": "badRequest"}],
                        "status": "INVALID_ARGUMENT",
                        "details": [{"reason": "API_KEY_INVALID"}],
                    }
                },
            ),
            FailureKind.CREDENTIAL,
            None,
            id="a wrong key in the newer words",
        ),
        pytest.param(
            error(403, "accessNotConfigured"), FailureKind.CREDENTIAL, None, id="API not enabled"
        ),
        pytest.param(
            error(403, "forbidden", "Method doesn't allow unregistered callers"),
            FailureKind.CREDENTIAL,
            None,
            id="no key arrived",
        ),
        pytest.param(
            said(
                403,
                {
                    "error": {
                        "code": 403,
                        "message": "Requests to this API drive method"
                        " google.apps.drive.v3.DriveFiles.Get are blocked.",
                        "errors": [{"reason": "forbidden"}],
                        "status": "PERMISSION_DENIED",
                    }
                },
            ),
            FailureKind.CREDENTIAL,
            None,
            id="a key that may not use this API, without details",
        ),
        pytest.param(error(401, "authError"), FailureKind.CREDENTIAL, None, id="not let in"),
        pytest.param(said(401, HTML), FailureKind.CREDENTIAL, None, id="not let in, by a page"),
        pytest.param(said(500, HTML), FailureKind.UNREADABLE, None, id="a page in trouble"),
        pytest.param(said(403, HTML), FailureKind.UNREADABLE, None, id="a wall"),
        pytest.param(
            said(404, HTML), FailureKind.UNREADABLE, None, id="a page, not the API's word"
        ),
        pytest.param(said(200, HTML), FailureKind.UNREADABLE, None, id="a page called a success"),
        pytest.param(said(200, b"\xff\xfe"), FailureKind.UNREADABLE, None, id="not even a text"),
        pytest.param(said(200, ""), FailureKind.UNREADABLE, None, id="nothing"),
        pytest.param(said(200, [1, 2]), FailureKind.UNREADABLE, None, id="a list"),
        pytest.param(said(200, "1" * 5000), FailureKind.UNREADABLE, None, id="a giant number"),
        pytest.param(said(200, "[" * 99_999), FailureKind.UNREADABLE, None, id="a deep well"),
        pytest.param(said(403, "[" * 99_999), FailureKind.UNREADABLE, None, id="a deep error"),
        pytest.param(said(200, '{"a": 1'), FailureKind.UNREADABLE, None, id="a torn one"),
        pytest.param(
            said(403, {"error": {"message": ["x"]}}), FailureKind.UNREADABLE, None, id="odd words"
        ),
        pytest.param(
            said(200, {"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}]}}),
            FailureKind.QUOTA,
            ...,
            id="an error within a success",
        ),
    ],
)
async def test_what_is_our_fault_or_unreadable_is_a_failure(answer, kind, retry_at, many):
    service = Service({"a": answer, "b": answer})
    names = ["a", "b"] if many else ["a"]
    answers = await ask(service, *map(file_call, names))
    for value, evidence in answers:
        assert isinstance(value, Failure), value
        assert value.kind is kind
        assert retry_at is ... or value.retry_at == retry_at
        assert evidence


@pytest.mark.parametrize("many", [False, True], ids=["singly", "in a batch"])
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            error(404, "notFound", "File not found: a."),
            {"status": 404, "reason": "notFound", "message": "File not found: a."},
        ),
        (
            said(404, {"error": {"code": 404, "message": "Not here.", "status": "NOT_FOUND"}}),
            {"status": 404, "reason": "NOT_FOUND", "message": "Not here."},
        ),
        (
            error(403, "insufficientFilePermissions", "No."),
            {"status": 403, "reason": "insufficientFilePermissions", "message": "No."},
        ),
        (
            error(503, "backendError", "Try again."),
            {"status": 503, "reason": "backendError", "message": "Try again."},
        ),
        (
            said(200, {"error": {"code": 404, "errors": [{"reason": "notFound"}]}}),
            {"status": 404, "reason": "notFound", "message": ""},
        ),
        (
            said(403, {"error": {"code": "x", "errors": 7, "details": [7], "message": "x"}}),
            {"status": 403, "reason": "", "message": "x"},
        ),
    ],
)
async def test_an_apis_word_on_the_thing_asked_for_is_told(answer, told, many):
    service = Service({"a": answer, "b": answer})
    answers = await ask(service, *map(file_call, ["a", "b"] if many else ["a"]))
    assert [value for value, _ in answers] == [{"error": told}] * len(answers)


async def test_a_key_that_google_names_in_its_words_is_not_repeated():
    words = f"Permission denied: Consumer 'api_key:{CANARY}' has been suspended."
    ((value, _),) = await ask(
        Service({"a": error(403, "CONSUMER_SUSPENDED", words)}), file_call("a")
    )
    assert value.kind is FailureKind.CREDENTIAL
    assert "suspended" in value.detail
    assert "CANARY" not in value.detail


async def test_halves_of_characters_are_replaced():
    ((value, _),) = await ask(
        Service({"a": said(200, r'{"id": "a", "name": "\ud83d"}')}), file_call("a")
    )
    assert value["name"] == "\ufffd"


async def test_bytes_that_are_no_text_are_replaced():
    ((value, _),) = await ask(Service({"a": said(200, b'{"name": "\xff"}')}), file_call("a"))
    assert value["name"] == "\ufffd"


@pytest.mark.parametrize("batch", [False, True])
async def test_no_answer_is_the_failure_that_it_is(batch):
    failure = Failure(kind=FailureKind.TIMEOUT, detail="It took too long.")
    service = Service({"a": failure}, batch=failure)
    answers = await ask(service, *map(file_call, ["a", "b"] if batch else ["a"]))
    assert answers == [(failure, ("x1",))] * len(answers)


async def test_a_success_of_an_odd_kind_is_not_read():
    ((value, _),) = await ask(Service({"a": said(201, "{}")}), file_call("a"))
    assert value.kind is FailureKind.UNREADABLE


async def test_an_answer_without_end_is_not_read():
    endless = Response(status=200, url="", headers={}, body=b"{}", truncated=True)
    ((value, _),) = await ask(Service({"a": endless}), file_call("a"))
    assert value.kind is FailureKind.UNREADABLE


async def test_a_redirect_is_not_followed_with_a_key():
    service = Service({"a": said(302, "", location="https://example.org/")})
    ((value, _),) = await ask(service, file_call("a"))
    assert value.kind is FailureKind.UNREADABLE
    assert len(service.requests) == 1


# --- batches that lose something ---


def without(*lost):
    return lambda pieces, boundary: as_batch(
        [p for n, p in enumerate(pieces) if n not in lost], boundary
    )


def changed(place, change):
    def batch(pieces, boundary):
        return as_batch([change(p) if n == place else p for n, p in enumerate(pieces)], boundary)

    return batch


def relabelled(name):
    return lambda one: "\r\n".join(
        f"Content-ID: {name}" if line.startswith("Content-ID") else line
        for line in one.split("\r\n")
    )


def nested(one):
    name = next(line for line in one.split("\r\n") if line.startswith("Content-ID"))
    kind = "Content-Type: multipart/mixed; boundary=y"
    return f"{kind}\r\n{name}\r\n\r\n--y\r\n\r\nx\r\n--y--\r\n"


@pytest.mark.parametrize(
    ("batch", "singly"),
    [
        pytest.param(without(1), ["b"], id="a part that is missing"),
        pytest.param(without(0, 1, 2), ["a", "b", "c"], id="all parts"),
        pytest.param(changed(1, relabelled("nonsense")), ["b"], id="an odd id"),
        pytest.param(changed(1, relabelled("<response-x+7>")), ["b"], id="an id nobody asked for"),
        pytest.param(changed(1, relabelled("")), ["b"], id="an empty id"),
        pytest.param(
            changed(1, lambda p: p.replace("Content-ID", "X-Other")), ["b"], id="a part without id"
        ),
        pytest.param(
            changed(1, lambda p: p.replace("HTTP/1.1 200 Whatever", "200")), ["b"], id="torn status"
        ),
        pytest.param(
            changed(1, lambda p: p.partition("HTTP/1.1")[0] + "HTTP/1.1 200 OK\r\n"),
            ["b"],
            id="no body",
        ),
        pytest.param(
            changed(1, lambda p: p.replace("application/http", "multipart/mixed; boundary=y")),
            [],
            id="a part of another kind",
        ),
        pytest.param(changed(1, nested), ["b"], id="parts within a part"),
        pytest.param(lambda p, b: said(200, {"items": []}), ["a", "b", "c"], id="no batch at all"),
        pytest.param(
            lambda p, b: said(200, HTML, content_type="text/html"), ["a", "b", "c"], id="a page"
        ),
        pytest.param(lambda p, b: said(404, HTML), ["a", "b", "c"], id="a door that was closed"),
        pytest.param(
            lambda p, b: said(200, b"\xff" * 9, content_type="\xff"), ["a", "b", "c"], id="noise"
        ),
    ],
)
async def test_what_a_batch_loses_is_asked_singly(batch, singly):
    service = Service({name: file(name) for name in "abc"}, batch=batch)
    answers = await ask(service, *map(file_call, "abc"))
    assert [value["id"] for value, _ in answers] == ["a", "b", "c"]
    assert service.asked == ["POST /batch/drive/v3", *(f"GET /drive/v3/files/{n}" for n in singly)]
    assert all(evidence[0] == "x1" for _, evidence in answers)


async def test_a_batch_with_bare_line_ends_is_read():
    service = Service(
        {name: file(name) for name in "ab"},
        batch=lambda pieces, boundary: as_batch(
            [p.replace("\r\n", "\n") for p in pieces], boundary
        ),
    )
    answers = await ask(service, *map(file_call, "ab"))
    assert [value["id"] for value, _ in answers] == ["a", "b"]


async def test_a_refused_part_costs_no_second_request():
    service = Service({"a": error(401, "authError"), "b": file("b")})
    (first, _), (second, _) = await ask(service, file_call("a"), file_call("b"))
    assert first.kind is FailureKind.CREDENTIAL
    assert second["id"] == "b"
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (said(503, HTML), FailureKind.UNREADABLE),
        (error(403, "quotaExceeded"), FailureKind.QUOTA),
        (error(400, "keyInvalid"), FailureKind.CREDENTIAL),
        (said(429, ""), FailureKind.BLOCKED),
    ],
)
async def test_a_batch_that_is_refused_as_a_whole_is_not_asked_singly(answer, kind):
    service = Service(batch=answer)
    answers = await ask(service, *map(file_call, "abc"))
    assert [value.kind for value, _ in answers] == [kind] * 3
    assert len(service.requests) == 1


async def test_a_quota_that_ends_in_the_middle_costs_one_refused_call():
    names = [f"f{n}" for n in range(250)]
    service = Service(
        {
            **{n: file(n) for n in names[:150]},
            **dict.fromkeys(names[150:], error(403, "quotaExceeded")),
        }
    )
    answers = await ask(service, *map(file_call, names))
    assert sum(isinstance(value, Failure) for value, _ in answers) == 100
    assert len(service.requests) == 2


async def test_a_quota_that_ends_among_lost_parts_is_not_asked_again():
    service = Service(
        {"a": file("a"), "b": error(403, "quotaExceeded"), "c": file("c")}, batch=without(0, 1, 2)
    )
    answers = await ask(service, *map(file_call, "abc"))
    assert [isinstance(value, Failure) for value, _ in answers] == [False, True, True]
    assert len(service.requests) == 3


async def test_a_quota_that_ends_between_videos_is_not_asked_again():
    service = Service({"a": error(403, "quotaExceeded"), "b": said(200, {"items": []})})
    answers = await ask(service, video_call("a"), video_call("b"))
    assert [value.kind for value, _ in answers] == [FailureKind.QUOTA] * 2
    assert len(service.requests) == 1


async def test_a_part_may_hold_what_it_likes():
    """A part that pretends to be the end, or another part, is at worst lost."""
    evil = said(200, json.dumps({"id": "a", "name": "\r\n--batch_x--\r\n"}))
    service = Service(
        {"a": evil, "b": file("b")},
        batch=lambda p, b: as_batch([p[0].replace("\\r\\n", "\r\n"), p[1]], b),
    )
    answers = await ask(service, file_call("a"), file_call("b"))
    assert answers[1][0] == {"id": "b", "name": "b.pdf"}
    assert piece("<x + 1>", evil)


async def test_calls_at_once_find_out_once_that_the_quota_is_spent():
    service, google = Service({"v": error(403, "quotaExceeded")}), Google(KEYS)
    many = await asyncio.gather(*(ask(service, video_call("v"), google=google) for _ in range(8)))
    assert {value.kind for ((value, _),) in many} == {FailureKind.QUOTA}
    assert len(service.requests) == 1


async def test_a_refused_key_does_not_stop_another_nor_another_api():
    service = Service({"v": error(400, "keyInvalid"), "a": file("a")})
    google = Google(KEYS)
    await ask(service, video_call("v"), google=google)
    ((value, _),) = await ask(service, file_call("a"), google=google)
    assert value["id"] == "a"


async def test_a_quota_is_asked_anew_when_it_is_whole_again():
    service, google = Service({"v": error(403, "quotaExceeded")}), Google(KEYS)
    for now in (NOON, NOON + timedelta(hours=1), NOON + timedelta(days=1)):
        await google.calls([video_call("v")], service.fetch, lambda now=now: now)
    assert len(service.requests) == 2


BATCH_WORDS = [
    b"--b", b"--b--", b"\r\n", b"\r\n\r\n", b"\n", b"Content-ID: <response-x + 0>", b"Content-ID: ",
    b"Content-Type: application/http", b"Content-Type: multipart/mixed; boundary=b",
    b"HTTP/1.1 200 OK", b"HTTP/1.1 404 Not Found", b"HTTP/", b'{"id": "a"}',
    b"{", b"\xff", b"[" * 2000,
]  # fmt: skip


@given(
    status=st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503, 999]),
    kind=st.sampled_from(["multipart/mixed; boundary=b", "application/json", "", "\x00;;=\xff"]),
    body=st.lists(st.sampled_from(BATCH_WORDS) | st.binary(max_size=20), max_size=12).map(b"".join),
)
@settings(max_examples=200, deadline=None)
def test_no_answer_makes_google_fail(status, kind, body):
    answer = said(status, body, content_type=kind)
    service = Service({"a": answer, "b": answer}, batch=answer)
    answers = asyncio.run(ask(service, file_call("a"), file_call("b")))
    assert all(isinstance(value, Failure | dict) for value, _ in answers)


# --- the clock ---


@pytest.mark.parametrize(
    ("answered_at", "whole_at"),
    [
        (datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)),
        (datetime(2026, 11, 24, 7, 59, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 2, 7, tzinfo=UTC)),
        (datetime(2026, 10, 31, 20, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC)),
        (datetime(2026, 11, 1, 20, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ],
)
def test_a_quota_is_whole_again_at_the_next_midnight_in_california(answered_at, whole_at):
    assert quota_reset(answered_at) == whole_at


def test_without_time_zones_the_quota_comes_back_no_sooner():
    assert pacific_zone("Nowhere/Nothing").utcoffset(None) == timedelta(hours=-8)
