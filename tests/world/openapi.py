"""GitHub's own description of its API, and what of a call is not as it says.

The description is that of the npm package `@octokit/openapi`; `fetch_openapi.py` puts the parts
that are used into `.openapi/`, one file a host's kind. `description()` is None where that was not
done. It lacks what holds for all calls alike (wrong tokens, limits, archived repositories, what
has not changed, renamed repositories): GENERAL stands for that, after docs.github.com/rest,
"Using the REST API". Beyond the description, what it does not name is refused: parameters of a
query, fields of a body, fields of an answer that is no error.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parents[2] / ".openapi"
GITHUB, ENTERPRISE = "api.github.com", "ghes-3.19"
"""The descriptions that are used, by their names in the package."""

_REPOSITORY = "/repos/{owner}/{repo}"
_ISSUES = f"{_REPOSITORY}/issues"
_ISSUE = f"{_ISSUES}/{{issue_number}}"
PATHS = (
    _REPOSITORY,
    _ISSUES,
    _ISSUE,
    f"{_ISSUES}/comments",
    f"{_ISSUES}/comments/{{comment_id}}",
    f"{_ISSUE}/comments",
    f"{_ISSUE}/events",
    f"{_ISSUE}/timeline",
    f"{_ISSUE}/labels",
    f"{_ISSUE}/labels/{{name}}",
    f"{_ISSUE}/assignees",
    f"{_REPOSITORY}/labels",
    f"{_REPOSITORY}/labels/{{name}}",
    f"{_REPOSITORY}/assignees/{{assignee}}",
    f"{_REPOSITORY}/collaborators/{{username}}/permission",
    f"{_REPOSITORY}/installation",
    "/app/installations/{installation_id}/access_tokens",
    "/user",
    "/rate_limit",
)
"""What of the API is used."""

_ERROR = {"$ref": "#/components/schemas/basic-error"}
GENERAL: Mapping[str, Mapping[str, Any] | None] = {
    "304": None,
    **dict.fromkeys(("301", "307", "400", "401", "403", "404", "410", "422", "429", "500"), _ERROR),
}
"""What every call may bring, described or not: status, and the schema of its body."""

BEYOND: Mapping[str, frozenset[str]] = {"/events": frozenset({"state_reason"})}
"""What lists carry beyond their description, by the end of the path: the timeline's description
has it, that of the events does not. Errors carry a "status" beside what is described."""

_BASE = "urn:description"
_FORMATS = FormatChecker(formats=())


class Exchange(Protocol):
    """A call and its answer: `path` without query; bodies as JSON, None where there is none."""

    method: str
    path: str
    query: str
    body: Any
    status: int | None
    answer: Any


class Description:
    """What one kind of host says of its API."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.version: str = content["version"]
        self._content = content
        self._paths: Mapping[str, Any] = content["paths"]
        plain = {"components": content["components"], "paths": content["paths"]}
        resource = DRAFT202012.create_resource(_plain(plain))
        self._registry: Registry[Any] = Registry().with_resource(_BASE, resource)
        self._validators: dict[str, Draft202012Validator] = {}

    def violations(
        self, made: Exchange, *, called: bool = True, answered: bool = True
    ) -> Iterator[str]:
        """Yield what of a call and its answer is not as described, one sentence each.

        `called` and `answered` tell which of the two is looked at.
        """
        call = f"{made.method} {made.path}"
        found = self._operation(made)
        if found is None:
            if called:
                yield f"{call}: no such call is described"
            return
        operation, where, values = found
        if called:
            for words in (
                *self._query(made, operation, values),
                *self._body(made, operation, where),
            ):
                yield f"{call}: {words}"
        if answered and made.status is not None:
            for words in self._answer(made, operation):
                yield f"{call}: answer {made.status}: {words}"

    def _operation(self, made: Exchange) -> tuple[Mapping[str, Any], str, dict[str, str]] | None:
        """Return a call's description, the pointer to it, and the values in the path."""
        parts = made.path.split("/")
        numbered = parts[1:2] == ["repositories"]  # as redirects and Link headers name them
        if numbered:
            parts = ["", "repos", "owner", "repo", *parts[3:]]
        for template in sorted(self._paths, key=lambda each: each.count("{")):
            names = template.split("/")
            values = _fitting(names, parts)
            operation = self._paths[template].get(made.method.lower())
            if values is not None and operation is not None:
                pointer = template.replace("~", "~0").replace("/", "~1")
                return operation, f"#/paths/{pointer}/{made.method.lower()}", values
        return None

    def _query(
        self, made: Exchange, operation: Mapping[str, Any], values: Mapping[str, str]
    ) -> Iterator[str]:
        known = [self._followed(each) for each in operation.get("parameters", ())]
        asked = dict(parse_qsl(made.query, keep_blank_values=True))
        described = {each["name"] for each in known if each["in"] == "query"}
        for name in sorted(set(asked) - described):
            yield f"the query's {name} is not described"
        for each in known:
            given = {"query": asked, "path": values}.get(each["in"], {})
            if each["name"] in given:
                value = _typed(given[each["name"]], each["schema"])
                for words in self._errors(value, _plain(each["schema"])):
                    yield f"{each['name']}={given[each['name']]}: {words}"
            elif each.get("required") and each["in"] == "query":
                yield f"the query lacks {each['name']}"

    def _body(self, made: Exchange, operation: Mapping[str, Any], where: str) -> Iterator[str]:
        described = operation.get("requestBody")
        if described is None or made.body is None:
            if made.body is not None:
                yield "no body is described"
            if described is not None and described.get("required"):
                yield "the body is lacking"
            return
        pointer = f"{where}/requestBody/content/application~1json/schema"
        for words in self._strict_errors(made.body, {"$ref": f"{_BASE}{pointer}"}):
            yield f"body: {words}"

    def _answer(self, made: Exchange, operation: Mapping[str, Any]) -> Iterator[str]:
        status = str(made.status)
        if status not in operation["responses"]:
            if status not in GENERAL:
                yield "this status is not described"
            elif GENERAL[status] is not None:
                yield from self._errors(made.answer, _based(GENERAL[status]))
            return
        content = self._followed(operation["responses"][status]).get("content", {})
        if "application/json" not in content:
            if made.answer is not None:
                yield "no body is described"
            return
        schema = _based(_plain(content["application/json"]["schema"]))
        if made.status is not None and made.status >= 400:
            yield from self._errors(made.answer, schema)
        else:
            yield from self._strict_errors(_known(made), schema)

    def _followed(self, described: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what stands at a reference; anything else as it is."""
        while "$ref" in described:
            found: Any = self._content
            for name in described["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            described = found
        return described

    def _strict_errors(self, value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
        """Yield what a schema does not allow; if it allows all, what it does not even name."""
        found = list(self._errors(value, schema))
        yield from found or self._errors(value, _closed(schema))

    def _errors(self, value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator(
                schema, registry=self._registry, format_checker=_FORMATS
            )
        error = best_match(self._validators[key].iter_errors(value))
        if error is not None:
            yield f"{error.json_path}: {error.message[:300]}"


@cache
def description(name: str = GITHUB) -> Description | None:
    """Return the description of a kind of host, or None where it was not fetched, or not whole."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        return None
    content = json.loads(file.read_text("utf-8"))
    return Description(content) if content["used"] == list(PATHS) else None


def missing() -> str:
    """Return the sentence that says that no description is here, and what to do."""
    return (
        "SKIPPED: GitHub's OpenAPI description is not here, so no call to its issues was held"
        " against it; `make openapi` fetches it (with Node's npm)."
    )


def _fitting(names: list[str], parts: list[str]) -> dict[str, str] | None:
    """Return the values of a template's names in a path, or None where it does not fit."""
    if len(names) != len(parts):
        return None
    pairs = list(zip(names, parts, strict=True))
    if any(part != name for name, part in pairs if not name.startswith("{")):
        return None
    return {name.strip("{}"): unquote(part) for name, part in pairs if name.startswith("{")}


def _known(made: Exchange) -> Any:
    """Return an answer without what GitHub is known to send beyond its description."""
    beyond = next((BEYOND[end] for end in BEYOND if made.path.endswith(end)), frozenset())
    if not beyond:
        return made.answer
    return [{k: v for k, v in each.items() if k not in beyond} for each in made.answer]


def _plain(schema: Any) -> Any:
    """Return a schema of OpenAPI 3.0 as JSON Schema: null stands where it says "nullable"."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {k: _plain(v) for k, v in schema.items() if k not in {"example", "examples"}}
    if plain.pop("nullable", None) is True:
        return {"anyOf": [{"type": "null"}, plain]}
    return plain


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that takes no field which nothing describes; a list's items likewise."""
    if schema.get("type") == "array" and "items" in schema:
        return {**schema, "items": _closed(schema["items"])}
    return {"allOf": [schema], "unevaluatedProperties": False}


def _based(schema: Any) -> Any:
    """Return a schema whose references lead into the description."""
    if isinstance(schema, list):
        return [_based(each) for each in schema]
    if isinstance(schema, dict):
        return {
            k: f"{_BASE}{v}" if k == "$ref" and isinstance(v, str) else _based(v)
            for k, v in schema.items()
        }
    return schema


def _typed(word: str, schema: Mapping[str, Any]) -> Any:
    """Return a parameter's value as its schema means it; the word itself where it is not so."""
    kinds = {each.get("type") for each in schema.get("oneOf", [schema])}
    if "integer" in kinds and word.lstrip("-").isdigit():
        return int(word)
    if "boolean" in kinds and word in {"true", "false"}:
        return word == "true"
    return word


@_FORMATS.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("uri", raises=ValueError)
def _is_address(value: object) -> bool:
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and parts.netloc) and not set(value) & set(' <>"{}[]|^`\\')


if __name__ == "__main__" and description() is None:
    print(missing())  # noqa: T201
