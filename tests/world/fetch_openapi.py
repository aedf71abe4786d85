"""`python -m tests.world.fetch_openapi [--if-possible]`: puts GitHub's description into .openapi/.

The npm package is fetched whole (29 MB, packed), and what is used of two descriptions is kept
(under 2 MB). With --if-possible nothing happens where npm is missing or cannot fetch.
"""

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.world.openapi import ENTERPRISE, FOLDER, GITHUB, PATHS, description

PACKAGE = "@octokit/openapi"
VERSION = "23.0.2"
SHA512 = "pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg=="
_SECONDS = 300


class CannotFetchError(Exception):
    """Why the description is not here."""


def fetch(folder: Path = FOLDER) -> None:
    """Fetch the package with npm and keep what is used of it. Raises CannotFetchError."""
    npm = shutil.which("npm")
    if npm is None:
        raise CannotFetchError("npm is not installed; on Debian: apt-get install npm")
    with tempfile.TemporaryDirectory(prefix="linkwell-openapi-") as temporary:
        patience = ["--fetch-retries=1", "--fetch-timeout=60000"]
        command = [npm, "pack", "--silent", *patience, f"{PACKAGE}@{VERSION}"]
        try:
            said = subprocess.run(
                command, cwd=temporary, capture_output=True, text=True, timeout=_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            words = getattr(error, "stderr", "") or str(error)
            raise CannotFetchError(f"npm pack failed: {words.strip()[-500:]}") from error
        packed = Path(temporary) / said.stdout.split()[-1]
        digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if digest != SHA512:
            raise CannotFetchError(f"{PACKAGE} {VERSION} is not what it was: sha512-{digest}")
        folder.mkdir(exist_ok=True)
        with tarfile.open(packed) as archive:
            for name in (GITHUB, ENTERPRISE):
                member = archive.extractfile(f"package/generated/{name}.json")
                assert member is not None
                kept = json.dumps(used(json.load(member)))
                (folder / f"{name}.json").write_text(kept, "utf-8")


def used(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return the paths of PATHS of a description, and all that they refer to."""
    paths = {path: whole["paths"][path] for path in PATHS}
    kept: dict[str, dict[str, Any]] = {"schemas": {}}
    wanted = [*_references(paths), "#/components/schemas/basic-error"]
    while wanted:
        _, _, kind, name = wanted.pop().split("/")
        if name not in kept.setdefault(kind, {}):
            kept[kind][name] = _bare(whole["components"][kind][name])
            wanted += _references(kept[kind][name])
    version = f"{VERSION} ({whole['info']['title']} {whole['info']['version']})"
    return {"version": version, "used": list(PATHS), "paths": _bare(paths), "components": kept}


def _bare(described: Any) -> Any:
    """Return a description without examples."""
    if isinstance(described, list):
        return [_bare(each) for each in described]
    if isinstance(described, dict):
        return {k: _bare(v) for k, v in described.items() if k not in {"example", "examples"}}
    return described


def _references(described: Any) -> Iterator[str]:
    """Yield what a description refers to, examples apart."""
    if isinstance(described, list):
        for each in described:
            yield from _references(each)
    elif isinstance(described, dict):
        for key, value in described.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            elif key not in {"example", "examples"}:
                yield from _references(value)


def main() -> None:
    """Read the command line and fetch."""
    parser = argparse.ArgumentParser(prog="python -m tests.world.fetch_openapi")
    parser.add_argument("--if-possible", action="store_true", help="do not fail without npm")
    given = parser.parse_args()
    if description(GITHUB) is not None and description(ENTERPRISE) is not None:
        return
    try:
        fetch()
    except CannotFetchError as error:
        print(f"GitHub's OpenAPI description was not fetched: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(0 if given.if_possible else 1)


if __name__ == "__main__":
    main()
