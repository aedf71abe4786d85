"""The report as JUnit XML: a suite a page, a case a link.

There is no standard; this is what Jenkins' xUnit plugin (junit-10.xsd), Ant and GitLab share.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, count
from xml.etree import ElementTree as ET

from monitor.core.reasons import explain
from monitor.report.cases import Case, Outcome, Paths, cases, host_of
from monitor.report.report import Report
from monitor.report.wording import shown, shown_url

_MOST = 2000  # characters of one text


def junit(report: Report) -> str:
    """Return the report as JUnit XML, the same characters for the same report.

    A broken link is a failure, what our own fault kept from being checked an error; what is muted,
    left alone, refused or not answering now is skipped, and a warning passes with its text as
    output. Where a change is asked about, links that it does not touch are skipped, not failures.
    """
    root = ET.Element("testsuites")
    totals: Counter[str] = Counter()
    paths = Paths(report)
    made = cases(report)
    for page in dict.fromkeys(page.name for page in report.pages):
        suite = _suite(
            paths.of(page)[0],
            [case for case in made if case.link.occurrence.page == page],
            [(skip.written, skip.why) for skip in report.skipped if skip.occurrence.page == page],
            asked=report.checkout.touched is not None,
        )
        suite.set("timestamp", f"{report.run.started_at:%Y-%m-%dT%H:%M:%S}")
        totals.update({key: int(suite.get(key, "0")) for key in _COUNTED})
        root.append(suite)
    took = report.took.total_seconds() if report.took is not None else 0.0
    root.set("name", "linkwell")
    for key in ("tests", "failures", "errors"):
        root.set(key, str(totals[key]))
    root.set("time", f"{took:.3f}")
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


_COUNTED = ("tests", "failures", "errors", "skipped")
_ELEMENTS = {"failure": "failures", "error": "errors", "skipped": "skipped"}

_RESULTS = {
    Outcome.BROKEN: "failure",
    Outcome.OURS: "error",
    Outcome.SILENT: "skipped",
    Outcome.UNTOLD: "skipped",
    Outcome.MUTED: "skipped",
    Outcome.WARNED: "system-out",
    Outcome.WELL: "",
}


def _suite(
    name: str, made: Sequence[Case], skipped: Iterable[tuple[str, str]], *, asked: bool
) -> ET.Element:
    suite = ET.Element("testsuite", {"name": _clean(shown_url(name)) or "page"})
    numbers: Counter[str] = Counter()
    names = _Names()
    for case in made:
        test = names.element(host_of(case), case.link.written)
        result = _RESULTS[case.outcome]
        if asked and result == "failure" and not case.new:
            result = "skipped"
        if result:
            _tell(test, result, case, old=asked and not case.new)
        numbers.update(["tests", *filter(None, [_ELEMENTS.get(result)])])
        suite.append(test)
    for written, why in skipped:
        test = names.element("left alone", written)
        ET.SubElement(test, "skipped", {"message": _clean(shown(why))})
        numbers.update(("tests", "skipped"))
        suite.append(test)
    for key in _COUNTED:
        suite.set(key, str(numbers[key]))
    return suite


class _Names:
    """Gives each case a name of its own within its suite: tools take what has one name for one."""

    def __init__(self) -> None:
        self._given: set[tuple[str, str]] = set()

    def element(self, group: str, written: str) -> ET.Element:
        class_name, plain = _clean(shown(group, 253)), _clean(shown_url(written)) or "(empty)"
        names = chain([plain], (f"{plain} ({n})" for n in count(2)))
        name = next(each for each in names if (class_name, each) not in self._given)
        self._given.add((class_name, name))
        return ET.Element("testcase", {"classname": class_name, "name": name})


def _tell(test: ET.Element, result: str, case: Case, *, old: bool) -> None:
    aside = " (not of this change)" if old else " (new in this change)" if case.new else ""
    where = f"{case.place} “{case.name}”"
    told = explain(case.verdict.reason)
    if result == "system-out":
        ET.SubElement(test, result).text = _clean(f"{case.title}: {case.sentence}\n{where}")
        return
    attributes = {"message": _clean(f"{case.title}{aside}: {case.sentence}")}
    if result != "skipped":
        attributes["type"] = case.verdict.reason.value
    element = ET.SubElement(test, result, attributes)
    element.text = _clean(f"{where}\n{told.what} {told.why}")


def _clean(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold (its section 2.2)."""
    return _UNWRITABLE.sub("", text)[:_MOST]


_UNWRITABLE = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
