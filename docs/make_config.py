"""Writes docs/configuration.md: every key of config.yaml, from the models that read it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path, PurePath
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic.fields import FieldInfo

from monitor.config.sections import Section
from monitor.config.surroundings import KNOWN_CREDENTIALS
from monitor.config.whole import Config

HERE = Path(__file__).parent
SOURCES = HERE / "examples" / "configuration"

HEAD = """# Configuration

Linkwell reads `config.yaml` in the folder where it is called, or the file that `--config` names.
Everything in it may be left out. Paths in it are read from its own folder.

Every key stands below, with its type, its default and an example. Made from the models that read
the file by `make docs`. For completion in an editor, `linkwell init` puts `config.schema.json`
beside it, and `linkwell config schema` prints it. After a change:

```sh
linkwell config check
```

## How values are written

| type | how it is written |
|---|---|
| duration | `500ms`, `10s`, `2m`, `6h`, `30d`, or put together: `1h30m`; a bare number is seconds |
| size | `500 kB`, `10 MB`, or the bare number of bytes |
| pattern | an address in which `*` stands for anything: `https://example.org/*`; or `re:` and a regular expression |
| day | `2027-01-31` |
| `${NAME}` | the name of a variable of the environment. Secrets are only ever named, never written here; see [credentials](credentials.md) |
| list | in brackets, `[a, b]`, or a line each that begins with `-`; a list of one may be written without either |
"""

_WORDS = {
    "read_duration": "duration",
    "read_size": "size",
    "read_url": "web address",
    "read_origin": "site, such as `https://example.org`",
    "read_pattern": "pattern",
    "read_statuses": "HTTP statuses",
    "read_text": "text",
    "read_day": "day",
    "read_place": "path",
    "read_proxy": "address of a proxy",
    "read_database": "address of a database",
    "read_credential": "`${NAME}`",
    "read_header": "text, with `${NAME}` in it",
    "read_quiet": "hours and a zone",
    "read_edge": "day, or day of every year",
    "read_days": "days of the week",
    "read_hours": "hours",
    "read_zone": "time zone",
    "read_when": "cron expression, or duration",
    "read_listen": "port, or address and port",
    "read_repository": "repository, `owner/name`",
    "read_app_id": "text",
}
"""What a value is called, by what reads it."""

_PLAIN: Mapping[Any, str] = {
    str: "text",
    bool: "`true` or `false`",
    int: "whole number",
    float: "number",
    Path: "path",
    date: "day",
}
_OPEN = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def page() -> str:
    """Return the page on the whole file."""
    lines = [HEAD]
    for name, field in keys(Config):
        lines += [*_top(name, field), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def keys(model: type[Section]) -> Iterator[tuple[str, FieldInfo]]:
    """Yield what may stand in a section, by the names that the file uses."""
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def section_of(annotation: Any) -> type[Section] | None:
    """Return the section that a key holds, or a list of which it holds; None for a value."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Section) else None
    found = (section_of(part) for part in get_args(annotation) if part is not Ellipsis)
    return next((each for each in found if each is not None), None)


def examples(name: str) -> list[str]:
    """Return the examples of a top-level key, as they stand in the file."""
    text = (SOURCES / f"{name}.yaml").read_text(encoding="utf-8")
    return [part.strip("\n") for part in text.split("---\n")]


def _top(name: str, field: FieldInfo) -> Iterator[str]:
    about = _said(field) or _doc(section_of(field.annotation))
    yield from (f"## {name}", "", _cell(about), "")
    for n, text in enumerate(examples(name)):
        yield from (*(["or", ""] if n else []), "```yaml", text, "```", "")
    section = section_of(field.annotation)
    if section is None:
        yield f"Type: {_type(Config, name)}. Default: {_default(field) or 'none'}."
        if name == "credentials":
            yield from ("", "| name | variable, where nothing is said |", "|---|---|")
            yield from (f"| `{key}` | `{value}` |" for key, value in KNOWN_CREDENTIALS.items())
        return
    yield from _table(name, section, set())


