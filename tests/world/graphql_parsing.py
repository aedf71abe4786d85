"""As much of GraphQL's grammar as queries need, and no more: what is strange is an error.

Source of the grammar: spec.graphql.org, "Language".
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"[\s,]+|#[^\n]*|(?P<token>\.\.\.|[!$():=@\[\]{|}]|[_A-Za-z]\w*|-?\d+(?:\.\d+)?"
    r'|"(?:[^"\\\n]|\\.)*")'
)


class ParseError(ValueError):
    """Why a text is no query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field with its alias (or its name), its arguments, and what is wanted inside.

    `on` is the type of the inline fragment that it stands in, or None.
    """

    name: str
    alias: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    inside: Sequence["Field"] = ()
    on: str | None = None


def parse(query: str, variables: Mapping[str, Any]) -> Sequence[Field]:
    """Return the fields at the root of a query; raises ParseError where it is none."""
    parser = _Parser(_tokens(query), variables)
    root = parser.document()
    if parser.rest:
        raise ParseError(f"Parse error on {parser.rest[0]!r}")
    return root


def _tokens(query: str) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(query):
        matched = _TOKEN.match(query, place)
        if matched is None:
            raise ParseError(f"Parse error on {query[place]!r}")
        place = matched.end()
        if matched["token"]:
            found.append(matched["token"])
    return found


class _Parser:
    def __init__(self, tokens: list[str], variables: Mapping[str, Any]) -> None:
        self._all = tokens
        self._at = 0
        self._variables = dict(variables)

    @property
    def rest(self) -> Sequence[str]:
        return self._all[self._at :]

    def document(self) -> Sequence[Field]:
        if self._peek() == "query":
            self._next()
            if self._peek() not in {"{", "("}:
                self._name()
            if self._peek() == "(":
                self._declarations()
        elif self._peek() != "{":
            raise ParseError(f"Parse error on {self._peek()!r}: only queries are taken")
        return self._selection(None)

    def _declarations(self) -> None:
        self._expect("(")
        while self._peek() != ")":
            self._expect("$")
            name = self._name()
            self._expect(":")
            while self._peek() == "[":
                self._next()
            self._name()
            while self._peek() in {"!", "]"}:
                self._next()
            if self._peek() == "=":
                self._next()
                self._variables.setdefault(name, self._value())
            if name not in self._variables:
                raise ParseError(f"Variable ${name} was not provided")
        self._expect(")")

    def _selection(self, on: str | None) -> Sequence[Field]:
        self._expect("{")
        fields: list[Field] = []
        while self._peek() != "}":
            if self._peek() == "...":
                self._next()
                if self._peek() != "on":
                    raise ParseError("named fragments are not taken")
                self._next()
                fields += self._selection(self._name())
            else:
                fields.append(self._field(on))
        self._expect("}")
        if not fields:
            raise ParseError("Parse error on '}': an empty selection")
        return fields

    def _field(self, on: str | None) -> Field:
        alias = name = self._name()
        if self._peek() == ":":
            self._next()
            name = self._name()
        arguments: dict[str, Any] = {}
        if self._peek() == "(":
            self._next()
            while self._peek() != ")":
                key = self._name()
                self._expect(":")
                arguments[key] = self._value()
            self._next()
        inside = self._selection(None) if self._peek() == "{" else ()
        return Field(name=name, alias=alias, arguments=arguments, inside=inside, on=on)

    def _value(self) -> Any:
        token = self._next()
        if token == "$":
            name = self._name()
            if name not in self._variables:
                raise ParseError(f"Variable ${name} is used but not declared")
            return self._variables[name]
        if token == "[":
            values = []
            while self._peek() != "]":
                values.append(self._value())
            self._next()
            return values
        if token == "{":
            found = {}
            while self._peek() != "}":
                key = self._name()
                self._expect(":")
                found[key] = self._value()
            self._next()
            return found
        if token.startswith('"'):
            try:
                return json.loads(token)
            except ValueError:
                raise ParseError(f"Bad string {token}") from None
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        return {"true": True, "false": False, "null": None}.get(token, token)

    def _peek(self) -> str:
        return self._all[self._at] if self._at < len(self._all) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise ParseError("Unexpected end of document")
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        found = self._next()
        if found != token:
            raise ParseError(f"Parse error on {found!r}: expected {token!r}")

    def _name(self) -> str:
        token = self._next()
        if not re.fullmatch(r"[_A-Za-z]\w*", token):
            raise ParseError(f"Parse error on {token!r}: expected a name")
        return token
