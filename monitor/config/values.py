"""The small values of config.yaml: how people write durations, sizes, patterns and secrets.

Each reader is given what stands in the file and returns the value, or raises ValueError with
the words that complete "expected …". None of them repeats a secret.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, PlainValidator, SecretStr, ValidationInfo, WithJsonSchema

from monitor.core.leave_alone import REGEX, compiled
from monitor.core.model import Url
from monitor.core.urls import normalise, split

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3}
_DURATION_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h|d)\s*")
_DURATION = re.compile(rf"(?:{_DURATION_PART.pattern})+")
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,3})?)\s*(|b|kb|mb|gb)", re.IGNORECASE)
_LONGEST = timedelta(days=366)

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""How the file names a variable of the environment: ${GITHUB_TOKEN}."""

_STATUS = re.compile(r"[1-5]\d\d|999")
_STATUS_CLASS = re.compile(r"([1-5])xx", re.IGNORECASE)


def read_duration(value: Any) -> timedelta:
    """Return a duration: 10s, 2m, 1h30m, 500ms, or a number of seconds; at most 366 days."""
    found = None
    if isinstance(value, timedelta):
        found = value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        # Compared before it is converted: infinity and not-a-number are no timedelta.
        found = timedelta(seconds=value) if 0 <= value <= _LONGEST.total_seconds() else None
    elif isinstance(value, str) and _DURATION.fullmatch(value.strip()):
        parts = _DURATION_PART.findall(value)
        seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
        found = timedelta(seconds=seconds)
    if found is None or not timedelta(0) <= found <= _LONGEST:
        raise ValueError("a duration such as 10s, 2m or 1h30m, at most 366d")
    return found


def read_size(value: Any) -> int:
    """Return a number of bytes: 500 kB, 10 MB, or the bare number."""
    match = None
    if isinstance(value, int | str) and not isinstance(value, bool):
        match = _SIZE.fullmatch(str(value).strip()) if _short(value) else None
    if match is None:
        raise ValueError("a size such as 500 kB or 10 MB")
    return int(float(match.group(1)) * _BYTES[match.group(2).lower()])


def _short(value: int | str) -> bool:
    return value < 10**15 if isinstance(value, int) else len(value) < 30


def read_url(value: Any) -> Url:
    """Return the address of a web page, normalised; without user name and password."""
    url = normalise(value) if isinstance(value, str) else None
    if url is None or not split(url).is_web:
        raise ValueError("a web address such as https://example.org/course/")
    if "@" in urlsplit(url).netloc:
        raise ValueError(
            "an address without user name and password; put those under `headers:`, as `basic:`"
        )
    return url


def read_origin(value: Any) -> str:
    """Return scheme, host and port of a web address; a path is refused."""
    url = read_url(value)
    parts = split(url)
    if parts.path != "/" or parts.search or parts.fragment:
        raise ValueError(f"a site alone, without a path: {parts.origin}")
    return parts.origin


def read_pattern(value: Any) -> str:
    """Return a pattern of addresses that is known to compile."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a pattern such as https://example.org/*, or re: and an expression")
    try:
        compiled(value)
    except re.error as error:
        where = f" at its character {error.pos + 1}" if error.pos is not None else ""
        raise ValueError(
            f"a regular expression after {REGEX}, but it breaks off{where}: {error.msg}"
        ) from None
    return value


def read_statuses(value: Any) -> frozenset[int]:
    """Return HTTP statuses: 403, "5xx", or a list of such."""
    if isinstance(value, frozenset):
        return value
    found: set[int] = set()
    for item in value if isinstance(value, list) else [value]:
        text = str(item) if isinstance(item, int | str) and _short(item) else ""
        if match := _STATUS_CLASS.fullmatch(text):
            first = int(match.group(1)) * 100
            found.update(range(first, first + 100))
        elif _STATUS.fullmatch(text):
            found.add(int(text))
        else:
            raise ValueError("HTTP statuses such as [403, 5xx]")
    if not found:
        raise ValueError("at least one HTTP status, such as [403, 5xx]")
    return frozenset(found)


def read_text(value: Any) -> str:
    """Return text; numbers are taken as they read, so that `version: 2` needs no quotes."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("text; put it in quotes")  # noqa: TRY004 - pydantic collects ValueErrors
    return str(value)


def read_day(value: Any) -> date:
    """Return a day: 2027-01-31. A number is none, nor is an instant."""
    if isinstance(value, str):
        with suppress(ValueError):
            value = date.fromisoformat(value)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("a date such as 2027-01-31")  # noqa: TRY004 - pydantic collects them
    return value


def read_place(value: Any) -> Path:
    """Return a path of this computer."""
    if isinstance(value, str | Path) and str(value).strip() and "\0" not in str(value):
        return Path(value)
    raise ValueError("a path such as docs/index.md; put a number in quotes")


def read_proxy(value: Any, info: ValidationInfo) -> str | None:
    """Return a proxy's URL with its variables filled in; None for "none"."""
    if value == "none":
        return None
    text = with_variables(value, info)
    return proxy_url(text)


def proxy_url(text: str) -> str:
    """Return a proxy's URL, http:// before it where there is no scheme."""
    url = text if "://" in text else f"http://{text}"
    parsed = normalise(url)
    if parsed is None or not split(parsed).is_web:
        raise ValueError("an HTTP proxy such as http://proxy.example.org:3128, or none")
    return url


