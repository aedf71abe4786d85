"""The doubles of Google's APIs, asked by the real google-api-python-client."""

import json

import google.auth.transport
import httplib2
import pytest
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.world import World, WorldThread, keys
from tests.world.clients import Carrier, client
from tests.world.scenario import Entrance
from tests.world.service_account import ACCOUNT, write_account

FILE, FOLDER, KEYED, PRIVATE, DRIVE = (f"1Meadow{name:_<26}" for name in "fokps")
VIDEOS = [f"Meadow_{n:04}" for n in range(60)]
LIST = "PLMeadow0123456789"
STATE = {
    "youtube": {
        "videos": {
            **{id_: {"title": f"Lecture {id_}", "seconds": 3723} for id_ in VIDEOS},
            "Meadow_Priv": {"state": "private"},
            "Meadow_Unli": {"state": "unlisted"},
            "Meadow_Adul": {"state": "age"},
            "Meadow_NoEm": {"state": "no-embed"},
            "Meadow_Regi": {"blocked_in": ["KP"]},
            "Meadow_Soon": {"state": "upcoming"},
        },
        "playlists": {
            LIST: {"title": "All", "items": [*VIDEOS, "Meadow_Priv", "Meadow_Gone"]},
            "PLPrivate0123456789": {"state": "private"},
        },
        "channels": {"@meadow": {"title": "Meadow", "names": ["meadow-user"]}},
    },
    "drive": {
        "accounts": [ACCOUNT],
        "files": {
            FILE: {"name": "a.pdf", "size": 7, "md5": "0" * 32, "owner": "Ada"},
            FOLDER: {"kind": "folder", "entries": 1200},
            KEYED: {"key": "0-meadow"},
            PRIVATE: {"state": "sign-in-redirect", "shared_with": [ACCOUNT]},
            DRIVE: {"drive": "0AMeadow"},
        },
    },
}


def ask(world, request, **headers):
    """Return what the real library reads of an answer to a call of it."""
    request.headers.update({"X-Goog-Api-Key": keys.GOOGLE, **headers})
    return request.execute(http=Carrier(world))


def api(name):
    return build(name, "v3", http=httplib2.Http(), static_discovery=True)


def refused(world, request, **headers):
    """Return status and reason of the error that the real library raises."""
    with pytest.raises(HttpError) as raised:
        ask(world, request, **headers)
    details = raised.value.error_details
    return raised.value.status_code, details[0]["reason"] if details else None


def world_of(*more):
    both = {"youtube": {"keys": [keys.GOOGLE]}}
    return WorldThread(keys.STATE, both, STATE, *more)


@pytest.fixture(scope="module")
def world():
    with world_of() as there:
        yield there


def test_fifty_videos_cost_one_call_and_the_missing_are_silently_absent(world):
    asked = [*VIDEOS[:47], "Meadow_Priv", "Meadow_Gone", "Meadow_Unli"]
    before = world.count("youtube.googleapis.com")
    said = ask(
        world,
        api("youtube").videos().list(part="snippet,contentDetails,status", id=",".join(asked)),
    )
    assert [item["id"] for item in said["items"]] == [*VIDEOS[:47], "Meadow_Unli"]
    assert said["pageInfo"]["totalResults"] == 48
    assert said["items"][0]["contentDetails"]["duration"] == "PT1H2M3S"
    assert said["items"][-1]["status"]["privacyStatus"] == "unlisted"
    assert world.count("youtube.googleapis.com") - before == 1


def test_what_a_video_is_stands_in_the_parts_that_are_asked_for(world):
    ids = "Meadow_Adul,Meadow_NoEm,Meadow_Regi,Meadow_Soon"
    parts = "contentDetails,status,snippet,liveStreamingDetails"
    adult, plain, region, soon = ask(world, api("youtube").videos().list(part=parts, id=ids))[
        "items"
    ]
    assert adult["contentDetails"]["contentRating"] == {"ytRating": "ytAgeRestricted"}
    assert plain["status"]["embeddable"] is False
    assert region["contentDetails"]["regionRestriction"] == {"blocked": ["KP"]}
    assert soon["snippet"]["liveBroadcastContent"] == "upcoming"
    assert "scheduledStartTime" in soon["liveStreamingDetails"]
    (only,) = ask(world, api("youtube").videos().list(part="status", id="Meadow_Adul"))["items"]
    assert set(only) == {"kind", "etag", "id", "status"}


def test_a_field_mask_leaves_only_what_it_names(world):
    request = (
        api("youtube")
        .videos()
        .list(part="id,snippet", id="Meadow_0001", fields="items(id,snippet/title)")
    )
    item = {"id": "Meadow_0001", "snippet": {"title": "Lecture Meadow_0001"}}
    assert ask(world, request) == {"items": [item]}


