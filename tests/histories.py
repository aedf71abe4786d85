"""An empty history without the work of making one: that is tested in tests/store."""

import tempfile
from functools import cache
from pathlib import Path

from monitor.store.history import History


def made(file: Path) -> Path:
    """Put an empty history at a place where there is none, and return the place."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_empty())
    return file


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite3"
        History.open(file).close()
        return file.read_bytes()
