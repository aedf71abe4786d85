"""The resources that history knows."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from monitor.core.model import Resource, ResourceId
from monitor.store.codec import clean
from monitor.store.door import Door
from monitor.store.reading import read_resource, stored
from monitor.store.rows import chunks
from monitor.store.tables import RESOURCES

_AT_ONCE = 1_000


class Resources(Door):
    """The part of history that tells what it is about."""

    def resources(self, ids: Iterable[ResourceId] | None = None) -> Iterator[Resource]:
        """Give these resources, or all that were ever seen, in the order of their ids.

        Those that are not known are left out. They are read as they are asked for.
        """
        query = select(RESOURCES).order_by(RESOURCES.c.id)
        queries = [query]
        if ids is not None:
            wanted = sorted({clean(each) for each in ids})
            queries = [query.where(RESOURCES.c.id.in_(some)) for some in chunks(wanted)]
        with self._reading() as connection:
            for each in queries:
                options = {"yield_per": _AT_ONCE}
                with connection.execute(each, execution_options=options) as rows:
                    for row in rows:
                        yield read_resource(stored(row))
