"""The compose file: valid, hardened, and in step with the image and with what the code reads."""

import re

import pytest
import yaml

from monitor.config import load
from tests.deploy.places import CONFIGS, DRAINS, ROOT, read_by, run, said

COMPOSE = ROOT / "docker-compose.yml"
CONTENT = yaml.safe_load(COMPOSE.read_text("utf-8"))
SERVICES = CONTENT["services"]
OURS = {"linkwell": "postgresql", "linkwell-sqlite": "sqlite"}
SECRETS = "/run/secrets/"


def test_its_schema_finds_nothing():
    code, words = said(run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE))

    assert code == 0, words


def test_without_a_word_it_is_the_daemon_with_postgresql_and_sqlite_is_one_profile_away():
    profiles = {name: service.get("profiles") for name, service in SERVICES.items()}

    assert profiles == {"linkwell": None, "database": None, "linkwell-sqlite": ["sqlite"]}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert "/tmp" in service["tmpfs"]
    assert not {"ports", "privileged", "cap_add", "network_mode", "pid"} & service.keys()


def test_the_database_is_13_or_newer_and_not_reached_from_outside():
    assert int(SERVICES["database"]["image"].rpartition(":")[2]) >= 13
    assert SERVICES["database"]["networks"] == ["database"]
    assert CONTENT["networks"]["database"] == {"internal": True}
    assert "database" in SERVICES["linkwell"]["networks"]


@pytest.mark.parametrize("name", OURS)
def test_the_daemon_has_the_time_to_end_its_run(name):
    assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > DRAINS


@pytest.mark.parametrize("name", SERVICES)
def test_every_variable_of_a_secret_names_a_secret_that_the_service_gets(name):
    service = SERVICES[name]
    files = {v for k, v in service["environment"].items() if k.endswith("_FILE")}

    assert files == {SECRETS + secret for secret in service["secrets"]}
    assert set(service["secrets"]) <= CONTENT["secrets"].keys()
    assert all(s["file"].startswith("./secrets/") for s in CONTENT["secrets"].values())


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_one_that_the_configuration_reads(name):
    variables = {each.removesuffix("_FILE") for each in SERVICES[name]["environment"]}

    assert variables <= read_by(OURS[name])


@pytest.mark.parametrize("name", OURS)
def test_its_configuration_holds_and_what_it_writes_goes_to_a_volume_that_is_there(name, tmp_path):
    service, file = SERVICES[name], CONFIGS[OURS[name]]
    mounts = dict(volume.split(":")[:2] for volume in service["volumes"])
    environment = {}
    for variable, path in service["environment"].items():
        secret = tmp_path / path.removeprefix(SECRETS)
        secret.write_text("a-secret\n")
        environment[variable] = str(secret)

    config = load(file, environment)

    assert mounts.pop(f"./{file.parent.relative_to(ROOT)}") == "/etc/linkwell"
    assert mounts.keys() <= CONTENT["volumes"].keys()
    assert str(config.report.directory) in mounts.values()
    if config.store.url is None:
        assert str(config.store.path.parent) in mounts.values()
    else:
        wanted = SERVICES["database"]["environment"]
        user, base = wanted["POSTGRES_USER"], wanted["POSTGRES_DB"]
        assert config.store.url == f"postgresql+psycopg://{user}:a-secret@database/{base}"


def test_the_folder_of_secrets_is_no_part_of_the_repository():
    assert "secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_the_commands_that_it_names_name_its_services():
    texts = [COMPOSE, *CONFIGS.values()]
    named = {
        word
        for text in texts
        for words in re.findall(r"docker compose ([^\n(]*)", text.read_text("utf-8"))
        for word in words.split()
        if word.startswith("linkwell")
    }

    assert named == set(OURS)
