"""Writes docs/providers/: one page a provider, from the tables of the code and the scenarios."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor import core, providers
from monitor.config.surroundings import KNOWN_CREDENTIALS
from monitor.core.provider import Provider
from monitor.core.reasons import Reason, Status, explain

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "providers"
SCENARIOS = ROOT / "tests" / "world" / "scenarios"
STATUSES = {
    Status.OK: "Ok",
    Status.WARNING: "Warning",
    Status.BROKEN: "Broken",
    Status.UNKNOWN: "Unknown",
}
MADE = "Made from the code's own tables by `make docs`; a test holds the two together."


def pages() -> Mapping[str, str]:
    """Return all pages by their file's name."""
    found = {f"{provider.name}.md": page(provider) for provider in providers.find()}
    return {"README.md": overview(), **found}


def overview() -> str:
    """Return the page on all providers."""
    lines = ["# Providers", "", f"What Linkwell knows of each service. {MADE}", ""]
    lines += ["| service | what it is | keys |", "|---|---|---|"]
    for provider in providers.find():
        keys = ", ".join(f"`{KNOWN_CREDENTIALS.get(k, k)}`" for k in _keys(provider)) or "none"
        about = _first_sentence(_doc(provider))
        lines.append(f"| [{provider.title}]({provider.name}.md) | {about} | {keys} |")
    lines += ["", "## What may be said of any site", ""]
    lines += ["Besides a service's own word, an answer, or none, may mean the same everywhere:", ""]
    for reason in sorted(_common(), key=list(Reason).index):
        lines.append(f"* {_link(reason)} ({explain(reason).status.value}): {explain(reason).what}")
    return _whole(lines)


def page(provider: Provider) -> str:
    """Return the page on one provider."""
    return _whole(
        [
            f"# {provider.title}",
            "",
            *_paragraphs(_doc(provider)),
            MADE,
            "",
            *_addresses(provider),
            *_probes(provider),
            *_states(provider),
            *_facts(provider),
            *_credentials(provider),
        ]
    )


def reasons(provider: Provider) -> frozenset[Reason]:
    """Return the reasons that a provider's source names."""
    folder = Path(providers.__file__).parent
    files = [folder / f"{provider.name}.py", *folder.glob(f"_{provider.name}_*.py")]
    return frozenset(reason for file in files for reason in _named(file))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield what is said of a provider, but for where its facts come from."""
    for part in text.split("\n\n"):
        if not part.startswith("Facts:"):
            yield from (part, "")


def _addresses(provider: Provider) -> Iterator[str]:
    yield from ("## Addresses it knows", "", "| kind | written as |", "|---|---|")
    kinds = dict.fromkeys(shape.kind for shape in provider.shapes)
    for kind in kinds:
        examples = (shape.example for shape in provider.shapes if shape.kind == kind)
        yield f"| {kind} | {'<br>'.join(f'`{example}`' for example in examples)} |"
    yield ""


def _probes(provider: Provider) -> Iterator[str]:
    yield from ("## How it asks", "")
    yield from ("| probe | what it asks | what it costs | key | at once |", "|---|---|---|---|---|")
    for name, probe in provider.probes.items():
        way = provider.ways[name]
        key = f"`{probe.credential}`" if probe.credential else ""
        yield f"| `{name}` | {way.about} | {way.cost} | {key} | {probe.size:,} |"
    yield ""


def _states(provider: Provider) -> Iterator[str]:
    situations = _situations(provider.name)
    told = reasons(provider) | situations.keys()
    yield from ("## What it can say", "")
    yield "With the situations in which it does; each is played through by the tests."
    yield ""
    for status, title in STATUSES.items():
        of_status = [reason for reason in Reason if explain(reason).status is status]
        here = [reason for reason in of_status if reason in told]
        if here:
            yield from (f"### {title}", "")
        for reason in here:
            yield f"* {_link(reason)}: {explain(reason).what}"
            yield from (f"  * {name}." for name in situations.get(reason, ()))
        if here:
            yield ""
    rest = sorted(_common() - told, key=list(Reason).index)
    yield f"Besides, as of [any site](README.md): {', '.join(map(_link, rest))}."
    yield ""


def _facts(provider: Provider) -> Iterator[str]:
    if not provider.facts:
        return
    yield from ("## Facts it brings", "")
    yield "An *identity* fact that changes may mean that another thing has taken the place."
    yield ""
    yield from ("| fact | meaning | unit | from | identity |", "|---|---|---|---|---|")
    for name, fact in provider.facts.items():
        identity = "yes" if fact.identity else ""
        row = (f"`{name}`", fact.meaning, fact.unit, fact.source, identity)
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _credentials(provider: Provider) -> Iterator[str]:
    yield from ("## Keys", "")
    if not provider.checkups:
        yield "It needs none."
    else:
        yield "All work without; `linkwell doctor` tells whether one is there and works."
        yield ""
    for name, checkup in provider.checkups.items():
        yield f"* `{name}`, from `{KNOWN_CREDENTIALS[name]}`: {checkup.better} {checkup.get}"


def _situations(name: str) -> Mapping[Reason, list[str]]:
    """Return the names of a provider's scenarios, by the reasons that are expected of them."""
    found: dict[Reason, list[str]] = {}
    for file in sorted(SCENARIOS.glob("*.toml")):
        content = tomllib.loads(file.read_text("utf-8"))
        if content["provider"] != name:
            continue
        keys = ("link_reason", "reason"), ("link_reason_without", "reason_without")
        expected = [next((content[k] for k in pair if k in content), None) for pair in keys]
        differs = expected[1] not in (None, expected[0])
        for reason, mode in zip(expected, (" (with a key)", " (without a key)"), strict=True):
            if reason is not None and (differs or mode == " (with a key)"):
                words = content["name"].rstrip(".") + (mode if differs else "")
                found.setdefault(Reason(reason), []).append(_cell(words))
    return found


def _common() -> frozenset[Reason]:
    """Return the reasons that any provider gives for what HTTP and the network say."""
    return frozenset(_named(Path(core.__file__).parent / "verdicts.py"))


def _named(file: Path) -> Iterator[Reason]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "Reason":
                yield Reason[node.attr]


def _keys(provider: Provider) -> list[str]:
    return list(dict.fromkeys([*provider.checkups, *provider.credentials]))


def _doc(provider: Provider) -> str:
    text = sys.modules[type(provider).__module__].__doc__ or ""
    return re.sub(r"\s*Facts: reference/[^\n]*(?:\n[^\n]+)*", "", text).strip()


def _first_sentence(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())


def _link(reason: Reason) -> str:
    title = explain(reason).title
    slug = re.sub(r"[^\w\- ]", "", f"{title}: `{reason.value}`".lower()).replace(" ", "-")
    return f"[{title}](../reasons.md#{slug})"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _whole(lines: list[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
