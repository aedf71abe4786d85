"""What the Drive API tells with a key, and who has the last word: readers, not accounts."""

import pytest

from monitor.core.ports import Failure, FailureKind
from monitor.core.provider import Answer, Document
from monitor.core.reasons import Reason
from monitor.providers.google_drive import PROVIDER
from tests.providers.fakes import AT, FakePorts, check, drive, link, nothing, reply
from tests.providers.test_google_drive import (
    DOCUMENT,
    FORM,
    ID,
    KEY,
    OPEN,
    PUBLISHED,
    VIEW,
)
from tests.providers.test_google_drive_pages import SIGN_IN, page

OTHER = "1OtherFile0000000000000000000000A"
GET = f"drive files.get {ID}"
GOOGLES = "application/vnd.google-apps"
ACCOUNT = ["account"]


def item(**more):
    """Return the API's item of a shared file."""
    return {
        "id": ID,
        "name": "cnn.pdf",
        "mimeType": "application/pdf",
        "size": "123456",
        "md5Checksum": "0123456789abcdef",
        "modifiedTime": "2024-02-03T08:00:00.000Z",
        "trashed": False,
        "capabilities": {"canDownload": True},
        "owners": [{"displayName": "Ada"}],
        **more,
    }


FACTS = {
    "name": "cnn.pdf",
    "type": "application/pdf",
    "size": 123456,
    "md5": "0123456789abcdef",
    "owner": "Ada",
    "modified": "2024-02-03T08:00:00.000Z",
    "downloadable": True,
}


def error(reason, status):
    return {"error": {"status": status, "reason": reason, "message": "x"}}


async def test_a_file_that_the_key_sees_is_seen_by_everybody_and_costs_one_call():
    ports = FakePorts(apis={GET: item()})
    verdict = await check(PROVIDER, VIEW, ports)
    assert (verdict.reason, verdict.facts) == (Reason.ALIVE, FACTS)
    assert len(ports.called) == 1
    assert ports.asked == []


async def test_the_call_names_the_file_its_fields_and_its_resource_key():
    ports = FakePorts(apis={GET: item()})
    await check(PROVIDER, f"{VIEW}?resourcekey={KEY}", ports)
    ((call,),) = ports.called
    assert (call.api, call.version, call.method) == ("drive", "v3", ("files", "get"))
    assert (call.arguments["fileId"], call.arguments["supportsAllDrives"]) == (ID, True)
    assert "md5Checksum" in call.arguments["fields"]
    assert call.credential == "google"
    assert call.headers == {"X-Goog-Drive-Resource-Keys": f"{ID}/{KEY}"}


async def test_250_files_are_three_batches_and_each_gets_its_own_answer():
    ids = [f"{n:033}" for n in range(250)]
    apis = {f"drive files.get {id_}": item(id=id_, name=id_) for id_ in ids}
    ports = FakePorts(apis=apis)
    files = [PROVIDER.identify(link(f"https://drive.google.com/file/d/{id_}/view")) for id_ in ids]
    batches = PROVIDER.probes["api"].cut(files)
    answers = {}
    for batch in batches:
        answers |= await PROVIDER.probes["api"].ask(batch, ports)
    assert [len(batch) for batch in batches] == [100, 100, 50]
    assert len(ports.called) == 3
    assert {id_: answers[f"drive:file:{id_}"].said.body["name"] for id_ in ids} == {
        id_: id_ for id_ in ids
    }


@pytest.mark.parametrize(
    ("more", "facts"),
    [
        pytest.param({"owners": None}, {"owner": None}, id="a file of a shared drive has no owner"),
        pytest.param(
            {"owners": [{"displayName": "Ada"}, {"displayName": "Bo"}]},
            {"owner": "Ada, Bo"},
            id="two owners",
        ),
        pytest.param(
            {"capabilities": {"canDownload": False}}, {"downloadable": False}, id="no download"
        ),
        pytest.param(
            {"capabilities": None, "copyRequiresWriterPermission": True},
            {"downloadable": False},
            id="no download for readers",
        ),
        pytest.param({"capabilities": 7}, {"downloadable": None}, id="no word on downloads"),
        pytest.param(
            {"name": 7, "size": -1, "mimeType": [], "md5Checksum": {}, "owners": "Ada"},
            {"name": None, "size": -1, "type": None, "md5": None, "owner": None},
            id="nonsense is left out",
        ),
    ],
)
async def test_the_facts_are_what_the_api_tells(more, facts):
    verdict = await check(PROVIDER, VIEW, FakePorts(apis={GET: item(**more)}))
    wanted = {name: value for name, value in {**FACTS, **facts}.items() if value is not None}
    assert (verdict.reason, verdict.facts) == (Reason.ALIVE, wanted)


