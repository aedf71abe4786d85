"""From config.yaml, the environment and the folder to values."""

import base64
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Config, Headers, Ignore, Limits, Network, Source, load, source_of
from monitor.config.values import Secret, read_duration, read_size
from monitor.core.errors import ConfigError
from monitor.core.leave_alone import AcceptRule, IgnoreRule
from monitor.core.validity import SENTINELS, Sentinel


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str, environment=None, path: str = "config.yaml") -> Config:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load(file, environment or {})


@pytest.mark.parametrize(
    "text", ["", "# only a comment\n", "---\n", "network:\nsources:\n", "\ufeff"]
)
def test_an_empty_file_means_what_no_file_means(text):
    assert read(text) == load(None, {}) == Config()


def test_the_defaults():
    config = load(None, {})
    assert config.sources == ()
    assert config.limits == Limits(
        pages=1_000, links=50_000, page_bytes=10_000_000, run_budget=None
    )
    assert config.store.path == Path(".linkwell/history.sqlite3")
    assert config.store.url is None
    assert config.report.directory == Path("reports")
    assert config.report.formats == ("html", "md", "json", "atom", "badge")
    assert config.sentinels == SENTINELS
    assert (config.secrets(), config.origin_headers()) == ({}, {})
    assert (config.ignore_rules(), config.accept_rules()) == ((), ())


WHOLE = """\
sources:
  - https://A.org/course
  - "-"
  - docs/index.md
  - folder: docs
    base_url: https://a.org/course
    variables: {site.baseurl: /course, version: 2}
    include: "*.md"
    name: The course
network:
  proxy: http://user:${PROXY_PASSWORD}@proxy:3128
  https_proxy: none
  no_proxy: .a.org, localhost
  ca_file: ca.pem
  contact: me@a.org
  read_timeout: 1m30s
  link_budget: 90
limits: {page_bytes: 2 MB, run_budget: 2h}
credentials: {github: "${GH}", lms: "${LMS}", gone: "${GONE}"}
headers:
  - origin: https://lms.a.org/
    headers: {X-Course: 7, X-Key: "k-${KEY}", X-None: "${GONE}"}
    basic: lms
  - {origin: "http://b.org:8080", bearer: github}
  - {origin: "https://c.org", bearer: gone}
store: history/one.sqlite3
report: {directory: out, formats: html}
ignore:
  - https://x.org/*
  - {provider: youtube, page: "docs/*", element: img, reason: why, until: 2027-01-31}
accept:
  url: a.org
  statuses: [403, 5xx]
  until: "2027-01-31"
sentinels:
  - {url: "http://s.org/ok", body: fine}
"""

ENVIRONMENT = {
    "PROXY_PASSWORD": "p@ss/word",
    "GH": "gh-token",
    "LMS": "alice:secret",
    "KEY": "key\n",
    "GITHUB_TOKEN": "not this one",
    "HTTPS_PROXY": "http://not.this:1",
    "NO_PROXY": "not.this",
    "SSL_CERT_FILE": "/not/this",
}


def test_a_whole_file():
    Path("ca.pem").touch()
    config = read(WHOLE, ENVIRONMENT)
    assert config.sources == (
        Source(url="https://a.org/course"),
        Source(path="-"),
        Source(path="docs/index.md", name="docs/index.md"),
        Source(
            folder="docs",
            base_url="https://a.org/course",
            variables={"site.baseurl": "/course", "version": "2"},
            include=("*.md",),
            name="The course",
        ),
    )
    network = config.network
    assert network.http_proxy == "http://user:p%40ss%2Fword@proxy:3128"
    assert network.https_proxy is None
    assert network.no_proxy == (".a.org", "localhost")
    assert network.ca_file == Path("ca.pem")
    assert network.contact == "me@a.org"
    assert network.read_timeout == timedelta(seconds=90)
    assert network.link_budget == timedelta(seconds=90)
    assert config.limits.page_bytes == 2_000_000
    assert config.limits.run_budget == timedelta(hours=2)
    assert config.secrets() == {"github": "gh-token", "lms": "alice:secret"}
    assert config.origin_headers() == {
        "https://lms.a.org": {
            "X-Course": "7",
            "X-Key": "k-key",
            "Authorization": "Basic " + base64.b64encode(b"alice:secret").decode(),
        },
        "http://b.org:8080": {"Authorization": "Bearer gh-token"},
        "https://c.org": {},
    }
    assert config.store.path == Path("history/one.sqlite3")
    assert config.report.directory == Path("out")
    assert config.report.formats == ("html",)
    assert config.ignore_rules() == (
        IgnoreRule(url="https://x.org/*"),
        IgnoreRule(
            provider="youtube",
            page="docs/*",
            element="img",
            reason="why",
            until=date(2027, 1, 31),
        ),
    )
    assert config.accept_rules() == (
        AcceptRule(
            url="a.org",
            statuses=frozenset({403, *range(500, 600)}),
            until=date(2027, 1, 31),
        ),
    )
    assert config.sentinels == (Sentinel(url="http://s.org/ok", body="fine"),)


