"""What must hold at the end of a simulated year, besides the deeds; and what is left to look at."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from monitor.core.states import replay
from monitor.past import report_of, rules_of
from monitor.report.render import write
from tests.year.living import Year
from tests.year.oracle import Expected


def quiet_nights(year: Year, wanted: Sequence[Expected]) -> Sequence[int]:
    """Return the nights in which nothing was to be written: no body changes, so no write."""
    stirred = {night for each in wanted for night in (each.earliest, each.latest)}
    return [n for n in year.writes if year.plan.is_quiet(n) and n not in stirred]


def checked(year: Year, wanted: Sequence[Expected], output: Path) -> Iterator[str]:
    """Yield what does not hold, one sentence each; writes the report and the issues."""
    for night in quiet_nights(year, wanted):
        if year.writes[night]:
            yield f"night {night}: nothing has changed, and yet {year.writes[night]} writes"
    for instance in year.instances:
        yield from instance.odd
    yield from year.described.violations[:20]
    yield from year.world.complaints[:20]
    one = year.instances[0]
    policies = one.config.states.policies()
    states = dict(one.history.states())
    for id_, seen in one.history.sightings(ids=states):
        state, _ = replay(seen, policies.usual)
        if state != states.pop(id_):
            yield f"replaying {id_} gives another state than the stored one"
    yield from (f"the state of {id_} has no sightings" for id_ in states)
    _write_issues(year, output / "issues")
    write(
        report_of(one.history, one.runs[-1], rules_of(one.config)),
        output,
        ("html", "md", "json", "atom", "badge"),
    )


def _write_issues(year: Year, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for issue in year.tracker.issues.values():
        parts = [
            f"# {issue.title} #{issue.number}",
            f"{issue.state}"
            + (f" as {issue.state_reason}" if issue.state_reason else "")
            + f", {', '.join(issue.labels)}; by {issue.user}, {issue.created_at:%Y-%m-%d}",
            issue.body or "",
            *(
                f"---\n\n**{each.user}, {each.created_at:%Y-%m-%d}**\n\n{each.body}"
                for each in issue.comments
            ),
        ]
        (folder / f"{issue.number:03}.md").write_text("\n\n".join(parts), "utf-8")
