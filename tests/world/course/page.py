"""The course page in the world: where it is, its world, and what should come of its links."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from monitor.core.reasons import Reason, Status

FOLDER = Path(__file__).parent
PAGE = FOLDER / "page.it.md"
BASE_URL = "https://meadow-university.github.io/deep-learning-course/it/"
VARIABLES = {"site.baseurl": "/deep-learning-course"}

HOST = "meadow-university.github.io"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What should come of a link: status and reason, others as right, the URL to use instead."""

    status: Status
    reason: Reason
    also: frozenset[Reason] = frozenset()
    instead: str | None = None
    why: str


class Reachable(Protocol):
    """A world, as far as a configuration needs to know it."""

    @property
    def proxy_url(self) -> str: ...
    @property
    def ca_file(self) -> Path: ...


@cache
def expected() -> Mapping[str, Expected]:
    """Return what should come of the page's links by the URL as written; all others are ok."""
    content = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
    return {
        written: Expected(
            status=Status(each["status"]),
            reason=Reason(each["reason"]),
            also=frozenset(map(Reason, each.get("also", ()))),
            instead=each.get("instead"),
            why=each["why"],
        )
        for written, each in content.items()
    }


def state() -> dict[str, Any]:
    """Return the state of the world behind the page, the published page itself included."""
    content = tomllib.loads((FOLDER / "world.toml").read_text("utf-8"))
    published = {"title": "RETI PROFONDE", "body": html()}
    content["sites"][HOST]["pages"]["/deep-learning-course/it/"] = published
    return content


def html() -> str:
    """Return the page as its readers see it, made much as Jekyll does it."""
    from markdown_it import MarkdownIt

    text = re.sub(r"\A---\n.*?\n---\n", "", PAGE.read_text("utf-8"), flags=re.DOTALL)
    for name, value in VARIABLES.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    head = '<meta charset="utf-8"><title>RETI PROFONDE</title>'
    return f'<!DOCTYPE html>\n<html lang="it"><head>{head}</head><body>\n{body}</body></html>\n'


def course_config(world: Reachable, directory: Path) -> Path:
    """Write a config.yaml for the page in a world, its history beside it; returns the file."""
    source = {"path": str(PAGE), "base_url": BASE_URL, "variables": VARIABLES}
    network = {"proxy": world.proxy_url, "ca_file": str(world.ca_file)}
    store = {"path": str(directory / "history.sqlite3")}
    content = {"sources": [source], "network": network, "store": store}
    file = directory / "config.yaml"
    # JSON is YAML too, and needs no care about quoting.
    file.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    return file
