"""What aiohttp raises, told as values: the one place where its exceptions are known."""

import errno
import socket
import ssl
from collections.abc import Callable

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from monitor.core.ports import Failure, FailureKind
from monitor.net.addresses import PrivateAddressError

FOREIGN = (aiohttp.ClientError, HttpProcessingError, OSError, ValueError, EOFError)
"""All that asking can raise. TimeoutError and gaierror are kinds of OSError."""

_K = FailureKind

CERTIFICATES = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by itself alone",
    19: "its certificate goes back to an authority that nobody knows",
    20: "its certificate is from an unknown issuer, or the chain to it is incomplete",
    21: "its certificate is from an unknown issuer, or the chain to it is incomplete",
    23: "its certificate has been revoked",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}
"""OpenSSL's verification errors (x509_vfy.h) that a reader can be told in words."""

LOOK_UPS = {
    socket.EAI_NONAME: (_K.NO_SUCH_HOST, "there is no host of this name"),
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME): (
        _K.NO_SUCH_HOST,
        "there is no host of this name",
    ),
}
"""What the resolver's answers mean; any other is no word on whether the name exists."""

SYSTEM = {
    errno.ECONNREFUSED: (_K.REFUSED, "it refuses connections"),
    errno.ECONNRESET: (_K.RESET, "it cut the connection"),
    errno.ECONNABORTED: (_K.RESET, "it cut the connection"),
    errno.EPIPE: (_K.RESET, "it cut the connection"),
    errno.ESHUTDOWN: (_K.RESET, "it cut the connection"),
    errno.ETIMEDOUT: (_K.TIMEOUT, "it did not answer in time"),
    errno.EHOSTUNREACH: (_K.TIMEOUT, "it cannot be reached"),
    errno.EHOSTDOWN: (_K.TIMEOUT, "it cannot be reached"),
    errno.ENETUNREACH: (_K.NETWORK, "our network knows no way to it"),
    errno.ENETDOWN: (_K.NETWORK, "our network is down"),
    errno.EADDRNOTAVAIL: (_K.NETWORK, "our system could not open a connection"),
    errno.EMFILE: (_K.NETWORK, "our system allows no more open connections"),
    errno.ENFILE: (_K.NETWORK, "our system allows no more open connections"),
    errno.ENOBUFS: (_K.NETWORK, "our system could not open a connection"),
    errno.EACCES: (_K.NETWORK, "our system does not allow connections to it"),
    errno.EPERM: (_K.NETWORK, "our system does not allow connections to it"),
}

PROXY_STATUSES = {
    407: (_K.NETWORK, "the proxy wants to know who we are (407)"),
    502: (_K.RESOLVER, "the proxy could not reach it (502)"),
    503: (_K.RESOLVER, "the proxy could not reach it (503)"),
    504: (_K.TIMEOUT, "the proxy got no answer from it in time (504)"),
}
"""What a proxy says instead of a tunnel. It cannot say "no such host" so that we could trust it."""

TOO_LATE = (_K.TIMEOUT, "it did not answer in time")


def failure_of(error: BaseException, host: str, *, proxied: bool = False) -> Failure:
    """Return what an exception of FOREIGN says of a host, in one sentence without secrets.

    Behind a proxy the only name that we look up is the proxy's own.
    """
    if proxied and isinstance(error, aiohttp.ClientConnectorDNSError):
        return Failure(kind=_K.NETWORK, detail=f"{host}: our proxy's name cannot be looked up.")
    kind, words = next(
        (read(error) for types, read in _TABLE if isinstance(error, types)),
        (_K.PROTOCOL, f"what it says cannot be understood ({type(error).__name__})"),
    )
    return Failure(kind=kind, detail=f"{host}: {words}.")


_Read = Callable[[BaseException], tuple[FailureKind, str]]


