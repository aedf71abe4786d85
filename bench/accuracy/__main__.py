"""`python -m bench.accuracy [--install] [--only 'youtube-*'] [--markdown docs/accuracy.md]`.

Ends with 1 where Linkwell calls a link broken that is not, or fine that is broken, or fails.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from fnmatch import fnmatch
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.accuracy import linkwell, rivals
from bench.accuracy.installing import install
from bench.accuracy.rivals import LONGEST, PATIENCE, RIVALS, Rival
from bench.accuracy.scoring import Outcome
from bench.accuracy.tables import markdown, misses, text
from monitor.providers import find
from tests.world.scenario import Scenario, scenarios

AT_ONCE = 2
"""How many programs run at the same time."""


def main() -> int:
    """Ask all checkers about all scenarios, print what came of it, and return the exit code."""
    given = _command_line().parse_args()
    if given.install:
        install()
    wanted = given.only or ["*"]
    cases = [case for case in scenarios() if any(fnmatch(case.id, each) for each in wanted)]
    own = [outcome for mode in linkwell.Keys for outcome in _own(mode, cases)]
    standing = [] if given.alone else [rival for rival in RIVALS if _stands(rival)]
    others = _others(standing, cases)
    outcomes = own + others

    titles = {provider.name: provider.title for provider in find()}
    print(text(outcomes, titles))
    found = list(misses(own))
    print(f"\nLinkwell's misses: {len(found) or 'none'}")
    print("\n".join(found))
    if given.markdown is not None:
        versions = {"Linkwell": _version(), **{each.name: each.version() for each in standing}}
        today = datetime.now(UTC).date()
        page = markdown(outcomes, titles, versions, today, patience=PATIENCE, longest=LONGEST)
        given.markdown.write_text(page, "utf-8")
    return int(any(each.sin or each.trouble for each in own))


def _command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy")
    parser.add_argument("--install", action="store_true", help="install the other checkers first")
    parser.add_argument("--only", action="append", help="scenarios by name, with * and ?")
    parser.add_argument("--alone", action="store_true", help="Linkwell without the others")
    parser.add_argument("--markdown", type=Path, help="write the page of figures here")
    return parser


def _own(mode: linkwell.Keys, cases: Sequence[Scenario]) -> list[Outcome]:
    begun = time.monotonic()
    outcomes = [linkwell.ask(case, mode) for case in cases if linkwell.meets(case, mode)]
    _told(mode, len(outcomes), begun)
    return outcomes


def _stands(rival: Rival) -> bool:
    if not rival.installed:
        print(f"{rival.name}: absent; --install would fetch it", file=sys.stderr)
        return False
    if not rivals.stands(rival):
        print(f"{rival.name}: left out, its controls come out wrong", file=sys.stderr)
        return False
    return True


def _others(standing: Sequence[Rival], cases: Sequence[Scenario]) -> list[Outcome]:
    begun = time.monotonic()
    jobs = [(rival, case) for rival in standing for case in cases if rivals.meets(rival, case)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = list(pool.map(lambda job: rivals.ask(*job), jobs))
    for (rival, case), outcome in zip(jobs, asked, strict=True):
        if outcome is None:
            print(f"{rival.name}: controls wrong, not counted: {case.id}", file=sys.stderr)
    _told("the others", len(jobs), begun)
    return [outcome for outcome in asked if outcome is not None]


def _told(who: str, count: int, begun: float) -> None:
    print(f"{who}: {count} scenarios, {time.monotonic() - begun:.0f} s", file=sys.stderr)


def _version() -> str:
    try:
        return version("linkwell")
    except PackageNotFoundError:
        return "(this tree)"


if __name__ == "__main__":
    sys.exit(main())
