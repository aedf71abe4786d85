"""What an API key or an account adds: folders, downloads, private views."""

import pytest

from monitor.core.ports import FailureKind
from monitor.core.reasons import Reason
from monitor.providers.google_drive import PROVIDER
from tests.providers.fakes import FakePorts, check, drive, link, nothing, reply
from tests.providers.test_google_drive import FOLDER, ID, OPEN, VIEW
from tests.providers.test_google_drive_api import (
    ACCOUNT,
    FACTS,
    GET,
    GOOGLES,
    NAMED,
    OTHER,
    SORRY,
    WALL,
    error,
    item,
    shortcut,
)
from tests.providers.test_google_drive_pages import LISTING, UC, page

LIST = f"drive files.list '{ID}' in parents and trashed=false"
CHILDREN = [{"id": OTHER, "name": "a", "mimeType": "application/pdf"}] * 2
FOLDER_ITEM = item(mimeType=f"{GOOGLES}.folder", size=None, md5Checksum=None, name="Slides")


@pytest.mark.parametrize(
    ("listed", "reason", "facts"),
    [
        pytest.param(
            {"files": [*CHILDREN, {}, 7]},
            Reason.ALIVE,
            {"children": 4, "contents": {"application/pdf": 2, "unknown": 2}},
            id="what it holds is counted",
        ),
        pytest.param({"files": []}, Reason.EMPTY, {"children": 0}, id="an empty folder"),
        pytest.param(
            {"files": CHILDREN, "nextPageToken": "x"},
            Reason.ALIVE,
            {"children": 2, "contents": {"application/pdf": 2}, "more_children": True},
            id="and more",
        ),
        pytest.param(
            {"files": [], "incompleteSearch": True},
            Reason.ALIVE,
            {"children": 0, "contents": {}, "more_children": True},
            id="a search that was not complete found nothing yet",
        ),
        pytest.param({}, Reason.ALIVE, {}, id="no list"),
        pytest.param({"files": "x"}, Reason.ALIVE, {}, id="a list of the wrong shape"),
        pytest.param(error("notFound", 404), Reason.ALIVE, {}, id="a list that is refused"),
        pytest.param(nothing(FailureKind.QUOTA), Reason.ALIVE, {}, id="no quota for the list"),
    ],
)
@pytest.mark.parametrize("url", [FOLDER, OPEN])
async def test_what_a_folder_holds_is_counted(url, listed, reason, facts):
    ports = FakePorts(apis={GET: FOLDER_ITEM, LIST: listed})
    verdict = await check(PROVIDER, url, ports)
    known = {"name": "Slides", "type": f"{GOOGLES}.folder", "owner": "Ada"}
    assert verdict.reason is reason
    assert verdict.facts == {**known, "modified": FACTS["modified"], **facts}
    assert ports.asked == []


async def test_an_emptied_folder_in_the_trash_is_in_the_trash():
    apis = {GET: {**FOLDER_ITEM, "trashed": True}, LIST: {"files": []}}
    verdict = await check(PROVIDER, FOLDER, FakePorts(apis=apis))
    assert (verdict.reason, verdict.facts["children"]) == (Reason.TRASHED, 0)


@pytest.mark.parametrize(
    ("said", "loaded", "reason"),
    [
        pytest.param(item(), page("Google Drive - Quota exceeded"), Reason.DOWNLOAD_QUOTA, id="a"),
        pytest.param(item(), reply(200, content_disposition="inline"), Reason.ALIVE, id="it works"),
        pytest.param(item(), SORRY, Reason.ALIVE, id="the page suspects us, the key sees it"),
        pytest.param(
            item(),
            page("Google Drive - Can't download file", status=403),
            Reason.DOWNLOAD_FORBIDDEN,
            id="not allowed, says the page",
        ),
    ],
)
async def test_a_download_is_tried_where_a_link_leads_to_it(said, loaded, reason):
    ports = FakePorts({UC: loaded}, apis={GET: said})
    verdict = await check(PROVIDER, UC, ports)
    assert verdict.reason is reason
    assert verdict.facts["md5"] == FACTS["md5"]
    assert ports.asked == [UC]


@pytest.mark.parametrize(
    ("url", "said", "reason"),
    [
        pytest.param(
            UC,
            item(capabilities={"canDownload": False}),
            Reason.DOWNLOAD_FORBIDDEN,
            id="a download that the API says is not allowed",
        ),
        pytest.param(
            f"https://docs.google.com/document/d/{ID}/export?format=pdf",
            item(capabilities={"canDownload": False}, mimeType=f"{GOOGLES}.document"),
            Reason.DOWNLOAD_FORBIDDEN,
            id="an export that is not allowed",
        ),
        pytest.param(
            VIEW,
            item(capabilities={"canDownload": False}),
            Reason.ALIVE,
            id="who only looks does not mind",
        ),
        pytest.param(
            UC, item(mimeType=f"{GOOGLES}.document"), Reason.ALIVE, id="a document is not tried"
        ),
        pytest.param(UC, item(trashed=True), Reason.TRASHED, id="nor what is in the trash"),
    ],
)
async def test_what_the_api_tells_of_a_download_is_not_asked_again(url, said, reason):
    ports = FakePorts(apis={GET: said})
    assert (await check(PROVIDER, url, ports)).reason is reason
    assert ports.asked == []


async def test_a_download_that_may_not_be_asked_is_taken_for_good():
    verdict = await check(PROVIDER, UC, FakePorts(apis={GET: item()}), without=["download"])
    assert verdict.reason is Reason.ALIVE


@pytest.mark.parametrize(
    ("table", "said", "reason"),
    [
        pytest.param({VIEW: WALL}, item(), Reason.NOT_SHARED, id="what an account sees is private"),
        pytest.param({}, item(), Reason.NOT_SHARED, id="it is there, though not for readers"),
        pytest.param({VIEW: NAMED}, item(), Reason.ALIVE, id="readers see it too"),
        pytest.param({VIEW: NAMED}, item(trashed=True), Reason.TRASHED, id="in the trash"),
        pytest.param(
            {VIEW: NAMED},
            shortcut(targetId=OTHER, targetMimeType="application/pdf"),
            Reason.LEADS_ON,
            id="a shortcut",
        ),
    ],
)
async def test_an_account_adds_what_it_knows_but_readers_decide(table, said, reason):
    ports = FakePorts(table, apis={GET: said})
    verdict = await check(PROVIDER, VIEW, ports, without=["api", "children"])
    assert verdict.reason is reason
    assert verdict.facts["owner"] == "Ada"
    assert "downloadable" not in verdict.facts
    assert [call.credential for calls in ports.called for call in calls] == ["google_account"]


async def test_an_account_that_sees_nothing_changes_nothing():
    verdict = await check(PROVIDER, VIEW, FakePorts({VIEW: NAMED}), without=["api"])
    assert (verdict.reason, verdict.facts) == (Reason.ALIVE, {"name": "cnn.pdf"})


async def test_a_folder_that_no_key_sees_is_judged_by_its_listing():
    resource = PROVIDER.identify(link(FOLDER))
    ports = FakePorts({LISTING: page("Slides", '<a href="/file/d/' + OTHER + '">a</a>')})
    verdict, asked = await drive(PROVIDER, resource, ports, without=ACCOUNT)
    assert verdict.reason is Reason.ALIVE
    assert asked == ["api", "listing"]
