"""What the documentation says is so."""

import re
import runpy
import tomllib
from pathlib import Path

import pytest

from monitor import providers
from monitor.core.reasons import Reason

ROOT = Path(__file__).parents[1]


def test_the_page_of_reasons_is_made_from_the_reasons():
    made = runpy.run_path(str(ROOT / "docs" / "make_reasons.py"))["page"]()

    assert (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8") == made, "run `make docs`"


def test_the_pages_of_the_providers_are_made_from_their_tables():
    made = runpy.run_path(str(ROOT / "docs" / "make_providers.py"))["pages"]()
    folder = ROOT / "docs" / "providers"

    assert {file.name for file in folder.iterdir()} == set(made)
    for name, text in made.items():
        assert (folder / name).read_text(encoding="utf-8") == text, f"{name}: run `make docs`"


@pytest.mark.parametrize("provider", [pytest.param(p, id=p.name) for p in providers.find()])
def test_the_page_of_a_provider_names_all_that_it_knows_asks_says_and_brings(provider):
    page = (ROOT / "docs" / "providers" / f"{provider.name}.md").read_text(encoding="utf-8")

    assert all(f"`{shape.example}`" in page for shape in provider.shapes)
    assert all(f"| `{probe}` | " in page for probe in provider.probes)
    assert all(f"| `{fact}` | " in page for fact in provider.facts)
    assert all(f"* `{key}`, from `" in page for key in provider.checkups)
    named = set(re.findall(r"\* \[[^]]+\]\(\.\./reasons\.md#([\w-]+)\)", page))
    reasons = set(re.findall(r"Reason\.([A-Z_]+)", source_of(provider)))
    for reason in reasons:
        assert any(anchor.endswith(f"-{Reason[reason].value}") for anchor in named), reason


def test_every_link_within_the_pages_leads_somewhere():
    for page in (ROOT / "docs").rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text("utf-8")):
            file = (page.parent / target[0]).resolve() if target[0] else page
            assert file.exists(), f"{page.name}: {target[0]}"
            if target[1]:
                assert target[1] in anchors(file), f"{page.name}: {target[0]}#{target[1]}"


def source_of(provider):
    folder = Path(providers.__file__).parent
    files = [folder / f"{provider.name}.py", *folder.glob(f"_{provider.name}_*.py")]
    return "".join(file.read_text(encoding="utf-8") for file in files)


def anchors(file):
    """Return the anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_page_on_the_architecture_names_every_layer():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    said = page.split("## Layers")[1].split("```")[1]

    assert [line.split("  ")[0].strip() for line in said.strip().splitlines()] == layers


def test_every_make_target_that_the_readme_names_is_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in ("demo", "test", "run"):
        assert f"make {target}" in readme
        assert f"\n{target}: " in makefile
