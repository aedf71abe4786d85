"""The site is built without a warning, and asks no other host for anything."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={"NO_MKDOCS_2_WARNING": "1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    return folder


class Page(HTMLParser):
    """What a page loads, where it leads, and which places it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: set[str] = set()
        self.leads: set[str] = set()
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if "src" in given:
            self.loads.add(given["src"])
        if tag == "link" and given.get("rel") not in {"canonical", "next", "prev"}:
            self.loads.add(given.get("href", ""))
        if tag == "a" and "href" in given:
            self.leads.add(given["href"])


def pages(site: Path) -> dict[Path, Page]:
    return {file: Page(file.read_text("utf-8")) for file in site.rglob("*.html")}


def test_no_page_loads_anything_from_another_host(site):
    for file, page in pages(site).items():
        assert [each for each in page.loads if urlsplit(each).netloc] == [], file.name
    for style in site.rglob("*.css"):
        found = re.findall(r"(?:url\(|@import)\s*[\"']?(https?:)?//", style.read_text("utf-8"))
        assert found == [], style.name


def test_every_link_within_the_site_leads_to_a_page_and_a_place(site):
    known = pages(site)
    for file, page in known.items():
        if file.name == "404.html":
            continue
        for target in page.leads:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
                continue
            there = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            there = there / "index.html" if there.is_dir() else there
            assert there.exists(), f"{file.name}: {target}"
            if parts.fragment and there in known:
                assert unquote(parts.fragment) in known[there].places, f"{file.name}: {target}"


def test_nothing_of_the_workshop_is_on_the_site(site):
    assert not list(site.rglob("*.py"))
    assert not (site / "examples" / "configuration").exists()
