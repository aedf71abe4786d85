"""Every link as a case of its own, for the formats of machines: where it stands, how it fares."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.findings import Finding, LinkFinding
from monitor.core.model import Link, Verdict
from monitor.core.reasons import Grade, Status, explain
from monitor.core.urls import split
from monitor.report.report import Report
from monitor.report.standing import Standing
from monitor.report.wording import label, shown, shown_url


class Outcome(StrEnum):
    """What comes of one link; the worst first."""

    BROKEN = "broken"
    """It is broken, or confirmed as such though only its silence is seen just now."""
    WARNED = "warned"
    SILENT = "silent"
    """It does not answer now, which may pass."""
    OURS = "ours"
    """It could not be checked, by our own fault."""
    UNTOLD = "untold"
    """It could not be checked: the site refuses, or nobody can read its answer."""
    MUTED = "muted"
    """It is in trouble, of which the owner does not want to hear."""
    WELL = "well"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One link with its verdict.

    `path` is the file that it stands in, from the checkout's top and with slashes, or the address
    of its page; `is_file` tells which. `identity` is of this link alone and the same from run to
    run, wherever on the page it stands. `new` tells that a change adds or touches it.
    """

    finding: Finding
    link: Link
    verdict: Verdict
    outcome: Outcome
    path: str
    is_file: bool
    identity: str
    new: bool

    @property
    def title(self) -> str:
        """Return what is the matter with it."""
        return explain(self.verdict.reason).title

    @property
    def name(self) -> str:
        """Return what to call it."""
        return label(self.link, self.finding.resource, self.verdict)

    @property
    def place(self) -> str:
        """Return where it stands, as editors know it: "docs/index.md:12:5"."""
        at = self.link.occurrence.position
        return f"{shown_url(self.path)}:{at.line}:{at.column}"

    @property
    def sentence(self) -> str:
        """Return in one line what is the matter, and what to do about it."""
        told = explain(self.verdict.reason)
        detail = shown(self.verdict.detail) or told.what
        instead = self.verdict.instead
        do = f"Use instead: {shown_url(instead.url)}" if instead is not None else told.do
        return f"{shown_url(self.link.written, 300)}: {detail.rstrip('.')}. {do}"


def cases(report: Report) -> tuple[Case, ...]:
    """Return every link of a report that was to be checked, in page order."""
    paths = Paths(report)
    order = {page.name: n for n, page in enumerate(report.pages)}

    def place(pair: tuple[Finding, LinkFinding]) -> tuple[int, str, int, int]:
        at = pair[1].link.occurrence
        return order.get(at.page, len(order)), at.page, at.position.line, at.position.column

    found = sorted(((f, on_page) for f in report.found for on_page in f.links), key=place)
    met: Counter[tuple[str, str]] = Counter()
    made = []
    for finding, on_page in found:
        link = on_page.link
        path, is_file = paths.of(link.occurrence.page)
        met[path, link.written] += 1
        made.append(
            Case(
                finding=finding,
                link=link,
                verdict=on_page.verdict,
                outcome=_outcome(report, finding, on_page.verdict),
                path=path,
                is_file=is_file,
                identity=identity(path, link.written, met[path, link.written]),
                new=report.checkout.is_new(link.occurrence),
            )
        )
    return tuple(made)


def worst_first(found: Sequence[Case]) -> tuple[Case, ...]:
    """Return cases in the order in which they need the reader: new ones, then the worst."""
    order = list(Outcome)
    grades = list(Grade)
    return tuple(
        sorted(
            found,
            key=lambda each: (
                not each.new,
                order.index(each.outcome),
                grades.index(each.verdict.grade),
            ),
        )
    )


class Paths:
    """Where the pages of a report are."""

    def __init__(self, report: Report) -> None:
        self._checkout = report.checkout
        self._urls = {page.name: page.url for page in report.pages}

    def of(self, page: str) -> tuple[str, bool]:
        """Return a page's path from the checkout's top and True, or its address and False.

        Where nothing is known of a checkout a name that could be such a path is taken for one.
        """
        file = self._checkout.file(page)
        if file is not None:
            return file, True
        name = page.removeprefix("./")
        if self._checkout.files is None and name and not _leads_away(name):
            return name, True
        return name if ":" in name else self._urls.get(page) or name, False


def _leads_away(name: str) -> bool:
    """Return whether a name is an address, or leads out of the folder."""
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.split("/")


def identity(path: str, written: str, occasion: int) -> str:
    """Return the name of a link: by the file, the address as written, and the how-many-eth."""
    text = f"{path}\n{written}\n{occasion}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def host_of(case: Case) -> str:
    """Return the host that a link leads to, or what it is where it has none."""
    return split(case.link.url).host or case.finding.resource.provider


_BY_STATUS = {
    Status.OK: Outcome.WELL,
    Status.WARNING: Outcome.WARNED,
    Status.BROKEN: Outcome.BROKEN,
}
_BY_GRADE = {Grade.OWN: Outcome.OURS, Grade.SOFT: Outcome.SILENT}
_KNOWN = frozenset({Standing.CONFIRMED, Standing.FLAPPING})


def _outcome(report: Report, finding: Finding, verdict: Verdict) -> Outcome:
    stands = report.standings.get(finding.resource.id)
    if verdict.status is not Status.OK and stands is Standing.MUTED:
        return Outcome.MUTED
    if verdict.status is not Status.UNKNOWN:
        return _BY_STATUS[verdict.status]
    if verdict.grade is Grade.SOFT and stands in _KNOWN:
        return Outcome.BROKEN
    return _BY_GRADE.get(verdict.grade, Outcome.UNTOLD)
