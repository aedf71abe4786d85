"""The world of the documentation's pages; `python -m tests.docs.world` runs it as a program.

As a program it prints one line of JSON, as `python -m tests.world` does.
"""

import asyncio
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.world.__main__ import live
from tests.world.server import World

MEADOW = Path(__file__).with_name("meadow.toml")


def meadow() -> Mapping[str, Any]:
    """Return the state of the pages' world."""
    return tomllib.loads(MEADOW.read_text(encoding="utf-8"))


if __name__ == "__main__":
    asyncio.run(live(World(meadow())))
