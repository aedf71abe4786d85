"""The second entrance: a resolver for aiohttp that leads every host into the world."""

import socket
from typing import TYPE_CHECKING

from aiohttp.abc import AbstractResolver, ResolveResult

from tests.world.faults import Kind

if TYPE_CHECKING:
    from tests.world.server import World

PRIVATE = "10.0.0.1"
"""What a name that leads into a private network resolves to."""

_ERRORS = {
    Kind.NO_SUCH_HOST: (socket.EAI_NONAME, "Name or service not known"),
    Kind.RESOLVER: (socket.EAI_AGAIN, "Temporary failure in name resolution"),
}


class WorldResolver(AbstractResolver):
    """Shows what a proxy hides: names that do not exist, refused ports, private addresses."""

    def __init__(self, world: "World") -> None:
        self._world = world

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the world's own address and port for a host; raises gaierror as getaddrinfo."""
        trouble = self._world.trouble_connecting(host.lower())
        if trouble in _ERRORS:
            raise socket.gaierror(*_ERRORS[trouble])
        world = self._world
        world.connections[host.lower()] += 1
        ports = {443: world.tls_port, 80: world.plain_port}
        private = trouble is Kind.PRIVATE_ADDRESS
        if not private:
            refused = trouble is Kind.REFUSE
            port = world.refusing_port if refused else ports.get(port, world.refusing_port)
        return [
            ResolveResult(
                hostname=host,
                host=PRIVATE if private else "127.0.0.1",
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Do nothing: the world closes itself."""


class Unused:
    """A port of 127.0.0.1 that is held without listening, so that it refuses."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()
