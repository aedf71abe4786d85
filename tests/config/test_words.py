"""What `config check`, `config schema` and `init` print, and the files of this repository."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import SCHEMA_NAME, Source, describe, load, schema, source_of, starter
from monitor.core.urls import normalise
from monitor.core.validity import SENTINELS
from tests.config.test_loading import ENVIRONMENT, WHOLE

TOP = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def described(text: str, environment=None, today=None) -> list[str]:
    Path("config.yaml").write_text(text)
    return list(describe(load(Path("config.yaml"), environment or {}), today))


NOT_THERE = (
    "credential google: none; set GOOGLE_API_KEY to have one",
    "credential youtube: none; set YOUTUBE_API_KEY to have one",
    "credential google_account: none; set GOOGLE_APPLICATION_CREDENTIALS to have one",
    "credential bitly: none; set BITLY_TOKEN to have one",
)


def test_the_defaults_in_words():
    sentinels = ", ".join(sentinel.url for sentinel in SENTINELS)
    assert list(describe(load(None, {}))) == [
        "sources: none; name one on the command line, or under `sources:`",
        "proxy: none",
        "pace: 4 at once and 20 a second to a host, 60 s a link",
        "credential github: none; set GITHUB_TOKEN to have one",
        *NOT_THERE,
        "history: .linkwell/history.sqlite3",
        "reports: reports (html, md, json, atom, badge)",
        "states: patient",
        f"sentinels: {sentinels}",
    ]


def test_states_in_words():
    text = """\
states:
  hard: 3
  soft: {apart: 90m, span: 0}
  calm: 2d
  overrides:
    - {source: docs, url: "*.pdf", preset: strict}
    - {provider: github, recovery: {span: 20h}, flaps: 6}
"""
    told = [line for line in described(text) if line.startswith("states")]
    assert told == [
        "states: patient, hard times 3, soft apart 1.5h, soft span 0h, calm 2d",
        "states of source docs, url *.pdf: strict",
        "states of provider github: recovery span 20h, flaps 6",
    ]


def test_a_whole_file_in_words():
    Path("ca.pem").touch()
    text = WHOLE.replace("  contact", "  allow_private: true\n  contact")
    assert described(text, ENVIRONMENT, date(2027, 2, 1)) == [
        "source: https://a.org/course",
        "source: -",
        "source: docs/index.md",
        (
            "source: The course (docs), read at https://a.org/course, site.baseurl = /course,"
            " version = 2, only *.md"
        ),
        "proxy for http: http://proxy:3128",
        "without proxy: .a.org, localhost",
        "certificates: ca.pem",
        "private addresses: allowed",
        "pace: 4 at once and 20 a second to a host, 90 s a link",
        "credential github: there",
        "credential lms: there",
        "credential gone: missing, GONE is not set",
        *NOT_THERE,
        (
            "headers for https://lms.a.org: X-Course, X-Key, X-None (missing, GONE is not set),"
            " Authorization from lms"
        ),
        "headers for http://b.org:8080: Authorization from github",
        "headers for https://c.org: Authorization from gone",
        "history: history/one.sqlite3",
        "reports: out (html)",
        "ignore url https://x.org/*",
        (
            "ignore provider youtube, page docs/*, element img until 2027-01-31"
            " (over: it no longer counts): why"
        ),
        "accept 403, 5xx from a.org until 2027-01-31 (over: it no longer counts)",
        "states: patient",
        "sentinels: http://s.org/ok",
    ]


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        pytest.param(
            "store: 'postgresql://u:${P}@db/x'",
            {"P": "s3cr3t"},
            "history: postgresql://db/x",
            id="a database without its password",
        ),
        pytest.param(
            "",
            {"HTTPS_PROXY": "http://u:s3cr3t@p:1"},
            "proxy for https: http://p:1",
            id="a proxy without its password",
        ),
        pytest.param(
            "store: {url: '${P}'}",
            {"P": "s3cr3t://[x"},
            "history: (set)",
            id="a database's URL that is none",
        ),
        pytest.param(
            "sentinels: []",
            {},
            "sentinels: none; a network that is down goes unnoticed",
            id="no sentinels",
        ),
        pytest.param(
            "ignore: {url: x, until: 2027-01-31}",
            {},
            "ignore url x until 2027-01-31",
            id="a rule that counts still",
        ),
    ],
)
def test_one_thing_in_words(text, environment, expected):
    told = described(text, environment, date(2027, 1, 31))
    assert expected in told
    assert "s3cr3t" not in "\n".join(told)


def test_the_schema_in_the_repository_is_in_step():
    text = (TOP / SCHEMA_NAME).read_text(encoding="utf-8")
    assert text == schema(), f"make it anew: linkwell config schema > {SCHEMA_NAME}"
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def _undescribed(node, path=""):
    for name, child in node.get("properties", {}).items():
        if "description" not in child:
            yield f"{path}.{name}"
    for name, child in node.get("$defs", {}).items():
        yield from _undescribed(child, name)


def test_the_schema_explains_every_key():
    assert list(_undescribed(json.loads(schema()))) == []


class _Plain(yaml.SafeLoader):
    """Reads dates as the text that JSON has for them."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param((TOP / "config.yaml").read_text(encoding="utf-8"), id="config.yaml"),
        pytest.param(starter("https://a.org/"), id="the starter"),
        pytest.param(WHOLE.replace("formats: html", "formats: [html]"), id="a whole file"),
        pytest.param("network:\ncredentials:\n", id="keys with nothing after them"),
        pytest.param("", id="an empty file"),
    ],
)
def test_the_schema_takes_what_we_take(text):
    text = text.replace('include: "*.md"', 'include: ["*.md"]')
    text = text.replace("accept:\n  url", "accept:\n- url")
    text = text.replace("no_proxy: .a.org, localhost", "no_proxy: [.a.org, localhost]")
    value = yaml.load(text, Loader=_Plain)  # a SafeLoader
    jsonschema.validate(value, json.loads(schema()))


