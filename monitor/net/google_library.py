"""The side of Google's library: builds requests, reads replies, and never touches a network.

Importing this module imports google-api-python-client, unmodified. Its own `execute` is run
with an object in place of its network that raises the request when there is no reply yet.
The traps that are covered here: reference/libraries.md, section 9.
"""

import email
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from http.client import responses
from typing import Any

# Neither library has types.
import httplib2  # type: ignore[import-untyped]
from googleapiclient.discovery import build  # type: ignore[import-untyped]
from googleapiclient.errors import HttpError  # type: ignore[import-untyped]

from monitor.core.json_reading import parse_json, whole
from monitor.core.model import Json, Url
from monitor.core.ports import Failure, GoogleCall, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the library made of one reply: the HTTP status, and the value or text in it."""

    status: int
    headers: Mapping[str, str]
    body: Json


class Outgoing(Exception):  # noqa: N818 - no error: the library has come to the point of asking
    """The request that the library would send."""

    def __init__(self, uri: str, method: str, body: str | None, headers: Mapping[str, str]) -> None:
        super().__init__(method)
        self.uri = uri
        self.method = method
        self.body = body
        self.headers = headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was answered to it."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Library:
    """Builds requests for APIs; what it knows of each API is read once, from its own files."""

    def __init__(self) -> None:
        self._services: dict[tuple[str, str], Any] = {}

    def single(self, call: GoogleCall) -> "Single":
        """Return the request for one call."""
        return Single(self._request(call))

    def batch(
        self, calls: Sequence[GoogleCall], headers: Callable[[Url], Mapping[str, str]]
    ) -> "Batch":
        """Return one request for all calls, of one API; `headers` are those of each part."""
        requests = [self._request(call) for call in calls]
        for request in requests:
            request.headers.update(headers(Url(request.uri)))
        return Batch(self._service(calls[0]), requests)

    def _request(self, call: GoogleCall) -> Any:
        place = self._service(call)
        *collections, method = call.method
        for collection in collections:
            place = getattr(place, collection)()
        request = getattr(place, method)(**call.arguments)
        request.headers.update(call.headers)
        return request

    def _service(self, call: GoogleCall) -> Any:
        key = (call.api, call.version)
        if key not in self._services:
            self._services[key] = build(
                *key,
                http=_Carried(),  # with one given, no credentials are looked for
                static_discovery=True,
                cache_discovery=False,
                client_options={"universe_domain": "googleapis.com"},  # not from the environment
            )
        return self._services[key]


class Single:
    """One request."""

    def __init__(self, request: Any) -> None:
        self._request = request

    def outgoing(self) -> Outgoing:
        """Return what to send."""
        return _outgoing(self._request)

    def read(self, reply: Reply) -> Read:
        """Return what the library reads of the reply; its text where that is no JSON."""
        return _read(self._request, reply)


class Batch:
    """Many requests that travel as one."""

    def __init__(self, service: Any, requests: Sequence[Any]) -> None:
        self._requests = requests
        self._heard: dict[int, Read] = {}
        self._batch = service.new_batch_http_request(callback=self._hear)
        for number, request in enumerate(requests):
            # A longer id would be folded in the header that carries it.
            self._batch.add(request, request_id=str(number))

    def outgoing(self) -> Outgoing:
        """Return what to send."""
        return _outgoing(self._batch)

    def read(self, reply: Reply) -> Mapping[int, Read]:
        """Return what the library reads of each part, by the call's place; lost ones are missing.

        One missing or odd part makes the library drop all; then each part that can be told
        by its id is given to it by itself.
        """
        try:
            self._batch.execute(http=_Carried(reply))
        except Exception:  # noqa: BLE001 - made of a stranger's answer: it may be any
            for number, part in _parts(reply).items():
                if number not in self._heard and number < len(self._requests):
                    self._heard[number] = _read(self._requests[number], part)
        return self._heard

    def _hear(self, number: str, value: Json, error: HttpError | None) -> None:
        self._heard[int(number)] = (
            _of_error(error) if error else Read(status=200, headers={}, body=_clean(value))
        )


class _NothingToAdd:
    """In place of an account: a refused part makes the library ask its account to refresh."""

    access_token = ""
    access_token_expired = False

    def refresh(self, _http: object) -> None: ...
    def apply(self, _headers: object) -> None: ...


class _Carried:
    """What the library takes for its network: gives the reply it has, to whatever is asked.

    So a refused part, which the library asks for a second time, costs no second request.
    """

    credentials = _NothingToAdd()

    def __init__(self, reply: Reply | None = None) -> None:
        self._reply = reply

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[httplib2.Response, bytes]:
        if self._reply is None:
            raise Outgoing(uri, method, body, headers or {})
        status = self._reply.status
        answered = httplib2.Response({**self._reply.headers, "status": str(status)})
        answered.reason = responses.get(status, "")
        # The library takes bytes that are no UTF-8 for the end of all.
        return answered, self._reply.body.decode("utf-8", "replace").encode()


def _outgoing(executable: Any) -> Outgoing:
    try:
        executable.execute(http=_Carried())
    except Outgoing as outgoing:
        return outgoing
    raise AssertionError("the library did not ask anything")


def _read(request: Any, reply: Reply) -> Read:
    try:
        body = _clean(request.execute(http=_Carried(reply), num_retries=0))  # its back-off sleeps
    except HttpError as error:
        return _of_error(error)
    except Exception:  # noqa: BLE001 - made of a stranger's answer: it may be any
        body = "unreadable"
    return Read(status=reply.status, headers=reply.headers, body=body)


def _of_error(error: HttpError) -> Read:
    """Return the answer behind an error; the library keeps only the first list of reasons."""
    headers = {str(k): str(v) for k, v in error.resp.items()}
    return Read(status=error.resp.status, headers=headers, body=_parsed(error.content))


def _parsed(content: bytes) -> Json:
    parsed = parse_json(Response(status=0, url=Url(""), headers={}, body=content))
    return "" if isinstance(parsed, Failure) else parsed


def _clean(value: Json) -> Json:
    """Return a value without halves of characters, so that it can be written down."""
    try:
        return whole(value)
    except RecursionError:
        return "unreadable"


_PART_ID = re.compile(r"<.*\+ *(\d{1,3})>", re.DOTALL)
_STATUS_LINE = re.compile(r"HTTP/\S+ (\d{3})\b[^\n]*\n")
_END_OF_HEAD = re.compile(r"\r?\n\r?\n")


def _parts(reply: Reply) -> Mapping[int, Reply]:
    """Return the parts of a batch's reply that can be told, by the call's place."""
    kind = reply.headers.get("content-type", "")
    found: dict[int, Reply] = {}
    try:
        text = reply.body.decode("utf-8", "replace")
        message = email.message_from_string(f"content-type: {kind}\r\n\r\n{text}")
        parts = message.get_payload() if message.is_multipart() else []
    except Exception:  # noqa: BLE001 - made of a stranger's answer: it may be any
        return found
    for part in parts:
        if not isinstance(part, Message):
            continue
        name, payload = str(part["Content-ID"]), part.get_payload()
        number = _PART_ID.fullmatch(name)
        if number is None or not isinstance(payload, str):
            continue
        status = _STATUS_LINE.match(payload)
        if status is None:
            continue
        body = _END_OF_HEAD.split(payload, maxsplit=1)[1:]
        if body:
            raw = body[0].encode("utf-8", "replace")
            found.setdefault(int(number[1]), Reply(status=int(status[1]), body=raw))
    return found
