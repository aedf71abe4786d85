"""Any frozen value of the core as plain JSON and back, by the types of its fields.

What has its default is not written, so that a state that is well is short; who changes the
default of a stored class therefore writes a migration. Reading is strict: DamagedError.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from monitor.core.model import Json, Verdict
from monitor.store.codec import (
    DamagedError,
    items,
    mapping,
    texts,
    verdict_from_plain,
    verdict_to_plain,
)

_Value = TypeVar("_Value")
_Write = Callable[[Any], Json]
_Read = Callable[[Any], Any]
_Form = tuple[_Write, _Read]


def to_plain(value: object) -> Json:
    """Return a value of the core as plain JSON."""
    kind: Any = type(value)
    write, _ = _form(kind)
    return write(value)


def from_plain(kind: type[_Value], plain: object) -> _Value:
    """Return the value of a kind that plain JSON holds; raises DamagedError."""
    hint: Any = kind
    _, read = _form(hint)
    value: _Value = read(plain)
    return value


@cache
def _form(hint: Any) -> _Form:
    """Return what writes and what reads a type; raises TypeError for one that nothing stores."""
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    for fits, make in _FORMS:
        if fits(hint):
            return make(hint)
    raise TypeError(f"{hint} is not stored")


def _optional(hint: Any) -> _Form:
    write, read = _form(next(each for each in get_args(hint) if each is not NoneType))
    return (
        lambda value: None if value is None else write(value),
        lambda plain: None if plain is None else read(plain),
    )


def _list(hint: Any) -> _Form:
    write, read = _form(get_args(hint)[0])
    return (
        lambda value: [write(each) for each in value],
        lambda plain: tuple([read(each) for each in items(plain)]),
    )


def _set(hint: Any) -> _Form:
    _, read = _form(get_args(hint)[0])
    return sorted, lambda plain: frozenset(read(each) for each in items(plain))


def _row(hint: Any) -> _Form:
    """Return the form of a named tuple: a list."""
    forms = [_form(each) for each in get_type_hints(hint).values()]

    def write(value: Sequence[object]) -> Json:
        return [write(each) for (write, _), each in zip(forms, value, strict=True)]

    def read(plain: object) -> object:
        row = items(plain)
        if len(row) != len(forms):
            raise DamagedError(f"no {hint.__name__}: {str(plain)[:80]!r}")
        return hint(*(read(each) for (_, read), each in zip(forms, row, strict=True)))

    return write, read


def _object(hint: Any) -> _Form:
    """Return the form of a dataclass: an object of those fields that have not their default."""
    hints = get_type_hints(hint)
    writers = [(each.name, _form(hints[each.name])[0], _default(each)) for each in fields(hint)]
    readers = {each.name: _form(hints[each.name])[1] for each in fields(hint)}
    needed = {name for name, _, default in writers if default is MISSING}

    def write(value: object) -> Json:
        plain = {}
        for name, write_part, default in writers:
            part = getattr(value, name)
            if part is not default and part != default:
                plain[name] = write_part(part)
        return plain

    def read(plain: object) -> object:
        stored = mapping(plain)
        if not needed <= stored.keys():
            missing = ", ".join(sorted(needed - stored.keys()))
            raise DamagedError(f"{hint.__name__} without {missing}")
        given = {name: readers[name](part) for name, part in stored.items() if name in readers}
        return hint(**given)

    return write, read


def _name(hint: type[Enum]) -> _Form:
    members = {(type(each.value), each.value): each for each in hint}

    def read(plain: object) -> Enum:
        try:
            return members[type(plain), plain]
        except (KeyError, TypeError) as error:
            raise DamagedError(f"no {hint.__name__}: {str(plain)[:80]!r}") from error

    return _as_it_is, read


def _exactly(hint: type) -> _Form:
    def read(plain: object) -> object:
        if type(plain) is hint:
            return plain
        raise DamagedError(f"no {hint.__name__}: {str(plain)[:80]!r}")

    return _as_it_is, read


def _write_instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise TypeError(f"{at} names no time zone")
    return at.astimezone(UTC).isoformat()


def _read_instant(plain: str) -> datetime:
    try:
        at = datetime.fromisoformat(plain)
    except (TypeError, ValueError) as error:
        raise DamagedError(f"no instant: {str(plain)[:80]!r}") from error
    if at.tzinfo is None:
        raise DamagedError(f"an instant without a time zone: {plain!r}")
    return at


def _as_it_is(value: Any) -> Any:
    """Return what is JSON already: texts, numbers, names, mappings."""
    return value


def _is_optional(hint: Any) -> bool:
    alternatives = get_args(hint) if get_origin(hint) in {Union, UnionType} else ()
    return len(alternatives) == 2 and NoneType in alternatives


def _is_class(*bases: type) -> Callable[[Any], bool]:
    return lambda hint: isinstance(hint, type) and issubclass(hint, bases)


_FORMS: Sequence[tuple[Callable[[Any], bool], Callable[[Any], _Form]]] = (
    (lambda hint: hint is datetime, lambda _: (_write_instant, _read_instant)),
    (lambda hint: hint is Verdict, lambda _: (verdict_to_plain, verdict_from_plain)),
    (lambda hint: hint in {str, int, bool}, _exactly),
    (_is_class(Enum), _name),
    (is_dataclass, _object),
    (_is_optional, _optional),
    (lambda hint: get_origin(hint) in {tuple, Sequence}, _list),
    (lambda hint: get_origin(hint) is frozenset, _set),
    (
        lambda hint: get_origin(hint) is Mapping and get_args(hint)[1] is str,
        lambda _: (dict, texts),
    ),
    (lambda hint: get_origin(hint) is Mapping, lambda _: (_as_it_is, mapping)),
    (_is_class(tuple), _row),
)
"""What fits a type, and how it is then written and read; the first that fits goes."""


def _default(part: "Field[Any]") -> Any:
    if part.default_factory is not MISSING:
        return part.default_factory()
    return part.default
