"""Linkwell itself, in this process: the whole of a run, without and with keys."""

import faulthandler
import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from bench.accuracy.cases import FIRST_LINE, page, spent, surroundings, truth
from bench.accuracy.scoring import Outcome, Said, said_by
from monitor.config import Source
from monitor.core.findings import Finding, LinkFinding
from monitor.core.reasons import Status
from monitor.report.report import Report
from tests.end_to_end.running import checked
from tests.world.scenario import Entrance, Scenario
from tests.world.thread import WorldThread

LONGEST = 60
"""Seconds after which a run that hangs ends the whole bench, and shows where it hangs."""


class Keys(StrEnum):
    """With which keys Linkwell asks, by the name it has in the tables."""

    WITHOUT = "Linkwell without keys"
    WITH = "Linkwell with keys"


def meets(case: Scenario, mode: Keys) -> bool:
    """Return whether a scenario says anything of a mode."""
    return (mode is Keys.WITH) in case.modes


def ask(case: Scenario, mode: Keys) -> Outcome:
    """Check a scenario's page and return what Linkwell said of its link.

    By the proxy wherever the scenario can be met there.
    """
    body = page(case)
    credentials = mode is Keys.WITH
    entrance = Entrance.PROXY if Entrance.PROXY in case.entrances else Entrance.RESOLVER
    faulthandler.dump_traceback_later(LONGEST, exit=True)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="linkwell-accuracy-") as name,
            WorldThread(case.world(credentials=credentials), surroundings(body)) as world,
        ):
            file = Path(name) / "page.html"
            file.write_text(body, "utf-8")
            source = Source(path=file)
            report = checked(world, source, file.parent, entrance=entrance, credentials=credentials)
        outcome = _outcome(case, mode, report, spent(world))
        return replace(
            outcome, trouble="; ".join(filter(None, (outcome.trouble, *world.complaints)))
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a figure of this bench
        trouble = "".join(traceback.format_exception(error, limit=-4)).strip()
        return replace(_unanswered(case, mode, 0), trouble=trouble)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _outcome(case: Scenario, mode: Keys, report: Report, requests: int) -> Outcome:
    """Return what a report says of the scenario's link, beside what its file expects.

    A run that is not to be believed says nothing of any link, and that must be expected.
    """
    blank = _unanswered(case, mode, requests)
    if not report.run.valid:
        why = f"the run does not count: {report.run.invalid_reason}"
        return replace(blank, got=why, as_written=not case.valid)
    found = {
        link.link.occurrence.position.line: (finding, link)
        for finding in report.found
        for link in finding.links
    }
    trouble = _wrong_control(found) if case.valid else ""
    if FIRST_LINE not in found:
        return replace(blank, trouble=trouble or "the link was not found on the page")
    finding, link = found[FIRST_LINE]
    wanted = case.expected(credentials=mode is Keys.WITH)
    verdicts = {"resource": finding.verdict, "link": link.verdict}
    return replace(
        blank,
        said=said_by(link.verdict.status),
        got=", ".join(f"{what} {v.reason} ({v.detail})" for what, v in verdicts.items()),
        as_written=case.valid
        and finding.resource.provider == case.provider
        and finding.verdict.reason in wanted.reasons
        and wanted.link_reason in {None, link.verdict.reason}
        and link.verdict.status in wanted.statuses,
        trouble=trouble,
    )


def _wrong_control(found: Mapping[int, tuple[Finding, LinkFinding]]) -> str:
    """Return which control came out wrong, or an empty text."""
    for line, status in enumerate((Status.OK, Status.BROKEN), start=FIRST_LINE + 1):
        if line not in found or found[line][1].verdict.status is not status:
            return f"the control that is {status} came out wrong"
    return ""


def _unanswered(case: Scenario, mode: Keys, requests: int) -> Outcome:
    wanted = case.expected(credentials=mode is Keys.WITH)
    link = f", the link {wanted.link_reason}" if wanted.link_reason else ""
    return Outcome(
        checker=mode,
        scenario=case.id,
        name=case.name,
        provider=case.provider,
        truth=truth(case),
        said=Said.UNKNOWN,
        requests=requests,
        expected=" or ".join(sorted(wanted.reasons)) + link,
        as_written=False,
        independent=case.independent,
    )
