"""The units of systemd and the crontab line: valid, hardened, in step with the code."""

import re

import pytest

from monitor.config import load
from monitor.config.surroundings import KNOWN_CREDENTIALS
from monitor.core.exits import Exit
from tests.deploy.places import CONFIGS, DEPLOY, DRAINS, ROOT, UNITS, run, said, understood

SERVICES = ("linkwell.service", "linkwell-check.service")
MOST_EXPOSED = 2.0
OWN = {
    "Type",
    "NotifyAccess",
    "ExecStart",
    "ExecReload",
    "WatchdogSec",
    "Restart",
    "RestartSec",
    "RestartPreventExitStatus",
    "SuccessExitStatus",
    "TimeoutStartSec",
}
"""In what the two services may differ."""


def service(name):
    """Return the section of a service by its keys; what is set more than once by its lines."""
    text = (UNITS / name).read_text("utf-8").partition("\n[Service]\n")[2].partition("\n[")[0]
    found = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE):
        found[key] = f"{found[key]}\n{value}" if key in found else value
    return found


@pytest.fixture
def units(tmp_path):
    """Return copies of the units that start a program that is there."""
    copies = []
    for name in (*SERVICES, "linkwell-check.timer"):
        text = (UNITS / name).read_text("utf-8").replace("/opt/linkwell/bin/linkwell", "/bin/true")
        copies.append(tmp_path / name)
        copies[-1].write_text(text)
    return copies


def test_systemd_finds_nothing_in_the_units(units):
    assert said(run("systemd-analyze", "verify", *units)) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_exposed_to_little(units, name):
    unit = next(unit for unit in units if unit.name == name)
    done = run("systemd-analyze", "security", "--offline=true", "--no-pager", unit)

    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)

    assert found, done.stderr
    assert float(found.group(1)) <= MOST_EXPOSED


def test_the_users_file_makes_the_user_that_all_run_as():
    file = UNITS / "linkwell.sysusers"
    code, words = said(run("systemd-sysusers", "--dry-run", file))

    assert code == 0, words
    assert re.search(r"^u linkwell ", file.read_text("utf-8"), re.MULTILINE)
    for name in SERVICES:
        assert service(name)["User"] == "linkwell"


def test_both_services_are_hardened_alike():
    first, second = ({k: v for k, v in service(s).items() if k not in OWN} for s in SERVICES)

    assert first == second
    assert first["SystemCallFilter"] == "@system-service\n~@privileged @resources"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_a_command_of_ours(name):
    understood(service(name)["ExecStart"])


def test_the_daemon_has_the_time_to_end_its_run_and_is_watched():
    daemon = service("linkwell.service")

    assert daemon["Type"] == "notify"
    assert int(daemon["TimeoutStopSec"].removesuffix("s")) > DRAINS
    assert daemon["WatchdogSec"] == "2min"
    assert daemon["ExecReload"] == "/bin/sh -c 'kill -HUP $$MAINPID'"  # without procps too


def test_exit_codes_mean_to_systemd_what_they_mean_to_us():
    assert int(service("linkwell.service")["RestartPreventExitStatus"]) == Exit.SET_UP
    assert int(service("linkwell-check.service")["SuccessExitStatus"]) == Exit.BROKEN


def test_the_crontab_line_runs_a_command_of_ours_as_the_same_user():
    lines = (DEPLOY / "linkwell.cron").read_text("utf-8").splitlines()
    (line,) = [line for line in lines if not line.startswith("#")]
    *times, user, command = line.split(maxsplit=6)

    assert times == ["17", "*", "*", "*", "*"]
    assert user == "linkwell"
    assert command.endswith(" > /dev/null")
    understood(command.removesuffix(" > /dev/null"))


def test_the_configuration_beside_the_units_holds_and_writes_where_they_may():
    config = load(CONFIGS["systemd"], {})
    state = f"/var/lib/{service('linkwell.service')['StateDirectory']}/"

    assert str(config.store.path).startswith(state)
    assert str(config.report.directory).startswith(state)


def test_every_variable_that_a_unit_hands_over_is_one_that_is_read():
    found = set()
    for file in UNITS.iterdir():
        found |= set(re.findall(r"(\w+)_FILE=%d/", file.read_text("utf-8")))

    assert found == {"GITHUB_TOKEN"}
    assert found <= set(KNOWN_CREDENTIALS.values())


@pytest.mark.parametrize("page", ["containers.md", "systemd.md"])
def test_what_a_page_names_is_there_and_its_commands_are_ours(page):
    text = (ROOT / "docs" / page).read_text("utf-8")
    commands = re.findall(r"^[$#] .*(linkwell (?:check|doctor|plan) .*)$", text, re.MULTILINE)

    for name in re.findall(r"(?<![\w/])(?:deploy/[\w/.*-]+|[\w-]+\.lock)", text):
        assert list(ROOT.glob(name)), name
    for command in commands:
        understood(command)
    assert len(commands) == (3 if page == "containers.md" else 0)


def test_every_page_that_the_files_point_to_is_there():
    files = [f for f in DEPLOY.rglob("*") if f.is_file()]
    files += [ROOT / "Dockerfile", ROOT / "docker-compose.yml"]
    for file in files:
        for page in re.findall(r"docs/[\w-]+\.md", file.read_text("utf-8")):
            assert (ROOT / page).exists(), f"{file.name}: {page}"
