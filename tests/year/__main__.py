"""`make year`: a simulated year of nightly runs, counted against what was planted in it.

`python -m tests.year [--nights N] [--plan FILE] [--output FOLDER]`. The plan is a table of nights;
what should come of it is derived from that table alone. Ends with 0 where all came that should
have, and nothing else.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.year.checks import checked, quiet_nights
from tests.year.living import Year
from tests.year.oracle import Oracle
from tests.year.plan import Plan
from tests.year.tally import Tally

ROOT = Path(__file__).resolve().parents[2]
PLANS = Path(__file__).parent


def main(words: Sequence[str] | None = None) -> int:
    """Live through a plan; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--nights", type=int, help="so many of the plan's nights")
    parser.add_argument("--plan", type=Path, default=PLANS / "year.toml", help="another plan")
    parser.add_argument("--output", type=Path, default=ROOT / "reports" / "year")
    given = parser.parse_args(words)
    plan = Plan.read(given.plan, given.nights)
    output: Path = given.output.resolve()
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    began = time.monotonic()
    with Year.of(plan, output) as year:
        for visit in year.live():
            if sys.stderr.isatty():
                sys.stderr.write(f"\rnight {visit.night}")
        took = time.monotonic() - began
        wanted = Oracle(plan).foretell()
        tally = Tally.of(wanted, year.ledger.deeds, plan.nights - 1)
        odd = [*year.odd, *checked(year, wanted, output)]
        quiet = len(quiet_nights(year, wanted))
    _say(f"\n  {'night':>9}  {'wanted':<9}  {'about':<56}  came")
    for line in tally.lines():
        _say(line)
    for line in odd:
        _say(f"  ODD: {line}")
    held = sum(each.held for each in year.instances)
    _say(f"{held} plans held against what was written, {quiet} quiet nights against nothing")
    _say(f"{year.described.held} calls held against GitHub's description")
    _say(f"\n{plan.nights} nights in {took:.0f} s; all of it is in {output}")
    _say(f"planted {len(plan.troubles)} troubles, {tally.totals()}, odd {len(odd)}")
    return 0 if tally.is_clean and not odd else 1


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - for whoever started it


if __name__ == "__main__":
    raise SystemExit(main())
