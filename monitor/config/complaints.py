"""What is wrong with a configuration: where, what was found, what would have been right."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.places import Complaint, Path, Place, shown
from monitor.config.yaml_positions import Tree
from monitor.core.errors import ConfigError

MOST = 10
"""How many complaints are told at once."""


def refused(name: str, complaints: Iterable[Complaint]) -> ConfigError:
    """Return the error that tells all complaints about a file, in its order, at most MOST."""
    lines = sorted(complaints, key=lambda c: (c.place.line, c.place.column) if c.place else (0, 0))
    told = [f"{name}{_where(c.place)}: {c.what}" for c in lines[:MOST]]
    if len(lines) > MOST:
        told.append(f"… and {len(lines) - MOST} more")
    return ConfigError("\n".join(told))


def complaints(error: ValidationError, tree: Tree, model: type[BaseModel]) -> list[Complaint]:
    """Return what pydantic found wrong in a file, each once, with its place."""
    found: dict[tuple[str, Place | None], Complaint] = {}
    for details in error.errors(include_url=False, include_input=False):
        complaint = _complaint(details, tree, model)
        found.setdefault((complaint.what, complaint.place), complaint)
    return list(found.values())


def sentence(details: ErrorDetails) -> str:
    """Return what would have been right, in the words that complete "expected …"."""
    context = details.get("ctx", {})
    kind = details["type"]
    if kind == "value_error":
        return str(context["error"])
    make = _EXPECTED.get(kind)
    return make(context) if make else details["msg"]


def _where(place: Place | None) -> str:
    return f":{place.line}:{place.column}" if place else ""


def _complaint(details: ErrorDetails, tree: Tree, model: type[BaseModel]) -> Complaint:
    path = _in_file(details["loc"], tree)
    if details["type"] == "extra_forbidden":
        known = _known_keys(model, details["loc"][:-1])
        return Complaint(_unknown_key(str(path[-1]), known), tree.keys.get(path))
    if details["type"] == "missing":
        parent = _in_file(path[:-1], tree)
        what = f"{_named(parent)}: the key `{details['loc'][-1]}` is missing"
        return Complaint(what, tree.values.get(_standing(parent, tree)))
    if details["loc"][-1:] == ("[key]",):
        what = f"{_named(path[:-1])}: expected a name made of letters, digits, - and _"
        return Complaint(what, tree.keys.get(path) or tree.values.get(_standing(path, tree)))
    standing = _standing(path, tree)
    found = "" if _secret(path) else _found(standing, tree)
    what = f"{_named(path)}: {found}expected {sentence(details)}"
    return Complaint(what, tree.values.get(standing))


def _standing(path: Path, tree: Tree) -> Path:
    """Return the path of what the file has there: a short form has no keys of its own."""
    while path and path not in tree.values:
        path = path[:-1]
    return path


def _in_file(loc: Sequence[str | int], tree: Tree) -> Path:
    """Return pydantic's location as a path that the file has.

    Steps that only pydantic sees (the index of a list of one, "[key]") are left out; what a
    file lacks stays at the end, so that a missing key is told by its name.
    """
    path: Path = ()
    for n, step in enumerate(loc):
        own_name = n == len(loc) - 1 and isinstance(step, str) and step != "[key]"
        if own_name or (*path, step) in tree.values:
            path = (*path, step)
    return path


def _named(path: Path) -> str:
    """Return a path as people write it: sources[1].url; list items count from 1."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{shown(step)}" for step in path)
    text = "".join(steps)
    return text.removeprefix(".") or "the file"


def _found(path: Path, tree: Tree) -> str:
    """Return what stands in the file, where that is one text."""
    text = tree.found.get(path)
    if text is None:
        return ""
    return f"found “{shown(text)}”, " if text else "found nothing, "


def _secret(path: Path) -> bool:
    """Return whether a value may be, or hold, a secret."""
    return path[:1] in {("credentials",), ("headers",), ("store",)} or (
        path[:1] == ("network",) and ("proxy" in str(path[-1]) or len(path) == 1)
    )


def without_password(url: str) -> str:
    """Return a URL as it may be shown: scheme, host, port and path."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:  # a host in brackets that is none
        return "(set)"
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else "(set)"


def _unknown_key(key: str, known: Sequence[str]) -> str:
    near = get_close_matches(key.lower(), known, n=1, cutoff=0.6)
    if near:
        return f"unknown key `{shown(key)}`; did you mean `{near[0]}`?"
    return f"unknown key `{shown(key)}`; expected one of {', '.join(known)}"


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that may stand at a path, in the order of the model."""
    schema = _schema(model)
    node: Any = schema
    for step in (None, *path):
        if isinstance(step, str) and "properties" in node:
            node = node["properties"].get(step, {})
        elif isinstance(step, int):
            node = node.get("items", node)
        node = _resolved(node, schema)
    return list(node.get("properties", {}))


@lru_cache(maxsize=1)
def _schema(model: type[BaseModel]) -> Any:
    return model.model_json_schema()


def _resolved(node: Any, schema: Any) -> Any:
    """Return the part of a schema that describes keys, behind references and alternatives."""
    while "$ref" in node or "anyOf" in node:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        else:
            node = next((n for n in node["anyOf"] if n.get("type") not in _PLAIN), {})
    return node


_PLAIN = ("string", "null", "integer", "number", "boolean")


def _fixed(words: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda _: words


def _at_least(context: Mapping[str, Any]) -> str:
    return f"at least {context['ge']}"


def _at_most(context: Mapping[str, Any]) -> str:
    return f"at most {context['le']}"


_WHOLE = _fixed("a whole number")
_NUMBER = _fixed("a number")
_TEXT = _fixed("text; put it in quotes")
_LIST = _fixed("a list: lines that begin with a dash")
_KEYS = _fixed("keys, each with a colon and its value")
_YES_NO = _fixed("true or false")
_DATE = _fixed("a date such as 2027-01-31")
_FORM = _fixed("text of the usual form")

_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "bool_parsing": _YES_NO,
    "bool_type": _YES_NO,
    "string_type": _TEXT,
    "path_type": _TEXT,
    "tuple_type": _LIST,
    "mapping_type": _KEYS,
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "string_pattern_mismatch": _FORM,
    "greater_than_equal": _at_least,
    "less_than_equal": _at_most,
    "greater_than": lambda context: f"more than {_plain(context['gt'])}",
    "literal_error": lambda context: str(context["expected"]).replace("'", ""),
    "too_short": _fixed("at least one"),
}


def _plain(bound: object) -> str:
    return "0" if str(bound) in {"0", "0.0", "datetime.timedelta(0)"} else str(bound)
