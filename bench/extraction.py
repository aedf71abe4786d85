"""Compares the extraction of a course site's Markdown with parsing and rendering it.

Prints the ratio of CPU times, the median of five taken in turns; the house's limit is 1.4.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from markdown_it import MarkdownIt

from monitor.core.model import Page, PageKind, Url
from monitor.extract.links import extract

SITE = Path(__file__).parents[1].parent / "shared" / "course-site"
LIMIT = 1.4
BASE = Url("https://course.example/site/")


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> int:
    texts = [path.read_text("utf-8", "replace") for path in sorted(SITE.rglob("*.md"))]
    if not texts:
        print(f"no Markdown in {SITE}: nothing was measured")
        return 0
    pages = [
        Page(name=str(n), url=BASE, kind=PageKind.MARKDOWN, text=text, read_at=datetime.now(UTC))
        for n, text in enumerate(texts)
    ]
    markdown = MarkdownIt()

    def ours() -> None:
        for page in pages:
            extract(page, {"site.baseurl": "/site"})

    def theirs() -> None:
        for text in texts:
            markdown.render(text)

    ours(), theirs()
    pairs = [(cpu(ours), cpu(theirs)) for _ in range(5)]
    ratio = statistics.median(a / b for a, b in pairs)
    megabytes = sum(map(len, texts)) / 1e6
    seconds = statistics.median(a for a, _ in pairs)
    print(
        f"extraction / MarkdownIt().render(): {ratio:.2f} of the CPU time (limit {LIMIT}),"
        f" {len(texts)} files, {megabytes / seconds:.1f} million characters a second"
    )
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
