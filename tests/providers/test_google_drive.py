"""What Google Drive's addresses name."""

import pytest

from monitor.providers.google_drive import PROVIDER
from tests.providers.fakes import link

ID = "1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb"
KEY = "0-resourceKey_1"
PUBLISHED = "2PACX-1vQabcdefghijklmnopqrstu"
VIEW = f"https://drive.google.com/file/d/{ID}/view"
OPEN = f"https://drive.google.com/open?id={ID}"
FOLDER = f"https://drive.google.com/drive/folders/{ID}"
DOCUMENT = f"https://docs.google.com/document/d/{ID}/edit"
FORM = f"https://docs.google.com/forms/d/{ID}/viewform"
EXAMPLES = [
    VIEW,
    f"{FOLDER}?resourcekey={KEY}",
    f"{DOCUMENT}#heading=h.1",
    FORM,
    f"https://colab.research.google.com/drive/{ID}",
    f"https://docs.google.com/document/d/e/{PUBLISHED}/pub",
    "https://sites.google.com/view/course/home#h.week1",
    "https://colab.research.google.com/drive/1Q7LtZ",
]


@pytest.mark.parametrize(
    ("url", "id_", "canonical"),
    [
        (f"https://drive.google.com/file/d/{ID}", f"file:{ID}", VIEW),
        (f"https://drive.google.com/file/d/{ID}/view?usp=sharing", f"file:{ID}", VIEW),
        (f"https://drive.google.com/file/d/{ID}/preview", f"file:{ID}", VIEW),
        (f"https://drive.google.com/file/u/1/d/{ID}/edit", f"file:{ID}", VIEW),
        (f"https://drive.google.com/a/school.edu/file/d/{ID}/view", f"file:{ID}", VIEW),
        (OPEN, f"file:{ID}", VIEW),
        (f"https://drive.google.com/uc?export=download&id={ID}", f"file:{ID}", VIEW),
        (f"https://drive.google.com/u/0/uc?id={ID}", f"file:{ID}", VIEW),
        (f"https://docs.google.com/uc?id={ID}", f"file:{ID}", VIEW),
        (f"https://drive.usercontent.google.com/download?id={ID}", f"file:{ID}", VIEW),
        (f"https://drive.google.com/thumbnail?id={ID}", f"file:{ID}", VIEW),
        (f"https://lh3.googleusercontent.com/d/{ID}=w1000", f"file:{ID}", VIEW),
        (f"https://colab.research.google.com/drive/{ID}?usp=sharing", f"file:{ID}", VIEW),
        (f"https://drive.google.com/drive/folders/{ID}", f"folder:{ID}", FOLDER),
        (f"https://drive.google.com/drive/u/0/folders/{ID}/", f"folder:{ID}", FOLDER),
        (f"https://drive.google.com/drive/mobile/folders/{ID}", f"folder:{ID}", FOLDER),
        (f"https://drive.google.com/folder/d/{ID}/edit", f"folder:{ID}", FOLDER),
        (f"https://drive.google.com/folderview?id={ID}", f"folder:{ID}", FOLDER),
        (f"https://drive.google.com/embeddedfolderview?id={ID}#list", f"folder:{ID}", FOLDER),
        (f"https://docs.google.com/document/d/{ID}", f"file:{ID}", DOCUMENT),
        (f"https://docs.google.com/document/u/0/d/{ID}/edit#heading=h.1", f"file:{ID}", DOCUMENT),
        (f"https://docs.google.com/a/school.edu/document/d/{ID}/preview", f"file:{ID}", DOCUMENT),
        (
            f"https://docs.google.com/spreadsheets/d/{ID}/export?format=csv",
            f"file:{ID}",
            f"https://docs.google.com/spreadsheets/d/{ID}/edit",
        ),
        (
            f"https://docs.google.com/presentation/d/{ID}/present?slide=id.p",
            f"file:{ID}",
            f"https://docs.google.com/presentation/d/{ID}/edit",
        ),
        (
            f"https://docs.google.com/drawings/d/{ID}/preview",
            f"file:{ID}",
            f"https://docs.google.com/drawings/d/{ID}/edit",
        ),
        (f"https://docs.google.com/file/d/{ID}/edit", f"file:{ID}", VIEW),
        (f"https://docs.google.com/a/school.edu/u/1/file/d/{ID}", f"file:{ID}", VIEW),
        (f"https://drive.google.com/a/school.edu/u/2/uc?id={ID}", f"file:{ID}", VIEW),
        (f"https://lh5.googleusercontent.com/d/{ID}", f"file:{ID}", VIEW),
        (f"https://drive.google.com/a/school.edu/folderview?id={ID}", f"folder:{ID}", FOLDER),
        (f"https://drive.google.com/drive/u/1/mobile/folders/{ID}", f"folder:{ID}", FOLDER),
        (
            f"https://docs.google.com/presentation/d/{ID}/embed?start=false",
            f"published:{ID}",
            f"https://docs.google.com/presentation/d/{ID}/embed",
        ),
        (
            f"https://docs.google.com/document/d/{ID}/pub",
            f"published:{ID}",
            f"https://docs.google.com/document/d/{ID}/pub",
        ),
        (
            f"https://docs.google.com/spreadsheets/d/{ID}/pubchart?oid=1",
            f"published:{ID}",
            f"https://docs.google.com/spreadsheets/d/{ID}/pub",
        ),
        (f"https://docs.google.com/forms/d/{ID}/viewform", f"file:{ID}", FORM),
        (
            f"https://docs.google.com/document/d/e/{PUBLISHED}/pub?embedded=true",
            f"published:{PUBLISHED}",
            f"https://docs.google.com/document/d/e/{PUBLISHED}/pub",
        ),
        (
            f"https://docs.google.com/spreadsheets/d/e/{PUBLISHED}",
            f"published:{PUBLISHED}",
            f"https://docs.google.com/spreadsheets/d/e/{PUBLISHED}/pub",
        ),
        (
            f"https://docs.google.com/spreadsheets/d/e/{PUBLISHED}/pubhtml",
            f"published:{PUBLISHED}",
            f"https://docs.google.com/spreadsheets/d/e/{PUBLISHED}/pubhtml",
        ),
        (
            f"https://docs.google.com/forms/d/e/{PUBLISHED}/formResponse",
            f"published:{PUBLISHED}",
            f"https://docs.google.com/forms/d/e/{PUBLISHED}/viewform",
        ),
    ],
)
def test_one_file_is_one_resource_by_whatever_address(url, id_, canonical):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert (resource.id, resource.url) == (f"drive:{id_}", canonical)
    assert PROVIDER.identify(link(resource.url)) == resource


