"""Answers kept from one run to the next, so that a service need not send them twice.

They are no part of any run: what is damaged, or thrown out for want of room, is asked for anew.
"""

import asyncio
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from monitor.core.model import Url
from monitor.net.validators import Validator
from monitor.store.codec import SECRET_HEADERS, DamagedError, may, take, texts
from monitor.store.door import again
from monitor.store.reading import stored
from monitor.store.tables import VALIDATORS
from monitor.store.writer import Writer

MOST = 5_000
"""How many answers are kept."""

MOST_BYTES = 64 * 1024 * 1024
"""How much room all kept bodies take, compressed."""

MOST_BODY = 8 * 1024 * 1024
"""How large a body may be, and how large one may become when it is unpacked."""

LONGEST_URL = 2_000
"""Characters; no index of PostgreSQL holds more than some 2,700 bytes, and no API's are so long."""

_KEPT = VALIDATORS.c


class StoredValidators:
    """The kept answers of a history; of one that has no room left, the oldest go first."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        writer: Writer,
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._reading = reading
        self._writer = writer
        self._most = most
        self._most_bytes = most_bytes

    async def find(self, url: Url, credential: str) -> Validator | None:
        """Return what was kept of an address for the key of a name, or None.

        Raises HistoryError where the history cannot be read.
        """
        return await asyncio.to_thread(self._find, url, credential)

    async def keep(self, validator: Validator) -> None:
        """Keep an answer in place of the one before; raises HistoryError where that fails."""
        if len(validator.body) > MOST_BODY or len(validator.url) > LONGEST_URL:
            return
        await asyncio.to_thread(self._writer.do, lambda c: self._write(c, validator))

    @again
    def _find(self, url: Url, credential: str) -> Validator | None:
        named = select(VALIDATORS).where(_KEPT.url == url, _KEPT.credential == credential)
        with self._reading() as connection:
            try:
                row = connection.execute(named).first()
                return None if row is None else _read(stored(row))
            except (DamagedError, zlib.error):
                return None

    def _write(self, connection: Connection, validator: Validator) -> None:
        body = zlib.compress(validator.body)
        headers = {k: v for k, v in validator.headers.items() if k not in SECRET_HEADERS}
        same = (_KEPT.url == validator.url, _KEPT.credential == validator.credential)
        connection.execute(delete(VALIDATORS).where(*same))
        connection.execute(
            insert(VALIDATORS).values(
                url=validator.url,
                credential=validator.credential,
                etag=validator.etag,
                last_modified=validator.last_modified,
                headers=headers,
                body=body,
                size=len(body),
                stored_at=validator.stored_at,
            )
        )
        self._make_room(connection)

    def _make_room(self, connection: Connection) -> None:
        """Throw out the oldest answers until the others fit."""
        number, size = connection.execute(
            select(func.count(), func.coalesce(func.sum(_KEPT.size), 0)).select_from(VALIDATORS)
        ).one()
        while number > self._most or (size > self._most_bytes and number):
            oldest = connection.scalar(select(func.min(_KEPT.stored_at)))
            going = _KEPT.stored_at == oldest
            freed = connection.scalar(select(func.coalesce(func.sum(_KEPT.size), 0)).where(going))
            number -= connection.execute(delete(VALIDATORS).where(going)).rowcount
            size -= freed or 0


def _read(row: Any) -> Validator:
    unpack = zlib.decompressobj()
    body = unpack.decompress(take(row, "body", bytes), MOST_BODY)
    if not unpack.eof:
        raise DamagedError("a body that does not end")
    return Validator(
        url=Url(take(row, "url", str)),
        credential=take(row, "credential", str),
        etag=may(row, "etag", str),
        last_modified=may(row, "last_modified", str),
        headers=texts(row["headers"]),
        body=body,
        stored_at=take(row, "stored_at", datetime),
    )
