"""How long a report of 10,000 resources with 90 days behind each takes: to write, and to open.

Prints a line for each figure, and ends with 1 where one is beyond its bound.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor.report.render import FORMATS, write
from tests.report.build import Course, sample
from tests.report.lived import lived, report_of

CHROMIUM = Path("/usr/bin/chromium")
WRITTEN_WITHIN, USABLE_WITHIN = 5.0, 2.0  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=10_000)
    wanted = parser.parse_args().resources
    course = a_page(wanted)
    past = lived(course)
    found = course.findings()
    build = _timed(lambda: report_of(course, past))
    report = build[0]
    print(f"{len(found):,} resources, {sum(map(len, past.days.values())):,} days")
    total = build[1]
    print(f"  the value: {build[1]:.2f} s")
    for name, files in FORMATS.items():
        texts, took = _timed(lambda files=files: [do(report) for do in files.values()])
        total += took
        print(f"  {name}: {took:.2f} s, {sum(map(len, texts)) / 1e6:.2f} M characters")
    print(f"written in {total:.2f} s (bound {WRITTEN_WITHIN:.0f} s)")
    with tempfile.TemporaryDirectory() as folder:
        page = write(report, Path(folder), ["html"])["html"]
        usable = _opened(page) if CHROMIUM.exists() else None
    if usable is None:
        print("not opened: there is no Chromium")
    sys.exit(total > WRITTEN_WITHIN or (usable or 0) > USABLE_WITHIN)


def a_page(resources: int) -> Course:
    """Return a page of which one resource in twelve is in some trouble; most links stand once."""
    course = sample(resources // 5 // 86)
    for n in range(resources - len(course.resources)):
        course.link(
            f"https://site{n % 700}.example/course/{n // 50}/notes-{n}.html",
            text=f"Notes {n}",
            context=("Lessons", f"Week: {n % 30}", "Materials"),
            title=f"Notes {n} of the course on optimisation",
        )
    return course


def _timed(do: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    done = do()
    return done, time.perf_counter() - began


def _opened(page: Path) -> float:
    """Return the seconds from asking for the page until it is drawn and takes input; best of 3."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        usable = min(_one_opening(browser, page) for _ in range(3))
        browser.close()
    print(f"usable in {usable:.2f} s (bound {USABLE_WITHIN:.0f} s)")
    return usable


def _one_opening(browser: Any, page: Path) -> float:
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    _, loading = _timed(lambda: opened.goto(page.as_uri(), wait_until="load"))
    usable: float = opened.evaluate(
        "new Promise(done => requestAnimationFrame(() => setTimeout("
        "() => done(performance.now() / 1000))))"
    )
    painted = opened.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    _, filtering = _timed(lambda: _filtered(opened))
    _, jumping = _timed(lambda: _jumped(opened))
    opened.close()
    print(
        f"  opened: first paint {painted / 1000:.2f} s, loaded {loading:.2f} s,"
        f" usable {usable:.2f} s; then the first search {filtering:.2f} s,"
        f" a jump to the end {jumping:.2f} s"
    )
    return usable


def _filtered(opened: Any) -> None:
    opened.keyboard.press("/")
    opened.keyboard.type("v003-14")
    opened.wait_for_function("document.getElementById('count').textContent.startsWith('1 of')")


def _jumped(opened: Any) -> None:
    opened.evaluate("document.getElementById('run').scrollIntoView()")
    opened.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


if __name__ == "__main__":
    main()
