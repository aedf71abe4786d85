"""The secrets of a configuration: by which variables they are there, and in what forms."""

import base64

from monitor.config import load


def loaded(tmp_path, text, environment):
    file = tmp_path / "config.yaml"
    file.write_text(text)
    return load(file, environment)


def test_a_key_is_known_by_its_variable(tmp_path):
    config = loaded(
        tmp_path, "credentials: {lms: '${LMS}', gone: '${GONE}'}", {"LMS": "x", "BITLY_TOKEN": "b"}
    )

    assert config.key_words() == {"lms": "LMS", "bitly": "BITLY_TOKEN"}
    assert config.credentials["lms"].by_file
    assert not config.credentials["bitly"].by_file


def test_a_key_of_google_serves_for_youtube_where_that_has_none(tmp_path):
    both = {"GOOGLE_API_KEY": "g", "YOUTUBE_API_KEY": "y"}
    one = {"GOOGLE_API_KEY": "g"}

    assert loaded(tmp_path, "", one).key_words()["youtube"] == "GOOGLE_API_KEY"
    assert loaded(tmp_path, "", one).secrets()["youtube"] == "g"
    assert loaded(tmp_path, "", both).key_words()["youtube"] == "YOUTUBE_API_KEY"
    assert loaded(tmp_path, "", both).secrets()["youtube"] == "y"


def test_every_secret_is_known_in_the_forms_in_which_it_travels(tmp_path):
    text = (
        "credentials: {site: '${SITE}'}\n"
        "network: {proxy: 'http://me:${PROXY}@p.test:1'}\n"
        "store: {url: 'postgresql://me:${DATABASE}@d.test/x'}\n"
        "headers: {origin: 'https://a.test', headers: {X: 'Key ${X_KEY}', Accept: text/html}}\n"
    )
    environment = {
        "SITE": "reader:pass/word",
        "PROXY": "proxy password",
        "DATABASE": "database-password",
        "X_KEY": "the-x-key",
        "GOOGLE_APPLICATION_CREDENTIALS": "/a/path.json",
    }

    found = loaded(tmp_path, text, environment).secret_texts()

    assert found >= {
        "pass/word",
        "pass%2Fword",
        base64.b64encode(b"reader:pass/word").decode(),
        "proxy password",
        "proxy%20password",
        "database-password",
        "the-x-key",
        "Key the-x-key",
    }
    assert not found & {"text/html", "/a/path.json"}
