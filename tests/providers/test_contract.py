"""What every provider keeps to, found by the walk and held against hostile answers."""

import ast
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import providers
from monitor.core.identify import FALLBACK, identify, link_to
from monitor.core.model import Resource, Url, Verdict
from monitor.core.provider import Ask
from monitor.core.reasons import EXPLANATIONS, Reason, Status, explain
from monitor.core.urls import normalise
from tests import strategies

ALL = providers.find()
EACH = pytest.mark.parametrize("provider", [pytest.param(p, id=p.name) for p in ALL])
EXAMPLES = {p.name: import_module(f"tests.providers.test_{p.name}").EXAMPLES for p in ALL}
"""Addresses that a provider claims, one of each kind, as its own tests list them."""

TERRITORY = [
    *strategies.URLS,
    *(url for urls in EXAMPLES.values() for url in urls),
    "https://youtu.be/",
    "https://y2u.be/0bMe_vCZo30",
    "https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2F",
    "https://www.youtube.com/redirect?q=https%3A%2F%2Fbit.ly%2Fx",
    "https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D0bMe_vCZo30",
    "https://i.ytimg.com/vi/0bMe_vCZo30/0.jpg",
    "https://www.youtube-nocookie.com/embed/0bMe_vCZo30",
    "https://colab.research.google.com/drive/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
    "https://colab.research.google.com/github/Atcold/x/blob/master/a.ipynb",
    "https://nbviewer.org/github/Atcold/x/blob/master/a.ipynb",
    "https://nbviewer.jupyter.org/github/Atcold/x/blob/master/a.ipynb",
    "https://mybinder.org/v2/gh/Atcold/x/master",
    "https://raw.githubusercontent.com/Atcold/x/master/a.py",
    "https://gist.github.com/Atcold/0123456789abcdef",
    "https://atcold.github.io/pytorch-Deep-Learning/it/",
    "https://cdn.jsdelivr.net/gh/Atcold/x@master/a.js",
    "https://accounts.google.com/",
    "https://forms.gle/abcdef",
    "https://goo.gl/forms/abcdef",
    "https://maps.app.goo.gl/abcdef",
    "https://goo.gl/maps/abcdef",
    "https://docs.google.com/forms/d/e/1FAIpQLSfexample0123456789/viewform",
    "https://drive.google.com/",
    "https://sites.google.com/view/x",
    "https://lh3.googleusercontent.com/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
    "https://bitly.com/DLSP20",
    "https://bitly.com/pages/pricing",
    "https://bit.ly/a/warning?url=x",
    "https://t.co/abc",
    "https://git.io/abc",
    "https://lnkd.in/abc",
    "https://dx.doi.org/10.1000/182",
    "https://github.com/",
    "https://github.com/features/actions",
    "https://GITHUB.com:8443/a/b",
    "https://bit.ly:8443/a",
    "https://www.reddit.com/r/x/",
]


_FACTS_READ = ["title", "duration", "lines", "line_digests", "anchors_missing", "embeddable"]


def vocabulary(provider):
    """Return the words that stand as texts in a provider's source: keys and values it knows."""
    folder = Path(providers.__file__).parent
    files = [folder / f"{provider.name}.py", *folder.glob(f"_{provider.name}_*.py")]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and text.isidentifier()}


@EACH
def test_a_provider_has_the_name_of_its_file(provider):
    assert type(provider).__module__ == f"monitor.providers.{provider.name}"
    assert provider.title


@EACH
def test_a_provider_claims_its_own_examples(provider):
    claimed = {url: identify(_link(url), ALL).provider for url in EXAMPLES[provider.name]}
    assert claimed
    assert set(claimed.values()) == {provider.name}, claimed


@EACH
def test_a_provider_claims_the_shapes_that_it_documents_as_of_their_kind(provider):
    assert provider.shapes
    for shape in provider.shapes:
        resource = identify(_link(shape.example), ALL)
        assert (resource.provider, resource.kind) == (provider.name, shape.kind), shape


@EACH
def test_every_kind_that_a_provider_tests_is_documented(provider):
    known = {shape.kind for shape in provider.shapes}
    assert {identify(_link(url), ALL).kind for url in EXAMPLES[provider.name]} <= known


