"""A service account asks for files; the verdict stays that of a reader who has none."""

import pytest

from monitor.config import Source
from monitor.core.reasons import Reason
from tests.end_to_end.running import checked
from tests.world import WorldThread
from tests.world.service_account import ACCOUNT, write_account

FILE = "1MeadowSlidesShared0000000000000A"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        pytest.param({}, Reason.ALIVE, id="a file for everybody is alive"),
        pytest.param(
            {"state": "sign-in-redirect", "shared_with": [ACCOUNT]},
            Reason.NOT_SHARED,
            id="a file for the account alone is not shared with readers",
        ),
        pytest.param({"state": "deleted"}, Reason.DELETED, id="a file for nobody is deleted"),
    ],
)
def test_what_an_account_sees_is_judged_with_a_readers_eye(file, reason, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(f'<a href="https://drive.google.com/file/d/{FILE}/view">it</a>')
    account = write_account(tmp_path / "account.json")
    state = {"drive": {"accounts": [ACCOUNT], "files": {FILE: file}}}

    with WorldThread(state) as world:
        given = {"GOOGLE_APPLICATION_CREDENTIALS": str(account)}
        report = checked(world, Source(path=page), tmp_path, environment=given)

    assert world.complaints == []
    assert world.count("oauth2.googleapis.com", "/token") == 1
    (finding,) = report.found
    assert finding.verdict.reason is reason
