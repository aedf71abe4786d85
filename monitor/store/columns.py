"""How times, texts and JSON are written in every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from monitor.core.model import Json
from monitor.store.codec import DamagedError, clean, dump, parse


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; naive ones are refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the instant as the database holds it: UTC, without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"{value} names no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the stored instant with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return what reads a stored instant; SQLite may hold anything in its place."""
        read = super().result_processor(dialect, coltype)
        assert read is not None  # noqa: S101 - process_result_value is one

        def checked(value: Any) -> Any:
            try:
                return read(value)
            except (TypeError, ValueError) as error:
                raise DamagedError(f"no instant: {str(value)[:80]!r}") from error

        return checked


class Words(TypeDecorator[str]):
    """Text that may come from a stranger; what no database can hold is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return the text without lone surrogates and NUL."""
        return None if value is None else clean(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> str | None:
        """Return the stored text; SQLite may hold anything in a column of texts."""
        if value is None or isinstance(value, str):
            return value
        raise DamagedError(f"no text: {str(value)[:80]!r}")


class Plain(TypeDecorator[Json]):
    """Plain JSON, as text, so that every database holds the same."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Json, _dialect: Dialect) -> str:
        """Return the value as JSON text."""
        return dump(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Json:
        """Return the stored value."""
        return parse(value)
