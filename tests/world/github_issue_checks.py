"""What GitHub refuses in what is sent to it, in its own words.

Sources: docs.github.com/rest ("Troubleshooting", "Client errors"), and the limits that the API
itself names in its errors: 256 characters of a title, 65,536 of a body, 50 of a label's name, 100
of its description and of labels on an issue, 10 assignees.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.world.github_tracker import IssueTracker

MOST_BODY = 65_536
_MOST_TITLE, _MOST_NAME, _MOST_DESCRIPTION, _MOST_LABELS, _MOST_ASSIGNEES = 256, 50, 100, 100, 10
_HEX = frozenset("0123456789abcdefABCDEF")


class Refused(Exception):  # noqa: N818 - no error of ours
    """A call that brings GitHub's refusal."""

    def __init__(self, status: int, message: str, errors: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.value: dict[str, Any] = {"message": message, **({"errors": errors} if errors else {})}


def missing() -> Refused:
    """Return the refusal for what is not there, or not to be seen."""
    return Refused(404, "Not Found")


def invalid(resource: str, field: str, code: str, **more: Any) -> Refused:
    """Return the refusal for one field that will not do."""
    error = {"resource": resource, "code": code, "field": field, **more}
    return Refused(422, "Validation Failed", [error])


def too_long(resource: str, field: str, most: int) -> Refused:
    """Return the refusal for a field that is too long."""
    words = f"{field} is too long (maximum is {most} characters)"
    return invalid(resource, field, "custom", message=words)


def title(value: Any) -> str:
    """Return a title that will do."""
    if not isinstance(value, str | int) or not str(value).strip():
        raise invalid("Issue", "title", "missing_field")
    if len(str(value)) > _MOST_TITLE:
        raise too_long("Issue", "title", _MOST_TITLE)
    return str(value)


def body(value: Any, *, of: str = "Issue", needed: bool = False) -> str | None:
    """Return a body that will do, or None where there is none and need not be."""
    if needed and not value:
        raise Refused(
            422,
            "Validation Failed",
            [{"resource": of, "code": "unprocessable", "field": "data", "message": _EMPTY}],
        )
    if value is not None and not isinstance(value, str):
        raise invalid(of, "body", "invalid")
    if value is not None and len(value) > MOST_BODY:
        raise too_long(of, "body", MOST_BODY)
    return value


_EMPTY = "Body cannot be blank"


def label_names(value: Any) -> Sequence[str]:
    """Return the names of labels that will do."""
    if value is None:
        return ()
    names = [each.get("name") if isinstance(each, Mapping) else each for each in value]
    if len(names) > _MOST_LABELS:
        raise invalid("Issue", "labels", "invalid")
    for name in names:
        _label_name(name)
    return names


def label_fields(sent: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Return name, color and description of a label that will do."""
    name, description = sent.get("name"), sent.get("description")
    color = sent.get("color", "ededed")
    _label_name(name)
    if not isinstance(color, str) or len(color) != 6 or not set(color) <= _HEX:
        raise invalid("Label", "color", "invalid", value=str(color))
    if description is not None and len(description) > _MOST_DESCRIPTION:
        raise too_long("Label", "description", _MOST_DESCRIPTION)
    return str(name), color.lower(), description


def assignees(sent: Mapping[str, Any], tracker: IssueTracker) -> Sequence[str]:
    """Return whom an issue is given to; somebody who has no part in the repository is refused."""
    people = sent.get("assignees") or ()
    for login in people:
        if not tracker.assignable(login):
            raise invalid("Issue", "assignees", "invalid", value=login)
    return people[:_MOST_ASSIGNEES]


def _label_name(name: Any) -> None:
    if not isinstance(name, str) or not name.strip():
        raise invalid("Label", "name", "missing_field")
    if len(name) > _MOST_NAME:
        raise too_long("Label", "name", _MOST_NAME)
