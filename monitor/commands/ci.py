"""What `check` does besides in a pipeline: annotations, job summary, what a change touches."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import typer

from monitor.core.checkout import Change, Checkout

if TYPE_CHECKING:
    from monitor.config import Ci, Source
    from monitor.report.report import Report

MACHINES = ("junit", "sarif", "code-quality")
"""What a pipeline reads, written besides what the configuration names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A check as a pipeline wants it; without `ci` it only knows which change is asked about.

    `change` is what it does, None where nobody asked. `to_error` tells that standard output is for
    the report's JSON.
    """

    sources: "Sequence[Source]"
    ci: "Ci | None" = None
    change: Change | None = None
    to_error: bool = False

    def formats(self, asked: Sequence[str], configured: Sequence[str]) -> tuple[str, ...]:
        """Return which formats to write: those asked for, or those configured and for machines."""
        if asked or self.ci is None:
            return tuple(asked or configured)
        return tuple(dict.fromkeys((*configured, *MACHINES)))

    @contextmanager
    def hushed(self) -> Iterator[None]:
        """Let nothing that is printed meanwhile be taken for a command by GitHub's runner.

        A page may hold a link that reads `::add-mask::…`. Source: docs.github.com, "Stopping and
        starting workflow commands".
        """
        if not self._on_github:
            yield
            return
        token = uuid4().hex
        typer.echo(f"::stop-commands::{token}", err=self.to_error)
        try:
            yield
        finally:
            typer.echo(f"\n::{token}::", err=self.to_error)

    def located(self, report: "Report") -> "Report":
        """Return a report that knows which of its pages are files, and what the change touches."""
        from monitor.crawl.git_lines import files_of, top_of
        from monitor.crawl.new_pages import turned, unpublished

        if not self.sources or (self.ci is None and self.change is None):
            return report
        folder = self.ci.folder if self.ci is not None else None
        top = top_of(self.sources) or folder or Path()
        files = files_of(self.sources, report.pages, top)
        if self.change is None:
            return replace(report, checkout=Checkout(files=files))
        links = [each.link for finding in report.found for each in finding.links]
        checkout = Checkout(
            files=files,
            touched=self.change.touched,
            turned=turned(self.sources, self.change, top, files, report.pages, links),
            unpublished=unpublished(self.sources, self.change, top, links),
        )
        return replace(report, checkout=checkout)

    def tell(self, report: "Report") -> None:
        """Print what the change is to answer for, and tell the pipeline's service of the run."""
        from monitor.report.annotations import annotations
        from monitor.report.job_summary import append, of_the_change

        said = of_the_change(report)
        if said is not None:
            typer.echo(f"In this change: {said}", err=self.to_error)
        if self._on_github:
            for line in annotations(report):
                typer.echo(line, err=self.to_error)
        if self.ci is not None and self.ci.summary is not None:
            append(report, self.ci.summary)

    @property
    def _on_github(self) -> bool:
        from monitor.config import CiService

        return self.ci is not None and self.ci.service is CiService.GITHUB


def pipeline(
    sources: "Sequence[Source]", *, ci: bool, diff_base: str | None, to_error: bool
) -> Pipeline:
    """Return how a check is to go; raises ConfigError where git cannot tell the change."""
    from monitor.options import ci_here

    if diff_base is None:
        change = None
    else:
        from monitor.crawl import git_lines

        change = git_lines.change_since(sources, diff_base)
    here = ci_here() if ci else None
    return Pipeline(sources=sources, ci=here, change=change, to_error=to_error)
