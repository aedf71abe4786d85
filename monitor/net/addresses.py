"""Which addresses may be asked: public ones only, so that no page makes us look inside.

The guard sits in the resolver that the connector itself uses, so what was checked is what
is connected to; a name that answers differently the second time gains nothing.
"""

import asyncio
import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

LOCAL_SUFFIXES = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "home.arpa",
    "private",
)
"""Names that never leave a house: RFC 6761, 6762, 8375, ICANN's "internal", usual habits."""

_SHARED = IPv4Network("100.64.0.0/10")  # carrier-grade NAT: RFC 6598
_EMBEDDING = (
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64: RFC 6052
    (IPv6Network("64:ff9b:1::/48"), 0),  # local-use NAT64: RFC 8215
    (IPv6Network("2002::/16"), 80),  # 6to4: RFC 3056
    (IPv6Network("::/96"), 0),  # IPv4-compatible: RFC 4291, deprecated
)
"""IPv6 networks that hold an IPv4 address, and how many bits stand to the right of it."""

LOOK_UPS = 32
"""How many look-ups run at once; each is a thread that waits for the system."""


class PrivateAddressError(OSError):
    """The host has none but private addresses."""


def is_public(address: str) -> bool:
    """Return whether an address, as text without brackets, is one of the open internet.

    False for private, loopback, link-local, multicast, reserved, shared and unspecified
    ones, also inside IPv6, and for text that is no address.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        inner = _embedded(parsed)
        if inner is not None and not _is_public_v4(inner):
            return False
        if inner is not None and parsed.ipv4_mapped is not None:
            return True
        return _is_public_v6(parsed)
    return _is_public_v4(parsed)


def literal(host: str) -> str | None:
    """Return the IP address that a URL's host is, without brackets, or None for a name."""
    bare = host.removeprefix("[").removesuffix("]")
    try:
        ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return bare


def is_local_name(host: str) -> bool:
    """Return whether a name is one of a house, not of the internet, without looking it up."""
    name = host.lower().removesuffix(".")
    return "." not in name or any(
        name == suffix or name.endswith("." + suffix) for suffix in LOCAL_SUFFIXES
    )


class GuardedResolver(AbstractResolver):
    """A resolver that hands out public addresses only, and gives up after `timeout` seconds."""

    def __init__(self, inner: AbstractResolver, *, allow_private: bool, timeout: float) -> None:
        self._inner = inner
        self._allow_private = allow_private
        self._timeout = timeout

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the public addresses of a host.

        Raises PrivateAddressError when it has only others, gaierror when it has none.
        """
        try:
            async with asyncio.timeout(self._timeout):
                found = await self._inner.resolve(host, port, family)
        except TimeoutError as error:
            raise socket.gaierror(socket.EAI_AGAIN, "the look-up took too long") from error
        if self._allow_private:
            return found
        public = [address for address in found if is_public(address["host"])]
        if found and not public:
            raise PrivateAddressError(f"{host} has private addresses only")
        return public

    async def close(self) -> None:
        """Close the resolver inside."""
        await self._inner.close()


class SystemResolver(AbstractResolver):
    """The system's own resolver, in threads that nobody has to wait for at the end.

    aiohttp's own uses the loop's executor, whose threads are joined when the program ends, so
    that a hanging look-up would hold up Ctrl-C. It also asks only for families that this
    machine has, which makes an IPv6-only host look as if it did not exist.
    """

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(LOOK_UPS)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host; raises gaierror as the system does."""
        async with self._free:
            found = await _in_thread(host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=found_family,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for found_family, _, proto, _, address in found
        ]

    async def close(self) -> None:
        """Do nothing: no look-up is waited for."""


async def _in_thread(
    host: str, port: int, family: socket.AddressFamily
) -> Sequence[tuple[Any, Any, int, str, tuple[Any, ...]]]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def tell(set_it: Any, value: object) -> None:
        if not future.done():
            set_it(value)

    def look_up() -> None:
        outcome: tuple[Any, object]
        try:
            found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
            outcome = (future.set_result, found)
        except (OSError, UnicodeError) as error:
            outcome = (future.set_exception, error)
        try:
            loop.call_soon_threadsafe(tell, *outcome)
        except RuntimeError:  # the loop has ended: nobody waits any more
            return

    threading.Thread(target=look_up, name=f"look-up {host}", daemon=True).start()
    found: Sequence[tuple[Any, Any, int, str, tuple[Any, ...]]] = await future
    return found


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    for network, shift in _EMBEDDING:
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return None


def _is_public_v4(address: IPv4Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and address not in _SHARED
    )


def _is_public_v6(address: IPv6Address) -> bool:
    nat64 = address in _EMBEDDING[0][0]  # is_global differs between versions of Python here
    return (address.is_global or nat64) and not address.is_multicast and not address.is_site_local
