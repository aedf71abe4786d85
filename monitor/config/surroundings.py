"""What the environment and the folder say where config.yaml says nothing."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from monitor.config.complaints import refused
from monitor.config.places import Complaint, Place
from monitor.config.sections import STANDARD_INPUT, Ignore, Network, Source
from monitor.config.values import Secret, proxy_url
from monitor.config.whole import Config
from monitor.core.errors import ConfigError
from monitor.core.leave_alone import REGEX, compiled

KNOWN_CREDENTIALS: Mapping[str, str] = {
    "github": "GITHUB_TOKEN",
    "google": "GOOGLE_API_KEY",
    "youtube": "YOUTUBE_API_KEY",
    "google_account": "GOOGLE_APPLICATION_CREDENTIALS",
    "bitly": "BITLY_TOKEN",
}
"""Credentials that are read without a word in the file, by the variable's customary name."""

LYCHEE_IGNORE = ".lycheeignore"
"""lychee's list of regular expressions, one a line; its documentation, "Ignoring links"."""

_MOST_BYTES = 1_000_000


class CiService(StrEnum):
    """A service that runs pipelines, and whose ways are known here."""

    GITHUB = "github"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ci:
    """The pipeline that this runs in, as its variables tell; nothing where none does.

    `summary` is the file to which a job's summary is appended, `folder` where the repository was
    cloned to.
    """

    service: CiService | None = None
    summary: Path | None = None
    folder: Path | None = None


def ci_of(environment: Mapping[str, str]) -> Ci:
    """Return the pipeline that the environment tells of.

    Sources: docs.github.com, "Variables reference"; docs.gitlab.com, "Predefined CI/CD variables".
    """

    def place(name: str) -> Path | None:
        return Path(environment[name]) if environment.get(name) else None

    if environment.get("GITHUB_ACTIONS") == "true":
        return Ci(
            service=CiService.GITHUB,
            summary=place("GITHUB_STEP_SUMMARY"),
            folder=place("GITHUB_WORKSPACE"),
        )
    if environment.get("GITLAB_CI") == "true":
        return Ci(service=CiService.GITLAB, folder=place("CI_PROJECT_DIR"))
    return Ci()


def with_environment(config: Config, environment: Mapping[str, str]) -> Config:
    """Return the configuration with the customary variables where the file says nothing."""
    credentials = dict(config.credentials)
    for name, variable in KNOWN_CREDENTIALS.items():
        value = environment.get(variable, "").strip()
        if name not in credentials and value:
            credentials[name] = Secret(value, variables=[variable])
    network = config.network.model_copy(update=_network(config.network, environment))
    return config.model_copy(update={"network": network, "credentials": credentials})


def with_folder(config: Config, folder: Path) -> Config:
    """Return the configuration with its relative paths read from the file's own folder.

    Sources keep the name that the file gives them, however the file itself was named: history
    knows them by it.
    """

    def here(path: Path | None) -> Path | None:
        if path is None or path == STANDARD_INPUT:
            return path
        return folder / os.path.expanduser(path)  # noqa: PTH111 - this one never raises

    def source(given: Source) -> Source:
        name = None if given.path == STANDARD_INPUT or given.url is not None else given.label
        places = {"path": here(given.path), "folder": here(given.folder)}
        return given.model_copy(update={**places, "name": given.name or name})

    app = config.issues.app
    if app is not None:
        app = app.model_copy(update={"private_key_file": here(app.private_key_file)})
    return config.model_copy(
        update={
            "sources": tuple(map(source, config.sources)),
            "network": config.network.model_copy(update={"ca_file": here(config.network.ca_file)}),
            "store": config.store.model_copy(update={"path": here(config.store.path)}),
            "report": config.report.model_copy(update={"directory": here(config.report.directory)}),
            "issues": config.issues.model_copy(update={"app": app}),
            "alerts": tuple(
                alert.model_copy(update={"file": here(alert.file)}) for alert in config.alerts
            ),
        }
    )


def with_lychee(config: Config, folders: Iterable[Path]) -> Config:
    """Return the configuration with the patterns of the folders' .lycheeignore added."""
    files = {(folder / LYCHEE_IGNORE).resolve(): folder / LYCHEE_IGNORE for folder in folders}
    rules = tuple(rule for file in files.values() if is_file(file) for rule in _rules(file))
    return config.model_copy(update={"ignore": config.ignore + rules})


def is_file(path: Path) -> bool:
    """Return whether a path leads to a file; what cannot be a path does not."""
    return os.path.isfile(path)  # noqa: PTH113 - this one never raises


def _network(network: Network, environment: Mapping[str, str]) -> dict[str, object]:
    said = network.model_fields_set
    found: dict[str, object] = {}
    for field in ("http_proxy", "https_proxy"):
        if field in said:
            continue
        if "proxy" in said:
            found[field] = network.proxy
        elif named := _first(environment, field):
            try:
                found[field] = proxy_url(named[1])
            except ValueError as error:
                raise ConfigError(f"the environment's {named[0]}: expected {error}") from None
    if "no_proxy" not in said and (named := _first(environment, "no_proxy")):
        found["no_proxy"] = tuple(named[1].replace(",", " ").split())
    if "ca_file" not in said and environment.get("SSL_CERT_FILE"):
        found["ca_file"] = Path(environment["SSL_CERT_FILE"])
        if not is_file(Path(environment["SSL_CERT_FILE"])):
            raise ConfigError(
                f"the environment's SSL_CERT_FILE names {found['ca_file']}, which is no file:"
                " correct it or unset it"
            )
    return found


def _first(environment: Mapping[str, str], name: str) -> tuple[str, str] | None:
    """Return the variable that is set, small letters before large, as curl has it."""
    pairs = ((n, environment.get(n, "").strip()) for n in (name, name.upper()))
    return next((pair for pair in pairs if pair[1]), None)


def _rules(file: Path) -> Iterator[Ignore]:
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from None
    for number, line in enumerate(text.splitlines(), start=1):
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        try:
            compiled(REGEX + pattern)
        except re.error as error:
            what = f"expected a regular expression, but it breaks off: {error.msg}"
            place = Place(number, line.index(pattern) + (error.pos or 0) + 1)
            raise refused(str(file), [Complaint(what, place)]) from None
        yield Ignore(url=REGEX + pattern, reason=f"line {number} of {LYCHEE_IGNORE}")
