"""The figures as text: for a terminal, and as the page docs/accuracy.md; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from bench.accuracy.scoring import ALL, Outcome, Tally, Truth, tallies

HEADINGS = (
    "cases",
    "false alarms",
    "on good links",
    "false OKs",
    "unknown",
    "knowable",
    "guesses",
    "requests",
)

METHOD = """\
This page is written by `make accuracy ARGS="--markdown docs/accuracy.md"`; nothing in it is
written by hand.

A *scenario* is a state of the world with one link in it, and what is true of the link: it is
good (a warning is a link that works), broken, or nobody outside can know (a bot check, a server
in trouble, our own network down). The files are in `tests/world/scenarios/`, the same that
Linkwell's own tests use; those by an independent reader were written without sight of the code.
The world is a program on loopback that plays YouTube, Google Drive, GitHub, the shorteners and
any other site. So this measures how well a checker understands answers of the kind that these
services give, on cases chosen because they are difficult, and which Linkwell was built to meet;
it is no sample of the links of the internet.

Every scenario is a page with its one link in a world of its own, checked once. The page has two
more links as controls, a host that is well and a page that is missing; an answer of another
checker counts only where both came out right, which shows that it came through the proxy and
took the world's certificates.

- **False alarm**: a link that is good, or of which nothing can be known, is called broken. *On
  good links* is the part of these that hits good ones; the rest is a site that was asked at a bad
  moment, or that does not talk to robots, reported as if the link were dead.
- **False OK**: a broken link is called fine.
- **Unknown**: the checker says that it cannot tell, skips or excludes the link, meets a timeout,
  or does not come to an end within {longest} seconds. *Knowable* is the part of these where the
  scenario's file knows the truth; some need a key for it.
- **Guess**: a link of which nothing can be known is called fine, or the truth is *disputed*, as
  the sources of the scenario contradict each other; neither praised nor blamed.
- **Requests**: what the services were asked for the link; without the controls, and without the
  three addresses by which Linkwell knows once a run that the network is there.

Other checkers run as the commands that they are, with their own settings but for: output that
can be read, {patience} seconds of patience with a server, no look at robots.txt (Linkwell does
not look either for a single link), and sites under a name that is not reserved, for lychee
leaves out `example.org`. Where our own network is down linkinator has no page to read and is not
asked; what only a resolver shows (a name that does not exist) is not asked of any program that
goes through a proxy. lychee asks for a video's thumbnail instead of the video.
"""


def text(outcomes: Sequence[Outcome], titles: Mapping[str, str]) -> str:
    """Return the tables for a terminal, one a provider."""
    lines: list[str] = []
    for provider, by_checker in tallies(outcomes).items():
        width = max(map(len, by_checker))
        head = "  ".join(HEADINGS)
        lines += ["", f"{_title(provider, titles)}: {_kinds(outcomes, provider)}"]
        lines.append(f"  {'':{width}}  {head}")
        for checker, figures in by_checker.items():
            cells = zip(HEADINGS, _cells(figures), strict=True)
            row = "  ".join(f"{cell:>{len(heading)}}" for heading, cell in cells)
            lines.append(f"  {checker:{width}}  {row}")
    return "\n".join(lines)


def markdown(
    outcomes: Sequence[Outcome],
    titles: Mapping[str, str],
    versions: Mapping[str, str],
    on: date,
    *,
    patience: int,
    longest: int,
) -> str:
    """Return the page of figures, with how, when and with which versions they were measured."""
    lines = ["# How often is it wrong?", "", METHOD.format(patience=patience, longest=longest)]
    named = ", ".join(f"{name} {version}".strip() for name, version in versions.items())
    lines.append(f"Measured on {on.isoformat()}: {named}.")
    for provider, by_checker in tallies(outcomes).items():
        lines += ["", f"## {_title(provider, titles)}", "", f"{_kinds(outcomes, provider)}.", ""]
        lines += _table(("", *HEADINGS), ((name, *_cells(f)) for name, f in by_checker.items()))
    lines += ["", "## Where a checker was wrong", "", *_wrong(outcomes, titles)]
    return "\n".join(lines) + "\n"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    told = (headings, ["---", *["--:"] * (len(headings) - 1)], *rows)
    return [f"| {' | '.join(cells)} |" for cells in told]


def _wrong(outcomes: Sequence[Outcome], titles: Mapping[str, str]) -> list[str]:
    """Return the table of all scenarios that some checker got wrong, and which did."""
    checkers = tuple(dict.fromkeys(each.checker for each in outcomes))
    wrong = sorted({each.scenario: each for each in outcomes if each.sin}.items())
    marks = {(each.scenario, each.checker): each.mark for each in outcomes if each.sin}
    return _table(
        ("scenario", "service", "truth", *checkers),
        (
            (
                each.name,
                _title(each.provider, titles),
                each.truth,
                *(marks.get((scenario, checker), "") for checker in checkers),
            )
            for scenario, each in wrong
        ),
    )


def misses(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield what Linkwell said otherwise than the scenarios' files, the gravest first."""
    for each in sorted(outcomes, key=lambda o: (not o.trouble, not o.sin, o.checker, o.scenario)):
        if each.trouble:
            yield f"TROUBLE {each.checker}, {each.scenario}: {each.trouble}"
        elif each.sin or not each.as_written:
            word = each.mark.upper() if each.sin else "other words"
            yield (
                f"{word}: {each.checker}, {each.scenario}:"
                f" expected {each.truth}, {each.expected}; got {each.said}, {each.got}"
            )


def _title(provider: str, titles: Mapping[str, str]) -> str:
    return "All" if provider == ALL else titles.get(provider, provider)


def _kinds(outcomes: Sequence[Outcome], provider: str) -> str:
    """Return how many scenarios of which truth there are."""
    truths = {each.scenario: each.truth for each in outcomes if provider in {each.provider, ALL}}
    independent = {
        each.scenario for each in outcomes if each.independent and provider in {each.provider, ALL}
    }
    counts = Counter(truths.values())
    kinds = ", ".join(f"{counts[truth]} {truth}" for truth in Truth if counts[truth])
    by_others = f", {len(independent)} by an independent reader" if independent else ""
    return f"{len(truths)} scenarios ({kinds}{by_others})"


def _cells(figures: Tally) -> tuple[str, ...]:
    return tuple(
        f"{number:,}"
        for number in (
            figures.cases,
            figures.false_alarms,
            figures.alarms_on_good,
            figures.false_oks,
            figures.unknowns,
            figures.needless,
            figures.guesses,
            figures.requests,
        )
    )
