"""A first config.yaml for a webmaster, and the schema by which editors complete it."""

import json
import re

import yaml

from monitor.config.whole import Config

SCHEMA_NAME = "config.schema.json"
"""The schema's file, beside the configuration; the first line of a configuration names it."""

_DESCRIBED = {field.alias or name: field.description for name, field in Config.model_fields.items()}

_PLAIN = re.compile(r"[A-Za-z0-9./_~%=+-][A-Za-z0-9./_~%=+:?&;,@-]*[A-Za-z0-9/_~%=+]")


def schema() -> str:
    """Return the JSON Schema of config.yaml (2020-12), as the text of a file."""
    made = Config.model_json_schema()
    for name, section in made["properties"].items():  # a key with nothing after it is as none
        alternatives = [section, {"type": "null"}]
        made["properties"][name] = {"description": _DESCRIBED[name], "anyOf": alternatives}
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Linkwell configuration",
        "type": ["object", "null"],
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def starter(source: str) -> str:
    """Return a first configuration for a page or file, with comments for whoever edits it."""
    return _STARTER.format(schema=SCHEMA_NAME, source=_quoted(source))


def _quoted(text: str) -> str:
    """Return a text as YAML takes it; in quotes only where it must be."""
    plain = _PLAIN.fullmatch(text) and yaml.safe_load(text) == text  # null, 5 and yes are none
    return text if plain else json.dumps(text)


_STARTER = """\
# yaml-language-server: $schema={schema}
#
# What Linkwell watches, and how. A line that begins with # is a comment: take the # (and the
# one space behind it) away to use it. Whatever is not said here has a sensible default.
# After a change, `linkwell config check` tells whether all is well.

# The pages to watch. A page on the web is its address; a file or folder is its path.
sources:
  - {source}
#   - https://example.org/another/page
#   - folder: docs                              # Markdown and HTML files ...
#     base_url: https://example.org/course/     # ... and where readers find them

# Links to leave alone. * stands for anything. A reason and a last day are worth giving.
# ignore:
#   - url: https://intranet.example.org/*
#     reason: only reachable on campus
#     until: 2027-01-31

# Sites that turn robots away though people get in: which answers to take for good.
# accept:
#   - url: https://journal.example.org/*
#     statuses: [403]
#     reason: works in a browser

# Behind a proxy? Linkwell heeds HTTPS_PROXY; or say it here. An address at which webmasters
# may reach you is good manners: it travels along with every request.
# network:
#   proxy: http://proxy.example.org:3128
#   contact: webmaster@example.org

# Keys are never written into this file: name the variable that holds one. With a GitHub
# token, more repositories can be looked at in an hour.
# credentials:
#   github: ${{GITHUB_TOKEN}}

# Where reports go.
# report:
#   directory: reports
"""
