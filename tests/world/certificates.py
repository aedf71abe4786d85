"""Certificates of a throw-away CA, for whatever host is asked, good and bad."""

import ssl
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import trustme


class Certificate(StrEnum):
    """What a host shows when it is asked for its certificate."""

    VALID = "valid"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    """It runs out in three days."""
    WRONG_HOST = "wrong-host"
    UNKNOWN_CA = "unknown-ca"


@cache
def _authority(name: str) -> trustme.CA:
    return trustme.CA(organization_name=f"Linkwell's world ({name})")


def write_ca(file: Path) -> None:
    """Write the certificate of the CA that clients are to trust."""
    _authority("trusted").cert_pem.write_to_path(str(file))


@cache
def context(host: str, kind: Certificate = Certificate.VALID) -> ssl.SSLContext:
    """Return a server's TLS context for a host; made once a process, some 3 ms each."""
    now = datetime.now(UTC)
    authority = _authority("unknown" if kind is Certificate.UNKNOWN_CA else "trusted")
    named = "another-host.test" if kind is Certificate.WRONG_HOST else host
    ends = {
        Certificate.EXPIRED: now - timedelta(days=2),
        Certificate.EXPIRING: now + timedelta(days=3),
    }
    certificate = authority.issue_cert(
        named, not_before=now - timedelta(days=60), not_after=ends.get(kind)
    )
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_alpn_protocols(["http/1.1"])
    certificate.configure_cert(made)
    return made
