"""Every scenario of the world through the whole of Linkwell.

Without keys by both entrances, with all keys by the proxy (but for plain sites, which no key
concerns). With keys the world must have nothing to
complain of: no key in a URL, none at the wrong host, no request that an API does not know.
"""

from pathlib import Path

import pytest

from monitor.config import Source
from monitor.core.model import Resource
from tests.end_to_end.running import checked
from tests.world.scenario import Entrance, Scenario, scenarios
from tests.world.thread import WorldThread


def _ways(scenario: Scenario) -> list[tuple[Entrance, bool]]:
    """Return the entrances and modes in which a scenario is played."""
    return [
        (entrance, credentials)
        for credentials in scenario.modes
        for entrance in sorted(scenario.entrances)
        if not credentials or (entrance is Entrance.PROXY and scenario.provider != "web")
    ]


CASES = [
    pytest.param(
        scenario,
        entrance,
        credentials,
        id=f"{scenario.id} by the {entrance} with{'' if credentials else 'out'} keys",
    )
    for scenario in scenarios()
    for entrance, credentials in _ways(scenario)
]


@pytest.mark.parametrize(("scenario", "entrance", "credentials"), CASES)
def test_a_scenario_gets_its_verdict(
    scenario: Scenario, entrance: Entrance, credentials: bool, tmp_path: Path
):
    page = tmp_path / "page.html"
    attribute = "href" if scenario.element == "a" else "src"
    page.write_text(f'<{scenario.element} {attribute}="{scenario.url}">it</{scenario.element}>')
    wanted = scenario.expected(credentials=credentials)

    with WorldThread(scenario.world(credentials=credentials)) as world:
        source = Source(path=page)
        report = checked(world, source, tmp_path, entrance=entrance, credentials=credentials)

    assert world.complaints == []
    assert report.run.valid is scenario.valid, report.run.invalid_reason
    if not scenario.valid:
        assert report.summary.broken == 0
        return
    (finding,) = report.found
    (link,) = finding.links
    assert isinstance(finding.resource, Resource)
    assert finding.resource.provider == scenario.provider
    assert finding.verdict.reason in wanted.reasons, finding.verdict.detail
    if wanted.link_reason is not None:
        assert link.verdict.reason is wanted.link_reason
    assert link.verdict.status in wanted.statuses
    instead = link.verdict.instead
    if wanted.instead is not None:
        assert instead is not None
        assert instead.url == wanted.instead