def read_database(value: Any, info: ValidationInfo) -> str:
    """Return a database's URL with its variables filled in."""
    text = with_variables(value, info)
    if "://" not in text:
        raise ValueError("a database such as postgresql+psycopg://user:${PASSWORD}@host/name")
    return text


def with_variables(value: Any, info: ValidationInfo) -> str:
    """Return an address with the environment's variables in the place of their names.

    A variable that is only a part of it is percent-encoded. A password that is written out,
    and a variable that is not set, are refused.
    """
    if not isinstance(value, str):
        raise ValueError("text; put it in quotes")  # noqa: TRY004 - pydantic collects ValueErrors
    user = value.partition("://")[2].partition("/")[0].rpartition("@")[0]
    if user.partition(":")[2] and not VARIABLE.fullmatch(user.partition(":")[2]):
        raise ValueError("a variable such as ${PASSWORD} in the place of the password")
    environment = environment_of(info)
    missing = [name for name in VARIABLE.findall(value) if not environment.get(name)]
    if missing:
        raise ValueError(f"that the variable {missing[0]} is set in the environment")
    whole = VARIABLE.fullmatch(value.strip())
    if whole:
        return environment[whole.group(1)]
    return VARIABLE.sub(lambda match: quote(environment[match.group(1)], safe=""), value)


def environment_of(info: ValidationInfo) -> Mapping[str, str]:
    """Return the environment that the file is read in; empty where there is none."""
    return info.context or {}


class Secret(SecretStr):
    """A text that may not be shown; it remembers its variables, and which were not set.

    Its value is empty when some were not. `by_file` tells that a file names the variables.
    """

    def __init__(
        self,
        value: str,
        missing: Iterable[str] = (),
        variables: Iterable[str] = (),
        *,
        by_file: bool = False,
    ) -> None:
        super().__init__(value)
        self.missing = tuple(missing)
        self.variables = tuple(variables)
        self.by_file = by_file


def read_credential(value: Any, info: ValidationInfo) -> Secret:
    """Return the value of the variable that is named; a value written out is refused."""
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str) or not VARIABLE.fullmatch(value.strip()):
        raise ValueError(
            "the name of a variable, such as ${GITHUB_TOKEN}: a secret does not belong in a file."
            " Put it into the environment, and if this file was ever shared, make a new one"
        )
    return _filled(value.strip(), info)


def read_header(value: Any, info: ValidationInfo) -> Secret:
    """Return a header's value with the environment's variables filled in."""
    if isinstance(value, Secret):
        return value
    text = read_text(value)
    if not text.isprintable():
        raise ValueError("one line of text")
    return _filled(text, info)


def _filled(text: str, info: ValidationInfo) -> Secret:
    environment = environment_of(info)
    variables = VARIABLE.findall(text)
    missing = [name for name in variables if not environment.get(name, "").strip()]
    filled = VARIABLE.sub(lambda match: environment.get(match.group(1), "").strip(), text)
    if not filled.isprintable():
        raise ValueError("that the variable holds one line of text")
    return Secret("" if missing else filled, missing, variables, by_file=True)


_PATTERN_SCHEMA = {"type": "string", "examples": ["https://example.org/*", r"re:\.pdf$"]}
_SECRET_SCHEMA = {"type": "string", "pattern": r"^\$\{\w+\}$", "examples": ["${GITHUB_TOKEN}"]}

Duration: TypeAlias = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    WithJsonSchema({"type": ["string", "number"], "examples": ["10s", "2m", "1h30m"]}),
]
Size: TypeAlias = Annotated[
    int,
    BeforeValidator(read_size),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["500 kB", "10 MB"]}),
]
WebUrl: TypeAlias = Annotated[
    Url, BeforeValidator(read_url), WithJsonSchema({"type": "string", "format": "uri"})
]
Origin: TypeAlias = Annotated[
    str, BeforeValidator(read_origin), WithJsonSchema({"type": "string", "format": "uri"})
]
Pattern: TypeAlias = Annotated[str, BeforeValidator(read_pattern), WithJsonSchema(_PATTERN_SCHEMA)]
Day: TypeAlias = Annotated[
    date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})
]
Place: TypeAlias = Annotated[Path, BeforeValidator(read_place)]
Text: TypeAlias = Annotated[
    str, BeforeValidator(read_text), WithJsonSchema({"type": ["string", "number"]})
]
Statuses: TypeAlias = Annotated[
    frozenset[int],
    BeforeValidator(read_statuses),
    WithJsonSchema(
        {
            "type": ["array", "integer", "string"],
            "items": {"type": ["integer", "string"]},
            "examples": [[403, "5xx"]],
        }
    ),
]
ProxyUrl: TypeAlias = Annotated[
    str | None, BeforeValidator(read_proxy), WithJsonSchema({"type": "string"})
]
DatabaseUrl: TypeAlias = Annotated[
    str | None, BeforeValidator(read_database), WithJsonSchema({"type": "string"})
]
Credential: TypeAlias = Annotated[
    Secret, PlainValidator(read_credential), WithJsonSchema(_SECRET_SCHEMA)
]
HeaderText: TypeAlias = Annotated[
    Secret, PlainValidator(read_header), WithJsonSchema({"type": ["string", "number"]})
]