def test_a_playlist_is_read_page_by_page_with_its_lost_videos(world):
    items = api("youtube").playlistItems()
    request = items.list(part="snippet,contentDetails,status", playlistId=LIST, maxResults=50)
    titles = []
    while request is not None:
        page = ask(world, request)
        titles += [item["snippet"]["title"] for item in page["items"]]
        request = items.list_next(request, page)
    assert len(titles) == 62
    assert titles[-2:] == ["Private video", "Deleted video"]


def test_playlists_that_are_private_or_gone_are_absent_and_refuse_their_items(world):
    ids = f"{LIST},PLPrivate0123456789,PLGone0123456789"
    listed = ask(world, api("youtube").playlists().list(part="snippet,contentDetails", id=ids))
    assert [(i["id"], i["contentDetails"]["itemCount"]) for i in listed["items"]] == [(LIST, 62)]
    items = api("youtube").playlistItems()
    private = items.list(part="id", playlistId="PLPrivate0123456789")
    gone = items.list(part="id", playlistId="PLGone0123456789")
    assert refused(world, private) == (403, "playlistItemsNotAccessible")
    assert refused(world, gone) == (404, "playlistNotFound")


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ({"forHandle": "@Meadow"}, ["Meadow"]),
        ({"forUsername": "meadow-user"}, ["Meadow"]),
        ({"id": "UCmeadow________________"}, ["Meadow"]),
        ({"forHandle": "@nobody"}, []),
    ],
)
def test_a_channel_is_found_by_its_names(world, how, found):
    said = ask(world, api("youtube").channels().list(part="snippet", **how))
    assert [item["snippet"]["title"] for item in said.get("items", [])] == found


@pytest.mark.parametrize(
    ("state", "status", "reason"),
    [
        ({"quota": 0}, 403, "quotaExceeded"),
        ({"error": "keyInvalid"}, 400, "keyInvalid"),
        ({"error": "accessNotConfigured"}, 403, "accessNotConfigured"),
    ],
)
def test_youtube_refuses_as_documented(state, status, reason):
    with world_of({"youtube": state}) as world:
        request = api("youtube").videos().list(part="id", id="Meadow_0001")
        assert refused(world, request) == (status, reason)


def test_a_quota_ends_in_the_middle():
    with world_of({"youtube": {"quota": 2}}) as world:
        request = api("youtube").videos().list(part="id", id="Meadow_0001")
        assert [len(ask(world, request)["items"]) for _ in "ab"] == [1, 1]
        assert refused(world, request) == (403, "quotaExceeded")


@pytest.mark.parametrize("name", ["youtube", "drive"])
def test_who_shows_no_key_or_a_bad_one_is_told_so(world, name):
    request = (
        api(name).videos().list(part="id", id="Meadow_0001")
        if name == "youtube"
        else api(name).files().get(fileId=FILE)
    )
    assert refused(world, request, **{"X-Goog-Api-Key": "bad"})[0] == 400
    del request.headers["X-Goog-Api-Key"]
    with pytest.raises(HttpError) as raised:
        request.execute(http=Carrier(world))
    assert raised.value.error_details[0]["reason"] == "dailyLimitExceededUnreg"
    assert refused(world, request, Authorization="Bearer bad") == (401, "authError")


def test_a_file_says_what_its_mask_names(world):
    fields = "id,name,size,md5Checksum,owners(displayName),capabilities(canDownload),trashed"
    said = ask(world, api("drive").files().get(fileId=FILE, fields=fields))
    assert said == {
        "id": FILE,
        "name": "a.pdf",
        "size": "7",
        "md5Checksum": "0" * 32,
        "owners": [{"displayName": "Ada"}],
        "capabilities": {"canDownload": True},
        "trashed": False,
    }


def test_a_file_that_is_missing_or_not_shared_answers_404(world):
    for id_ in (PRIVATE, "1MeadowNobodyNobodyNobodyNobody"):
        assert refused(world, api("drive").files().get(fileId=id_)) == (404, "notFound")
    assert refused(world, api("drive").files().get(fileId=DRIVE)) == (404, "notFound")
    assert ask(world, api("drive").files().get(fileId=DRIVE, supportsAllDrives=True))["id"] == DRIVE


def test_a_resource_key_travels_as_a_header(world):
    request = api("drive").files().get(fileId=KEYED)
    assert refused(world, request) == (404, "notFound")
    named = {"X-Goog-Drive-Resource-Keys": f"{FILE}/0-other,{KEYED}/0-meadow"}
    assert ask(world, request, **named)["id"] == KEYED


def test_a_folder_is_listed_page_by_page_and_a_general_list_refused(world):
    files = api("drive").files()
    request = files.list(q=f"'{FOLDER}' in parents and trashed=false", pageSize=1000)
    counts = []
    while request is not None:
        page = ask(world, request)
        counts.append(len(page["files"]))
        request = files.list_next(request, page)
    assert counts == [1000, 200]
    assert refused(world, files.list(pageSize=10)) == (403, "insufficientFilePermissions")


