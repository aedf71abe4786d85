"""Google Drive in tables: what its keys are worth, its addresses, its probes."""

from datetime import datetime

from monitor.core.checkup import Checkup, Health, Said
from monitor.core.json_reading import text_at
from monitor.core.model import Url
from monitor.core.ports import Failure, GoogleCall, Request, Response
from monitor.core.provider import Way, shapes
from monitor.providers._google_keys import Api, reading

_API = Api(
    title="Google Drive API",
    service="drive.googleapis.com",
    works="It works. Google counts by the minute, far above what Linkwell asks.",
    missing=404,
)

_read = reading(_API)


def _account(said: Said, at: datetime) -> Health:
    """Return what Google says of a service account, asked for who it is."""
    health = _read(said, at)
    if not health.works or isinstance(said, Response | Failure):
        return health
    name = text_at(said, "user", "emailAddress")
    if name is None:
        return health
    says = f"{health.says} It is {name[:120]}: it sees what is shared with that address."
    return Health(works=True, says=says)


CHECKUPS = {
    "google": Checkup(
        # Whether there is such a file is only told to a key that may ask at all.
        asks=Request(
            url=Url("https://www.googleapis.com/drive/v3/files/linkwell-doctor?fields=id"),
            read=65_536,
            credential="google",
        ),
        read=_read,
        better=(
            "names, types, sizes and checksums of Drive files, 100 in one call, so that a file"
            " that is replaced or emptied is noticed."
        ),
        get=(
            "Make an API key for the Google Drive API at console.cloud.google.com/apis/credentials"
            " and put it into GOOGLE_API_KEY."
        ),
    ),
    "google_account": Checkup(
        asks=GoogleCall(
            api="drive",
            version="v3",
            method=("about", "get"),
            arguments={"fields": "user(emailAddress)"},
            credential="google_account",
        ),
        read=_account,
        better=(
            "files are looked up that you share with this account alone, which tells a deleted"
            " one from one that is not shared with your readers."
        ),
        get=(
            "Make a service account at console.cloud.google.com/iam-admin/serviceaccounts,"
            " download a key of it, and put the file's path into GOOGLE_APPLICATION_CREDENTIALS."
        ),
    ),
}

SHAPES = shapes(
    {
        "file": (
            "https://drive.google.com/file/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/view",
            "https://drive.google.com/file/u/1/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/edit",
            "https://drive.google.com/open?id=1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
            "https://drive.google.com/uc?export=download&id=1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
            "https://docs.google.com/uc?id=1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
            "https://drive.usercontent.google.com/download?id=1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
            "https://drive.google.com/thumbnail?id=1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
            "https://lh3.googleusercontent.com/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
        ),
        "folder": (
            "https://drive.google.com/drive/folders/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
            "https://drive.google.com/folder/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/edit",
            "https://drive.google.com/embeddedfolderview?id=1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
        ),
        "document": (
            "https://docs.google.com/document/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/edit",
            "https://docs.google.com/a/x.edu/document/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/edit",
        ),
        "spreadsheet": (
            "https://docs.google.com/spreadsheets/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/edit",
        ),
        "presentation": (
            "https://docs.google.com/presentation/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/edit",
        ),
        "drawing": ("https://docs.google.com/drawings/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/edit",),
        "form": ("https://docs.google.com/forms/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/viewform",),
        "published document": (
            "https://docs.google.com/document/d/e/2PACX-1vQexample0123456789abcdefg/pub",
        ),
        "published spreadsheet": (
            "https://docs.google.com/spreadsheets/d/e/2PACX-1vQexample0123456789abcdefg/pubhtml",
        ),
        "published presentation": (
            "https://docs.google.com/presentation/d/e/2PACX-1vQexample0123456789abcdefg/embed",
        ),
        "published form": (
            "https://docs.google.com/forms/d/e/1FAIpQLSfexample0123456789abcd/viewform",
        ),
        "notebook": (
            "https://colab.research.google.com/drive/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
            "https://colab.research.google.com/#fileId=1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
        ),
        "truncated": ("https://colab.research.google.com/drive/1Q7LtZyIS1f3",),
        "site": (
            "https://sites.google.com/view/example/home",
            "https://sites.google.com/x.edu/example",
            "https://sites.google.com/site/example",
            "https://sites.google.com/a/x.edu/example",
        ),
    }
)

_BATCHED = "100 in one request; the service's allowance is a million units a minute, 5 a file"

WAYS = {
    "api": Way(
        about="The Drive API: what a key sees of files and folders that everybody may open.",
        cost=f"{_BATCHED}.",
    ),
    "children": Way(
        about="The Drive API: what stands in a folder that is shared with everybody.",
        cost="100 folders in one request, each of which Google counts as 100 units.",
    ),
    "account": Way(
        about="The Drive API: what a service account sees, for what readers are not shown.",
        cost=f"{_BATCHED}.",
    ),
    "page": Way(
        about="The page that somebody sees who is not signed in.",
        cost="One request, without a key; a part of the page is read.",
    ),
    "open": Way(
        about="The address that knows all kinds of files, where the page says that there is none.",
        cost="One request more.",
    ),
    "download": Way(
        about="The address from which a file is downloaded, for a link that does that.",
        cost="One request; the file itself is not read.",
    ),
    "listing": Way(
        about="The plain listing of a folder, as it is embedded in other sites.",
        cost="One request a folder, without a key.",
    ),
    "site": Way(
        about="The page of a site that somebody sees who is not signed in.",
        cost="One request, without a key; more of the page is read where a link names a place.",
    ),
}