def _dns(error: BaseException) -> tuple[FailureKind, str]:
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(inner, PrivateAddressError):
        return _K.PRIVATE_ADDRESS, "it has an address in a private network"
    if isinstance(inner, socket.gaierror) and inner.errno in LOOK_UPS:
        return LOOK_UPS[inner.errno]
    return _K.RESOLVER, "its name could not be looked up now"


def _certificate(error: BaseException) -> tuple[FailureKind, str]:
    inner = (
        error.certificate_error
        if isinstance(error, aiohttp.ClientConnectorCertificateError)
        else error
    )
    code = getattr(inner, "verify_code", None)
    known = CERTIFICATES.get(code) if isinstance(code, int) else None
    return _K.TLS, known or f"its certificate is not valid (OpenSSL's error {code})"


def _handshake(error: BaseException) -> tuple[FailureKind, str]:
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    reason = getattr(inner, "reason", None)
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"}:
        return _K.PROTOCOL, "it does not speak TLS there"
    if reason == "UNEXPECTED_EOF_WHILE_READING":
        return _K.RESET, "it cut the connection"
    return _K.PROTOCOL, "no secure connection could be agreed upon"


def _system(error: BaseException) -> tuple[FailureKind, str]:
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(inner, ConnectionError) and not inner.errno:
        return _K.RESET, "it cut the connection"
    # Several addresses with several errors come as one without a number.
    return SYSTEM.get(getattr(inner, "errno", None) or 0, (_K.REFUSED, "it cannot be connected to"))


def _proxy_status(error: BaseException) -> tuple[FailureKind, str]:
    status = error.status if isinstance(error, aiohttp.ClientHttpProxyError) else 0
    if 500 <= status < 600 and status not in PROXY_STATUSES:
        return _K.RESOLVER, f"the proxy could not reach it ({status})"
    return PROXY_STATUSES.get(
        status, (_K.NETWORK, f"the proxy refuses to connect to it ({status})")
    )


def _always(kind: FailureKind, words: str) -> _Read:
    return lambda _: (kind, words)


_CUT = _always(_K.RESET, "it cut the connection within its answer")
_UNREADABLE = _always(_K.PROTOCOL, "what it answers is not HTTP")

_TABLE: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], _Read], ...] = (
    (aiohttp.ClientConnectorDNSError, _dns),
    (socket.gaierror, _dns),
    (PrivateAddressError, _dns),
    (
        (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError),
        _certificate,
    ),
    ((aiohttp.ClientSSLError, ssl.SSLError), _handshake),
    (aiohttp.ClientProxyConnectionError, _always(_K.NETWORK, "our proxy cannot be reached")),
    (aiohttp.ClientHttpProxyError, _proxy_status),
    ((aiohttp.ServerTimeoutError, TimeoutError), _always(*TOO_LATE)),
    (aiohttp.ServerDisconnectedError, _always(_K.RESET, "it cut the connection")),
    (aiohttp.ClientConnectionResetError, _always(_K.RESET, "it cut the connection")),
    (aiohttp.ClientResponseError, _UNREADABLE),  # its status of 400 is aiohttp's own
    (HttpProcessingError, _UNREADABLE),
    ((aiohttp.InvalidURL, UnicodeError), _always(_K.MALFORMED_URL, "this is no address")),
    ((aiohttp.ClientConnectorError, OSError), _system),
)
"""Exception to failure, the more special first: a later row may be a parent of an earlier one."""


def failure_of_body(error: BaseException, host: str) -> Failure:
    """Return what an exception says that came while the body was read."""
    if isinstance(error, aiohttp.ClientPayloadError):
        inner = error.__cause__
        broken = isinstance(inner, HttpProcessingError) and "Encoding" in type(inner).__name__
        if broken and "Transfer" not in type(inner).__name__:
            words = "its answer is packed in a way that cannot be unpacked"
            return Failure(kind=_K.PROTOCOL, detail=f"{host}: {words}.")
        return Failure(kind=_K.RESET, detail=f"{host}: it cut the connection within its answer.")
    return failure_of(error, host)
