"""What Google's pages tell of downloads, folders, forms and what is published, without a key."""

import pytest

from monitor.core.ports import FailureKind
from monitor.core.reasons import Reason
from tests.providers.fakes import FakePorts, nothing, reply
from tests.providers.test_google_drive import FOLDER, FORM, ID, OPEN, PUBLISHED, VIEW
from tests.providers.test_google_drive_pages import (
    LISTING,
    PUB,
    PUB_FORM,
    SIGN_IN,
    UC,
    check,
    page,
)

DISPOSITION = "attachment; filename=\"weights.npz\"; filename*=UTF-8''W%C3%A4ge.npz"
SCAN_FORM = '<form id="download-form" action="https://drive.usercontent.google.com/download">'
NO_DOWNLOAD = (
    '<p class="uc-error-subcaption">Sorry, the owner hasn\'t given you permission to download this'
    " file.</p>"
)
INFECTED = (
    '<p class="uc-error-subcaption">Sorry, this file is infected with a virus. The owner hasn\'t'
    " given you permission to download it.</p>"
)
DOC_HOST = "https://doc-0s-docs.googleusercontent.com/docs/securesc/x"


@pytest.mark.parametrize(
    ("answers", "reason", "asked"),
    [
        pytest.param(
            {UC: reply(200, b"%PDF", content_disposition=DISPOSITION)},
            Reason.ALIVE,
            [UC],
            id="a download that begins is proof enough",
        ),
        pytest.param(
            {UC: page("Google Drive - Quota exceeded")},
            Reason.DOWNLOAD_QUOTA,
            [UC],
            id="downloaded too often",
        ),
        pytest.param(
            {UC: page("Google Drive – Virenscan", SCAN_FORM)},
            Reason.ALIVE,
            [UC],
            id="too large for a virus scan, in any language",
        ),
        pytest.param(
            {UC: reply(200, b"%PDF", content_type="application/pdf")},
            Reason.ALIVE,
            [UC],
            id="a download that begins without a name",
        ),
        pytest.param(
            {UC: reply(303, location=DOC_HOST), DOC_HOST: reply(200, b"x", content_type="a/b")},
            Reason.ALIVE,
            [UC],
            id="bytes from the host of files",
        ),
        pytest.param(
            {
                UC: reply(303, location=DOC_HOST),
                DOC_HOST: reply(403),
                OPEN: page("a.zip - Google Drive"),
            },
            Reason.ALIVE,
            [UC, OPEN],
            id="a download that is broken off between two steps says nothing",
        ),
        pytest.param({UC: reply(302, location=SIGN_IN)}, Reason.NOT_SHARED, [UC], id="not shared"),
        pytest.param({}, Reason.DELETED, [UC, OPEN], id="not found, by neither address"),
        pytest.param(
            {UC: reply(500), OPEN: page("Notes - Google Docs")},
            Reason.ALIVE,
            [UC, OPEN],
            id="Google's own documents cannot be downloaded as they are",
        ),
        pytest.param(
            {UC: page("?"), OPEN: page("?"), VIEW: page("a.zip - Google Drive")},
            Reason.ALIVE,
            [UC, OPEN, VIEW],
            id="where two addresses tell nothing the third may",
        ),
        pytest.param({UC: page("Google Drive", INFECTED, 403)}, Reason.UNSAFE, [UC], id="infected"),
        pytest.param({UC: reply(429)}, Reason.RATE_LIMITED, [UC], id="asked too often"),
        pytest.param(
            {UC: page("Google Drive - Can't download file", status=403)},
            Reason.DOWNLOAD_FORBIDDEN,
            [UC],
            id="downloads are not allowed, by the title",
        ),
        pytest.param(
            {UC: page("Google Drive", NO_DOWNLOAD, 403)},
            Reason.DOWNLOAD_FORBIDDEN,
            [UC],
            id="downloads are not allowed, by words",
        ),
    ],
)
async def test_a_link_to_a_download_is_judged_by_the_download(answers, reason, asked):
    ports = FakePorts(answers)
    assert (await check(UC, ports)).reason is reason
    assert ports.asked == asked