def shortcut(**details):
    return item(mimeType=f"{GOOGLES}.shortcut", shortcutDetails=details)


@pytest.mark.parametrize(
    ("said", "reason", "leads_to"),
    [
        pytest.param(item(trashed=True), Reason.TRASHED, None, id="in the trash"),
        pytest.param(item(trashed="true"), Reason.ALIVE, None, id="only a true true counts"),
        pytest.param(
            shortcut(targetId=OTHER, targetMimeType="application/pdf"),
            Reason.LEADS_ON,
            f"https://drive.google.com/file/d/{OTHER}/view",
            id="a shortcut to a file",
        ),
        pytest.param(
            shortcut(targetId=OTHER, targetMimeType=f"{GOOGLES}.folder", targetResourceKey=KEY),
            Reason.LEADS_ON,
            f"https://drive.google.com/drive/folders/{OTHER}?resourcekey={KEY}",
            id="a shortcut to a folder with a key",
        ),
        pytest.param(
            shortcut(targetId=OTHER, targetMimeType=f"{GOOGLES}.form", targetResourceKey="a b"),
            Reason.LEADS_ON,
            f"https://docs.google.com/forms/d/{OTHER}/viewform",
            id="a shortcut to a form, with nonsense for a key",
        ),
    ],
)
async def test_a_file_that_is_there_may_still_have_a_story(said, reason, leads_to):
    verdict = await check(PROVIDER, VIEW, FakePorts(apis={GET: said}))
    assert (verdict.reason, verdict.leads_to) == (reason, leads_to)


FORBIDDEN = reply(403)
NAMED = page("cnn.pdf - Google Drive")
WALL = reply(302, location=SIGN_IN)
SORRY = reply(302, location="https://www.google.com/sorry/index?continue=x")


@pytest.mark.parametrize(
    ("said", "shown", "reason"),
    [
        pytest.param(error("notFound", 404), WALL, Reason.NOT_SHARED, id="not shared"),
        pytest.param(error("notFound", 404), reply(404), Reason.DELETED, id="deleted"),
        pytest.param(error("notFound", 404), NAMED, Reason.ALIVE, id="readers see it all the same"),
        pytest.param(error("notFound", 404), SORRY, Reason.NOT_SHARED, id="the page suspects us"),
        pytest.param(error("notFound", 404), reply(503), Reason.NOT_SHARED, id="the page is down"),
        pytest.param(error("notFound", 404), FORBIDDEN, Reason.TAKEN_DOWN, id="a bare 403 too"),
        pytest.param(
            error("notFound", 404), page("?"), Reason.UNEXPECTED_ANSWER, id="an unreadable page"
        ),
        pytest.param(
            error("notFound", 404), nothing(FailureKind.NETWORK), Reason.OWN_NETWORK, id="no net"
        ),
        pytest.param(error("forbidden", 403), SORRY, Reason.RATE_LIMITED, id="forbidden"),
        pytest.param(error("forbidden", 403), WALL, Reason.NOT_SHARED, id="the page is sure"),
        pytest.param(
            error("forbidden", 403), FORBIDDEN, Reason.BLOCKED, id="a 403 of both proves nothing"
        ),
        pytest.param(
            error("PERMISSION_DENIED", 403), SORRY, Reason.RATE_LIMITED, id="new envelope"
        ),
        pytest.param(error("domainPolicy", 403), reply(503), Reason.SERVER_ERROR, id="a policy"),
        pytest.param(
            error("insufficientFilePermissions", 403),
            FORBIDDEN,
            Reason.BLOCKED,
            id="no permission is no proof that readers see nothing",
        ),
        pytest.param(
            error("NOT_FOUND", 404), SORRY, Reason.NOT_SHARED, id="not found in the new envelope"
        ),
        pytest.param(error("strange", 404), SORRY, Reason.NOT_SHARED, id="a 404 of a new name"),
        pytest.param(error("strange", 403), SORRY, Reason.RATE_LIMITED, id="a 403 of a new name"),
        pytest.param(error("backendError", 503), NAMED, Reason.ALIVE, id="the API is down"),
        pytest.param(error("backendError", 503), SORRY, Reason.RATE_LIMITED, id="both are"),
        pytest.param(nothing(FailureKind.QUOTA), NAMED, Reason.ALIVE, id="our quota is spent"),
        pytest.param(nothing(FailureKind.CREDENTIAL), WALL, Reason.NOT_SHARED, id="a refused key"),
        pytest.param(item(id=OTHER), NAMED, Reason.ALIVE, id="another file's answer is not ours"),
        pytest.param(item(id=OTHER), SORRY, Reason.RATE_LIMITED, id="and proves nothing"),
        pytest.param(
            item(error={"code": 404}), SORRY, Reason.RATE_LIMITED, id="a success with an error"
        ),
        pytest.param([], NAMED, Reason.ALIVE, id="a list in place of an item"),
        pytest.param(
            shortcut(targetId="short"), NAMED, Reason.ALIVE, id="a shortcut that says not where to"
        ),
    ],
)
async def test_what_the_key_does_not_see_the_page_decides(said, shown, reason):
    ports = FakePorts({VIEW: shown}, apis={GET: said})
    assert (await check(PROVIDER, VIEW, ports, without=ACCOUNT)).reason is reason
    assert VIEW in ports.asked


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        pytest.param("drive.google.com", Reason.TAKEN_DOWN, id="Google's"),
        pytest.param("doc-0s-docs.googleusercontent.com", Reason.UNEXPECTED_ANSWER, id="a broken"),
        pytest.param("gateway.example.org", Reason.UNEXPECTED_ANSWER, id="somebody else's"),
        pytest.param("drive.google.com.example.org", Reason.UNEXPECTED_ANSWER, id="a likeness"),
    ],
)
def test_only_googles_own_403_says_that_a_file_was_taken_down(host, reason):
    hidden = Document(status=404, url=VIEW, body=error("notFound", 404))
    refused = Document(status=403, url=f"https://{host}/x", body={})
    answers = [
        Answer(probe=probe, at=AT, said=said, exchanges=())
        for probe, said in (("api", hidden), ("page", refused), ("open", refused))
    ]
    verdict = PROVIDER.judge(PROVIDER.identify(link(VIEW)), answers, frozenset())
    assert verdict.reason is reason


