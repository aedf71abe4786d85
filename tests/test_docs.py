"""What the documentation says is so."""

import runpy
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_of_reasons_is_made_from_the_reasons():
    made = runpy.run_path(str(ROOT / "docs" / "make_reasons.py"))["page"]()

    assert (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8") == made, "run `make docs`"


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
