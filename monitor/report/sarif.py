"""The report as SARIF 2.1.0 (an OASIS standard), for code scanning and editors."""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import quote, unquote

from monitor.core.findings import Finding
from monitor.core.model import Link, Verdict
from monitor.core.reasons import EXPLANATIONS, Reason, Status
from monitor.report.cases import Case, Outcome, Paths, cases, identity, worst_first
from monitor.report.changes import Change
from monitor.report.json_report import as_text
from monitor.report.report import Report
from monitor.report.wording import iso, label, shown, shown_url

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
HOME = "https://github.com/linkwell/linkwell"

MOST = 25_000
"""Results that GitHub takes of one run. Source: docs.github.com, "SARIF support"."""

_RULES = tuple(reason for reason in Reason if EXPLANATIONS[reason].status is not Status.OK)
_INDEX = {reason: n for n, reason in enumerate(_RULES)}

_BY_STATUS = {Status.BROKEN: "error", Status.WARNING: "warning", Status.UNKNOWN: "note"}
_BY_OUTCOME = {Outcome.BROKEN: "error", Outcome.WARNED: "warning", Outcome.SILENT: "note"}
"""What is told, and how loudly. What could not be checked is no finding; neither is what is muted:
GitHub does not heed `suppressions`, and would open an alert."""


def sarif(report: Report) -> str:
    """Return the report as SARIF, the same characters for the same report.

    A result's fingerprint is of one link alone and stays when its line moves. Against the last
    run that counts a result is new, unchanged, or absent: no longer there. An absent one is of the
    kind "pass", so that nobody takes it for a finding. A page of the web stands in the message and
    in `properties.page`; as a place it has no scheme (see `_of_the_web`).
    """
    told = worst_first([case for case in cases(report) if case.outcome in _BY_OUTCOME])
    states = _States(report)
    results = [_result(case, states.now(case)) for case in told]
    results += states.absent({case.identity for case in told})
    return as_text(
        {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": _driver()},
                    "automationDetails": {"id": "linkwell/"},
                    "invocations": [_invocation(report, len(results))],
                    "columnKind": "unicodeCodePoints",
                    "results": results[:MOST],
                }
            ],
        }
    )


def _driver() -> dict[str, Any]:
    try:
        number = version("linkwell")
    except PackageNotFoundError:  # run from its sources
        number = "0"
    return {
        "name": "Linkwell",
        "version": number,
        "informationUri": HOME,
        "rules": [_rule(reason) for reason in _RULES],
    }


def _rule(reason: Reason) -> dict[str, Any]:
    told = EXPLANATIONS[reason]
    text = f"{told.what} {told.why} {told.do}"
    marked = f"{told.what}\n\n{told.why}\n\n**What to do:** {told.do}"
    return {
        "id": reason.value,
        "name": "".join(part.capitalize() for part in reason.value.split("-")),
        "shortDescription": {"text": told.title},
        "fullDescription": {"text": told.what},
        "help": {
            "text": text,
            "markdown": marked,
        },
        "helpUri": f"{HOME}/blob/main/docs/reasons.md#{anchor(reason)}",
        "defaultConfiguration": {"level": _BY_STATUS[told.status]},
        "properties": {"tags": ["links", told.status.value]},
    }


def anchor(reason: Reason) -> str:
    """Return the name of a reason's heading in docs/reasons.md, as GitHub makes it."""
    title = EXPLANATIONS[reason].title.lower()
    kept = "".join(c for c in title if c.isalnum() or c in "- _")
    return f"{kept.replace(' ', '-')}-{reason.value}"


def _invocation(report: Report, number: int) -> dict[str, Any]:
    run = report.run
    said = [{"level": "note", "message": {"text": sentence}} for sentence in report.health]
    if number > MOST:
        left = f"{number - MOST:,} results are left out: GitHub takes no more than {MOST:,}."
        said.append({"level": "warning", "message": {"text": left}})
    return {
        "executionSuccessful": run.valid and run.finished_at is not None,
        "startTimeUtc": iso(run.started_at),
        **({"endTimeUtc": iso(run.finished_at)} if run.finished_at is not None else {}),
        **({"toolExecutionNotifications": said} if said else {}),
    }


