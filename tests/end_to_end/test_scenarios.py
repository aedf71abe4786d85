"""Every scenario of the world through the whole of Linkwell, by both entrances."""

import pytest

from monitor.config import Source
from monitor.core.model import Resource
from tests.end_to_end.running import checked
from tests.world.scenario import Entrance, Scenario, scenarios
from tests.world.thread import WorldThread

CASES = [
    pytest.param(scenario, entrance, id=f"{scenario.id} by the {entrance}")
    for scenario in scenarios()
    for entrance in sorted(scenario.entrances)
]


@pytest.mark.parametrize(("scenario", "entrance"), CASES)
def test_a_scenario_gets_its_verdict(scenario: Scenario, entrance: Entrance, tmp_path):
    page = tmp_path / "page.html"
    attribute = "href" if scenario.element == "a" else "src"
    page.write_text(f'<{scenario.element} {attribute}="{scenario.url}">it</{scenario.element}>')

    with WorldThread(scenario) as world:
        report = checked(world, Source(path=page), tmp_path, entrance=entrance)

    assert report.run.valid is scenario.valid, report.run.invalid_reason
    if not scenario.valid:
        assert report.summary.broken == 0
        return
    (finding,) = report.found
    (link,) = finding.links
    assert isinstance(finding.resource, Resource)
    assert finding.resource.provider == scenario.provider
    assert finding.verdict.reason in {scenario.reason, *scenario.also}, finding.verdict.detail
    if scenario.link_reason is not None:
        assert link.verdict.reason is scenario.link_reason
    assert link.verdict.status is scenario.status
    instead = link.verdict.instead
    if scenario.instead is not None:
        assert instead is not None
        assert instead.url == scenario.instead
