"""Failures that are hard to bring about on loopback, from the exceptions themselves."""

import errno
import socket
import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http_exceptions import BadStatusLine

from monitor.core.ports import FailureKind
from monitor.net.failures import failure_of, failure_of_body

K = FailureKind
WHERE = ConnectionKey("example.org", 443, True, True, None, None, None)


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        pytest.param(OSError(errno.EHOSTUNREACH, "no route"), K.TIMEOUT, id="no way to the host"),
        pytest.param(OSError(errno.ENETUNREACH, "no net"), K.NETWORK, id="no way to any network"),
        pytest.param(OSError(errno.EMFILE, "too many"), K.NETWORK, id="no more files for us"),
        pytest.param(OSError("Multiple exceptions: …"), K.REFUSED, id="several addresses"),
        pytest.param(ConnectionResetError(), K.RESET, id="a reset without a number"),
        pytest.param(aiohttp.ServerDisconnectedError(), K.RESET, id="a closed connection"),
        pytest.param(aiohttp.ClientConnectionResetError(), K.RESET, id="closed while we wrote"),
        pytest.param(aiohttp.ConnectionTimeoutError(), K.TIMEOUT, id="connecting takes too long"),
        pytest.param(aiohttp.SocketTimeoutError(), K.TIMEOUT, id="reading takes too long"),
        pytest.param(TimeoutError(), K.TIMEOUT, id="all takes too long"),
        pytest.param(BadStatusLine("x"), K.PROTOCOL, id="no HTTP"),
        pytest.param(aiohttp.InvalidURL("x"), K.MALFORMED_URL, id="no address"),
        pytest.param(aiohttp.ClientError("?"), K.PROTOCOL, id="what is not foreseen"),
        pytest.param(
            aiohttp.ClientConnectorDNSError(WHERE, OSError("nothing known")),
            K.RESOLVER,
            id="a resolver that says something odd",
        ),
        pytest.param(
            aiohttp.ClientConnectorDNSError(
                WHERE, socket.gaierror(getattr(socket, "EAI_NODATA", socket.EAI_NONAME), "none")
            ),
            K.NO_SUCH_HOST,
            id="a name without any address",
        ),
        pytest.param(
            aiohttp.ClientConnectorSSLError(WHERE, tls_error("UNEXPECTED_EOF_WHILE_READING")),
            K.RESET,
            id="a cut within the handshake",
        ),
        pytest.param(
            aiohttp.ClientConnectorSSLError(WHERE, tls_error("UNSUPPORTED_PROTOCOL")),
            K.PROTOCOL,
            id="a TLS too old is no word on their certificate",
        ),
        pytest.param(
            aiohttp.ClientConnectorCertificateError(WHERE, ssl.SSLCertVerificationError(1, "odd")),
            K.TLS,
            id="a certificate that is bad in another way",
        ),
    ],
)
def test_failure_of(error: Exception, kind: FailureKind) -> None:
    failure = failure_of(error, "example.org")
    assert failure.kind is kind
    assert failure.detail.startswith("example.org: ")
    assert failure_of_body(error, "example.org") == failure
