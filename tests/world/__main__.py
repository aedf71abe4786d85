"""`python -m tests.world [--course] [--folder DIR …] [--keys] [--latency-ms 50]`: as a program.

Prints one line of JSON (proxy, ca_file, environment) and lives until its input ends or it is
told to stop. http://world.test/requests, through the proxy, tells what it has seen.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from monitor.config import Source
from tests.world import keys
from tests.world.course.page import state
from tests.world.generated import generated
from tests.world.scenario import scenario
from tests.world.server import World


async def live(world: World, *, with_keys: bool = False) -> None:
    """Run a world until the input ends, or SIGTERM or SIGINT comes."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    async with world:
        said = {"proxy": world.proxy_url, "ca_file": str(world.ca_file)}
        environment = world.environment() | (keys.ENVIRONMENT if with_keys else {})
        print(json.dumps({**said, "environment": environment}), flush=True)  # noqa: T201
        with contextlib.suppress(PermissionError):  # a file or /dev/null: only a signal ends it
            loop.add_reader(sys.stdin, _heard, over)
        await over.wait()
        loop.remove_reader(sys.stdin)


def _heard(over: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        over.set()


def main() -> None:
    """Read the command line and run the world."""
    parser = argparse.ArgumentParser(prog="python -m tests.world")
    parser.add_argument("--course", action="store_true", help="serve the course page's world")
    parser.add_argument("--scenario", action="append", default=[], help="a file's name, no .toml")
    parser.add_argument("--folder", type=Path, help="serve what the links of a folder name")
    parser.add_argument("--base-url", help="where the folder's readers find it")
    parser.add_argument("--var", action="append", default=[], help="name=value, as for linkwell")
    parser.add_argument("--published", action="store_true", help="the site has the folder alone")
    parser.add_argument("--keys", action="store_true", help="take the keys of tests.world.keys")
    parser.add_argument("--latency-ms", type=float, default=0)
    given = parser.parse_args()
    cases = [state()] if given.course else []
    if given.folder is not None:
        variables = dict(each.split("=", 1) for each in given.var)
        source = Source(folder=given.folder, base_url=given.base_url, variables=variables)
        cases.append(generated(source, published=given.published))
    if given.keys:
        cases.insert(0, keys.STATE)
    chosen = [scenario(each) for each in given.scenario]
    latency = timedelta(milliseconds=given.latency_ms)
    asyncio.run(live(World(*cases, *chosen, latency=latency), with_keys=given.keys))


if __name__ == "__main__":
    main()
