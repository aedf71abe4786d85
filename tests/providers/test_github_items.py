"""What GitHub's REST API and pages say of issues, commits, releases, people, gists and wikis."""

import pytest

from monitor.core.reasons import Reason
from monitor.providers.github import PROVIDER
from tests.providers.fakes import FakePorts, check, reply
from tests.providers.test_github import (
    GIST,
    NOT_FOUND,
    REPO,
    SITE,
    SPENT,
    repository,
    rest,
)


@pytest.mark.parametrize(
    ("url", "table", "reason"),
    [
        pytest.param(
            f"{SITE}/wiki/Home",
            {REPO: repository(), f"{SITE}/wiki/Home": reply(200)},
            Reason.ALIVE,
            id="wiki",
        ),
        pytest.param(f"{SITE}/wiki/No", {REPO: repository()}, Reason.NOT_FOUND, id="no such page"),
        pytest.param(
            f"{SITE}/wiki/No",
            {REPO: repository(), f"{SITE}/wiki/No": reply(302, location=f"{SITE}/wiki")},
            Reason.PART_MISSING,
            id="a wiki page that passes on to the wiki's home",
        ),
        pytest.param(
            f"{SITE}/settings",
            {REPO: repository(), f"{SITE}/settings": reply(302, location="/login?return_to=x")},
            Reason.LOGIN_REQUIRED,
            id="behind a login",
        ),
        pytest.param(
            f"{SITE}/releases/latest",
            {
                REPO: repository(),
                f"{SITE}/releases/latest": reply(302, location=f"{SITE}/releases/tag/v2"),
            },
            Reason.ALIVE,
            id="the latest release",
        ),
        pytest.param(
            f"{SITE}/issues/1",
            {f"{REPO}/issues/1": rest({"html_url": f"{SITE}/issues/1", "title": "It breaks"})},
            Reason.ALIVE,
            id="an issue",
        ),
        pytest.param(
            f"{SITE}/issues/1",
            {f"{REPO}/issues/1": rest({"html_url": "https://github.com/n/r/issues/1"})},
            Reason.RENAMED,
            id="an issue of a renamed repository",
        ),
        pytest.param(
            f"{SITE}/issues/1", {f"{REPO}/issues/1": rest({}, 410)}, Reason.DELETED, id="deleted"
        ),
        pytest.param(
            f"{SITE}/issues/1", {f"{REPO}/issues/1": NOT_FOUND}, Reason.DELETED, id="no issue"
        ),
        pytest.param(
            f"{SITE}/issues/1",
            {
                f"{REPO}/issues/1": SPENT,
                f"{SITE}/issues/1": reply(301, location="/n/r/issues/1"),
                "https://github.com/n/r/issues/1": reply(200),
            },
            Reason.RENAMED,
            id="an issue that its page moves",
        ),
        pytest.param(
            f"{SITE}/commit/abc", {f"{REPO}/commits/abc": rest({})}, Reason.ALIVE, id="a commit"
        ),
        pytest.param(f"{SITE}/pull/7", {f"{REPO}/pulls/7": rest({})}, Reason.ALIVE, id="a pull"),
        pytest.param(
            f"{SITE}/releases/tag/v1",
            {f"{REPO}/releases/tags/v1": NOT_FOUND, f"{SITE}/releases/tag/v1": reply(200)},
            Reason.ALIVE,
            id="a tag without a release has a page",
        ),
        pytest.param(
            f"{SITE}/releases/tag/v1",
            {f"{REPO}/releases/tags/v1": NOT_FOUND},
            Reason.NOT_FOUND,
            id="neither release nor tag",
        ),
        pytest.param(
            f"{SITE}/releases/download/v1/a.zip",
            {f"{REPO}/releases/tags/v1": rest({"assets": [{"name": "a.zip"}]})},
            Reason.ALIVE,
            id="a file of a release",
        ),
        pytest.param(
            f"{SITE}/releases/download/v1/a.zip",
            {f"{REPO}/releases/tags/v1": rest({"assets": [{"name": "b.zip"}]})},
            Reason.DELETED,
            id="a release without the file",
        ),
        pytest.param(
            "https://github.com/o",
            {"https://api.github.com/users/o": rest({"login": "o", "name": "Olga"})},
            Reason.ALIVE,
            id="a person",
        ),
        pytest.param("https://github.com/o", {}, Reason.DELETED, id="nobody"),
        pytest.param(
            "https://github.com/o",
            {"https://api.github.com/users/o": SPENT},
            Reason.DELETED,
            id="nobody, by the page",
        ),
        pytest.param(
            f"https://gist.github.com/{GIST}",
            {f"https://api.github.com/gists/{GIST}": rest({"html_url": "x"})},
            Reason.ALIVE,
            id="a gist",
        ),
        pytest.param(f"https://gist.github.com/{GIST}", {}, Reason.DELETED, id="a deleted gist"),
    ],
)
async def test_judge(url, table, reason):
    assert (await check(PROVIDER, url, FakePorts(table))).reason is reason
