"""The report for machines: a contract, described by report.schema.json beside this file."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitor.core.findings import Finding, LinkFinding
from monitor.core.model import Json, Link, PageRecord, Position, Run, Skipped, Suggestion, Verdict
from monitor.report.json_past import (
    incident_fields,
    mute_fields,
    over_time_fields,
    standings_fields,
)
from monitor.report.past import Past
from monitor.report.report import Report
from monitor.report.wording import iso

SCHEMA = "linkwell-report/1"

_SCHEMA_FILE = Path(__file__).with_name("report.schema.json")


def to_json(report: Report) -> str:
    """Return the report as JSON, the same characters for the same report.

    It can always be written as UTF-8: lone surrogates of a page are escaped.
    """
    return as_text(
        {
            "schema": SCHEMA,
            "run": _run(report.run),
            "summary": _summary(report),
            "resources": [_resource(finding, report) for finding in report.found],
            "skipped": [skipped_fields(skip) for skip in report.skipped],
            "pages": [_page(page) for page in report.pages],
            **(_over_time(report, report.past) if report.past is not None else {}),
        }
    )


def _over_time(report: Report, past: Past) -> dict[str, Any]:
    return {
        "over_time": {
            "first_day": past.since.isoformat(),
            "last_day": past.until.isoformat(),
            "notes": list(past.notes),
            "standings": standings_fields(report),
        },
        "incidents": [incident_fields(story) for story in report.stories],
        "mutes": [mute_fields(mute) for mute in past.mutes],
    }


def schema() -> str:
    """Return the JSON Schema (draft 2020-12) of what `to_json` writes."""
    return _SCHEMA_FILE.read_text(encoding="utf-8")


def as_text(value: Any) -> str:
    """Return plain values as indented JSON that can be written as UTF-8."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    # Within a JSON string "\ud800" is the escape of a lone surrogate, so this stays JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def link_fields(link: Link) -> dict[str, Any]:
    """Return a link as the report's JSON has it, without a verdict."""
    occurrence = link.occurrence
    fields = {
        "url": link.written,
        "resolved": link.url,
        "page": occurrence.page,
        "line": occurrence.position.line,
        "column": occurrence.position.column,
        "element": occurrence.element,
        "attribute": occurrence.attribute,
        "text": occurrence.text,
        "context": list(occurrence.context),
    }
    if occurrence.used_at is not None:
        fields["used_at"] = _position(occurrence.used_at)
    return fields


def skipped_fields(skip: Skipped) -> dict[str, Any]:
    """Return a skipped link as the report's JSON has it."""
    occurrence = skip.occurrence
    return {
        "url": skip.written,
        "page": occurrence.page,
        "line": occurrence.position.line,
        "why": skip.why,
    }


def changes_fields(finding: Finding) -> list[dict[str, Any]]:
    """Return what changed behind a link as the report's JSON has it."""
    return [
        {"fact": each.name, "before": _plain(each.before), "now": _plain(each.now)}
        for each in finding.changes
    ]


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "started_at": iso(run.started_at),
        "finished_at": iso(run.finished_at) if run.finished_at is not None else None,
        "valid": run.valid,
        "invalid_reason": run.invalid_reason,
        **({"notes": list(run.notes)} if run.notes else {}),
    }


def _summary(report: Report) -> dict[str, int]:
    summary = report.summary
    return {
        "pages": summary.pages,
        "links": summary.links,
        "resources": summary.resources,
        "ok": summary.ok,
        "warning": summary.warning,
        "broken": summary.broken,
        "unknown": summary.unknown,
        "skipped": summary.skipped,
    }


def _resource(finding: Finding, report: Report) -> dict[str, Any]:
    resource, past = finding.resource, report.past
    over_time = over_time_fields(resource.id, report, past) if past is not None else None
    return {
        "id": resource.id,
        "provider": resource.provider,
        "kind": resource.kind,
        "url": resource.url,
        "verdict": _verdict(finding.verdict),
        "links": [_link(found, finding.verdict) for found in finding.links],
        **({"changes": changes_fields(finding)} if finding.changes else {}),
        **({"over_time": over_time} if over_time is not None else {}),
    }


def _link(found: LinkFinding, verdict: Verdict) -> dict[str, Any]:
    fields = link_fields(found.link)
    if found.verdict != verdict:
        fields["verdict"] = _verdict(found.verdict)
    return fields


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value,
        "grade": verdict.grade.value,
        "reason": verdict.reason.value,
        "detail": verdict.detail,
        "leads_to": verdict.leads_to,
        "retry_at": iso(verdict.retry_at) if verdict.retry_at is not None else None,
        "instead": _instead(verdict.instead),
        "facts": {key: _plain(verdict.facts[key]) for key in sorted(verdict.facts)},
    }


def _instead(suggestion: Suggestion | None) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    return {
        "url": suggestion.url,
        "why": suggestion.why,
        "confidence": suggestion.confidence,
    }


def _page(page: PageRecord) -> dict[str, Any]:
    return {
        "name": page.name,
        "url": page.url,
        "read_at": iso(page.read_at),
        "notes": list(page.notes),
    }


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}


def _plain(value: Json) -> Any:
    """Return a fact as plain lists and dictionaries; what JSON has no number for is None."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    if value is None or isinstance(value, str | int | float):
        return value
    return [_plain(item) for item in value]
