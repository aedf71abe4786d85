"""From the text of config.yaml to a Config, or to an error that says what to change."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from monitor.config.complaints import complaints, refused, sentence
from monitor.config.places import Complaint, Place, shown
from monitor.config.secret_files import WithFiles
from monitor.config.sections import Source
from monitor.config.surroundings import (
    KNOWN_CREDENTIALS,
    is_file,
    with_environment,
    with_folder,
    with_lychee,
)
from monitor.config.whole import Config
from monitor.config.yaml_positions import NotYaml, Tree, read
from monitor.core.errors import ConfigError

MOST_BYTES = 1_000_000
"""How large a configuration may be."""


def load(path: Path | None, environment: Mapping[str, str], text: str | None = None) -> Config:
    """Return what a configuration file says, or the defaults without one.

    `text` is what to take for the file's, where it has been read before.

    The environment's customary variables count where the file says nothing; NAME_FILE names a
    file that holds NAME. Relative paths in the file are read from its own folder. Raises
    ConfigError with all that is wrong.
    """
    if text is None:
        text = "" if path is None else read_text(path)
    name = "" if path is None else str(path)
    environment = WithFiles(environment)
    config, tree = _read(text, name, environment)
    folder = Path() if path is None else path.parent
    config = with_folder(with_environment(config, environment), folder)
    ca_file = config.network.ca_file
    if ca_file is not None and not is_file(ca_file):
        place = tree.values.get(("network", "ca_file"))
        raise refused(name, [Complaint(f"network.ca_file: {ca_file} is no file", place)])
    return with_lychee(config, (folder, Path()))


def read_text(path: Path) -> str:
    """Return the text of a configuration file; raises ConfigError where it cannot be read."""
    try:
        with path.open("rb") as opened:
            body = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(
            f"{path} does not exist; `linkwell init URL` writes a first one"
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "this is no file name"
        raise ConfigError(f"{path} cannot be read: {why}") from None
    if len(body) > MOST_BYTES:
        raise ConfigError(f"{path} is larger than 1 MB; that is no configuration of ours")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8-sig", "replace")
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        what = "this is not UTF-8; save the file as UTF-8"
        raise refused(str(path), [Complaint(what, place)]) from None


def source_of(
    text: str, *, base_url: str | None = None, variables: Mapping[str, str] | None = None
) -> Source:
    """Return the source that a word of the command line names: a URL, a path, or - for stdin.

    Raises ConfigError where the URL or the base URL is none.
    """
    given = {"base_url": base_url, "variables": dict(variables or {})}
    key = "url" if text.lower().startswith(("http://", "https://")) else "path"
    try:
        return Source.model_validate({key: text, **given})
    except ValidationError as error:
        names = {"base_url": "--base-url", "variables": "--var", key: shown(text) or "the source"}
        told = [
            f"{names[str(details['loc'][0])]}: expected {sentence(details)}"
            for details in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigError("\n".join(told)) from None


def _read(text: str, name: str, environment: Mapping[str, str]) -> tuple[Config, Tree]:
    try:
        tree = read(text)
    except NotYaml as error:
        raise refused(name, [error.complaint]) from None
    if tree.value is None:
        tree.value = {}
    if not isinstance(tree.value, dict):
        what = "expected keys such as `sources:`, each at the beginning of a line"
        raise refused(name, [Complaint(what, tree.values[()])])
    found = list(tree.complaints)
    try:
        config = Config.model_validate(tree.value, context=environment)
    except ValidationError as error:
        found += complaints(error, tree, Config)
        raise refused(name, found) from None
    found += (*_names(config, tree), *_overrides(config, tree), *_maintenance(config, tree))
    found += _schedules(config, tree)
    if found:
        raise refused(name, found)
    return config, tree


def _names(config: Config, tree: Tree) -> Iterator[Complaint]:
    """Yield complaints about `basic:` and `bearer:` that name no credential, or a wrong one."""
    known = config.credentials.keys() | KNOWN_CREDENTIALS.keys()
    for n, entry in enumerate(config.headers):
        for key, name in (("basic", entry.basic), ("bearer", entry.bearer)):
            place = tree.values.get(("headers", n, key)) or tree.values.get(("headers", key))
            if name is not None and name not in known:
                what = f"the name of one of `credentials:` ({', '.join(sorted(known))})"
                yield Complaint(f"headers[{n + 1}].{key}: expected {what}", place)
        pair = config.secrets().get(entry.basic or "")
        if pair is not None and ":" not in pair:
            what = f"that the credential {entry.basic} holds user:password"
            place = tree.values.get(("headers", n)) or tree.values.get(("headers",))
            yield Complaint(f"headers[{n + 1}].basic: expected {what}", place)


def _overrides(config: Config, tree: Tree) -> Iterator[Complaint]:
    """Yield complaints about overrides of states for a source that there is not."""
    known = [source.label for source in config.sources]
    for n, entry in enumerate(config.states.overrides):
        if entry.source is not None and known and entry.source not in known:
            path = ("states", "overrides")
            place = tree.values.get((*path, n, "source")) or tree.values.get((*path, "source"))
            what = f"the name of one of `sources:` ({', '.join(map(shown, known))})"
            yield Complaint(f"states.overrides[{n + 1}].source: expected {what}", place)


def _maintenance(config: Config, tree: Tree) -> Iterator[Complaint]:
    """Yield complaints about maintenance of a source that there is not."""
    known = [source.label for source in config.sources]
    for n, entry in enumerate(config.maintenance):
        if set(entry.source) - set(known):
            path = ("maintenance", n, "source")
            place = tree.values.get(path) or tree.values.get(("maintenance", "source"))
            what = f"the name of one of `sources:` ({', '.join(map(shown, known)) or 'none'})"
            yield Complaint(f"maintenance[{n + 1}].source: expected {what}", place)


def _schedules(config: Config, tree: Tree) -> Iterator[Complaint]:
    """Yield complaints about a schedule of a source that there is not."""
    known = [source.label for source in config.sources]
    for name in config.schedule.sources:
        if name not in known:
            place = tree.values.get(("schedule", "sources", name))
            what = f"the name of one of `sources:` ({', '.join(map(shown, known)) or 'none'})"
            yield Complaint(f"schedule.sources.{shown(name)}: expected {what}", place)
