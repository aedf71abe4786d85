"""What Google Drive's pages tell somebody who is not signed in and has no key."""

import pytest

from monitor.core.model import Verdict
from monitor.core.ports import FailureKind
from monitor.core.provider import Ask
from monitor.core.reasons import Reason
from monitor.providers.google_drive import PROVIDER
from tests.providers import fakes
from tests.providers.fakes import FakePorts, link, nothing, reply
from tests.providers.test_google_drive import (
    DOCUMENT,
    FOLDER,
    FORM,
    ID,
    KEY,
    OPEN,
    PUBLISHED,
    VIEW,
)

UC = f"https://drive.google.com/uc?id={ID}&export=download"
LISTING = f"https://drive.google.com/embeddedfolderview?id={ID}"
PUB = f"https://docs.google.com/document/d/e/{PUBLISHED}/pub"
PUB_FORM = f"https://docs.google.com/forms/d/e/{PUBLISHED}"
KEYED = [name for name, probe in PROVIDER.probes.items() if probe.credential]
SIGN_IN = "https://accounts.google.com/ServiceLogin?service=wise&continue=x"


def page(title, words="", status=200):
    return reply(status, f"<html><head><title>{title}</title></head><body>{words}</body></html>")


async def check(url, ports, without=()):
    """Return the verdict of a link to somebody without any key."""
    return await fakes.check(PROVIDER, url, ports, without=[*KEYED, *without])


async def test_the_resource_key_is_sent_along_with_every_question():
    ports = FakePorts()
    await check(f"{VIEW}?resourcekey={KEY}", ports)
    await check(f"{FOLDER}?resourcekey={KEY}", ports)
    await check(f"{UC}&resourcekey={KEY}", ports)
    assert ports.asked == [
        f"{VIEW}?resourcekey={KEY}",
        f"{OPEN}&resourcekey={KEY}",
        f"{LISTING}&resourcekey={KEY}",
        f"{FOLDER}?resourcekey={KEY}",
        f"{UC}&resourcekey={KEY}",
        f"{OPEN}&resourcekey={KEY}",
    ]


QUOTA_WORDS = "Sorry. Too many users have viewed or downloaded this file recently."


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(page("cnn.pdf - Google Drive"), Reason.ALIVE, id="Google names the file"),
        pytest.param(page("folien.pdf – Google Ablage"), Reason.ALIVE, id="in German"),
        pytest.param(page("voti - Fogli Google"), Reason.ALIVE, id="in Italian"),
        pytest.param(page("Sign in sheet - Google Sheets"), Reason.ALIVE, id="an innocent name"),
        pytest.param(
            page("cnn.pdf - Google Drive", "Request access to the lab on Monday"),
            Reason.ALIVE,
            id="innocent words in a named file",
        ),
        pytest.param(page("Google Drive - Virus scan warning"), Reason.ALIVE, id="too large"),
        pytest.param(page("Google Drive - Quota exceeded"), Reason.DOWNLOAD_QUOTA, id="quota"),
        pytest.param(page("Google Drive", QUOTA_WORDS), Reason.DOWNLOAD_QUOTA, id="quota in words"),
        pytest.param(reply(302, location=SIGN_IN), Reason.NOT_SHARED, id="sent to the sign-in"),
        pytest.param(
            reply(302, location="https://accounts.google.com/v3/signin/x"),
            Reason.NOT_SHARED,
            id="sent to the newer sign-in",
        ),
        pytest.param(page("Google Drive", status=401), Reason.NOT_SHARED, id="401"),
        pytest.param(page("Sign in - Google Accounts"), Reason.NOT_SHARED, id="sign-in page, 200"),
        pytest.param(page("Google Drive: Sign-in"), Reason.NOT_SHARED, id="another sign-in page"),
        pytest.param(page("You need access"), Reason.NOT_SHARED, id="you need access"),
        pytest.param(page("Google Drive: Access denied"), Reason.NOT_SHARED, id="access denied"),
        pytest.param(page("Google Drive", "You need access"), Reason.NOT_SHARED, id="in words"),
        pytest.param(
            page("Error 403", "You need access", status=403), Reason.NOT_SHARED, id="in words, 403"
        ),
        pytest.param(
            page("Error", "It is in violation of our Terms of Service.", status=403),
            Reason.TAKEN_DOWN,
            id="taken down in Google's words",
        ),
        pytest.param(page("Forbidden", status=403), Reason.BLOCKED, id="a bare 403 may be for us"),
        pytest.param(
            page("Sorry...", "unusual traffic from your network", status=403),
            Reason.RATE_LIMITED,
            id="taken for a robot",
        ),
        pytest.param(reply(429), Reason.RATE_LIMITED, id="asked too often"),
        pytest.param(
            reply(302, location="https://www.google.com/sorry/index?continue=x"),
            Reason.RATE_LIMITED,
            id="sent to Google's sorry page",
        ),
        pytest.param(
            reply(302, location="https://consent.google.com/ml?continue=x"),
            Reason.BLOCKED,
            id="sent to the consent page",
        ),
        pytest.param(page("Before you continue to Google"), Reason.BLOCKED, id="consent, 200"),
        pytest.param(
            reply(302, location="https://example.org/"),
            Reason.UNEXPECTED_ANSWER,
            id="sent to a stranger",
        ),
        pytest.param(page("Error 404 (Not Found)!!1", status=404), Reason.DELETED, id="404"),
        pytest.param(page("Gone", status=410), Reason.DELETED, id="410"),
        pytest.param(
            page("Google Drive", "Sorry, the file you have requested does not exist."),
            Reason.DELETED,
            id="deleted in words",
        ),
        pytest.param(reply(500), Reason.SERVER_ERROR, id="Google in trouble"),
        pytest.param(page("Google Drive"), Reason.UNEXPECTED_ANSWER, id="200 alone is no proof"),
        pytest.param(page("Google Drive - Google Drive"), Reason.UNEXPECTED_ANSWER, id="no name"),
        pytest.param(page("cnn.pdf"), Reason.UNEXPECTED_ANSWER, id="a title of no known form"),
        pytest.param(reply(204), Reason.UNEXPECTED_ANSWER, id="no content"),
        pytest.param(nothing(FailureKind.TIMEOUT), Reason.NOT_ANSWERING, id="no answer"),
        pytest.param(nothing(FailureKind.NETWORK), Reason.OWN_NETWORK, id="our network"),
    ],
)
async def test_the_anonymous_page_is_what_a_reader_sees(answer, reason):
    assert (await check(VIEW, FakePorts({VIEW: answer}))).reason is reason