def test_no_secret_shows_when_a_configuration_is_printed():
    Path("ca.pem").touch()
    printed = repr(read(WHOLE, ENVIRONMENT)) + str(read(WHOLE, ENVIRONMENT))
    for secret in ("p@ss", "p%40ss", "gh-token", "alice", "k-key"):
        assert secret not in printed


def test_paths_in_a_file_are_read_from_its_own_folder():
    Path("sites/a").mkdir(parents=True)
    Path("sites/a/ca.pem").touch()
    config = read(
        "sources: [docs, '-', /abs.md, ~nobody-of-this-name/x]\nnetwork: {ca_file: ca.pem}\n",
        path="sites/a/config.yaml",
    )
    assert [source.path for source in config.sources] == [
        Path("sites/a/docs"),
        Path("-"),
        Path("/abs.md"),
        Path("sites/a/~nobody-of-this-name/x"),
    ]
    assert config.network.ca_file == Path("sites/a/ca.pem")
    assert config.store.path == Path("sites/a/.linkwell/history.sqlite3")
    assert config.report.directory == Path("sites/a/reports")


def test_a_database_by_its_url():
    text = "store: postgresql+psycopg://linkwell:${DB_PASSWORD}@db/history\n"
    config = read(text, {"DB_PASSWORD": "a/b"})
    assert config.store.url == "postgresql+psycopg://linkwell:a%2Fb@db/history"
    assert read("store: {url: '${DB}'}", {"DB": "sqlite:///x"}).store.url == "sqlite:///x"


def test_null_keeps_what_was_seen_for_ever():
    store = read("store: {keep: null, keep_evidence: null}\n").store
    assert (store.keep, store.keep_evidence) == (None, None)


def test_no_sentinels_switches_the_check_off():
    assert read("sentinels: []\n").sentinels == ()
    assert read("sentinels: {url: 'http://s.org', status: 204}\n").sentinels == (
        Sentinel(url="http://s.org/", status=204),
    )


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param(
            {"HTTPS_PROXY": "http://p:1", "HTTP_PROXY": "p:2", "NO_PROXY": "a.org, b.org"},
            Network(https_proxy="http://p:1", http_proxy="http://p:2", no_proxy=("a.org", "b.org")),
            id="in capitals",
        ),
        pytest.param(
            {"https_proxy": "http://p:1", "HTTPS_PROXY": "http://q:1"},
            Network(https_proxy="http://p:1"),
            id="small letters before capitals",
        ),
        pytest.param({"HTTPS_PROXY": " ", "NO_PROXY": ""}, Network(), id="empty ones are none"),
    ],
)
def test_the_environment_s_proxies(environment, expected):
    network = load(None, environment).network
    assert network.model_dump() == expected.model_dump()


