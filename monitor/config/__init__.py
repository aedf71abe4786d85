"""config.yaml as values; the only reader of the environment."""

from monitor.config.describing import describe
from monitor.config.loading import load, read_text, source_of
from monitor.config.sections import (
    STANDARD_INPUT,
    Accept,
    Format,
    Headers,
    Ignore,
    Limits,
    Network,
    Report,
    Source,
    Store,
)
from monitor.config.starting import SCHEMA_NAME, schema, starter
from monitor.config.surroundings import Ci, CiService, ci_of
from monitor.config.whole import Config

__all__ = [
    "SCHEMA_NAME",
    "STANDARD_INPUT",
    "Accept",
    "Ci",
    "CiService",
    "Config",
    "Format",
    "Headers",
    "Ignore",
    "Limits",
    "Network",
    "Report",
    "Source",
    "Store",
    "ci_of",
    "describe",
    "load",
    "read_text",
    "schema",
    "source_of",
    "starter",
]