@pytest.mark.parametrize("text", ["source: x", "network: {per_host: many}", "sources: [5]"])
def test_the_schema_refuses_what_we_refuse(text):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), json.loads(schema()))


def test_the_configuration_of_this_repository():
    path = TOP / "config.yaml"
    assert load(path, {}).sources == (
        Source(url="https://atcold.github.io/pytorch-Deep-Learning/it/"),
    )
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA_NAME}"


@pytest.mark.parametrize(
    "text", [starter("https://a.org/"), (TOP / "config.yaml").read_text(encoding="utf-8")]
)
def test_what_is_commented_out_is_right_too(text):
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line == "sources:")
    commented = [line[2:] for line in lines[start + 1 :] if _is_setting(line)]
    sources = lines[start : start + 2]
    Path("all.yaml").write_text("\n".join([*sources, *commented]))
    config = load(Path("all.yaml"), {"GITHUB_TOKEN": "t"})
    assert len(config.sources) >= 2
    assert config.ignore
    assert config.accept
    assert config.network.http_proxy == "http://proxy.example.org:3128"
    assert config.secrets() == {"github": "t"}


def _is_setting(line: str) -> bool:
    """Return whether a comment's line is a setting: a dash or a key and a colon."""
    text = line.removeprefix("# ")
    key = text.strip().removeprefix("- ").partition(":")[0]
    return line.startswith("# ") and (
        text.startswith("  ") or (text.rstrip().endswith(":") and key.isidentifier())
    )


@given(st.text(min_size=1).map(lambda path: normalise(f"https://a.org/{path}")))
def test_the_starter_names_any_page(tmp_path_factory, url):
    path = tmp_path_factory.getbasetemp() / "starter.yaml"
    path.write_text(starter(url), encoding="utf-8")
    assert load(path, {}).sources == (source_of(url),)


@pytest.mark.parametrize("path", ["docs", "docs/a b.md", "a: b", "- x", "# x", "null", "[x]", "5"])
def test_the_starter_names_any_path(path):
    Path("config.yaml").write_text(starter(path), encoding="utf-8")
    (source,) = load(Path("config.yaml"), {}).sources
    assert (source.path, source.label) == (source_of(path).path, path)


def test_the_starter_for_a_webmaster():
    lines = starter("https://a.org/course/").splitlines()
    assert lines[0] == f"# yaml-language-server: $schema={SCHEMA_NAME}"
    assert "  - https://a.org/course/" in lines
    assert all(len(line) <= 100 for line in lines)