@pytest.mark.parametrize(
    ("disposition", "facts"),
    [
        (DISPOSITION, {"name": "Wäge.npz", "size": 5}),
        ("attachment; filename=a.zip", {"name": "a.zip", "size": 5}),
        ('attachment; filename="a b.zip"', {"name": "a b.zip", "size": 5}),
        ("attachment", {"size": 5}),
        ("attachment; filename*=UTF-8''%FF", {"name": "\ufffd", "size": 5}),
    ],
)
async def test_a_download_names_the_file_and_its_size(disposition, facts):
    answer = reply(200, b"12345", content_disposition=disposition, content_length="5")
    verdict = await check(UC, FakePorts({UC: answer}))
    assert verdict.facts == {"downloadable": True, **facts}


async def test_the_length_of_a_packed_answer_is_not_the_files():
    answer = reply(
        200, b"1", content_disposition="inline", content_length="1", content_encoding="gzip"
    )
    assert (await check(UC, FakePorts({UC: answer}))).facts == {"downloadable": True}


def listing(*entries, title="Slides", **headers):
    return page(title, '<div class="flip-entries">' + "".join(entries) + "</div>")


def entry(n, kind="application/pdf"):
    url = f"https://drive.google.com/file/d/{ID[:-1]}{n}/view?usp=drive_web"
    icon = f"https://drive-thirdparty.googleusercontent.com/16/type/{kind}"
    return f'<div class="flip-entry" id="entry-{n}"><a href="{url}"><img src="{icon}">x</a></div>'


@pytest.mark.parametrize(
    ("answers", "reason", "facts", "asked"),
    [
        pytest.param(
            {LISTING: listing(entry(1), entry(2), entry(3, "application/vnd.google-apps.folder"))},
            Reason.ALIVE,
            {
                "name": "Slides",
                "children": 3,
                "contents": {"application/pdf": 2, "application/vnd.google-apps.folder": 1},
            },
            [LISTING],
            id="a folder that lists what it holds is open to everybody",
        ),
        pytest.param(
            {LISTING: listing(entry(1), title="Request access - Google Drive")},
            Reason.ALIVE,
            {"name": "Request access", "children": 1, "contents": {"application/pdf": 1}},
            [LISTING],
            id="a folder of an odd name",
        ),
        pytest.param(
            {
                LISTING: page(
                    "x", '<a href="https://drive.google.com/drive/folders/' + ID + '">s</a>'
                )
            },
            Reason.ALIVE,
            {"name": "x", "children": 1},
            [LISTING],
            id="entries are known by what they link to, where their class is another",
        ),
        pytest.param(
            {LISTING: listing(), FOLDER: page("Slides - Google Drive")},
            Reason.EMPTY,
            {"name": "Slides", "children": 0},
            [LISTING, FOLDER],
            id="an empty folder is believed when the folder is there",
        ),
        pytest.param(
            {LISTING: listing(title=""), FOLDER: page("Slides - Google Drive")},
            Reason.EMPTY,
            {"name": "Slides", "children": 0},
            [LISTING, FOLDER],
            id="an empty folder whose listing has no title",
        ),
        pytest.param(
            {LISTING: listing(), FOLDER: reply(302, location=SIGN_IN)},
            Reason.NOT_SHARED,
            {},
            [LISTING, FOLDER],
            id="an empty listing of a folder that is not shared",
        ),
        pytest.param(
            {LISTING: page("Sign in - Google Accounts"), FOLDER: page("Slides - Google Drive")},
            Reason.ALIVE,
            {"name": "Slides"},
            [LISTING, FOLDER],
            id="a wall in the listing's place is no empty folder",
        ),
        pytest.param(
            {LISTING: page("Drive", "You need access"), FOLDER: page("Slides - Google Drive")},
            Reason.ALIVE,
            {"name": "Slides"},
            [LISTING, FOLDER],
            id="nor is a wall known by its words",
        ),
        pytest.param(
            {
                LISTING: page("x", "y" * 1_100_000),
                FOLDER: page("Slides - Google Drive"),
            },
            Reason.ALIVE,
            {"name": "Slides"},
            [LISTING, FOLDER],
            id="nor is a listing that was not read to its end",
        ),
        pytest.param(
            {LISTING: nothing(FailureKind.TIMEOUT), FOLDER: page("Slides - Google Drive")},
            Reason.ALIVE,
            {"name": "Slides"},
            [LISTING, FOLDER],
            id="no listing",
        ),
        pytest.param({}, Reason.DELETED, {}, [LISTING, FOLDER], id="a folder that is gone"),
    ],
)
async def test_a_folder_is_judged_by_what_it_lists(answers, reason, facts, asked):
    ports = FakePorts(answers)
    verdict = await check(FOLDER, ports)
    assert (verdict.reason, verdict.facts) == (reason, facts)
    assert ports.asked == asked


