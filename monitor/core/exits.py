"""What exit codes tell, and what it takes for a check to fail."""

from enum import IntEnum, StrEnum


class Exit(IntEnum):
    """What an exit code tells."""

    WELL = 0
    BROKEN = 1
    SET_UP = 2
    INVALID = 3


class FailOn(StrEnum):
    """What it takes for a check to end with 1."""

    BROKEN_NOW = "broken-now"
    SUSPECT = "suspect"
    """It failed, though maybe not yet often enough to be believed."""
    CONFIRMED = "confirmed"
    """It is broken, or recovers but not yet surely, or comes and goes."""
    NEW = "new"
    """It is broken now, and was not so in the last run that counts."""
    NEVER = "never"
