"""Which numbers hold for which resource."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Resource, ResourceId, Url
from monitor.core.patience import PRESETS, Patience, StatePolicy
from monitor.core.policies import Policies, PolicyRule, digest

PATIENT, NIGHTLY, STRICT = (PRESETS[name] for name in ("patient", "nightly", "strict"))
REPOSITORY = Resource(
    id=ResourceId("github:repo:octocat/hello"),
    provider="github",
    kind="repo",
    url=Url("https://github.com/octocat/hello"),
)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param([], PATIENT, id="without rules the usual one"),
        pytest.param([PolicyRule(policy=STRICT, provider="github")], STRICT, id="by provider"),
        pytest.param([PolicyRule(policy=STRICT, provider="web")], PATIENT, id="another provider"),
        pytest.param([PolicyRule(policy=STRICT, source="Course")], STRICT, id="by source"),
        pytest.param([PolicyRule(policy=STRICT, source="Cour")], PATIENT, id="another source"),
        pytest.param([PolicyRule(policy=STRICT, url="*/octocat/*")], STRICT, id="by address"),
        pytest.param([PolicyRule(policy=STRICT, url="gitlab.com")], PATIENT, id="another address"),
        pytest.param(
            [PolicyRule(policy=STRICT, source="Course", provider="web")],
            PATIENT,
            id="all that is given must fit",
        ),
        pytest.param(
            [
                PolicyRule(policy=STRICT, source="Blog"),
                PolicyRule(policy=NIGHTLY, url="github.com"),
                PolicyRule(policy=STRICT, provider="github"),
            ],
            NIGHTLY,
            id="the first that fits",
        ),
    ],
)
def test_policy_for(rules, expected):
    policies = Policies(rules=tuple(rules))
    found = policies.policy_for(REPOSITORY, ["Course", "Wiki"])
    assert found == (expected, digest(expected))


def test_a_digest_reads_as_the_numbers():
    assert digest(PATIENT) == ("v1 2/72000/0 3/72000/244800 2/72000/0 2/21600/0 4/1209600/604800")


spells = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=366))
patiences = st.builds(Patience, times=st.integers(1, 100), apart=spells, span=spells)
policies_ = st.builds(
    StatePolicy,
    hard=patiences,
    soft=patiences,
    remark=patiences,
    recovery=patiences,
    flaps=st.integers(2, 100),
    flap_window=spells,
    calm=spells,
)


@given(policies_, policies_, st.sampled_from([field.name for field in fields(StatePolicy)]))
def test_a_digest_tells_every_number_apart(one, other, name):
    mixed = replace(one, **{name: getattr(other, name)})
    assert (digest(mixed) == digest(one)) is (mixed == one)


def test_a_digest_tells_a_microsecond_of_a_year():
    longest = timedelta(days=366)
    shorter = longest - timedelta(microseconds=1)
    assert digest(StatePolicy(calm=longest)) != digest(StatePolicy(calm=shorter))
