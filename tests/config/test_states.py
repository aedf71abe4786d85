"""The section `states` of config.yaml."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config import load
from monitor.core.errors import ConfigError
from monitor.core.model import Resource, ResourceId, Url
from monitor.core.patience import PRESETS, Patience
from monitor.core.policies import Policies, PolicyRule, digest

PATIENT, NIGHTLY, STRICT = (PRESETS[name] for name in ("patient", "nightly", "strict"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(text: str) -> Policies:
    Path("config.yaml").write_text(text)
    return load(Path("config.yaml"), {}).states.policies()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", PATIENT, id="nothing is said"),
        pytest.param("states:", PATIENT, id="nothing comes after it"),
        pytest.param("states: patient", PATIENT, id="patient by name"),
        pytest.param("states: nightly", NIGHTLY, id="nightly by name"),
        pytest.param("states: {preset: strict}", STRICT, id="strict by its long form"),
        pytest.param(
            "states: {hard: 3}",
            replace(PATIENT, hard=Patience(times=3, apart=20 * HOUR)),
            id="one number is how many times",
        ),
        pytest.param(
            "states: {preset: nightly, soft: {span: 5d}}",
            replace(NIGHTLY, soft=Patience(times=3, apart=20 * HOUR, span=5 * DAY)),
            id="the rest is as the preset has it",
        ),
        pytest.param(
            "states: {soft: {times: 4, apart: 1h, span: 0}, remark: {apart: 90m}, recovery: 1}",
            replace(
                PATIENT,
                soft=Patience(times=4, apart=HOUR),
                remark=Patience(times=2, apart=1.5 * HOUR),
                recovery=Patience(times=1, apart=6 * HOUR),
            ),
            id="every number of the evidence",
        ),
        pytest.param(
            "states: {flaps: 6, flap_window: 30d, calm: 0}",
            replace(PATIENT, flaps=6, flap_window=30 * DAY, calm=0 * DAY),
            id="every number of flapping",
        ),
    ],
)
def test_the_usual_policy(text, expected):
    assert read(text) == Policies(usual=expected)


def test_overrides_in_the_order_of_the_file():
    text = """\
sources: [{url: "https://a.org/", name: The course}]
states:
  preset: nightly
  hard: 3
  overrides:
    - {source: The course, url: "*.pdf", preset: strict}
    - {provider: github, hard: {apart: 1h}}
"""
    usual = replace(NIGHTLY, hard=Patience(times=3, apart=20 * HOUR))
    assert read(text) == Policies(
        usual=usual,
        rules=(
            PolicyRule(policy=STRICT, source="The course", url="*.pdf"),
            PolicyRule(
                policy=replace(usual, hard=Patience(times=3, apart=HOUR)), provider="github"
            ),
        ),
    )


def test_one_override_needs_no_list():
    rules = read("states: {overrides: {provider: web, preset: strict}}").rules
    assert rules == (PolicyRule(policy=STRICT, provider="web"),)


def test_the_rules_are_asked_for_a_resource_and_its_sources():
    Path("config.yaml").write_text("states: {overrides: {source: '-', preset: strict}}")
    rules = load(Path("config.yaml"), {}).state_rules()
    page = Resource(
        id=ResourceId("web:https://a.org/"), provider="web", kind="page", url=Url("https://a.org/")
    )
    assert rules(page, ["-"]) == (STRICT, digest(STRICT))
    assert rules(page, []) == (PATIENT, digest(PATIENT))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "states: strct",
            "1:9: states.preset: found “strct”, expected patient, nightly or strict",
            id="no such preset",
        ),
        pytest.param(
            "states: 3",
            "1:9: states: found “3”, expected keys, each with a colon and its value",
            id="a number alone",
        ),
        pytest.param(
            "states: {hard: 0}",
            "1:16: states.hard.times: found “0”, expected at least 1",
            id="no evidence at all",
        ),
        pytest.param(
            "states: {hard: true}",
            "1:16: states.hard: found “true”, expected keys, each with a colon and its value",
            id="yes is no number",
        ),
        pytest.param(
            "states: {hard: {tmes: 3}}",
            "1:17: unknown key `tmes`; did you mean `times`?",
            id="a key that is nearly right",
        ),
        pytest.param(
            "states: {soft: {span: long}}",
            "1:23: states.soft.span: found “long”, expected a duration such as 10s, 2m or 1h30m,"
            " at most 366d",
            id="no duration",
        ),
        pytest.param(
            "states: {flaps: 1}",
            "1:17: states.flaps: found “1”, expected at least 2",
            id="one turn is no coming and going",
        ),
        pytest.param(
            "states: {overrides: [{hard: 1}]}",
            "1:22: states.overrides[1]: expected at least one of `source`, `provider` and `url`",
            id="an override of nothing",
        ),
        pytest.param(
            "states: {overrides: [{provider: web}]}",
            "1:22: states.overrides[1]: expected a `preset` or numbers, such as `hard: 3`,"
            " for those that fit",
            id="an override by nothing",
        ),
        pytest.param(
            "states: {overrides: [strict]}",
            "1:22: states.overrides[1]: found “strict”, expected keys, each with a colon and its"
            " value",
            id="an override has no short form",
        ),
        pytest.param(
            "states: {overrides: {url: 're:(', preset: strict}}",
            "1:27: states.overrides.url: found “re:(”, expected a regular expression after re:,"
            " but it breaks off at its character 1: missing ), unterminated subpattern",
            id="no pattern",
        ),
        pytest.param(
            "sources: [{path: x.md, name: Course}]\nstates: {overrides: {source: Kurs, hard: 1}}",
            "2:30: states.overrides[1].source: expected the name of one of `sources:` (Course)",
            id="no such source",
        ),
    ],
)
def test_what_is_wrong_is_told(text, expected):
    with pytest.raises(ConfigError) as raised:
        read(text)
    assert str(raised.value) == f"config.yaml:{expected}"
