"""The report as GitLab shows it in merge requests.

Source: docs.gitlab.com, "Code Quality report format".
"""

from monitor.core.reasons import Grade
from monitor.report.cases import Case, Outcome, cases, worst_first
from monitor.report.json_report import as_text
from monitor.report.report import Report
from monitor.report.wording import shown_url

_TOLD = frozenset({Outcome.BROKEN, Outcome.WARNED, Outcome.SILENT})


def code_quality(report: Report) -> str:
    """Return the report as a list of code quality findings in JSON; without any it is `[]`.

    A fingerprint is of one link alone and stays when its line moves. What is muted, and what
    could not be checked, is left out: GitLab knows no word for it.
    """
    told = [case for case in cases(report) if case.outcome in _TOLD]
    return as_text([_entry(case) for case in worst_first(told)])


def _entry(case: Case) -> dict[str, object]:
    mark = " (new in this change)" if case.new else ""
    return {
        "description": f"{case.title}{mark}: {case.sentence}",
        "check_name": f"linkwell/{case.verdict.reason.value}",
        "fingerprint": case.identity,
        "severity": _severity(case),
        "location": {
            "path": shown_url(case.path),
            "lines": {"begin": case.link.occurrence.position.line},
        },
    }


def _severity(case: Case) -> str:
    """Return one of GitLab's words: info, minor, major, critical, blocker."""
    if case.outcome is Outcome.BROKEN:
        return "critical" if case.verdict.grade is Grade.HARD else "major"
    return "minor" if case.outcome is Outcome.WARNED else "info"
