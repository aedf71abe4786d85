"""What services say of a key, read by their checkups."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import providers
from monitor.core.checkup import Health
from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind, GoogleCall, Response
from tests import strategies

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHECKUPS = {
    name: checkup for provider in providers.find() for name, checkup in provider.checkups.items()
}
EACH = pytest.mark.parametrize("name", sorted(CHECKUPS))


def answer(body, status=200, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, url=Url("https://x.test/"), headers=named, body=raw)


def google_error(status, reason, message="Bad."):
    """Google's older envelope."""
    error = {"code": status, "message": message, "errors": [{"reason": reason}]}
    return answer({"error": error}, status)


def new_google_error(status, reason, message="Bad."):
    """Google's newer envelope."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    return answer({"error": {"code": status, "message": message, "details": details}}, status)


def allowance(limit=5000, left=4990, points=None, **headers):
    reset = int((AT + HOUR).timestamp())
    core = {"limit": limit, "remaining": left, "reset": reset}
    graphql = {"graphql": {"remaining": points}} if points is not None else {}
    return answer({"resources": {"core": core, **graphql}}, **headers)


FINE = "It is fine-grained, or an app's: what it may do stands in its settings."

SAID = [
    # GitHub
    pytest.param(
        "github",
        allowance(points=4800),
        True,
        "It works: 4,990 of 5,000 calls of this hour are left, and 4,800 points for asking of"
        f" many things at once. {FINE}",
        id="a good fine-grained token of GitHub",
    ),
    pytest.param(
        "github",
        allowance(x_oauth_scopes=""),
        True,
        "It works: 4,990 of 5,000 calls of this hour are left. It may read what is public, and"
        " nothing else: just right.",
        id="a classic token without scopes is just right",
    ),
    pytest.param(
        "github",
        allowance(x_oauth_scopes="repo, delete_repo"),
        True,
        "It works: 4,990 of 5,000 calls of this hour are left. It may do more than Linkwell needs"
        " (scopes: repo, delete_repo): one without any scope does, and would be safer here.",
        id="a mighty token is warned of",
    ),
    pytest.param(
        "github",
        allowance(
            x_oauth_scopes="read:org",
            github_authentication_token_expiration="2027-02-01 10:00:00 UTC",
        ),
        True,
        "It works: 4,990 of 5,000 calls of this hour are left. Its scopes: read:org; none is"
        " needed. It expires on 2027-02-01.",
        id="a token that is going to expire",
    ),
    pytest.param(
        "github",
        allowance(left=0),
        True,
        "It works, but its 5,000 calls of this hour are spent.",
        id="a token of GitHub whose hour is spent",
    ),
    pytest.param(
        "github",
        allowance(limit=60),
        False,
        "GitHub answers as to somebody without a token (60 calls an hour): does a proxy take it"
        " away?",
        id="a token of GitHub that does not arrive",
    ),
    pytest.param(
        "github",
        answer({"message": "Bad credentials"}, 401),
        False,
        "GitHub refuses it (401): it is wrong, expired or revoked; make a new one at"
        " github.com/settings/personal-access-tokens.",
        id="a wrong or expired token of GitHub",
    ),
    pytest.param(
        "github",
        answer({"message": "Resource protected by organization SAML enforcement."}, 403),
        False,
        "GitHub does not let it ask (403): its owner's or organisation's rules forbid it; make a"
        " new one at github.com/settings/personal-access-tokens, or have it allowed.",
        id="a token of GitHub that may not ask",
    ),
    pytest.param(
        "github",
        answer({"message": "You have exceeded a secondary rate limit."}, 403, retry_after="60"),
        None,
        "GitHub asks us to slow down, and tells nothing of it just now.",
        id="a secondary limit says nothing of a token",
    ),
    pytest.param(
        "github",
        answer(b"<html>Sign in to the campus network</html>", 401),
        None,
        "What answered (401) does not speak as GitHub does: look at your proxy if that stays so.",
        id="a captive portal does not refuse a token of GitHub",
    ),
    pytest.param(
        "github",
        answer({"resources": {}}),
        None,
        "What answered (200) does not speak as GitHub does: look at your proxy if that stays so.",
        id="an answer of GitHub without numbers",
    ),
    pytest.param(
        "github",
        {},
        None,
        "What answered (0) does not speak as GitHub does: look at your proxy if that stays so.",
        id="an answer of GitHub of another form",
    ),
    # Bitly
    pytest.param(
        "bitly",
        answer({"login": "o_teacher", "name": "A Teacher"}),
        True,
        "It works, as o_teacher's. Bitly does not tell how many calls are left.",
        id="a good token of Bitly",
    ),
    pytest.param(
        "bitly",
        answer({"message": "FORBIDDEN"}, 403),
        False,
        "Bitly refuses it (403): it is wrong or revoked; make a new one at"
        " app.bitly.com/settings/api.",
        id="a wrong token of Bitly",
    ),
    pytest.param(
        "bitly",
        answer({"message": "UPGRADE_REQUIRED"}, 402),
        False,
        "Bitly wants a paid plan for what it was asked (402).",
        id="a token of Bitly whose plan does not allow it",
    ),
    pytest.param(
        "bitly",
        answer({"message": "RATE_LIMIT_EXCEEDED"}, 429, retry_after="3600"),
        True,
        "It works, but its calls are spent.",
        id="a token of Bitly whose calls are spent",
    ),
    pytest.param(
        "bitly",
        answer(b"<html>Access denied</html>", 403),
        None,
        "What answered (403) does not speak as Bitly does: look at your proxy if that stays so.",
        id="a wall before Bitly does not refuse a token",
    ),
    pytest.param(
        "bitly",
        None,
        None,
        "What answered (0) does not speak as Bitly does: look at your proxy if that stays so.",
        id="an answer of Bitly of another form",
    ),
    # Google
    pytest.param(
        "google",
        google_error(404, "notFound", "File not found: linkwell-doctor."),
        True,
        "It works. Google counts by the minute, far above what Linkwell asks.",
        id="to a good key Drive says that there is no such file",
    ),
    pytest.param(
        "google",
        google_error(400, "keyInvalid"),
        False,
        "Google refuses it (400): it is wrong or deleted; make a new one.",
        id="a wrong key of Google, the older words",
    ),
    pytest.param(
        "google",
        new_google_error(400, "API_KEY_INVALID", "API key not valid. Please pass a valid API key."),
        False,
        "Google refuses it (400): it is wrong or deleted; make a new one.",
        id="a wrong key of Google, the newer words",
    ),
    pytest.param(
        "youtube",
        new_google_error(400, "API_KEY_INVALID", "API key expired. Please renew the API key."),
        False,
        "It has expired: make a new one.",
        id="an expired key of Google",
    ),
    pytest.param(
        "youtube",
        google_error(401, "authError"),
        False,
        "Google refuses it (401): it is wrong or deleted; make a new one.",
        id="a key of Google that is unauthorised",
    ),
    pytest.param(
        "youtube",
        google_error(403, "accessNotConfigured"),
        False,
        "It is real, but its project lacks the YouTube Data API v3: enable it at"
        " console.cloud.google.com/apis/library/youtube.googleapis.com.",
        id="a key whose project has not enabled the API",
    ),
    pytest.param(
        "google",
        new_google_error(403, "SERVICE_DISABLED"),
        False,
        "It is real, but its project lacks the Google Drive API: enable it at"
        " console.cloud.google.com/apis/library/drive.googleapis.com.",
        id="the same of Drive, in the newer words",
    ),
    pytest.param(
        "google",
        new_google_error(403, "API_KEY_SERVICE_BLOCKED"),
        False,
        "It is restricted to other APIs: add the Google Drive API to its API restrictions.",
        id="a key that is for other APIs",
    ),
    pytest.param(
        "google",
        new_google_error(403, "", "Requests to this API drive method are blocked."),
        False,
        "It is restricted to other APIs: add the Google Drive API to its API restrictions.",
        id="a key that is for other APIs, told in words alone",
    ),
    pytest.param(
        "youtube",
        google_error(403, "ipRefererBlocked"),
        False,
        "It is restricted to other machines, sites or apps: allow this machine's address in it.",
        id="a key that is for other machines",
    ),
    pytest.param(
        "youtube",
        google_error(403, "quotaExceeded"),
        True,
        "It works, but its quota is spent.",
        id="a key of YouTube whose day is spent",
    ),
    pytest.param(
        "google",
        google_error(403, "userRateLimitExceeded"),
        True,
        "It works, but too much was asked with it just now.",
        id="a key that was asked too fast",
    ),
    pytest.param(
        "google",
        google_error(403, "insufficientFilePermissions"),
        False,
        "It may not ask the Google Drive API (403).",
        id="a key that may not, for reasons of Google's own",
    ),
    pytest.param(
        "google",
        google_error(503, "backendError"),
        None,
        "What answered (503) does not speak as Google does: look at your proxy if that stays so.",
        id="a bad day of Google says nothing of a key",
    ),
    pytest.param(
        "google",
        answer(b"<html>Sign in to the campus network</html>"),
        None,
        "What answered (200) does not speak as Google does: look at your proxy if that stays so.",
        id="a captive portal with a 200 does not make a key good",
    ),
    pytest.param(
        "youtube",
        answer([1, 2], 401),
        None,
        "What answered (401) does not speak as Google does: look at your proxy if that stays so.",
        id="a 401 of somebody else does not refuse a key",
    ),
    pytest.param(
        "google_account",
        {"user": {"emailAddress": "linkwell@course.iam.gserviceaccount.com"}},
        True,
        "It works. Google counts by the minute, far above what Linkwell asks. It is"
        " linkwell@course.iam.gserviceaccount.com: it sees what is shared with that address.",
        id="a good service account tells its address",
    ),
    pytest.param(
        "google_account",
        {},
        True,
        "It works. Google counts by the minute, far above what Linkwell asks.",
        id="a good service account without an address",
    ),
    pytest.param(
        "google_account",
        {"error": {"status": 403, "reason": "accessNotConfigured", "message": ""}},
        False,
        "It is real, but its project lacks the Google Drive API: enable it at"
        " console.cloud.google.com/apis/library/drive.googleapis.com.",
        id="an account whose project has not enabled the API",
    ),
]


@pytest.mark.parametrize(("name", "said", "works", "says"), SAID)
def test_an_answer_tells_what_a_key_is_worth(name, said, works, says):
    health = CHECKUPS[name].read(said, AT)

    assert (health.works, health.says) == (works, says)


@pytest.mark.parametrize(
    ("name", "said", "whole"),
    [
        pytest.param("github", allowance(left=0), AT + HOUR, id="GitHub names the instant"),
        pytest.param(
            "github",
            answer({"message": "secondary rate limit"}, 429, retry_after="60"),
            AT + HOUR / 60,
            id="a secondary limit names its end",
        ),
        pytest.param(
            "bitly",
            answer({"message": "RATE_LIMIT_EXCEEDED"}, 429, retry_after="3600"),
            AT + HOUR,
            id="Bitly may name the instant",
        ),
        pytest.param(
            "youtube",
            google_error(403, "quotaExceeded"),
            datetime(2026, 11, 25, 8, 0, tzinfo=UTC),
            id="the day of YouTube ends at midnight in California",
        ),
        pytest.param(
            "google",
            google_error(429, "rateLimitExceeded"),
            AT + HOUR / 60,
            id="Google counts by the minute",
        ),
        pytest.param(
            "google",
            answer({"error": {"code": 429}}, 429, retry_after="90"),
            AT + timedelta(seconds=90),
            id="Google may name the instant",
        ),
    ],
)
def test_a_spent_allowance_tells_when_it_is_whole_again(name, said, whole):
    assert CHECKUPS[name].read(said, AT).retry_at == whole


@EACH
@pytest.mark.parametrize(
    ("kind", "works"),
    [
        (FailureKind.TIMEOUT, None),
        (FailureKind.TLS, None),
        (FailureKind.CREDENTIAL, False),
        (FailureKind.QUOTA, True),
    ],
)
def test_no_answer_says_something_of_a_key_only_where_it_was_refused(name, kind, works):
    said = Failure(kind=kind, detail="x.test: it is so.", retry_at=AT)

    expected = Health(works=works, says="x.test: it is so.", retry_at=AT)
    assert CHECKUPS[name].read(said, AT) == expected


@EACH
@given(data=st.data())
def test_no_answer_makes_a_checkup_fail(name, data):
    body = data.draw(strategies.json_values)
    status = data.draw(st.sampled_from([200, 400, 401, 402, 403, 404, 429, 500]))
    text = st.text(max_size=20)
    headers = data.draw(st.dictionaries(st.sampled_from(["retry-after", "x-oauth-scopes"]), text))
    response = Response(
        status=status,
        url=Url("https://x.test/"),
        headers=headers,
        body=data.draw(st.binary(max_size=50) | st.just(json.dumps(body).encode())),
    )
    for said in (body, response):
        assert CHECKUPS[name].read(said, AT).says


@EACH
def test_a_checkup_asks_by_https_with_its_own_key_in_no_address(name):
    asks = CHECKUPS[name].asks
    assert asks.credential == name
    if not isinstance(asks, GoogleCall):
        assert asks.url.startswith("https://")
        assert "key=" not in asks.url
        assert asks.follow is None


@EACH
def test_a_checkup_says_what_a_key_is_good_for_and_how_to_get_one(name):
    assert CHECKUPS[name].better.endswith(".")
    assert CHECKUPS[name].get.endswith(".")
