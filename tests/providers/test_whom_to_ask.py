"""The facts by which somebody can be asked: a channel's address, a file's owner."""

import pytest

from monitor.providers._google_drive_files import facts_of
from monitor.providers._youtube_facts import channel_url, of_info, of_item

ID = "UCW0z1e8WMvRZuTa5UJV7CWA"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (ID, f"https://www.youtube.com/channel/{ID}"),
        ("https://www.youtube.com/@teacher", "https://www.youtube.com/@teacher"),
        ("http://www.youtube.com/c/teacher", "https://www.youtube.com/c/teacher"),
        ("https://evil.example/@teacher", None),
        ("https://www.youtube.com/@teacher?x=<script>", None),
        ("teacher", None),
        ("", None),
        (None, None),
    ],
)
def test_a_channel_has_an_address_on_youtube(told, expected):
    assert channel_url(told) == expected


def test_the_data_api_and_ytdlp_tell_the_same_address():
    address = f"https://www.youtube.com/channel/{ID}"
    assert of_item({"snippet": {"channelId": ID}})["channel_url"] == address
    assert of_info({"channel_id": ID})["channel_url"] == address


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        (
            [{"displayName": "Ada", "emailAddress": "ada.l+x@mail.example.org"}],
            "ada.l+x@mail.example.org",
        ),
        ([{"displayName": "Ada"}, {"emailAddress": "bo@example.org"}], None),
        ([{"emailAddress": "ada@example.org\nBcc: all@example.org"}], None),
        ([{"emailAddress": ["ada@example.org"]}], None),
        ([], None),
    ],
)
def test_a_file_has_the_address_of_its_first_owner(owners, expected):
    assert facts_of({"owners": owners}).get("owner_address") == expected
