"""`linkwell doctor` with no, wrong, expired, under-privileged, over-quota and right keys."""

import json

import pytest

from tests.end_to_end.command import linkwell
from tests.world import keys
from tests.world.service_account import ACCOUNT, write_account
from tests.world.thread import WorldThread

NAMES = ("github", "google", "youtube", "google_account", "bitly")


def signs(done):
    """Return what stands before each key: there and good, refused, not told, not there."""
    lines = [line for line in done.out.splitlines() if line[:1] in "✓✗?–" and line[1:2] == " "]
    found = {line.split()[1]: line[0] for line in lines}
    return "".join(found.get(name, " ") for name in NAMES)


def words(done, name):
    """Return the first line under a key."""
    lines = done.out.splitlines()
    return next(lines[n + 1] for n, line in enumerate(lines) if line[2:].startswith(f"{name} "))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "network: {attempts: 1, read_timeout: 1s, connect_timeout: 2s, longest_wait: 0s}\n"
    )
    return tmp_path


CASES = [
    pytest.param({}, {}, 0, "–––––", ("github", "    With it: 5,000 calls"), id="no keys"),
    pytest.param(
        keys.STATE,
        keys.ENVIRONMENT,
        0,
        "✓✓✓–✓",
        ("github", "    It works: 5,000 of 5,000 calls of this hour are left"),
        id="right keys",
    ),
    pytest.param(
        keys.STATE,
        dict.fromkeys(keys.ENVIRONMENT, "a-key-of-yesteryear"),
        2,
        "✗✗✗–✗",
        ("github", "    GitHub refuses it (401): it is wrong, expired or revoked; make a new one"),
        id="wrong keys",
    ),
    pytest.param(
        {**keys.STATE, "youtube": {**keys.STATE["youtube"], "error": "keyExpired"}},
        keys.ENVIRONMENT,
        2,
        "✓✓✗–✓",
        ("youtube", "    It has expired: make a new one."),
        id="an expired key",
    ),
    pytest.param(
        {**keys.STATE, "drive": {**keys.STATE["drive"], "error": "accessNotConfigured"}},
        keys.ENVIRONMENT,
        2,
        "✓✗✓–✓",
        ("google", "    It is real, but its project lacks the Google Drive API: enable it at"),
        id="a key that may too little",
    ),
    pytest.param(
        {
            **keys.STATE,
            "youtube": {**keys.STATE["youtube"], "error": "quotaExceeded"},
        },
        keys.ENVIRONMENT,
        0,
        "✓✓✓–✓",
        ("youtube", "    It works, but its quota is spent. Whole again at "),
        id="a key of YouTube whose quota is spent",
    ),
    pytest.param(
        {**keys.STATE, "github": {**keys.STATE["github"], "remaining_with_token": 0}},
        keys.ENVIRONMENT,
        0,
        "✓✓✓–✓",
        ("github", "    It works, but its 5,000 calls of this hour are spent. Whole again at "),
        id="a token of GitHub whose hour is spent",
    ),
]


@pytest.mark.parametrize(("state", "environment", "code", "found", "said"), CASES)
def test_the_doctor_tells_what_each_key_is_worth(folder, state, environment, code, found, said):
    name, expected = said
    with WorldThread(state) as world:
        done = linkwell("doctor", cwd=folder, world=world, **environment)

    assert done.code == code, done.out + done.err
    assert signs(done) == found, done.out
    assert words(done, name).startswith(expected)
    assert not [key for key in environment.values() if key in done.out + done.err]


def test_a_key_of_google_serves_youtube_too(folder):
    state = {"youtube": {"keys": [keys.GOOGLE]}, "drive": {"keys": [keys.GOOGLE]}}
    with WorldThread(state) as world:
        done = linkwell("doctor", cwd=folder, world=world, GOOGLE_API_KEY=keys.GOOGLE)

    assert signs(done) == "–✓✓––", done.out
    assert "youtube (YouTube): there, by GOOGLE_API_KEY, for want of YOUTUBE_API_KEY." in done.out


@pytest.mark.parametrize(
    ("accounts", "code", "sign", "said"),
    [
        pytest.param(
            [ACCOUNT], 0, "✓", f"It is {ACCOUNT}: it sees what is shared with", id="a good one"
        ),
        pytest.param([], 2, "✗", "Google refuses the service account's key", id="a refused one"),
    ],
)
def test_a_service_account_is_tried_too(folder, accounts, code, sign, said):
    account = write_account(folder / "account.json")
    variables = {"GOOGLE_APPLICATION_CREDENTIALS": str(account)}
    with WorldThread({"drive": {"accounts": accounts}}) as world:
        done = linkwell("doctor", cwd=folder, world=world, **variables)
        complaints = list(world.complaints)

    assert done.code == code, done.out + done.err
    assert signs(done) == f"–––{sign}–"
    assert said in words(done, "google_account")
    assert not complaints


