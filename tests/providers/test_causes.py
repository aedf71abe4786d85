"""To what resources belong that others may share, by each provider."""

import pytest

from monitor import providers
from monitor.core.causes import CauseKind
from monitor.core.identify import identify, link_to, provider_named
from monitor.core.model import Url

ALL = providers.find()
FILE = "https://drive.google.com/file/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/view"
VIDEO = "https://www.youtube.com/watch?v=0bMe_vCZo30"


@pytest.mark.parametrize(
    ("url", "facts", "expected"),
    [
        pytest.param("https://www.example.org/a", {}, ["host:example.org"], id="a page"),
        pytest.param("mailto:a@example.org", {}, [], id="what has no host"),
        pytest.param("https://bit.ly/x", {}, ["host:bit.ly"], id="a short link"),
        pytest.param("https://github.com/Mabel", {}, ["github:account:mabel"], id="an account"),
        pytest.param(
            "https://github.com/Mabel/Deep/issues/1",
            {},
            ["github:account:mabel", "github:repository:mabel/deep"],
            id="an issue",
        ),
        pytest.param(
            "https://github.com/mabel/deep/blob/Main/a.py",
            {},
            [
                "github:account:mabel",
                "github:repository:mabel/deep",
                "github:branch:mabel/deep@main",
            ],
            id="a file",
        ),
        pytest.param("https://gist.github.com/mabel/0123456789abcdef01234", {}, [], id="a gist"),
        pytest.param(VIDEO, {"channel": "A teacher"}, ["youtube:channel:A teacher"], id="a video"),
        pytest.param(VIDEO, {"title": "A lecture"}, [], id="a video of nobody knows whom"),
        pytest.param(VIDEO, {"channel": ["A", 1]}, [], id="a channel that is no name"),
        pytest.param(
            "https://www.youtube.com/@teacher",
            {"title": "A teacher"},
            ["youtube:channel:A teacher"],
            id="a channel",
        ),
        pytest.param(
            FILE,
            {"owner": "Ada", "owner_address": "ada@example.org"},
            ["google_drive:owner:ada@example.org"],
            id="a file whose owner has an address",
        ),
        pytest.param(FILE, {"owner": "Ada"}, ["google_drive:owner:Ada"], id="a file by a name"),
        pytest.param(FILE, {"owner": 3}, [], id="a file of a shared drive, or of nobody known"),
    ],
)
def test_to_what_a_resource_belongs(url, facts, expected):
    resource = identify(link_to(Url(url)), ALL)
    found = provider_named(resource.provider, ALL).causes(resource, facts)
    assert [cause.key for cause in found] == expected


def test_people_read_whose_it_is():
    resource = identify(link_to(Url(FILE)), ALL)
    drive = provider_named("google_drive", ALL)
    named = {"owner": "Ada", "owner_address": "ada@example.org"}
    (by_name,) = drive.causes(resource, named)
    (by_address,) = drive.causes(resource, {"owner_address": "ada@example.org"})
    assert (by_name.kind, by_name.name) == (CauseKind.OWNER, "the Google Drive of Ada")
    assert by_address.name == "the Google Drive of ada@example.org"