@pytest.mark.parametrize(
    "url",
    [
        "https://drive.google.com/drive/my-drive",
        "https://drive.google.com/open?id=short",
        "https://drive.google.com/open",
        "https://docs.google.com/document/u/0/",
        f"https://drive.google.com:8443/file/d/{ID}/view",
        f"https://drive.google.com/file/d/{'1' * 201}/view",
        "https://colab.research.google.com/github/o/r/blob/main/a.ipynb",
        f"https://example.org/file/d/{ID}/view",
        f"ftp://drive.google.com/file/d/{ID}/view",
        "http://[::1",
    ],
)
def test_what_names_no_file_is_left_to_others(url):
    assert PROVIDER.identify(link(url)) is None


def test_a_resource_key_is_needed_to_ask_but_is_no_identity():
    with_key = PROVIDER.identify(link(f"{OPEN}&resourcekey={KEY}"))
    assert with_key is not None
    assert with_key.keys == {"resourcekey": KEY}
    assert with_key == PROVIDER.identify(link(OPEN))


@pytest.mark.parametrize("key", ["a b", "0-x,1Q7L/0-y", "0-x%0d%0aHost: evil", "k" * 101, ""])
def test_what_is_no_resource_key_is_not_sent_on(key):
    resource = PROVIDER.identify(link(f"{VIEW}?resourcekey={key}"))
    assert resource is not None
    assert resource.keys == {}


@pytest.mark.parametrize(
    ("url", "needs"),
    [
        (VIEW, set()),
        (OPEN, {"open"}),
        (f"https://drive.google.com/uc?export=download&id={ID}", {"download"}),
        (f"https://drive.usercontent.google.com/download?id={ID}", {"download"}),
        (f"https://docs.google.com/document/d/{ID}/export?format=pdf", {"export"}),
    ],
)
def test_an_address_tells_what_its_readers_want(url, needs):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert resource.needs == needs