@pytest.mark.parametrize(
    ("text", "http", "https"),
    [
        pytest.param("proxy: none", None, None, id="none is none"),
        pytest.param("proxy: q:3", "http://q:3", "http://q:3", id="one for both"),
        pytest.param("http_proxy: q:3", "http://q:3", "http://e:1", id="one of them"),
        pytest.param("proxy:", "http://e:1", "http://e:1", id="nothing said"),
        pytest.param("proxy: '${P}'", "http://u:p@q:3", "http://u:p@q:3", id="a variable"),
    ],
)
def test_what_the_file_says_of_proxies_comes_before_the_environment(text, http, https):
    environment = {"HTTPS_PROXY": "http://e:1", "HTTP_PROXY": "http://e:1", "P": "u:p@q:3"}
    network = read(f"network: {{{text}}}\n", environment).network
    assert (network.http_proxy, network.https_proxy) == (http, https)


def test_the_environment_s_certificates(folder):
    (folder / "ca.pem").touch()
    named = {"SSL_CERT_FILE": str(folder / "ca.pem")}
    assert load(None, named).network.ca_file == folder / "ca.pem"
    with pytest.raises(ConfigError, match="SSL_CERT_FILE names /no/such, which is no file"):
        load(None, {"SSL_CERT_FILE": "/no/such"})


def test_a_proxy_of_the_environment_that_is_none():
    with pytest.raises(ConfigError) as raised:
        load(None, {"http_proxy": "socks5://u:s3cr3t@p"})
    assert str(raised.value) == (
        "the environment's http_proxy: expected an HTTP proxy such as"
        " http://proxy.example.org:3128, or none"
    )


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        pytest.param("", {"GITHUB_TOKEN": " t \n"}, {"github": "t"}, id="by its customary name"),
        pytest.param("", {"GITHUB_TOKEN": ""}, {}, id="an empty one is none"),
        pytest.param(
            "credentials: {github: '${MINE}'}",
            {"GITHUB_TOKEN": "t", "MINE": "m"},
            {"github": "m"},
            id="the file's name comes first",
        ),
        pytest.param(
            "credentials: {github: '${MINE}'}",
            {"GITHUB_TOKEN": "t"},
            {},
            id="where the file names one, no other is taken",
        ),
        pytest.param("credentials:", {"GITHUB_TOKEN": "t"}, {"github": "t"}, id="nothing said"),
    ],
)
def test_credentials(text, environment, expected):
    assert read(text, environment).secrets() == expected


def test_a_known_credential_may_be_sent_to_a_site_too():
    text = "headers: {origin: 'https://ghe.a.org', bearer: github}\n"
    assert read(text, {"GITHUB_TOKEN": "t"}).origin_headers() == {
        "https://ghe.a.org": {"Authorization": "Bearer t"}
    }


def test_lychee_s_list_is_read_beside_the_file_and_here(folder):
    (folder / ".lycheeignore").write_text("# comment\n\n^https://here\\.org\n")
    (folder / "site").mkdir()
    (folder / "site/.lycheeignore").write_text("there\\.org/.*\n")
    assert read("ignore: ['x.org']\n", path="site/config.yaml").ignore == (
        Ignore(url="x.org"),
        Ignore(url=r"re:there\.org/.*", reason="line 1 of .lycheeignore"),
        Ignore(url=r"re:^https://here\.org", reason="line 3 of .lycheeignore"),
    )
    assert len(load(None, {}).ignore) == 1


def test_a_line_of_lychee_s_list_that_is_no_expression(folder):
    (folder / ".lycheeignore").write_text("a\n  b(c\n")
    with pytest.raises(ConfigError) as raised:
        load(None, {})
    assert str(raised.value) == (
        ".lycheeignore:2:4: expected a regular expression, but it breaks off:"
        " missing ), unterminated subpattern"
    )


def test_a_lychee_list_that_cannot_be_read(folder, monkeypatch):
    (folder / ".lycheeignore").touch()

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ConfigError, match="lycheeignore cannot be read: Permission denied"):
        load(None, {})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("10s", timedelta(seconds=10), id="seconds"),
        pytest.param("1.5m", timedelta(seconds=90), id="a part of a minute"),
        pytest.param("1h 30m", timedelta(minutes=90), id="two parts"),
        pytest.param("500ms", timedelta(milliseconds=500), id="thousandths"),
        pytest.param("30d", timedelta(days=30), id="days"),
        pytest.param(2.5, timedelta(seconds=2.5), id="a number is seconds"),
        pytest.param(timedelta(1), timedelta(1), id="a duration is itself"),
    ],
)
def test_durations(written, expected):
    assert read_duration(written) == expected


