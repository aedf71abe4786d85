"""Secrets that stand in files: NAME_FILE names the file that holds NAME."""

import pytest

from monitor.config import load
from monitor.config.secret_files import WithFiles
from monitor.core.errors import ConfigError

STORE = "store: 'postgresql+psycopg://me:${PASSWORD}@db.test/x'\n"


@pytest.fixture
def loaded(tmp_path):
    """Return how a configuration is read in an environment of secret files."""

    def load_it(text, secrets, environment=()):
        file = tmp_path / "config.yaml"
        file.write_text(text)
        named = dict(environment)
        for name, content in secrets.items():
            (tmp_path / name).write_bytes(content)
            named[f"{name}_FILE"] = str(tmp_path / name)
        return load(file, named)

    return load_it


def test_a_customary_key_is_read_from_the_file_that_its_variable_names(loaded):
    config = loaded("", {"GITHUB_TOKEN": b"from-a-file\n"})

    assert config.secrets() == {"github": "from-a-file"}
    assert config.key_words() == {"github": "GITHUB_TOKEN"}


def test_a_variable_in_an_address_is_read_from_its_file(loaded):
    config = loaded(STORE, {"PASSWORD": b"a/b c\r\n"})

    assert config.store.url == "postgresql+psycopg://me:a%2Fb%20c@db.test/x"
    assert "a/b c" in config.secret_texts()


def test_the_variable_itself_wins_over_its_file(loaded):
    config = loaded("", {"GITHUB_TOKEN": b"old"}, {"GITHUB_TOKEN": "new"})

    assert config.secrets() == {"github": "new"}


def test_an_empty_variable_leaves_the_word_to_its_file(loaded):
    config = loaded("", {"GITHUB_TOKEN": b"from-a-file"}, {"GITHUB_TOKEN": ""})

    assert config.secrets() == {"github": "from-a-file"}


def test_a_file_that_nobody_asks_for_is_not_read(loaded):
    config = loaded("", {}, {"SSL_CERT_FILE": __file__, "PIP_FILE": "/nowhere"})

    assert str(config.network.ca_file) == __file__


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"\xff\xfe", "is not UTF-8", id="a file of bytes"),
        pytest.param(b"x" * 65_537, "is larger than 64 kB", id="a huge file"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused(loaded, content, why):
    with pytest.raises(ConfigError, match=f"GITHUB_TOKEN_FILE names a file that {why}"):
        loaded("", {"GITHUB_TOKEN": content})


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("ghp_the_secret", "No such file or directory", id="the secret itself"),
        pytest.param("/", "Is a directory", id="a folder"),
        pytest.param("a\0b", "this is no file name", id="no path at all"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_without_its_name(loaded, path, why):
    with pytest.raises(ConfigError, match="GITHUB_TOKEN_FILE names a file that cannot") as refused:
        loaded("", {}, {"GITHUB_TOKEN_FILE": path})

    assert why in str(refused.value)
    assert "ghp" not in str(refused.value)


def test_an_empty_file_is_as_a_variable_that_is_not_set(loaded):
    assert loaded("", {"GITHUB_TOKEN": b"\n"}).secrets() == {}
    with pytest.raises(ConfigError, match="the variable PASSWORD is set in the environment"):
        loaded(STORE, {"PASSWORD": b""})


def test_a_missing_variable_is_missed_as_ever(loaded):
    with pytest.raises(ConfigError, match="the variable PASSWORD is set in the environment"):
        loaded(STORE, {})


def test_the_names_that_are_listed_are_those_of_the_environment():
    given = WithFiles({"GITHUB_TOKEN_FILE": "/nowhere", "HOME": "/root"})

    assert list(given) == ["GITHUB_TOKEN_FILE", "HOME"]
    assert len(given) == 2
    assert given["HOME"] == "/root"
    assert given.get("PATH") is None
