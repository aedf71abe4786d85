"""config.yaml as values; the only reader of the environment."""

from monitor.config.describing import describe
from monitor.config.loading import load, source_of
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
from monitor.config.whole import Config

__all__ = [
    "SCHEMA_NAME",
    "STANDARD_INPUT",
    "Accept",
    "Config",
    "Format",
    "Headers",
    "Ignore",
    "Limits",
    "Network",
    "Report",
    "Source",
    "Store",
    "describe",
    "load",
    "schema",
    "source_of",
    "starter",
]
