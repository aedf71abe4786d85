"""From links to resources, and from observations to what a report says of each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.findings import findings
from monitor.core.identify import identify, link_to, provider_named
from monitor.core.model import (
    Observation,
    Record,
    Reference,
    Resource,
    ResourceId,
    Run,
    RunId,
    Url,
    Verdict,
)
from monitor.core.reasons import Reason
from tests.strategies import NOON


class Fake:
    """Claims the URLs that begin with its own; a link to second 99 is too far for any of them."""

    def __init__(self, name, start):
        self.name = name
        self.probes = {}
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


SHORT, WEB = Fake("short", "https://sho.rt/"), Fake("web", "")
PROVIDERS = (WEB, SHORT)
VIDEO, SHORTLY = Url("https://example.org/video"), Url("https://sho.rt/v")


def observed(url, reason, *, leads_to=None, at=NOON):
    resource = identify(link_to(url), PROVIDERS)
    verdict = Verdict(reason=reason, detail=f"It is {reason}.", leads_to=leads_to)
    return Observation(resource=resource, verdict=verdict, at=at)


def record(urls, observations, trusted_until=None):
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
