"""Trouble in the set-up, named by who must act; trouble in the world is a value instead.

The message of each tells the user what to do next. The command line prints it and ends
with exit code 2, without a traceback.
"""


class SetUpError(Exception):
    """The run cannot start, or not go on, until a person changes something."""


class ConfigError(SetUpError):
    """The user must change the configuration or the command line."""


class SourceError(SetUpError):
    """The user must name another source: this one does not exist or cannot be read."""


class HistoryError(SetUpError):
    """The user must see to the history: it is not ours, too new, or cannot be written."""


class OutputError(SetUpError):
    """The user must see to the place for reports: it cannot be written."""