def _table(path: str, section: type[Section], told: set[type[Section]]) -> Iterator[str]:
    yield from ("| key | type | default | what it means |", "|---|---|---|---|")
    within: dict[type[Section], list[str]] = {}
    for name, field in keys(section):
        inner = section_of(field.annotation)
        if inner is not None:
            within.setdefault(inner, []).append(name)
        kind = _keys(field, inner in told) if inner else _type(section, name)
        default = "" if inner else _default(field)
        yield f"| `{name}` | {kind} | {default} | {_cell(_said(field))} |"
    for inner, names in within.items():
        if inner not in told:
            told.add(inner)
            yield from ("", f"### {_heading(path, names)}", "", _doc(inner), "")
            yield from _table(f"{path}.{names[0]}", inner, told)


def _heading(path: str, names: Sequence[str]) -> str:
    return ", ".join(f"{path}.{name}" for name in names)


def _keys(field: FieldInfo, told: bool) -> str:
    several = get_origin(field.annotation) is tuple
    return f"{'list of ' if several else ''}keys, see {'above' if told else 'below'}"


def _type(model: type[Section], name: str) -> str:
    """Return in words what a key takes, with its bounds."""
    field_name = next(n for n, f in model.model_fields.items() if (f.alias or n) == name)
    hints = get_type_hints(model, include_extras=True)
    field = model.model_fields[field_name]
    bounds = [words for each in field.metadata for words in _bounds(each)]
    return _cell(", ".join([_kind(hints[field_name]), *dict.fromkeys(bounds)]))


def _kind(hint: Any) -> str:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        read = (getattr(each, "func", None) for each in parts[1:])
        named = next((_WORDS[f.__name__] for f in read if f and f.__name__ in _WORDS), None)
        return named or _kind(parts[0])
    if origin is Literal:
        return _either([f"`{part}`" for part in parts])
    if origin is tuple:
        return f"list of {_several(_kind(parts[0]))}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"names, each with {_kind(parts[1])}"
    if parts:
        return _either([_kind(part) for part in parts if part is not NoneType])
    return _PLAIN.get(hint) or next(v for k, v in _PLAIN.items() if issubclass(hint, k))


def _several(kind: str) -> str:
    return kind if kind.startswith("`") or " " in kind else f"{kind}s".replace("texts", "text")


def _either(kinds: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(kinds[:-1]), kinds[-1]]))


def _bounds(given: Any) -> Iterator[str]:
    for name, words in _OPEN.items():
        bound = getattr(given, name, None)
        if bound is not None:
            yield f"{words} {_value(bound)}"
    longest = getattr(given, "max_length", None)
    if longest is not None:
        yield f"at most {longest:,} characters"
    yield from (words for each in getattr(given, "metadata", ()) for words in _bounds(each))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    value = field.get_default(call_default_factory=True)
    return f"`{_value(value)}`" if value not in (None, (), {}, "") else ""


def _value(value: Any) -> str:
    """Return a value as the file may have it."""
    shown = next((show for kind, show in _SHOWN.items() if isinstance(value, kind)), str)
    return shown(value)


def _duration(span: timedelta) -> str:
    seconds = span.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and not seconds % size and (unit != "d" or seconds >= 2 * size):
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s" if seconds else "0"


_SHOWN: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: str(value).lower(),
    timedelta: _duration,
    int: lambda value: f"{value // 10**6} MB" if not value % 10**6 and value else str(value),
    float: lambda value: f"{value:g}",
    tuple: lambda value: f"[{', '.join(map(_value, value))}]",
    ZoneInfo: str,
    PurePath: str,
}


def _said(field: FieldInfo) -> str:
    return " ".join((field.description or "").split())


def _doc(section: type[Section] | None) -> str:
    return " ".join((section.__doc__ or "").split()) if section else ""


def _cell(text: str) -> str:
    """Return a text as Markdown that shows it; what stands between backticks stays."""
    plain = text.split("`")
    plain[::2] = [re.sub(r"([*_<>|\[\]])", r"\\\1", part) for part in plain[::2]]
    return "`".join(plain)


if __name__ == "__main__":
    (HERE / "configuration.md").write_text(page(), encoding="utf-8")