async def test_a_folder_is_judged_by_its_page_where_there_is_no_listing():
    ports = FakePorts({FOLDER: page("Slides - Google Drive")})
    assert (await check(FOLDER, ports, without=["listing"])).reason is Reason.ALIVE


CLOSED = f"{PUB_FORM}/closedform"
VIEWFORM = f"{PUB_FORM}/viewform"
SEND = '<form action="formResponse">'


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        pytest.param(
            {VIEWFORM: reply(302, location=CLOSED), CLOSED: page("Voti", "Chiuso.")},
            Reason.CLOSED,
            id="Google sends on to the page of closed forms",
        ),
        pytest.param(
            {VIEWFORM: page("Vote", "The form Vote is no longer accepting responses.")},
            Reason.CLOSED,
            id="it says so in English",
        ),
        pytest.param(
            {VIEWFORM: page("Voti", "Il modulo Voti non accetta più risposte.")},
            Reason.CLOSED,
            id="in Italian",
        ),
        pytest.param(
            {VIEWFORM: page("Votos", "O formulário não está mais aceitando respostas.")},
            Reason.CLOSED,
            id="in Portuguese",
        ),
        pytest.param(
            {VIEWFORM: page("Vote", f"Week 1 is no longer accepting responses.{SEND}")},
            Reason.ALIVE,
            id="an open form may say so of another",
        ),
        pytest.param(
            {VIEWFORM: reply(302, location=SIGN_IN)},
            Reason.NOT_SHARED,
            id="a form that wants an account",
        ),
    ],
)
async def test_a_closed_form_is_a_warning(answers, reason):
    assert (await check(VIEWFORM, FakePorts(answers))).reason is reason


async def test_a_form_by_the_address_of_any_kind_is_known_by_where_it_leads():
    there = f"{FORM}?usp=drive_open"
    ports = FakePorts({OPEN: reply(302, location=there), there: page("Vote!", SEND)})
    assert (await check(OPEN, ports)).reason is Reason.ALIVE


TABLE = f"https://docs.google.com/spreadsheets/d/e/{PUBLISHED}/pub"


@pytest.mark.parametrize(
    ("url", "answer", "reason"),
    [
        pytest.param(
            PUB,
            page("Notes", "We're sorry. This document is not published."),
            Reason.NOT_SHARED,
            id="published no more",
        ),
        pytest.param(
            PUB,
            page("Notes", "This document is not published. " + "All about it. " * 50),
            Reason.ALIVE,
            id="a document about documents",
        ),
        pytest.param(
            TABLE, reply(200, "a,b", content_type="text/csv"), Reason.ALIVE, id="a published table"
        ),
        pytest.param(
            PUB, reply(302, location=SIGN_IN), Reason.NOT_SHARED, id="for an organisation alone"
        ),
    ],
)
async def test_what_is_published_has_readers_of_its_own(url, answer, reason):
    ports = FakePorts({url: answer})
    assert (await check(url, ports)).reason is reason
    assert ports.asked == [url]
