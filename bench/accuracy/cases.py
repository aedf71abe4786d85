"""What is asked: each scenario as a page with one link, in a world of its own, with controls.

The controls are two more links of the page, to a host that is well and to a page that is not
there. An answer counts only where both came out right: it shows that the checker went through
the proxy and trusted the world's certificates.
"""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import urlsplit

from bench.accuracy.scoring import Truth, truth_of
from monitor.core.validity import SENTINELS
from tests.world.scenario import Scenario
from tests.world.server import World

GOOD = "https://good-control.example.org/"
LOST = "https://lost-control.example.org/lost"
SERVED = "http://page-control.example.org/"
"""Where the page itself stands for a checker that cannot read files behind a proxy."""

FIRST_LINE = 4
"""Where on the page the scenario's link stands; the controls follow, the good one first."""

_OUR_OWN = frozenset(urlsplit(url).hostname for url in (GOOD, LOST, SERVED)) | frozenset(
    urlsplit(sentinel.url).hostname for sentinel in SENTINELS
)


def truth(case: Scenario) -> Truth:
    """Return how things stand in a scenario: as they are known with keys, or else without."""
    wanted = [case.expected(credentials=keys) for keys in sorted(case.modes, reverse=True)]
    known = (truth_of(each.status, *each.statuses, valid=case.valid) for each in wanted)
    return next((each for each in known if each is not Truth.UNKNOWABLE), Truth.UNKNOWABLE)


def page(case: Scenario | None) -> str:
    """Return the page that is checked: the scenario's link, None for the controls alone.

    Where our own network is at fault the controls cannot come out right, and are left out.
    """
    links = [(case.element, case.url)] if case is not None else []
    if case is None or case.valid:
        links += [("a", GOOD), ("a", LOST)]
    lines = "\n".join(_line(element, url) for element, url in links)
    return f"<!doctype html>\n<meta charset=utf-8>\n<title>A page</title>\n{lines}\n"


def surroundings(body: str) -> Mapping[str, Any]:
    """Return the state of the world that holds the controls, and the page itself."""
    pages = {"/": {"title": "A page", "body": body}}
    return {
        "sites": {
            urlsplit(GOOD).hostname: {"pages": {"/": "A page that is well"}},
            urlsplit(LOST).hostname: {"pages": {"/": "A site that is well"}},
            urlsplit(SERVED).hostname: {"pages": pages},
        }
    }


def spent(world: World, ours: frozenset[str | None] = _OUR_OWN) -> int:
    """Return how many requests a link cost: all but those for controls, page and sentinels."""
    return sum(each.host not in ours for each in world.requests)


def elsewhere(case: Scenario) -> Scenario:
    """Return a scenario with its sites under another name.

    lychee leaves out example.org and its like, which are reserved; it shall have its chance.
    """
    return replace(case, url=moved(case.url), state=moved(case.state))


def moved(value: Any) -> Any:
    """Return a value with the reserved name replaced in every text of it."""
    match value:
        case str():
            return value.replace("example.org", "meadow.internal")
        case Mapping():
            return {moved(key): moved(inner) for key, inner in value.items()}
        case list() | tuple():
            return [moved(inner) for inner in value]
    return value


def own_hosts_elsewhere() -> frozenset[str | None]:
    """Return the hosts that `spent` leaves out where the sites have another name."""
    return frozenset(moved(host) for host in _OUR_OWN)


def _line(element: str, url: str) -> str:
    attribute = "href" if element == "a" else "src"
    return f'<p><{element} {attribute}="{escape(url)}">it</{element}></p>'