@pytest.mark.parametrize("written", [-1, True, "", "10", "1y", "-1s", "400d", "1e9s", None, []])
def test_no_durations(written):
    with pytest.raises(ValueError, match="a duration such as"):
        read_duration(written)


@given(st.floats() | st.integers() | st.text() | st.timedeltas())
def test_whatever_is_no_duration_is_a_value_error(written):
    with suppress(ValueError):
        assert timedelta(0) <= read_duration(written) <= timedelta(days=366)


@pytest.mark.parametrize(
    ("written", "expected"),
    [(5000, 5000), ("500 kB", 500_000), ("10MB", 10_000_000), ("1.5 gb", 1_500_000_000), ("7", 7)],
)
def test_sizes(written, expected):
    assert read_size(written) == expected


@pytest.mark.parametrize(
    "written",
    [-1, True, pytest.param(10**5000, id="huge"), "x", "1 TB", "9" * 50, None, 1.5],
)
def test_no_sizes(written):
    with pytest.raises(ValueError, match="a size such as"):
        read_size(written)


def test_models_can_be_made_without_a_file():
    headers = Headers(origin="https://a.org", headers={"X-Key": Secret("k")})
    config = Config(headers=(headers,), credentials={"a": Secret("s")})
    assert config.origin_headers() == {"https://a.org": {"X-Key": "k"}}
    assert config.secrets() == {"a": "s"}
    assert Network(http_proxy=None).http_proxy is None
    assert Config.model_validate({"store": {"url": None}}).store.url is None
    assert (
        AcceptRule(url="x", statuses=frozenset({403}))
        == Config.model_validate(
            {"accept": [{"url": "x", "statuses": frozenset({403})}]}
        ).accept_rules()[0]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("https://A.org/x", Source(url="https://a.org/x"), id="a web page"),
        pytest.param("HTTP://a.org", Source(url="http://a.org/"), id="capitals are a web page too"),
        pytest.param("docs/index.md", Source(path="docs/index.md"), id="a path"),
        pytest.param("-", Source(path="-"), id="standard input"),
    ],
)
def test_a_source_of_the_command_line(text, expected):
    assert source_of(text) == expected
    assert source_of(text).label == str(expected.url or expected.path)


def test_a_source_of_the_command_line_with_its_options():
    source = source_of("x.md", base_url="https://a.org/b", variables={"site.baseurl": "/b"})
    assert source == Source(
        path="x.md", base_url="https://a.org/b", variables={"site.baseurl": "/b"}
    )


@pytest.mark.parametrize(
    ("text", "base_url", "expected"),
    [
        pytest.param(
            "https://[::1",
            None,
            "https://[::1: expected a web address such as https://example.org/course/",
            id="an address that is none",
        ),
        pytest.param(
            "x.md",
            "a.org",
            "--base-url: expected a web address such as https://example.org/course/",
            id="a base URL that is none",
        ),
        pytest.param(
            "",
            None,
            "the source: expected a path such as docs/index.md; put a number in quotes",
            id="none",
        ),
    ],
)
def test_a_source_of_the_command_line_that_is_none(text, base_url, expected):
    with pytest.raises(ConfigError) as raised:
        source_of(text, base_url=base_url)
    assert str(raised.value) == expected


def test_a_password_on_the_command_line_is_not_repeated():
    with pytest.raises(ConfigError) as raised:
        source_of("https://u:s3cr3t@a.org/")
    assert "s3cr3t" not in str(raised.value)


def test_a_source_has_one_name_however_its_file_is_named():
    Path("sites").mkdir()
    Path("sites/config.yaml").write_text("sources: [page.md, {folder: docs}]\n", encoding="utf-8")
    for name in ("sites/config.yaml", Path("sites/config.yaml").absolute()):
        assert [s.label for s in load(Path(name), {}).sources] == ["page.md", "docs"]
