"""From links to resources, and from observations to what a report says of each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.findings import findings, identities
from monitor.core.identify import identify, link_to, provider_named
from monitor.core.model import (
    Observation,
    Record,
    Reference,
    Resource,
    ResourceId,
    Run,
    RunId,
    Suggestion,
    Url,
    Verdict,
)
from monitor.core.provider import Fact, Provider
from monitor.core.reasons import Reason
from tests.strategies import NOON

FACT = Fact(meaning="What it is known by", source="the service", identity=True)
KEPT = Fact(meaning="What is at the seconds that links name", source="the service", kept=True)


class Fake(Provider):
    """Claims the URLs that begin with its own; a link to second 99 is too far for any of them."""

    def __init__(self, name, start):
        self.name = name
        self.probes = {}
        self.facts = {"title": FACT, "duration": FACT, "target": FACT, "seconds": KEPT}
        self.start = start

    def identify(self, link):
        if not link.url.startswith(self.start):
            return None
        url = Url(link.url.partition("#")[0])
        return Resource(id=ResourceId(f"{self.name}:{url}"), provider=self.name, kind="x", url=url)

    def judge(self, resource, answers, usable):
        raise NotImplementedError

    def judge_link(self, link, verdict):
        if link.url.endswith("#99"):
            return replace(verdict, reason=Reason.PART_MISSING, detail="It is not that long.")
        return verdict

    def judge_link_since(self, link, verdict, accepted):
        if link.url.endswith("#8") and accepted.get("seconds") == {"8": "the proof"}:
            return replace(verdict, reason=Reason.PART_MISSING, detail="The proof is elsewhere.")
        return verdict


SHORT, WEB = Fake("short", "https://sho.rt/"), Fake("web", "")
PROVIDERS = (WEB, SHORT)
VIDEO, SHORTLY = Url("https://example.org/video"), Url("https://sho.rt/v")


def observed(url, reason, *, leads_to=None, at=NOON, instead=None, **facts):
    resource = identify(link_to(url), PROVIDERS)
    hint = Suggestion(url=instead, why="It leads there.", confidence=0.9) if instead else None
    verdict = Verdict(
        reason=reason, detail=f"It is {reason}.", leads_to=leads_to, facts=facts, instead=hint
    )
    return Observation(resource=resource, verdict=verdict, at=at)


def record(urls, observations, trusted_until=None, baselines=None):
    resources = {r.id: r for url in urls if (r := identify(link_to(url), PROVIDERS))}
    return Record(
        run=Run(id=RunId("r"), started_at=NOON, trusted_until=trusted_until),
        pages=(),
        references=tuple(
            Reference(link=link_to(url), resource=identify(link_to(url), PROVIDERS).id)
            for url in urls
        ),
        skipped=(),
        resources=resources,
        observations={one.resource.id: one for one in observations},
        baselines=baselines or {},
    )


@pytest.mark.parametrize(
    ("url", "provider"),
    [(SHORTLY, "short"), (VIDEO, "web"), (Url("http://[::1"), "web")],
)
def test_a_link_goes_to_the_one_that_claims_it_and_else_to_the_fallback(url, provider):
    assert identify(link_to(url), PROVIDERS).provider == provider


def test_a_provider_is_known_by_its_name():
    assert provider_named("short", PROVIDERS) is SHORT
    with pytest.raises(KeyError):
        provider_named("nobody", PROVIDERS)


def test_findings_stand_in_the_order_of_the_page_with_all_their_links():
    at_99 = Url(f"{VIDEO}#99")
    found = findings(record([VIDEO, SHORTLY, at_99], [observed(VIDEO, Reason.ALIVE)]), PROVIDERS)
    assert [one.resource.id for one in found] == [f"web:{VIDEO}", f"short:{SHORTLY}"]
    assert [(one.link.url, one.verdict.reason) for one in found[0].links] == [
        (VIDEO, Reason.ALIVE),
        (at_99, Reason.PART_MISSING),
    ]


def test_a_resource_that_was_not_reached_is_not_asked():
    (found,) = findings(record([VIDEO], []), PROVIDERS)
    assert found.verdict.reason is Reason.NOT_ASKED


@pytest.mark.parametrize(
    ("target", "behind", "settled"),
    [
        pytest.param(VIDEO, [Reason.ALIVE], Reason.LEADS_ON, id="it leads to something alive"),
        pytest.param(
            VIDEO, [Reason.NOT_FOUND], Reason.NOT_FOUND, id="it leads to something broken"
        ),
        pytest.param(
            Url(f"{VIDEO}#99"), [Reason.ALIVE], Reason.PART_MISSING, id="to a part that is missing"
        ),
        pytest.param(VIDEO, [], Reason.NOT_ASKED, id="it leads to something nobody asked"),
    ],
)
def test_a_short_link_is_as_healthy_as_what_it_leads_to(target, behind, settled):
    seen = [observed(SHORTLY, Reason.LEADS_ON, leads_to=target)]
    seen += [observed(VIDEO, reason) for reason in behind]
    (found,) = findings(record([SHORTLY], seen), PROVIDERS)
    assert found.verdict.reason is settled
    assert found.links[0].verdict.reason is settled


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [
        pytest.param(1, Reason.NOT_FOUND, id="before the network was lost"),
        pytest.param(9, Reason.OWN_NETWORK, id="after"),
    ],
)
def test_what_was_seen_without_a_network_does_not_count(minutes, reason):
    seen = observed(VIDEO, Reason.NOT_FOUND, at=NOON + timedelta(minutes=minutes))
    (found,) = findings(
        record([VIDEO], [seen], trusted_until=NOON + timedelta(minutes=5)), PROVIDERS
    )
    assert found.verdict.reason is reason


# --- what changed behind the links ---

OTHER, FURTHER = Url("https://casino.example/?visit=7"), Url("https://sho.rt/w")
VIDEO_ID, SHORT_ID = ResourceId(f"web:{VIDEO}"), ResourceId(f"short:{SHORTLY}")
CATS = {"title": "Cats", "duration": 61}
WEEK = {"title": "Week 3", "duration": 3605}


def leading(target, *behind, instead=None, start=SHORTLY):
    return [observed(start, Reason.LEADS_ON, leads_to=target, instead=instead), *behind]


def alive(url, **facts):
    return observed(url, Reason.ALIVE, **facts)


def test_where_a_chain_ends_is_a_fact_and_the_address_to_use_instead():
    seen = leading(FURTHER, *leading(OTHER, alive(OTHER), start=FURTHER), instead=FURTHER)
    (found,) = findings(record([SHORTLY], seen), PROVIDERS)
    assert found.verdict.facts == {
        "chain": [FURTHER, OTHER],
        "target": "https://casino.example/",
        "target_id": f"web:{OTHER}",
    }
    assert found.verdict.instead.url == OTHER


def test_the_end_of_a_chain_within_a_known_service_is_its_canonical_address():
    seen = leading(Url("https://sho.rt/w#2"), observed(FURTHER, Reason.ALIVE))
    (found,) = findings(record([SHORTLY], seen), PROVIDERS)
    assert (found.verdict.facts["target"], found.verdict.instead) == (FURTHER, None)


@pytest.mark.parametrize(
    ("target", "reason", "names"),
    [
        pytest.param(VIDEO, Reason.LEADS_ON, [], id="where it led"),
        pytest.param(Url(f"{VIDEO}?visit=8"), Reason.LEADS_ON, [], id="with another query"),
        pytest.param(OTHER, Reason.RETARGETED, ["target"], id="to somebody else's"),
    ],
)
def test_a_short_link_is_held_against_where_it_led(target, reason, names):
    seen = leading(target, alive(target), instead=target)
    baselines = {SHORT_ID: {"target": VIDEO}}
    (found,) = findings(record([SHORTLY], seen, baselines=baselines), PROVIDERS)
    assert (found.verdict.reason, found.links[0].verdict.reason) == (reason, reason)
    assert [change.name for change in found.changes] == names


def test_what_was_replaced_behind_a_short_link_breaks_it_too():
    baselines = {SHORT_ID: {"target": VIDEO}, VIDEO_ID: WEEK}
    seen = leading(VIDEO, alive(VIDEO, **CATS))
    found = findings(record([SHORTLY, VIDEO], seen, baselines=baselines), PROVIDERS)
    assert [one.verdict.reason for one in found] == [Reason.REPLACED, Reason.REPLACED]
    assert found[0].verdict.detail.startswith(f"It leads to {VIDEO}. Its duration was")
    assert [[change.name for change in one.changes] for one in found] == [["duration", "title"]] * 2


def test_a_link_with_a_trouble_of_its_own_keeps_it_when_the_thing_was_renamed():
    at_99 = Url(f"{VIDEO}#99")
    seen = [alive(VIDEO, **WEEK | {"title": "Week 4"})]
    (found,) = findings(record([VIDEO, at_99], seen, baselines={VIDEO_ID: WEEK}), PROVIDERS)
    reasons = [link.verdict.reason for link in found.links]
    assert reasons == [Reason.CHANGED, Reason.PART_MISSING]


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([observed(VIDEO, Reason.DELETED, **CATS)], id="it is broken"),
        pytest.param([observed(VIDEO, Reason.BLOCKED, **CATS)], id="it is unknown"),
        pytest.param([], id="it was not reached"),
    ],
)
def test_what_does_not_work_does_not_drift(seen):
    (found,) = findings(record([VIDEO], seen, baselines={VIDEO_ID: WEEK}), PROVIDERS)
    assert found.changes == ()


EIGHT = Url(f"{VIDEO}#8")
PROOF = {VIDEO_ID: {"seconds": {"8": "the proof"}}}


@pytest.mark.parametrize(
    ("baselines", "reason"),
    [
        pytest.param(PROOF, Reason.PART_MISSING, id="what was noted stands elsewhere now"),
        pytest.param({}, Reason.ALIVE, id="nothing was noted"),
    ],
)
def test_a_link_is_judged_by_what_was_noted_of_its_place(baselines, reason):
    (found,) = findings(record([EIGHT, VIDEO], [alive(VIDEO)], baselines=baselines), PROVIDERS)
    assert found.verdict.reason is Reason.ALIVE
    assert [link.verdict.reason for link in found.links] == [reason, Reason.ALIVE]
    assert found.changes == ()


def test_what_was_noted_of_a_place_counts_behind_a_short_link_too():
    seen = [observed(SHORTLY, Reason.LEADS_ON, leads_to=EIGHT), alive(VIDEO)]
    (found,) = findings(record([SHORTLY], seen, baselines=PROOF), PROVIDERS)
    assert found.verdict.reason is Reason.PART_MISSING


def test_everything_that_works_is_known_again_by_its_identity():
    kept = {"seconds": {"8": "the proof"}}
    found = alive(VIDEO, **WEEK, **kept, views=7)
    seen = leading(VIDEO, found, observed(OTHER, Reason.DELETED, **CATS))
    plain = Url("https://example.org/plain")
    assert identities(record([SHORTLY], [*seen, alive(plain)]), PROVIDERS) == {
        VIDEO_ID: {**WEEK, **kept},
        SHORT_ID: {**WEEK, **kept, "target": VIDEO},
    }


def test_a_chain_that_a_service_invents_leads_nowhere():
    (found,) = findings(record([VIDEO], [alive(VIDEO, chain=["x"])]), PROVIDERS)
    assert "target" not in found.verdict.facts
