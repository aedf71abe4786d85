"""Wrong files, and what each is told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Config, load
from monitor.core.errors import ConfigError

SECRET = "s3cr3t-in-clear"

KEYS = (
    "sources, audience, network, limits, credentials, headers, store, report, issues, alerts,"
    " heartbeat, ignore, accept, mutes, maintenance, states, schedule, daemon, sentinels"
)


@pytest.fixture
def complaints(tmp_path, monkeypatch):
    """Return a function from a file's text to what is said about it, without the file's name."""
    monkeypatch.chdir(tmp_path)

    def say(text: str, environment=None) -> list[str]:
        Path("config.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError) as raised:
            load(Path("config.yaml"), environment or {})
        return [line.removeprefix("config.yaml:") for line in str(raised.value).splitlines()]

    return say


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "source: x\n",
            "1:1: unknown key `source`; did you mean `sources`?",
            id="a key that is nearly right",
        ),
        pytest.param(
            "sources: [a.md, {url: 'https://a.org/', name: a.md}]\n",
            "1:10: sources: expected each source once, under a `name` of its own;"
            " “a.md” is there twice",
            id="two sources of one name",
        ),
        pytest.param(
            "\nzebra: x\n",
            f"2:1: unknown key `zebra`; expected one of {KEYS}",
            id="a key that is far off",
        ),
        pytest.param(
            "sourcs:\n",
            "1:1: unknown key `sourcs`; did you mean `sources`?",
            id="a wrong key with nothing after it",
        ),
        pytest.param(
            "network:\n  Proxy: none\n",
            "2:3: unknown key `Proxy`; did you mean `proxy`?",
            id="a key in capitals",
        ),
        pytest.param(
            "sources:\n  - folder: docs\n    base-url: https://a.org\n",
            "3:5: unknown key `base-url`; did you mean `base_url`?",
            id="a wrong key within a list",
        ),
        pytest.param(
            "ignore: {urls: x}\n",
            "1:10: unknown key `urls`; did you mean `url`?",
            id="a wrong key where one entry stands for a list",
        ),
        pytest.param(
            "network: {per_host: many}\n",
            "1:21: network.per_host: found “many”, expected a whole number",
            id="a word for a number",
        ),
        pytest.param(
            "network: {per_host: 100}\n",
            "1:21: network.per_host: found “100”, expected at most 64",
            id="a number that is too large",
        ),
        pytest.param(
            "network: {attempts: 0}\n",
            "1:21: network.attempts: found “0”, expected at least 1",
            id="a number that is too small",
        ),
        pytest.param(
            "network: {attempts: yes}\n",
            "1:21: network.attempts: found “yes”, expected a whole number",
            id="yes is no number",
        ),
        pytest.param(
            "network: {starts_per_second: 0}\n",
            "1:30: network.starts_per_second: found “0”, expected more than 0",
            id="a pace of nothing",
        ),
        pytest.param(
            "network: {read_timeout: soon}\n",
            "1:25: network.read_timeout: found “soon”, expected a duration such as 10s, 2m or"
            " 1h30m, at most 366d",
            id="a duration that is none",
        ),
        pytest.param(
            "network: {read_timeout: 0s}\n",
            "1:25: network.read_timeout: found “0s”, expected more than 0",
            id="a time-out of nothing",
        ),
        pytest.param(
            "network: {link_budget: .inf}\n",
            "1:24: network.link_budget: found “.inf”, expected a duration such as 10s, 2m or"
            " 1h30m, at most 366d",
            id="a duration without end",
        ),
        pytest.param(
            "network: {allow_private: maybe}\n",
            "1:26: network.allow_private: found “maybe”, expected true or false",
            id="neither yes nor no",
        ),
        pytest.param(
            "network: {contact: 5}\n",
            "1:20: network.contact: found “5”, expected text; put it in quotes",
            id="a number for text",
        ),
        pytest.param(
            "network: {ca_file: nowhere.pem}\n",
            "1:20: network.ca_file: nowhere.pem is no file",
            id="a certificate file that is not there",
        ),
        pytest.param(
            "network: {no_proxy: {a: b}}\n",
            "1:21: network.no_proxy: expected a list: lines that begin with a dash",
            id="keys for a list",
        ),
        pytest.param(
            "network: {proxy: 'socks5://localhost'}\n",
            "1:18: network.proxy: expected an HTTP proxy such as"
            " http://proxy.example.org:3128, or none",
            id="a proxy of another kind",
        ),
        pytest.param(
            "network: {https_proxy: 'http://u:${PROXY_PASSWORD}@p:1'}\n",
            "1:24: network.https_proxy: expected that the variable PROXY_PASSWORD is set in the"
            " environment",
            id="a proxy's password that is not there",
        ),
        pytest.param(
            "limits: {page_bytes: huge}\n",
            "1:22: limits.page_bytes: found “huge”, expected a size such as 500 kB or 10 MB",
            id="a size that is none",
        ),
        pytest.param(
            "limits: [5]\n",
            "1:9: limits: expected keys, each with a colon and its value",
            id="a list for keys",
        ),
        pytest.param(
            "sources:\n  - ftp://a.org/x\n  - url: ftp://a.org/x\n",
            "3:10: sources[2].url: found “ftp://a.org/x”, expected a web address such as"
            " https://example.org/course/",
            id="an address that is not of the web",
        ),
        pytest.param(
            "sources: https://[::1\n",
            "1:10: sources.url: found “https://[::1”, expected a web address such as"
            " https://example.org/course/",
            id="an address that is none",
        ),
        pytest.param(
            "sources:\n  - {url: 'https://a.org', folder: docs}\n",
            "2:5: sources[1]: expected exactly one of `url`, `path` and `folder`",
            id="two places of one source",
        ),
        pytest.param(
            "sources:\n  - {path: 5}\n",
            "2:12: sources[1].path: found “5”, expected a path such as docs/index.md; put a number"
            " in quotes",
            id="a number for a path",
        ),
        pytest.param(
            "sources:\n  - ''\n",
            "2:5: sources[1].path: found nothing, expected a path such as docs/index.md; put a"
            " number in quotes",
            id="an empty path",
        ),
        pytest.param(
            "sources:\n  - {path: x, variables: {draft: true}}\n",
            "2:34: sources[1].variables.draft: found “true”, expected text; put it in quotes",
            id="a template variable that is no text",
        ),
        pytest.param(
            "report: {formats: [html, pdf]}\n",
            "1:26: report.formats[2]: found “pdf”, expected html, md, json, atom, badge, junit,"
            " sarif or code-quality",
            id="a form of report that we do not have",
        ),
        pytest.param(
            "report: {formats: []}\n",
            "1:19: report.formats: expected at least one",
            id="no form of report at all",
        ),
        pytest.param(
            "report: {formats: [pdf]}\n",
            "1:20: report.formats[1]: found “pdf”, expected html, md, json, atom, badge, junit,"
            " sarif or code-quality",
            id="the only form is wrong, which is told once",
        ),
        pytest.param(
            "ignore:\n  - reason: just so\n",
            "2:5: ignore[1]: expected at least one of `url`, `provider`, `page` and `element`",
            id="a rule that fits nothing",
        ),
        pytest.param(
            "ignore:\n  - 're:a(b'\n",
            "2:5: ignore[1].url: found “re:a(b”, expected a regular expression after re:, but it"
            " breaks off at its character 2: missing ), unterminated subpattern",
            id="an expression that stays open",
        ),
        pytest.param(
            "ignore:\n  - ''\n",
            "2:5: ignore[1].url: found nothing, expected a pattern such as https://example.org/*,"
            " or re: and an expression",
            id="an empty pattern",
        ),
        pytest.param(
            "ignore:\n  - {url: x, until: 2027-13-01}\n",
            "2:21: ignore[1].until: found “2027-13-01”, expected a date such as 2027-01-31",
            id="a day that is in no calendar",
        ),
        pytest.param(
            "ignore:\n  - {url: x, until: 2027}\n",
            "2:21: ignore[1].until: found “2027”, expected a date such as 2027-01-31",
            id="a year is no day",
        ),
        pytest.param(
            "accept:\n  - url: https://a.org/*\n",
            "2:5: accept[1]: the key `statuses` is missing",
            id="a key that is missing",
        ),
        pytest.param(
            "accept:\n  - {url: x, statuses: [403, 6xx]}\n",
            "2:24: accept[1].statuses: expected HTTP statuses such as [403, 5xx]",
            id="a status that is none",
        ),
        pytest.param(
            "accept:\n  - {url: x, statuses: []}\n",
            "2:24: accept[1].statuses: expected at least one HTTP status, such as [403, 5xx]",
            id="no status",
        ),
        pytest.param(
            "sentinels: [{url: 'http://a.org', status: 9}]\n",
            "1:43: sentinels[1].status: found “9”, expected at least 100",
            id="a sentinel's status",
        ),
        pytest.param(
            "headers: {origin: 'https://a.org/x', headers: {A: b}}\n",
            "1:19: headers.origin: expected a site alone, without a path: https://a.org",
            id="a path where a site is wanted",
        ),
        pytest.param(
            "headers:\n  - origin: https://a.org\n",
            "2:5: headers[1]: expected at least one of `headers`, `basic` and `bearer`",
            id="nothing to send",
        ),
        pytest.param(
            "headers:\n  - {origin: 'https://a.org', basic: github, bearer: github}\n",
            "2:5: headers[1]: expected one of `basic` and `bearer`, not both",
            id="two kinds of authorization",
        ),
        pytest.param(
            "credentials: {lms: '${LMS}'}\nheaders:\n  - {origin: 'https://a.org', bearer: lsm}\n",
            (
                "3:39: headers[1].bearer: expected the name of one of `credentials:`"
                " (bitly, github, google, google_account, lms, youtube)"
            ),
            id="a credential that nobody named",
        ),
        pytest.param(
            "headers: {origin: 'https://a.org', headers: {'a b': c}}\n",
            "1:46: headers.headers: expected a name made of letters, digits, - and _",
            id="a header's name with a space",
        ),
        pytest.param(
            'headers: {origin: "https://a.org", headers: {A: "b\\r\\nC: d"}}\n',
            "1:49: headers.headers.A: expected one line of text",
            id="a header that would be two",
        ),
        pytest.param(
            "store: {path: a, url: 'sqlite://'}\n",
            "1:8: store: expected one of `path` and `url`, not both",
            id="two histories",
        ),
        pytest.param(
            "store: {url: history}\n",
            "1:14: store.url: expected a database such as"
            " postgresql+psycopg://user:${PASSWORD}@host/name",
            id="a database that is none",
        ),
        pytest.param(
            "store: {url: 5}\n",
            "1:14: store.url: expected text; put it in quotes",
            id="a number for a database",
        ),
        pytest.param(
            "a: 1\nlimits:\n  pages: 1\n  pages: 2\n",
            "4:3: the key `pages` stands here a second time; first in line 3",
            id="a key twice",
        ),
        pytest.param("{[a]: b}\n", "1:2: a key that is no plain text", id="a key that is a list"),
        pytest.param(
            "- https://a.org\n",
            "1:1: expected keys such as `sources:`, each at the beginning of a line",
            id="a list alone",
        ),
        pytest.param("network:\n\tproxy: none\n", "2:1: a tab; indent with spaces", id="a tab"),
        pytest.param(
            "sources: a: b\n",
            "1:11: a colon where none can stand; indent the line like its neighbours, or put the"
            " text before it in quotes",
            id="a colon too many",
        ),
        pytest.param(
            "sources:\nnetwork\nlimits:\n",
            "3:1: a line without a colon after its key",
            id="a line without a colon",
        ),
        pytest.param(
            "a: 1\n---\nb: 2\n",
            "2:1: a second document; leave out the line ---",
            id="two documents",
        ),
        pytest.param(
            "sources: [a\n",
            "2:1: this is no YAML: expected ',' or ']', but got '<stream end>'",
            id="a bracket that stays open",
        ),
        pytest.param(
            "a: &x 1\nb: &x 2\n",
            "2:4: an anchor (&name) that stands here a second time",
            id="an anchor twice",
        ),
        pytest.param("a: b\x07\n", "1:5: a character that no text file may hold", id="a bell"),
        pytest.param(
            "sources: &a [*a]\n", "1:10: nested too deep, or too many values", id="a snake"
        ),
        pytest.param("[" * 3_000, " this is nested too deep, or no YAML", id="a deep hole"),
    ],
)
def test_a_wrong_file(complaints, text, expected):
    told = complaints(text)
    assert expected in told


def test_all_that_is_wrong_is_told_at_once_in_the_file_s_order(complaints):
    text = "limits: {pages: none}\nsource: x\nnetwork: {attempts: 99}\nsource: y\n"
    assert complaints(text) == [
        "1:17: limits.pages: found “none”, expected a whole number",
        "2:1: unknown key `source`; did you mean `sources`?",
        "3:21: network.attempts: found “99”, expected at most 10",
        "4:1: the key `source` stands here a second time; first in line 2",
    ]


def test_at_most_ten_complaints_are_told(complaints):
    text = "".join(f"zebra{n}: x\n" for n in range(25))
    told = complaints(text)
    assert len(told) == 11
    assert told[9].startswith("10:1: unknown key `zebra9`")
    assert told[10] == "… and 15 more"


def test_aliases_of_aliases_do_not_explode(complaints):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (told,) = complaints("\n".join(lines))
    assert told.endswith("nested too deep, or too many values")


def test_what_stands_in_the_file_is_told_short_and_harmless(complaints):
    (told,) = complaints('network: {attempts: "a\\e[31m' + "b" * 200 + '"}')
    assert told == f"1:21: network.attempts: found “a�[31m{'b' * 53}…”, expected a whole number"


SECRETS = [
    pytest.param(f"credentials: {{github: {SECRET}}}", id="a key written out"),
    pytest.param(f"credentials: {{github: *{SECRET}}}", id="a key that reads as an alias"),
    pytest.param(f"credentials: {{github: !{SECRET} }}", id="a key that reads as a tag"),
    pytest.param(f"credentials: {{github: !{SECRET}!x y}}", id="a key that reads as a handle"),
    pytest.param(f"credentials: {{github: [{SECRET}]}}", id="a key in a list"),
    pytest.param(f"credentials: {SECRET}", id="a key in the place of all keys"),
    pytest.param(f"github_token: {SECRET}", id="a key under a name of one's own"),
    pytest.param(f"network: {{proxy: 'http://u:{SECRET}@p:1'}}", id="a proxy's password"),
    pytest.param(f"network: {{proxy: 'socks://{SECRET}'}}", id="a proxy of another kind"),
    pytest.param(f"network: 'http://u:{SECRET}@p:1'", id="a proxy in the wrong place"),
    pytest.param(f"sources: 'https://u:{SECRET}@a.org/'", id="a password in an address"),
    pytest.param(f"sources: {{url: 'ftp://u:{SECRET}@a.org/'}}", id="one in a wrong address"),
    pytest.param(f"store: 'postgresql://u:{SECRET}@h/x'", id="a database's password"),
    pytest.param(f"store: {{url: ['postgresql://u:{SECRET}@h/x']}}", id="one in a list"),
    pytest.param(
        f"headers: {{origin: 'https://a.org', headers: {{Cookie: {SECRET}}}}}", id="a cookie"
    ),
    pytest.param(
        f"headers: {{origin: 'https://u:{SECRET}@a.org', basic: x}}", id="in a header's origin"
    ),
    pytest.param(
        f"headers: {{origin: 'https://a.org', basic: 'u:{SECRET}'}}", id="in the place of a name"
    ),
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_in_the_file_is_refused_and_not_repeated(complaints, text):
    assert SECRET not in "\n".join(complaints(text))


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"HTTPS_PROXY": f"socks://u:{SECRET}@p"}, id="a proxy of another kind"),
        pytest.param({"TOKEN": f"{SECRET}\nX: y"}, id="a token of two lines"),
        pytest.param({"PAIR": SECRET}, id="a password without a user"),
    ],
)
def test_a_secret_in_the_environment_is_not_repeated(complaints, environment):
    text = (
        "credentials: {lms: '${TOKEN}', pair: '${PAIR}'}\n"
        "headers: {origin: 'https://a.org', basic: pair}\n"
    )
    assert SECRET not in "\n".join(complaints(text, environment))


def test_a_literal_secret_comes_with_advice(complaints):
    (told,) = complaints(f"credentials:\n  github: {SECRET}\n")
    assert told == (
        "2:11: credentials.github: expected the name of a variable, such as ${GITHUB_TOKEN}: a"
        " secret does not belong in a file. Put it into the environment, and if this file was"
        " ever shared, make a new one"
    )


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(lambda _: None, "does not exist; `linkwell init URL` writes", id="no file"),
        pytest.param(lambda p: p.mkdir(), "cannot be read: Is a directory", id="a folder"),
        pytest.param(
            lambda p: p.write_bytes(b"#" * 1_000_001), "is larger than 1 MB", id="a huge file"
        ),
        pytest.param(
            lambda p: p.write_bytes(b"a: 1\nb: \xff\n"),
            ":2:4: this is not UTF-8; save the file as UTF-8",
            id="another encoding",
        ),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, make, expected):
    path = tmp_path / "config.yaml"
    make(path)
    with pytest.raises(ConfigError) as raised:
        load(path, {})
    assert expected in str(raised.value)


def test_a_path_that_is_none():
    with pytest.raises(ConfigError, match="cannot be read: this is no file name"):
        load(Path("a\0b"), {})


YAML_LIKE = st.lists(
    st.sampled_from(
        [*"[]{}:,-&*!|>'\"#%@`\n \t\x00é\ud7ff", "a", "- ", ": ", "\n  ", "&x ", "*x", "!!int "]
        + ["!!binary ", "!!timestamp ", "0b", "1e999", "2027-99-01", "~", "<<: ", '"\\ud800"']
        + [f"\n{key}:" for key in Config.model_fields]
        + ["sentinels:", "path", "url: ", "basic", "${X}", "until: ", "https://", "ca_file: "]
    ),
    max_size=60,
).map("".join)


@given(st.one_of(st.text(), YAML_LIKE))
def test_whatever_stands_in_the_file_nothing_but_a_config_error_comes(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "arbitrary.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        assert isinstance(load(path, {}), Config)
    except ConfigError as error:
        str(error).encode("utf-8")


@given(st.binary(max_size=200))
def test_nor_from_arbitrary_bytes(tmp_path_factory, body):
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(body)
    try:
        load(path, {})
    except ConfigError as error:
        str(error).encode("utf-8")
