"""Which proxy a URL is asked through, by the settings and the customs of NO_PROXY."""

from ipaddress import ip_address, ip_network

from monitor.config import Network
from monitor.core.model import Url
from monitor.core.urls import DEFAULT_PORTS, UrlParts, split


def proxy_for(url: Url, network: Network) -> str | None:
    """Return the proxy's URL for a URL, or None when it is asked directly."""
    parts = split(url)
    proxy = network.https_proxy if parts.scheme == "https" else network.http_proxy
    if proxy is None or any(_matches(entry, parts) for entry in network.no_proxy):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _matches(entry: str, parts: UrlParts) -> bool:
    """Return whether an entry of NO_PROXY speaks of a host.

    An entry is a name (it and all under it, with or without a leading dot or "*."), an address,
    a network (10.0.0.0/8), each also with a port, or "*" for all: the customs of curl and Go.
    """
    entry = entry.strip().lower()
    if entry == "*":
        return True
    host = parts.host.removeprefix("[").removesuffix("]")
    name, port = _name_and_port(entry)
    if not name or (port is not None and port != (parts.port or DEFAULT_PORTS.get(parts.scheme))):
        return False
    try:
        address = ip_address(host)
    except ValueError:
        name = name.removeprefix("*").removeprefix(".")
        return bool(name) and (host == name or host.endswith("." + name))
    try:
        return address in ip_network(name, strict=False)
    except ValueError:
        return False


def _name_and_port(entry: str) -> tuple[str, int | None]:
    """Return an entry taken apart; brackets of IPv6 are taken off."""
    if entry.startswith("["):
        name, _, rest = entry[1:].partition("]")
        return name, int(rest[1:]) if rest[1:].isdecimal() else None
    name, colon, port = entry.rpartition(":")
    if colon and ":" not in name and port.isdecimal():
        return name, int(port)
    return entry, None