@pytest.mark.parametrize(
    ("config", "code"),
    [
        pytest.param("", 0, id="that the environment names is for others, and left out"),
        pytest.param(
            "credentials: {google_account: '${GOOGLE_APPLICATION_CREDENTIALS}'}\n",
            2,
            id="that the configuration names is to be set right",
        ),
    ],
)
def test_a_file_of_another_kind(folder, config, code):
    with (folder / "config.yaml").open("a") as file:
        file.write(config)
    (folder / "person.json").write_text('{"type": "authorized_user"}')
    variables = {"GOOGLE_APPLICATION_CREDENTIALS": str(folder / "person.json")}
    with WorldThread({}) as world:
        done = linkwell("doctor", cwd=folder, world=world, **variables)

    assert done.code == code, done.out + done.err
    assert "names a file that is no service account's key" in done.out + done.err
    assert signs(done) == ("–––––" if code == 0 else "     ")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("dark", "No network: well-known addresses do not answer."),
        ("captive", "No network: something else answers in the place of well-known addresses."),
    ],
)
def test_without_a_network_no_key_is_tried(folder, trouble, words):
    with WorldThread(keys.STATE) as world:
        setattr(world, trouble, True)
        done = linkwell("doctor", cwd=folder, world=world, **keys.ENVIRONMENT)

    assert done.code == 3
    assert words in done.out
    assert signs(done) == "???–?"


def test_a_service_that_does_not_answer_says_nothing_of_its_key(folder):
    with WorldThread(keys.STATE) as world:
        world.fault("api.github.com", "reset")
        done = linkwell("doctor", cwd=folder, world=world, **keys.ENVIRONMENT)

    assert done.code == 3
    assert signs(done) == "?✓✓–✓"
    assert words(done, "github") == "    api.github.com: it cut the connection."


def test_a_wall_before_a_service_says_nothing_of_its_key(folder):
    with WorldThread(keys.STATE) as world:
        world.fault("api-ssl.bitly.com", "challenge")
        done = linkwell("doctor", cwd=folder, world=world, **keys.ENVIRONMENT)

    assert done.code == 3
    assert signs(done) == "✓✓✓–?"
    assert "does not speak as Bitly does" in words(done, "bitly")


def test_a_variable_that_the_configuration_names_but_nobody_sets_is_to_be_set(folder):
    (folder / "config.yaml").write_text("credentials: {github: '${COURSE_TOKEN}'}\n")
    with WorldThread(keys.STATE) as world:
        done = linkwell("doctor", cwd=folder, world=world)

    assert done.code == 2
    expected = "✗ github (GitHub): not there: the configuration names COURSE_TOKEN, which is not"
    assert expected in done.out


def test_a_key_for_a_site_of_ones_own_is_told_but_not_tried(folder):
    (folder / "config.yaml").write_text(
        "credentials: {intranet: '${PASSWORD}'}\n"
        "headers: [{origin: 'https://site.example', basic: intranet}]\n"
    )
    with WorldThread(keys.STATE) as world:
        done = linkwell("doctor", cwd=folder, world=world, PASSWORD="a:secret-of-mine")

    assert done.code == 0
    assert "– intranet (https://site.example): there, by `credentials: intranet`" in done.out
    assert "secret-of-mine" not in done.out


def test_a_refused_key_is_told_once_in_the_run_and_its_report(folder):
    page = "".join(f"[{n}](https://github.com/o/r{n}) " for n in range(5))
    (folder / "page.md").write_text(page)
    repos = {f"o/r{n}": {} for n in range(5)}
    with WorldThread({"github": {"tokens": [keys.GITHUB], "repos": repos}}) as world:
        done = linkwell("check", "page.md", cwd=folder, world=world, GITHUB_TOKEN="wrong-token-1")

    told = "TOKEN was refused"
    assert done.out.count(told) == 1, done.out
    run = json.loads((folder / "reports/latest/report.json").read_text("utf-8"))["run"]
    assert sum(told in note for note in run["notes"]) == 1
    for name in ("index.html", "report.md"):
        assert (folder / "reports/latest" / name).read_text("utf-8").count(told) == 1
