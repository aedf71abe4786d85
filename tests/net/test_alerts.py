"""The real apprise, which sends to servers on loopback."""

import asyncio
import email
import email.policy
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Network
from monitor.net.alerts import Message, Outcome, secret_parts, send
from tests.net.loopback import answer, serving, tls_server, wild

SECRET = "correct-horse-battery"
MESSAGE = Message(
    subject="Linkwell: slides “Energie” are gone",
    text=("the long text", "text"),
    markdown=("the *long* text", "*text*"),
    html=("<p>the long text</p>", "<p>text</p>"),
)
PATIENT = timedelta(seconds=60)


async def sent(url: str, message: Message = MESSAGE, network: Network | None = None) -> Outcome:
    return await send(url, message, network or Network(), PATIENT)


async def test_a_webhook_gets_subject_and_text():
    async with serving(lambda _: answer(200)) as server:
        outcome = await sent(f"json://127.0.0.1:{server.port}/hook")

    assert outcome == Outcome(sent=True)
    (asked,) = server.asked
    said = json.loads(asked.body)
    assert (said["title"], said["message"]) == (MESSAGE.subject, "the long text")
    assert asked.headers["user-agent"] == "Linkwell"


@pytest.mark.parametrize(
    ("form", "body"),
    [
        pytest.param("text", "the long text", id="plain text"),
        pytest.param("html", "<p>the long text</p>", id="HTML"),
        pytest.param("markdown", "the *long* text", id="Markdown"),
    ],
)
async def test_the_form_is_that_of_the_address(form, body):
    async with serving(lambda _: answer(200)) as server:
        await sent(f"json://127.0.0.1:{server.port}/?format={form}")
    assert json.loads(server.asked[0].body)["message"] == body


async def test_what_is_too_long_is_sent_in_its_short_version():
    long = Message(subject="s", text=("x" * 40_000, "short"), markdown=("", ""), html=("", ""))
    async with serving(lambda _: answer(200)) as server:
        await sent(f"json://127.0.0.1:{server.port}/", long)
    assert json.loads(server.asked[0].body)["message"] == "short"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        pytest.param(500, "500", id="it fails"),
        pytest.param(403, "403", id="it refuses us"),
    ],
)
async def test_a_service_that_does_not_take_it(status, said):
    async with serving(lambda _: answer(status, SECRET.encode())) as server:
        outcome = await sent(f"json://mabel:{SECRET}@127.0.0.1:{server.port}/{SECRET}")

    assert (outcome.sent, outcome.passing) == (False, True)
    assert said in outcome.why
    assert SECRET not in outcome.why


async def test_nobody_is_there():
    outcome = await sent(f"json://mabel:{SECRET}@127.0.0.1:1/hook")
    assert (outcome.sent, outcome.passing) == (False, True)
    assert outcome.why.startswith("A Connection error occurred")
    assert SECRET not in outcome.why


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"nonsense://{SECRET}@example.org", id="no such service"),
        pytest.param(SECRET, id="no address"),
        pytest.param("", id="nothing"),
        pytest.param(f"slack://{SECRET}", id="parts are missing"),
    ],
)
async def test_an_address_that_is_none(url):
    outcome = await sent(url)
    assert outcome == Outcome(sent=False, why="Apprise does not know such an address.")


async def test_a_service_that_never_answers_is_left_when_time_is_up():
    async def silent(reader, _):
        await reader.read()

    async with wild(silent) as server:
        outcome = await send(
            f"json://127.0.0.1:{server.port}/", MESSAGE, Network(), timedelta(seconds=0.5)
        )
    assert outcome == Outcome(sent=False, why="It took longer than 0.5 s.")


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        pytest.param("true", ("Apprise ended without a word.", True), id="it dies"),
        pytest.param(
            "nothing-is-here",
            ("No process can be started for it (No such file or directory).", False),
            id="it cannot be started",
        ),
    ],
)
async def test_no_word_from_apprise(monkeypatch, program, outcome):
    monkeypatch.setattr(sys, "executable", program)
    found = await sent("json://127.0.0.1:1/")
    assert (found.sent, (found.why, found.passing)) == (False, outcome)


