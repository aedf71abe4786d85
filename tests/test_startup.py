"""`linkwell --help` is instant, for it imports nothing heavy."""

import subprocess
import sys

import pytest

HEAVY = [
    "aiohttp",
    "alembic",
    "apscheduler",
    "ftfy",
    "googleapiclient",
    "jinja2",
    "markdown_it",
    "pydantic",
    "sqlalchemy",
    "turbohtml",
    "yaml",
    "yt_dlp",
    "ada_url",
]


# Typer by itself reads the options of a command through pydantic where it is installed.
@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [(["--help"], []), (["check", "--help"], ["pydantic"]), (["--version"], [])],
)
def test_help_imports_nothing_heavy(arguments, allowed):
    program = (
        "import sys\n"
        "from monitor.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == f"HEAVY {allowed}"
