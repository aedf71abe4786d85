"""Template expressions (Liquid, as in Jekyll) in a page's source.

They are evaluated before Markdown and HTML are read, so their spaces and quotes must not
confuse the parsers: `mask` swaps each of their characters for one that means nothing to
anybody, `unmask` brings them back. The length never changes, so positions stay.
"""

import re
from collections.abc import Mapping

_ESCAPED = "\t\f !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"  # not the line feed: lines are counted
# Private use, plane 16: nobody's page holds these.
_MASK = {ord(char): 0x10F000 + n for n, char in enumerate(_ESCAPED)}
_UNMASK = {masked: char for char, masked in _MASK.items()}
_OPEN, _CLOSE, _PERCENT = (chr(_MASK[ord(char)]) for char in "{}%")
_MASKED = re.compile(f"[{chr(0x10F000)}-{chr(0x10F000 + len(_ESCAPED))}]")

_TOKEN = re.compile(
    r"\{%-?\s{0,9}(?P<block>(?:end)?(?:raw|comment))\s{0,9}-?%\}"
    r"|\{\{[^{}]{0,500}\}\}|\{%[^{}]{0,500}%\}"
)
_IN_VALUE = re.compile(
    f"{_OPEN}{_OPEN}(?P<output>.*?){_CLOSE}{_CLOSE}|{_OPEN}{_PERCENT}.*?{_PERCENT}{_CLOSE}",
    re.DOTALL,
)
_TEXT = re.compile(r"'([^']*)'|\"([^\"]*)\"|([\w.-]+)")
_NOT_LINE_END = re.compile(r"[^\n]")
_PIPE = re.compile(r"\|(?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)")


def mask(text: str) -> str:
    """Return a text of the same length in which template expressions are inert.

    What stands in a `raw` block is left as it is, what stands in a `comment` is blank.
    """
    if ("{{" not in text and "{%" not in text) or _MASKED.search(text):
        return text
    parts: list[str] = []
    done, within = 0, ""
    for token in _TOKEN.finditer(text):
        between = text[done : token.start()]
        block = token["block"] or ""
        if within and block != f"end{within}":
            continue
        if within == "comment":
            between = _NOT_LINE_END.sub(" ", between)
        within = "" if within else block.removeprefix("end") * (not block.startswith("end"))
        parts += (between, token[0].translate(_MASK))
        done = token.end()
    rest = text[done:]
    parts.append(_NOT_LINE_END.sub(" ", rest) if within == "comment" else rest)
    return "".join(parts)


def unmask(text: str) -> str:
    """Return a masked text, or a part of one, as it stands on the page."""
    return text.translate(_UNMASK) if _MASKED.search(text) else text


def fill(value: str, variables: Mapping[str, str]) -> tuple[str, str | None]:
    """Return a masked value with its expressions evaluated, and the first that could not be.

    `variables` are named as in the template ("site.baseurl"). The second is None when all
    have a value. Known besides variables are strings and the filters `relative_url`,
    `absolute_url`, `append` and `prepend`, with Jekyll's meaning
    (jekyllrb.com/docs/liquid/filters).
    """
    if _OPEN not in value:
        return value, None
    unknown: list[str] = []

    def put(match: re.Match[str]) -> str:
        found = _evaluate(unmask(match["output"]), variables) if match["output"] else None
        if found is None:
            unknown.append(unmask(match[0]))
            return ""
        return found

    return unmask(_IN_VALUE.sub(put, value)), unknown[0] if unknown else None


def _evaluate(expression: str, variables: Mapping[str, str]) -> str | None:
    first, *filters = _PIPE.split(expression.strip().strip("-"))
    value = _operand(first, variables)
    for each in filters:
        name, _, argument = each.partition(":")
        value = _filtered(value, name.strip(), argument, variables)
    return value


def _operand(text: str, variables: Mapping[str, str]) -> str | None:
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        return None
    if match[3] is not None:
        return variables.get(match[3])
    return match[1] if match[1] is not None else match[2]


def _filtered(
    value: str | None, name: str, argument: str, variables: Mapping[str, str]
) -> str | None:
    if value is None:
        return None
    if name in {"append", "prepend"}:
        other = _operand(argument, variables)
        if other is None:
            return None
        return value + other if name == "append" else other + value
    folder = variables.get("site.baseurl")
    if name == "relative_url" and folder is not None:
        return _below(folder, value)
    site = variables.get("site.url")
    if name == "absolute_url" and folder is not None and site is not None:
        return site.rstrip("/") + _below(folder, value)
    return None


def _below(folder: str, path: str) -> str:
    return f"{folder.rstrip('/')}/{path.lstrip('/')}"