async def test_it_goes_by_the_proxy():
    network = Network().model_copy
    async with serving(lambda _: answer(200)) as proxy:
        by_proxy = network(update={"http_proxy": f"127.0.0.1:{proxy.port}"})
        assert (await sent("json://hook.example/x", network=by_proxy)).sent
        assert proxy.asked[0].target == "http://hook.example/x"

        past = network(update={"http_proxy": f"127.0.0.1:{proxy.port}", "no_proxy": ("127.0.0.1",)})
        assert not (await sent("json://127.0.0.1:1/x", network=past)).sent
        assert len(proxy.asked) == 1


async def test_what_the_environment_says_of_proxies_does_not_count(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with serving(lambda _: answer(200)) as server:
        assert (await sent(f"json://127.0.0.1:{server.port}/")).sent


async def test_certificates_are_those_of_the_configuration(authority: trustme.CA, ca_file: Path):
    async with serving(lambda _: answer(200), tls_server(authority, "127.0.0.1")) as server:
        url = f"jsons://127.0.0.1:{server.port}/"
        assert (await sent(url, network=Network(ca_file=ca_file))).sent
        assert not (await sent(url)).sent


class Mailbox:
    """What takes mail, or refuses it."""

    def __init__(self, refusal: str | None = None) -> None:
        self.refusal = refusal
        self.mails: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - its name there
        if self.refusal is not None:
            return self.refusal
        policy = email.policy.default
        self.mails.append(email.message_from_bytes(envelope.original_content, policy=policy))
        return "250 OK"


@asynccontextmanager
async def receiving(mailbox: Mailbox) -> AsyncIterator[str]:
    """Run a mail server for a mailbox; the value lent is the address to send to."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="here"), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"mailto://127.0.0.1:{port}/?from=linkwell@example.org&to=mabel@example.org"


async def test_a_mail():
    mailbox = Mailbox()
    async with receiving(mailbox) as url:
        assert await sent(url) == Outcome(sent=True)

    (mail,) = mailbox.mails
    assert mail["subject"] == MESSAGE.subject
    assert mail["to"] == "mabel@example.org"
    html = mail.get_body(("html",)).get_content()
    assert "<p>the long text</p>" in html
    assert "the long text" in mail.get_body(("plain",)).get_content()


async def test_several_recipients_are_refused_before_one_gets_it_twice():
    mailbox = Mailbox()
    async with receiving(mailbox) as url:
        outcome = await sent(f"{url},ada@example.org")
        assert (outcome.sent, outcome.passing, mailbox.mails) == (False, False, [])
        assert outcome.why.startswith("The address names several recipients")
        assert await sent(f"{url}&cc=ada@example.org") == Outcome(sent=True)
    (mail,) = mailbox.mails
    assert mail["cc"] == "ada@example.org"


async def test_no_subject_makes_a_header_of_its_own():
    mailbox = Mailbox()
    hostile = "gone\r\nBcc: stranger@example.org\r\n\r\n<script>"
    message = Message(subject=hostile, text=("t",), markdown=("m",), html=("h",))
    async with receiving(mailbox) as url:
        await sent(url, message)
    assert all(mail["bcc"] is None for mail in mailbox.mails)


async def test_a_mail_that_is_refused():
    async with receiving(Mailbox("552 Mailbox full")) as url:
        outcome = await sent(url)
    assert (outcome.sent, outcome.passing) == (False, True)
    assert outcome.why


@given(st.text(max_size=40))
def test_every_part_of_an_address_is_secret(text):
    parts = secret_parts(f"json://{text}")
    assert f"json://{text}" in parts


def test_parts_of_an_address():
    url = f"mailtos://mabel:{SECRET}@smtp.example/?token=a%20very%20secret%20one&x=https://a/b"
    parts = secret_parts(url)
    assert {SECRET, "mabel", "a%20very%20secret%20one", "a very secret one"} <= parts
    assert urlsplit(url).netloc in parts
