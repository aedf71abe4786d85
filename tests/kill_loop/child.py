"""The command line with another clock: `python -m tests.kill_loop.child SECONDS check …`.

It is `linkwell` itself, SECONDS later than it is; and GitHub's double needs no pause between
two writes.
"""

import importlib
import sys
from datetime import datetime, timedelta, tzinfo
from typing import Any

CLOCKS = ("monitor.doors", "monitor.issues.sync", "monitor.net.fetch")
"""The modules that read the clock."""


def main() -> None:
    """Shift the clock, and be `linkwell`."""
    shift = timedelta(seconds=float(sys.argv.pop(1)))

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + shift

    for name in CLOCKS:
        importlib.import_module(name).datetime = Later  # type: ignore[attr-defined]
    importlib.import_module("monitor.net.github_api").PAUSE = 0  # type: ignore[attr-defined]
    importlib.import_module("monitor.cli").main()


if __name__ == "__main__":
    main()
