"""A Google API on a table, as a `fetch`: batches are taken apart and answered part by part."""

import email
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from monitor.core.model import ExchangeId
from monitor.core.ports import Exchange, Failure, GoogleCall, Request, Response

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def said(status=200, body=None, **headers):
    """Return an answer; a body that is no text or bytes is written as JSON."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body))
    return Response(
        status=status,
        url="",
        headers={k.replace("_", "-"): v for k, v in headers.items()},
        body=raw.encode() if isinstance(raw, str) else raw,
    )


def error(code, reason, message="It went wrong."):
    """Return an API's error in its older envelope."""
    one = {"domain": "global", "reason": reason, "message": message}
    return said(code, {"error": {"code": code, "message": message, "errors": [one]}})


def file_call(name, **headers):
    return GoogleCall(
        api="drive",
        version="v3",
        method=("files", "get"),
        arguments={"fileId": name, "fields": "id,name", "supportsAllDrives": True},
        credential="google",
        headers=headers,
    )


def video_call(*names):
    return GoogleCall(
        api="youtube",
        version="v3",
        method=("videos", "list"),
        arguments={"id": ",".join(names), "part": "snippet"},
        credential="youtube",
    )


@dataclass
class Service:
    """What each file or list of videos is answered; `batch` answers for a batch."""

    files: Mapping[str, Response | Failure] = field(default_factory=dict)
    batch: Callable[[bytes, str], Response | Failure] | Response | Failure | None = None
    requests: list[Request] = field(default_factory=list)

    @property
    def asked(self):
        return [f"{r.method} {urlsplit(r.url).path}" for r in self.requests]

    async def fetch(self, request):
        self.requests.append(request)
        return Exchange(
            id=ExchangeId(f"x{len(self.requests)}"),
            method=request.method,
            url=request.url,
            at=NOON,
            elapsed=timedelta(milliseconds=50),
            said=self._said(request),
        )

    def _said(self, request):
        parts = urlsplit(request.url)
        if parts.path.startswith("/batch"):
            if isinstance(self.batch, Response | Failure):
                return self.batch
            whole = self._whole(request)
            return self.batch(*whole) if self.batch else as_batch(*whole)
        return self._one(request.url)

    def _one(self, url):
        parts = urlsplit(url)
        name = parse_qs(parts.query).get("id", [parts.path.rpartition("/")[2]])[0]
        return self.files.get(name, error(404, "notFound", f"File not found: {name}."))

    def _whole(self, request):
        """Return the body of a batch's answer, and its boundary."""
        kind = request.headers["content-type"].encode()
        asked = email.message_from_bytes(b"content-type: " + kind + b"\r\n\r\n" + request.body)
        pieces = []
        for part in asked.get_payload():
            one = self._one("https://x" + part.get_payload().split()[1])
            name = part["Content-ID"].replace("<", "<response-", 1)
            pieces.append(piece(name, one))
        return pieces, "batch_x"


def piece(name, one, line=None):
    """Return one part of a batch's answer."""
    head = line or f"HTTP/1.1 {one.status} Whatever"
    kind = one.headers.get("content-type", "application/json")
    body = one.body.decode("utf-8", "surrogateescape")
    return (
        f"Content-Type: application/http\r\nContent-ID: {name}\r\n\r\n"
        f"{head}\r\nContent-Type: {kind}\r\n\r\n{body}\r\n"
    )


def as_batch(pieces, boundary, status=200):
    """Return the answer to a batch that is made of parts."""
    body = "".join(f"--{boundary}\r\n{one}" for one in pieces) + f"--{boundary}--\r\n"
    raw = body.encode("utf-8", "surrogateescape")
    return said(status, raw, content_type=f'multipart/mixed; boundary="{boundary}"')
