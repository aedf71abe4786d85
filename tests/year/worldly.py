"""The world of each night, made of the plan: what is alive, what is not, what the pages say."""

import copy
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from monitor.config import Source
from tests.world import keys
from tests.world.generated import generated
from tests.world.scenario import merged
from tests.year.plan import Plan, Trouble

SENTINELS = {
    "www.gstatic.com": ("/generate_204", {"status": 204}),
    "detectportal.firefox.com": ("/success.txt", {"type": "text/plain", "body": "success"}),
    "www.msftconnecttest.com": (
        "/connecttest.txt",
        {"type": "text/plain", "body": "Microsoft Connect Test"},
    ),
}
"""The addresses by which Linkwell knows that the network is there, as the world has them."""

READING = "https://reading.example/list"
"""Where the second page is."""

State = dict[str, Any]


class Scenery:
    """The world of a plan, night by night; `folder` is where the first page lies."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder

    @property
    def syllabus(self) -> Path:
        """Return the first page, a Markdown file."""
        return self._folder / "syllabus.md"

    def write_page(self, night: int) -> None:
        """Write the first page as it is in a night."""
        self.syllabus.write_text(self._markdown(night), "utf-8")

    def state(self, night: int, now: datetime) -> State:
        """Return the state of the world in a night's run."""
        plan = self._plan
        state = copy.deepcopy(self._alive)
        for trouble in plan.troubles:
            if trouble.lasts(night):
                self._trouble(state, trouble, night)
        listed = self._html(night)
        page = {"status": 500, "title": "Oops"} if plan.is_unread("reading", night) else listed
        state["sites"]["reading.example"] = {"pages": {"/list": page}}
        self._ours(state, plan.ours.get(night, ""), now)
        return state

    @cached_property
    def _alive(self) -> State:
        """Return the world in which all is well, whatever is edited."""
        addresses = {
            self._plan.address(name, night)
            for night in (0, *(edit.night for edit in self._plan.edits))
            for name in self._plan.links
        }
        every = self._folder / "every.txt"
        every.write_text("\n".join(sorted(addresses)), "utf-8")
        alive = generated(Source(path=every))
        every.unlink()
        alive["short"] = {}
        for name, address in self._plan.links.items():
            parts = urlsplit(address)
            if parts.hostname in alive["sites"]:
                alive["sites"][parts.hostname]["pages"][parts.path] = f"All about {name}"
        return merged([keys.STATE, alive, self._plan.world])

    def _markdown(self, night: int) -> str:
        plan = self._plan
        lines = [
            f"## Lecture {n}\n\nRead [{name}]({plan.address(name, night)}) first.\n"
            for n, name in enumerate(plan.on_page("syllabus", night), 1)
        ]
        return "\n".join(["# Waves and meadows\n", *lines])

    def _html(self, night: int) -> Mapping[str, str]:
        plan = self._plan
        items = "".join(
            f'<li><a href="{plan.address(name, night)}">More on {name}</a></li>'
            for name in (plan.on_page("reading", night) if "reading" in plan.pages else ())
        )
        return {"title": "Reading list", "body": f"<h1>Reading list</h1><ul>{items}</ul>"}

    def _trouble(self, state: State, trouble: Trouble, night: int) -> None:
        for name in trouble.links:
            address = self._plan.links[name]  # what was renamed on the page is well there
            _SHOWN[trouble.shows](state, address)
        if trouble.key:
            state["github"]["token_trouble"] = "bad"

    def _ours(self, state: State, what: str, now: datetime) -> None:
        """Let the trouble be ours."""
        match what:
            case "dark" | "captive":
                state["network"][what] = True
            case "a third of all domains":
                hosts = sorted(host for host in state["sites"] if host.endswith(".example"))
                some = [host for host in hosts if host != "reading.example"][::2]
                state["faults"] += [{"kind": "refuse", "host": host} for host in some]
            case "clock is wrong":
                theirs = format_datetime(now - timedelta(days=2), usegmt=True)
                for host, (path, page) in SENTINELS.items():
                    dated = {**page, "headers": {"Date": theirs}}
                    state["sites"][host] = {"pages": {path: dated}}


# --- how troubles look ---


def _page(known: Mapping[str, Any]) -> Callable[[State, str], None]:
    def shown(state: State, address: str) -> None:
        parts = urlsplit(address)
        state["sites"][parts.hostname]["pages"][parts.path] = dict(known)

    return shown


def _fault(kind: str, *, of_path: bool = False) -> Callable[[State, str], None]:
    def shown(state: State, address: str) -> None:
        parts = urlsplit(address)
        where = {"path": parts.path} if of_path else {}
        state["faults"].append({"kind": kind, "host": parts.hostname, **where})

    return shown


def _video(how: str) -> Callable[[State, str], None]:
    def shown(state: State, address: str) -> None:
        (id_,) = parse_qs(urlsplit(address).query)["v"]
        state["youtube"]["videos"][id_]["state"] = how

    return shown


def _file(how: str) -> Callable[[State, str], None]:
    def shown(state: State, address: str) -> None:
        id_ = next(part for part in urlsplit(address).path.split("/") if part.startswith("1"))
        state["drive"]["files"][id_]["state"] = how

    return shown


def _repository(state: State, address: str) -> tuple[State, list[str]]:
    _, owner, name, *rest = urlsplit(address).path.split("/")
    return state["github"]["repos"][f"{owner}/{name}"], rest


def _file_gone(state: State, address: str) -> None:
    repository, (_, branch, *path) = _repository(state, address)
    repository["branches"][branch].remove("/".join(path))


def _branch_gone(state: State, address: str) -> None:
    repository, (_, branch, *_) = _repository(state, address)
    del repository["branches"][branch]


def _archived(state: State, address: str) -> None:
    _repository(state, address)[0]["archived"] = True


def _renamed(state: State, address: str) -> None:
    repository, _ = _repository(state, address)
    _, owner, name, *_ = urlsplit(address).path.split("/")
    repository["renamed_to"] = f"{owner}/{name}-2026"
    repository.pop("number", None)  # the new name has it now


def _link(known: Mapping[str, Any]) -> Callable[[State, str], None]:
    def shown(state: State, address: str) -> None:
        parts = urlsplit(address)
        state["short"][parts.hostname][parts.path.strip("/")] = dict(known)

    return shown


def _nothing(state: State, address: str) -> None:
    """Change nothing: a key has no address."""


_SHOWN: Mapping[str, Callable[[State, str], None]] = {
    "404": _page({"status": 404, "title": "404 Not Found"}),
    "410": _page({"status": 410, "title": "Gone"}),
    "in circles": _fault("loop", of_path=True),
    "host gone": _fault("no-such-host"),
    "500": _page({"status": 500, "title": "Oops"}),
    "silent": _fault("hang", of_path=True),
    "hangs up": _fault("close", of_path=True),
    "refused": _fault("refuse"),
    "bad certificate": _fault("expired"),
    "403 to robots": _page({"status": 403, "title": "Access denied"}),
    "429 to robots": _page({"status": 429, "title": "Slow down"}),
    "private": _video("private"),
    "removed": _video("removed"),
    "channel terminated": _video("terminated"),
    "unshared": _file("sign-in-redirect"),
    "trashed": _file("trashed"),
    "file gone": _file_gone,
    "branch gone": _branch_gone,
    "archived": _archived,
    "renamed": _renamed,
    "link deleted": _link({"state": "deleted"}),
    "leads elsewhere": _link({"state": "moved", "to": "https://casino.example/"}),
    "key refused": _nothing,
}
