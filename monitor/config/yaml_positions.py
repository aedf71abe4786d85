"""YAML as plain values, with the place of every key and value in the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from monitor.config.places import Complaint, Path, Place, shown

MOST_VALUES = 50_000
"""How many values a file may hold; aliases of aliases can make billions of a few lines."""

DEEPEST = 50
"""How deep values may be nested; ours need 5."""


class NotYaml(Exception):  # noqa: N818 - it is carried to the user as a ConfigError
    """The text cannot be read at all."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.what)
        self.complaint = complaint


@dataclass(slots=True)
class Tree:
    """What a file says, and where it says it.

    `found` holds the text of scalars as it stands in the file. `complaints` are about the
    file's form: keys that stand twice, keys that are no text.
    """

    value: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    found: dict[Path, str] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)


def read(text: str) -> Tree:
    """Return what a text says; raises NotYaml where it is none."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else None
        raise NotYaml(Complaint(_sentence(str(error.problem or error.context)), place)) from None
    except yaml.reader.ReaderError as error:
        place = _place_at(text, int(error.position))
        raise NotYaml(Complaint("a character that no text file may hold", place)) from None
    except (RecursionError, ValueError):  # ValueError: chr() of an escape beyond Unicode
        raise NotYaml(Complaint("this is nested too deep, or no YAML")) from None
    tree = Tree()
    if root is not None:
        tree.value = _Reading(tree).value(root, (), 0)
    return tree


_SENTENCES: Mapping[str, str] = {
    r"found character '\t' that cannot start any token": "a tab; indent with spaces",
    "mapping values are not allowed here": (
        "a colon where none can stand; indent the line like its neighbours, or put the text"
        " before it in quotes"
    ),
    "could not find expected ':'": "a line without a colon after its key",
    "second occurrence": "an anchor (&name) that stands here a second time",
    "but found another document": "a second document; leave out the line ---",
}


def _sentence(problem: str) -> str:
    """Return a parser's complaint for people; what it quotes of the file may be a secret."""
    if problem in _SENTENCES:
        return _SENTENCES[problem]
    told = re.sub(r"(alias|tag handle|anchor) (['\"]).*\2", r"\1 …", problem, flags=re.DOTALL)
    return f"this is no YAML: {told}"


def _place_at(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - before.rfind("\n"))


class _Reading:
    """Turns nodes into values; only the plain tags of YAML are known."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._constructor = SafeConstructor()
        self._count = 0

    def value(self, node: yaml.Node, path: Path, depth: int) -> Any:
        place = _place(node)
        self._tree.values[path] = place
        self._count += 1
        if depth > DEEPEST or self._count > MOST_VALUES:
            raise NotYaml(Complaint("nested too deep, or too many values", place))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(n, (*path, i), depth + 1) for i, n in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path, depth: int) -> dict[str, Any]:
        read: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            place = _place(key_node)
            if not isinstance(key_node, yaml.ScalarNode) or not key_node.value:
                self._tree.complaints.append(Complaint("a key that is no plain text", place))
                continue
            key = str(key_node.value)
            if key in read:
                first = f"first in line {lines[key]}"
                what = f"the key `{shown(key)}` stands here a second time; {first}"
                self._tree.complaints.append(Complaint(what, place))
                continue
            lines[key] = place.line
            self._tree.keys[(*path, key)] = place
            read[key] = self.value(value_node, (*path, key), depth + 1)
        return read

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        self._tree.found[path] = node.value
        make = _MAKERS.get(node.tag)
        if make is None:
            return node.value
        try:
            return make(self._constructor, node)
        except (ValueError, KeyError, AttributeError, OverflowError, IndexError):
            return node.value  # such as 2027-13-45: no date, and the model says so


_MAKERS: Mapping[str, Any] = {
    "tag:yaml.org,2002:null": SafeConstructor.construct_yaml_null,
    "tag:yaml.org,2002:bool": SafeConstructor.construct_yaml_bool,
    "tag:yaml.org,2002:int": SafeConstructor.construct_yaml_int,
    "tag:yaml.org,2002:float": SafeConstructor.construct_yaml_float,
    "tag:yaml.org,2002:timestamp": SafeConstructor.construct_yaml_timestamp,
}


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)