async def test_an_address_of_any_kind_may_be_a_forms_which_no_key_sees():
    ports = FakePorts({VIEW: SORRY})
    verdict = await check(PROVIDER, OPEN, ports, without=ACCOUNT)
    assert verdict.reason is Reason.RATE_LIMITED


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(error("notFound", 404), Reason.NOT_SHARED, id="hidden"),
        pytest.param(error("forbidden", 403), Reason.BLOCKED, id="a plain forbidden"),
        pytest.param(error("PERMISSION_DENIED", 403), Reason.BLOCKED, id="the same, newer"),
        pytest.param(error("domainPolicy", 403), Reason.BLOCKED, id="a domain's policy"),
        pytest.param(error("cannotDownloadAbusiveFile", 403), Reason.UNSAFE, id="harmful"),
        pytest.param(error("downloadQuotaExceeded", 403), Reason.DOWNLOAD_QUOTA, id="quota"),
        pytest.param(error("userRateLimitExceeded", 403), Reason.RATE_LIMITED, id="too fast"),
        pytest.param(error("", 429), Reason.RATE_LIMITED, id="too fast by its status"),
        pytest.param(error("accessNotConfigured", 403), Reason.OWN_CREDENTIAL, id="not enabled"),
        pytest.param(error("dailyLimitExceeded", 403), Reason.OWN_QUOTA, id="spent"),
        pytest.param(error("x", 500), Reason.SERVER_ERROR, id="theirs"),
        pytest.param(error(7, "x"), Reason.UNEXPECTED_ANSWER, id="wrong shapes"),
        pytest.param("<html>", Reason.UNEXPECTED_ANSWER, id="no JSON of theirs"),
        pytest.param(item(id=OTHER), Reason.UNEXPECTED_ANSWER, id="another file's item"),
        pytest.param(nothing(FailureKind.UNREADABLE), Reason.UNEXPECTED_ANSWER, id="unreadable"),
    ],
)
async def test_the_apis_word_by_itself(said, reason):
    pages = [name for name in PROVIDER.probes if name != "api"]
    verdict = await check(PROVIDER, VIEW, FakePorts(apis={GET: said}), without=pages)
    assert verdict.reason is reason


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(FORM, id="a form has other readers than its file"),
        pytest.param(
            f"https://docs.google.com/document/d/e/{PUBLISHED}/pub", id="published is no file"
        ),
    ],
)
async def test_what_the_api_cannot_know_it_is_not_asked(url):
    ports = FakePorts({url: page("Vote!")})
    assert (await check(PROVIDER, url, ports)).reason is Reason.ALIVE
    assert ports.called == []


async def test_a_spent_quota_ends_the_asking_of_the_api():
    spent = Failure(kind=FailureKind.QUOTA, detail="Spent.")
    ports = FakePorts({DOCUMENT: page("Notes - Google Docs")}, apis={GET: spent})
    resource = PROVIDER.identify(link(DOCUMENT))
    verdict, asked = await drive(PROVIDER, resource, ports, without=ACCOUNT)
    assert verdict.reason is Reason.ALIVE
    assert asked == ["api", "page"]


def test_every_fact_of_identity_is_documented():
    identity = [name for name, fact in PROVIDER.facts.items() if fact.identity]
    assert identity == ["name", "type", "size", "md5", "owner"]