def batched(world, ids):
    """Return what the real library's callbacks were given, by id."""
    found = {}
    batch = api("drive").new_batch_http_request(
        lambda id_, said, error: found.update({ids[int(id_)]: error or said})
    )
    for n, id_ in enumerate(ids):
        request = api("drive").files().get(fileId=id_, fields="id")
        request.headers["X-Goog-Api-Key"] = keys.GOOGLE
        batch.add(request, request_id=str(n))
    batch.execute(http=Carrier(world))
    return found


def test_a_batch_of_a_hundred_is_one_post(world):
    before = len(world.requests)
    found = batched(world, [FILE, PRIVATE, *(f"1MeadowX{n:_<25}" for n in range(98))])
    assert len(world.requests) - before == 1
    assert found[FILE] == {"id": FILE}
    assert found[PRIVATE].error_details[0]["reason"] == "notFound"
    assert len(found) == 100


def test_a_batch_loses_and_garbles_parts_on_command():
    with world_of({"drive": {"batch_lost": [1]}}) as world, pytest.raises(KeyError):
        batched(world, [FILE, KEYED])
    with world_of({"drive": {"batch_garbled": [1]}}) as world:  # what is no JSON comes as it is
        assert batched(world, [DRIVE, FILE])[FILE] == '{"id": "cut o'
    with world_of({"drive": {"batch_renamed": [0]}}) as world, pytest.raises(KeyError):
        batched(world, [FILE, KEYED])


def test_a_batch_of_more_than_a_hundred_is_refused_and_remembered():
    with world_of() as world:
        with pytest.raises(HttpError):
            batched(world, [f"1MeadowX{n:_<25}" for n in range(101)])
        assert world.complaints == ["a batch of 101 calls"]


def test_an_api_refuses_some_calls_on_command():
    with world_of({"drive": {"refuse_next": 1}}) as world:
        request = api("drive").files().get(fileId=FILE)
        assert refused(world, request) == (403, "userRateLimitExceeded")
        assert ask(world, request)["id"] == FILE


class Transport(google.auth.transport.Request):
    """What google-auth asks with, in a world."""

    def __init__(self, world):
        self._http = Carrier(world)

    def __call__(self, url, method="GET", body=None, headers=None, **_):
        said, content = self._http.request(url, method, body, headers or {})
        return type("Said", (), {"status": said.status, "headers": said, "data": content})()


def test_a_service_account_gets_a_token_and_sees_what_is_shared_with_it(world, tmp_path):
    scopes = ["https://www.googleapis.com/auth/drive.metadata.readonly"]
    file = str(write_account(tmp_path / "account.json"))
    account = service_account.Credentials.from_service_account_file(file, scopes=scopes)
    account.refresh(Transport(world))
    request = api("drive").files().get(fileId=PRIVATE)
    assert ask(world, request, Authorization=f"Bearer {account.token}")["id"] == PRIVATE


def test_an_account_that_nobody_knows_gets_no_token(world, tmp_path):
    file = write_account(tmp_path / "account.json", email="stranger@world.test")
    account = service_account.Credentials.from_service_account_file(str(file), scopes=["a"])
    with pytest.raises(google.auth.exceptions.RefreshError, match="account not found"):
        account.refresh(Transport(world))


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        (
            f"https://youtube.googleapis.com/youtube/v3/videos?part=id&id=a&key={keys.GOOGLE}",
            "key= stands in the URL of a request to youtube.googleapis.com",
        ),
        (
            "https://www.googleapis.com/youtube/v3/search?q=meadow",
            "the collection search",
        ),
        (
            f"https://www.googleapis.com/drive/v3/files/{FILE}?alt=media",
            f"/drive/v3/files/{FILE} with alt=media",
        ),
        (
            f"https://www.googleapis.com/drive/v3/files/{FILE}?color=green",
            f"/drive/v3/files/{FILE} has no parameter color",
        ),
        (
            "https://www.googleapis.com/youtube/v3/videos?part=id&id=" + ",".join("a" * 51),
            "51 ids in a call",
        ),
        ("https://www.googleapis.com/calendar/v3", "GET www.googleapis.com/calendar/v3"),
    ],
)
async def test_what_nobody_should_ask_is_answered_400_and_remembered(url, complaint):
    both = {"youtube": {"keys": [keys.GOOGLE]}}
    async with World(keys.STATE, both, STATE) as world, client(world, Entrance.PROXY) as there:
        said = await there.ask(url, headers={"X-Goog-Api-Key": keys.GOOGLE})
    assert said.status == 400
    assert complaint in world.complaints
    assert complaint in json.dumps(said.json)
