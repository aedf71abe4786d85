"""What happens in the kill loop's world: each link breaks once at most, and mends once at most."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.world import keys
from tests.world.scenario import merged

LINKS = 40
NEVER = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A link that is broken from one round on until another."""

    begins: int
    ends: int

    def lasts(self, n: int) -> bool:
        """Return whether a round meets it."""
        return self.begins <= n < self.ends


def planted(random: Random, rounds: int) -> Mapping[str, Break]:
    """Return what breaks when, by the link's address: most links do, and most of them mend."""
    found: dict[str, Break] = {}
    for n in range(LINKS):
        begins = random.randint(2, max(20, rounds - 3))
        lasts = random.choice((1, 2, 3, 5, 8, 13, 21, NEVER))
        found[f"https://page-{n:02}.example/course"] = Break(begins=begins, ends=begins + lasts)
    return found


def markdown(breaks: Mapping[str, Break]) -> str:
    """Return the page on which all links stand."""
    return "\n\n".join(["# A course", *(f"- [Lecture]({url})" for url in breaks)])


def state(breaks: Mapping[str, Break], n: int) -> dict[str, Any]:
    """Return the world of a round."""
    sites = {}
    for url, how in breaks.items():
        host, path = url.removeprefix("https://").split("/")
        gone = {"status": 404, "title": "404 Not Found"}
        page = gone if how.lasts(n) else f"Page {host[5:7]}"
        sites[host] = {"pages": {f"/{path}": page}}
    return merged([keys.STATE, {"sites": sites}])