@EACH
def test_every_probe_is_documented(provider):
    assert provider.ways.keys() == provider.probes.keys()
    for way in provider.ways.values():
        assert way.about.endswith(".")
        assert way.cost.endswith(".")


@EACH
def test_every_key_that_a_provider_uses_can_be_checked(provider):
    needed = {probe.credential for probe in provider.probes.values()} - {None}
    assert needed | provider.credentials.keys() == provider.checkups.keys()


@EACH
def test_a_probe_says_what_it_needs(provider):
    for probe in provider.probes.values():
        assert probe.credential is None or probe.credential
        assert probe.size >= 1


@EACH
def test_what_a_look_brings_is_what_things_are_known_again_by(provider):
    for kind, look in provider.looked_up.items():
        assert kind in {shape.kind for shape in provider.shapes}
        assert {name for name in look.facts if provider.facts[name].identity} == look.facts
        assert not any(explain(reason).status is Status.OK for reason in look.reasons)


@EACH
def test_a_cut_keeps_every_resource_and_the_size(provider):
    resources = list(
        {r.id: r for url in TERRITORY if (r := provider.identify(_link(url))) is not None}.values()
    )
    for probe in provider.probes.values():
        batches = probe.cut(resources)
        assert sorted(r.id for batch in batches for r in batch) == sorted(r.id for r in resources)
        assert all(0 < len(batch) <= probe.size for batch in batches)


@pytest.mark.parametrize("url", TERRITORY)
def test_no_url_is_claimed_twice(url):
    link = _link(url)
    claims = [p.name for p in ALL if p.name != FALLBACK and p.identify(link) is not None]
    assert len(claims) <= 1


@pytest.mark.parametrize("url", TERRITORY)
def test_a_resource_is_one_of_its_provider_and_its_url_leads_back_to_it(url):
    resource = identify(_link(url), ALL)
    assert resource.provider in {p.name for p in ALL}
    assert resource.kind
    assert identify(link_to(resource.url), ALL).id == resource.id


@EACH
@given(written=st.text(max_size=200) | strategies.urls)
def test_nothing_written_on_a_page_makes_identify_fail(provider, written):
    found = provider.identify(_link(written))
    assert found is None or isinstance(found, Resource)


@EACH
@given(data=st.data())
def test_no_answer_makes_a_judge_fail_or_ask_in_vain(provider, data):
    link = _link(data.draw(st.sampled_from(EXAMPLES[provider.name])))
    resource = provider.identify(link)
    answers = data.draw(strategies.answers(provider.probes, vocabulary(provider)))
    usable = data.draw(st.frozensets(st.sampled_from(sorted(provider.probes))))
    said = provider.judge(resource, answers, usable)
    if isinstance(said, Ask):
        assert said.probe in usable
        assert said.probe not in {answer.probe for answer in answers}
    else:
        _check_verdict(said)
        _check_verdict(provider.judge_link(link, said))


@EACH
@given(data=st.data())
def test_no_verdict_makes_judging_a_link_fail(provider, data):
    link = data.draw(strategies.links)
    verdict = Verdict(
        reason=data.draw(st.sampled_from(Reason)),
        detail="as it was settled",
        leads_to=data.draw(st.none() | strategies.urls),
        facts=data.draw(
            st.dictionaries(
                st.sampled_from(_FACTS_READ),
                strategies.json_values,
            )
        ),
    )
    _check_verdict(provider.judge_link(link, verdict))
    facts = data.draw(st.sampled_from(["passages", "title"]))
    accepted = {facts: data.draw(strategies.json_values)}
    _check_verdict(provider.judge_link_since(link, verdict, accepted))


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_explained(reason):
    assert reason in EXPLANATIONS


def _link(url):
    return link_to(normalise(url) or Url(url))


def _check_verdict(verdict):
    assert isinstance(verdict, Verdict)
    assert verdict.reason in EXPLANATIONS
    assert verdict.detail
    assert isinstance(verdict.facts, Mapping)
    if verdict.instead is not None:
        assert 0 <= verdict.instead.confidence <= 1
        assert normalise(verdict.instead.url) is not None
