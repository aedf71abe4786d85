"""Telling the service manager how we are, as systemd has it: sd_notify(3), without a library."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta


class ServiceManager:
    """Who started us, if it wants to know; every call is nothing where it does not."""

    def __init__(self, environment: Mapping[str, str], pid: int) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        meant = environment.get("WATCHDOG_PID", str(pid)) == str(pid)
        given = environment.get("WATCHDOG_USEC", "") if meant else ""
        self.watchdog = timedelta(microseconds=int(given)) if given.isdecimal() else None
        """Within what time it wants a sign of life; None where it does not watch."""

    def tell(self, *lines: str) -> None:
        """Send lines such as READY=1; nobody is waited for."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as opened:
            opened.settimeout(0)
            opened.sendto("\n".join(lines).encode(), self._address)
