"""`issues:` in config.yaml: short and long, and what is wrong with it."""

from pathlib import Path

import pytest

from monitor.config import describe, load
from monitor.config.issues import Issues
from monitor.core.errors import ConfigError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def issues(text: str) -> Issues:
    Path("config.yaml").write_text(text)
    return load(Path("config.yaml"), {}).issues


def test_without_a_word_there_are_none():
    found = issues("sources: []\n")
    assert found == Issues()
    assert not found.wanted
    assert (found.mode, found.labels, found.max_new_issues) == (("incident",), ("link-health",), 5)


@pytest.mark.parametrize(
    "text",
    [
        "issues: octo-cat/my.course\n",
        "issues: https://github.com/octo-cat/my.course\n",
        "issues: {repository: https://github.com/octo-cat/my.course.git}\n",
        "issues: {repository: https://ghe.uni.example/octo-cat/my.course/}\n",
    ],
)
def test_the_repository_alone_will_do(text):
    assert issues(text).repository == "octo-cat/my.course"
    assert issues(text).wanted


def test_all_of_it(folder):
    found = issues(
        """\
issues:
  repository: o/r
  enabled: false
  mode: [incident, dashboard]
  labels: [links, course]
  max_new_issues: 0
  warnings: true
  assignees:
    - "docs/it/*": mabel
    - "docs/*": [ada, tom]
  base_url: https://ghe.uni.example/api/v3
  app: {id: 12, private_key_file: keys/app.pem, installation: 7}
"""
    )
    assert not found.wanted
    assert found.labels == ("links", "course")
    assert found.app is not None
    assert (found.app.id, found.app.installation) == ("12", 7)
    assert found.app.private_key_file.resolve() == (folder / "keys/app.pem").resolve()
    assert found.assigned(["docs/it/week1.md"]) == ("mabel", "ada", "tom")
    assert found.assigned(["README.md"]) == ()


def test_at_most_ten_are_assigned():
    found = Issues.model_validate({"assignees": {"*": [f"p{n}" for n in range(20)]}})
    assert found.assigned(["x"]) == tuple(f"p{n}" for n in range(10))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("issues: course\n", "expected a repository such as octocat/hello-world"),
        ("issues: {repository: o/..}\n", "expected a repository such as"),
        ("issues: {repository: 3}\n", "expected a repository such as"),
        ("issues: {mode: both}\n", "incident"),
        ("issues: {mode: []}\n", "expected incident, dashboard, or both of them under `mode`"),
        ("issues: {labels: []}\n", "expected at least one label"),
        ("issues: {labels: 'a,b'}\n", "labels"),
        ("issues: {base_url: 'http://ghe.uni.example'}\n", "expected an https address"),
        ("issues: {assignees: [mabel]}\n", "assignees"),
        ("issues: {assignees: {'docs/*': 'not a login!'}}\n", "assignees"),
        ("issues: {max_new_issues: 101}\n", "max_new_issues"),
        ("issues: {app: {id: true, private_key_file: k}}\n", "the App ID or the Client ID"),
        ("issues: {app: {id: 'a b', private_key_file: k}}\n", "the App ID or the Client ID"),
    ],
)
def test_what_is_wrong(text, words):
    with pytest.raises(ConfigError) as refused:
        issues(text)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("issues: o/r\n", "issues: o/r (incident)"),
        (
            "issues: {repository: o/r, enabled: false, mode: [incident, dashboard]}\n",
            "issues: o/r (incident, dashboard); only by `linkwell issues sync`",
        ),
    ],
)
def test_in_words(text, line):
    Path("config.yaml").write_text(text)
    assert line in describe(load(Path("config.yaml"), {}))