async def test_the_files_name_is_a_fact():
    ports = FakePorts({VIEW: page("02 - CNN - slides.pdf - Google Drive")})
    assert (await check(VIEW, ports)).facts == {"name": "02 - CNN - slides.pdf"}


async def test_an_address_of_any_kind_is_followed_to_the_document():
    document = f"{DOCUMENT}?usp=drive_open"
    ports = FakePorts({OPEN: reply(302, location=document), document: page("Notes - Google Docs")})
    verdict = await check(OPEN, ports)
    assert verdict.reason is Reason.ALIVE
    assert ports.asked == [VIEW, OPEN]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(reply(404), Reason.DELETED, id="neither address knows it"),
        pytest.param(reply(429), Reason.DELETED, id="the other address has no word"),
        pytest.param(reply(302, location=SIGN_IN), Reason.NOT_SHARED, id="it is there, not shared"),
    ],
)
async def test_a_file_not_found_is_asked_for_by_another_address(answer, reason):
    assert (await check(VIEW, FakePorts({OPEN: answer}))).reason is reason


async def test_a_file_not_found_is_deleted_where_nothing_else_may_be_asked():
    assert (await check(VIEW, FakePorts(), without=["open"])).reason is Reason.DELETED


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param(FORM, Reason.ALIVE, id="a form"),
        pytest.param(f"{PUB_FORM}/viewform", Reason.ALIVE, id="a form by its public address"),
        pytest.param(
            f"https://docs.google.com/document/d/e/{PUBLISHED}/pub",
            Reason.ALIVE,
            id="a published document",
        ),
        pytest.param(DOCUMENT, Reason.UNEXPECTED_ANSWER, id="but no ordinary document"),
    ],
)
async def test_forms_and_published_documents_have_only_their_own_title(url, reason):
    assert (await check(url, FakePorts({url: page("Vote!")}))).reason is reason


async def test_a_form_that_passes_on_to_another_page_is_not_believed():
    there = "https://docs.google.com/forms/u/0/"
    ports = FakePorts({FORM: reply(302, location=there), there: page("Vote!")})
    assert (await check(FORM, ports)).reason is Reason.UNEXPECTED_ANSWER


async def test_a_document_not_found_is_asked_for_once():
    ports = FakePorts()
    assert (await check(DOCUMENT, ports)).reason is Reason.DELETED
    assert ports.asked == [DOCUMENT]


async def test_a_page_is_no_file_because_it_is_no_html():
    ports = FakePorts({VIEW: reply(200, "{}", content_type="application/json")})
    assert (await check(VIEW, ports)).reason is Reason.UNEXPECTED_ANSWER


def test_without_any_way_to_ask_nothing_is_claimed():
    resource = PROVIDER.identify(link(VIEW))
    assert resource is not None
    judged = PROVIDER.judge(resource, [], frozenset())
    assert isinstance(judged, Verdict)
    assert judged.reason is Reason.NOT_ASKED
    assert PROVIDER.judge(resource, [], frozenset({"page"})) == Ask("page")


@pytest.mark.parametrize(
    "title",
    [
        "Accedi - Account Google",
        "Anmelden – Google Konten",
        "Connexion - Comptes Google",
        "Inicia sesión - Cuentas de Google",
        "ログイン - Google アカウント",
        "Accesso negato - Google Drive",
        "Zugriff verweigert – Google Drive",
    ],
)
async def test_a_wall_in_another_language_names_no_file(title):
    verdict = await check(VIEW, FakePorts({VIEW: page(title)}))
    assert verdict.reason is Reason.UNEXPECTED_ANSWER