def _result(case: Case, state: str | None) -> dict[str, Any]:
    mark = " (new in this change)" if case.new else ""
    place = case.path, case.is_file
    page = _page(place)
    where = "".join(f" It is on {each}" for each in page.values())
    return {
        **_about(case.verdict, case.link, place, case.identity),
        "level": _BY_OUTCOME[case.outcome],
        "message": {"text": f"{case.title}{mark}: {case.sentence}{where}"},
        **({"baselineState": state} if state is not None else {}),
        "properties": {
            "url": shown_url(case.link.url),
            "text": case.name,
            "resource": shown(case.finding.resource.id),
            "newInThisChange": case.new,
            **page,
        },
    }


def _about(verdict: Verdict, link: Link, place: tuple[str, bool], name: str) -> dict[str, Any]:
    at = link.occurrence.position
    path, _ = place
    artifact = {"uri": _of_the_web(path) if _page(place) else _quoted(path)}
    if not _page(place) and not path.startswith("/"):
        artifact["uriBaseId"] = "%SRCROOT%"
    region = {"startLine": max(at.line, 1), "startColumn": max(at.column, 1)}
    return {
        "ruleId": verdict.reason.value,
        "ruleIndex": _INDEX[verdict.reason],
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        # GitHub goes by the second name alone, and would else make its own of the line's text.
        "partialFingerprints": {"linkId/v1": name, "primaryLocationLineHash": f"{name}:1"},
    }


def _page(place: tuple[str, bool]) -> dict[str, str]:
    """Return the address of a page of the web, as a property; nothing for a path."""
    path, is_file = place
    return {} if is_file or ":" not in path else {"page": shown_url(path)}


def _quoted(path: str, safe: str = "/~") -> str:
    return quote(path.encode("utf-8", "replace"), safe=safe)


def _of_the_web(address: str) -> str:
    """Return the address of a page as the relative path that GitHub takes it for.

    One result with a scheme, and it takes none of the upload. Source:
    github.com/github/codeql-action, issue 754.
    """
    bare = _SCHEME.sub("", address)
    quoted = _LONE.sub("%25", _quoted(bare, "/%~"))
    return "/".join(s for s in quoted.split("/") if unquote(s) not in {"", ".", ".."}) or "page"


_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LONE = re.compile(r"%(?![0-9a-f]{2})", re.IGNORECASE)


class _States:
    """How the results of a run compare with those of the last one that counts."""

    def __init__(self, report: Report) -> None:
        self._paths = Paths(report)
        self._compared = report.changed is not None
        self._changes: Mapping[str, Change] = {
            change.finding.resource.id: change for change in report.changed or ()
        }

    def now(self, case: Case) -> str | None:
        """Return how a result of now compares, or None where there is nothing to compare it with.

        A trouble that gave way to a lesser one is a new result: it has another rule.
        """
        if not self._compared:
            return None
        change = self._changes.get(case.finding.resource.id)
        return "new" if change is not None or case.new else "unchanged"

    def absent(self, there: set[str]) -> Iterator[dict[str, Any]]:
        """Yield what was a result of the last run, and is none any more."""
        for change in self._changes.values():
            if change.before is None or change.before.status not in {Status.BROKEN, Status.WARNING}:
                continue
            for link, name in self._links(change.finding):
                if name not in there:
                    yield _gone(change.finding, change.before, link, name, self._paths)

    def _links(self, finding: Finding) -> Iterator[tuple[Link, str]]:
        met: dict[tuple[str, str], int] = {}
        for found in finding.links:
            key = self._paths.of(found.link.occurrence.page)[0], found.link.written
            met[key] = met.get(key, 0) + 1
            yield found.link, identity(*key, met[key])


def _gone(finding: Finding, before: Verdict, link: Link, name: str, paths: Paths) -> dict[str, Any]:
    place = paths.of(link.occurrence.page)
    page = _page(place)
    title = EXPLANATIONS[before.reason].title
    what = f"No longer: {title}: {shown_url(link.written, 300)}"
    what = f"{what} ({label(link, finding.resource, before)})"
    where = "".join(f". It was on {each}" for each in page.values())
    return {
        **_about(before, link, place, name),
        "kind": "pass",
        "level": "none",
        "message": {"text": f"{what}{where}"},
        "baselineState": "absent",
        **({"properties": page} if page else {}),
    }
