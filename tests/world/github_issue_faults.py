"""Bad days of GitHub's API, on command: the next calls fail so, or the k-th write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.world.wire import NO_ANSWER, Reply, as_json, html, page

_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
_DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(slots=True, kw_only=True)
class Fail:
    """What goes wrong with some calls.

    `kind` is one of KINDS. `times` is how many calls it meets, None for all; `after` how many
    that it would meet pass before. `writes` True meets only calls that write, False only those
    that read; `method` and `path` narrow it further, the path with * for anything.
    `retry_after` is what a limit's answer says, None for nothing.
    """

    kind: str
    times: int | None = 1
    after: int = 0
    writes: bool | None = None
    method: str | None = None
    path: str = "*"
    retry_after: str | None = "60"

    @property
    def carried_out(self) -> bool:
        """Return whether the call is carried out, and only its answer lost."""
        return self.kind in _CARRIED_OUT

    @property
    def is_api_answer(self) -> bool:
        """Return whether what comes is an answer of the API, so that its description holds."""
        return self.kind not in _NO_API_ANSWERS

    def meets(self, method: str, path: str, *, writes: bool) -> bool:
        """Return whether a call is of those that fail."""
        return (
            self.writes in {None, writes}
            and self.method in {None, method}
            and fnmatchcase(path, self.path)
        )

    def reply(self, rates: tuple[tuple[str, str], ...], now: int) -> Reply:
        """Return what comes in place of the answer."""
        return KINDS[self.kind](self, rates, now)


class Faults:
    """What is to fail, in the order in which it was said."""

    def __init__(self) -> None:
        self._fails: list[Fail] = []

    def add(self, kind: str, **how: object) -> Fail:
        """Return one more thing that goes wrong."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
        fail = Fail(kind=kind, **how)  # type: ignore[arg-type]  # the options of Fail
        self._fails.append(fail)
        return fail

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._fails.clear()

    def take(self, method: str, path: str, *, writes: bool) -> Fail | None:
        """Return what meets a call, or None; counts it off."""
        for fail in self._fails:
            if fail.times == 0 or not fail.meets(method, path, writes=writes):
                continue
            if fail.after:
                fail.after -= 1
                continue
            if fail.times is not None:
                fail.times -= 1
            return fail
        return None


_Rates = tuple[tuple[str, str], ...]
_Making = Callable[[Fail, _Rates, int], Reply]


def _error(status: int, message: str) -> _Making:
    def made(_: Fail, rates: _Rates, __: int) -> Reply:
        value = {"message": message, "documentation_url": _DOCUMENTATION, "status": str(status)}
        return as_json(value, status, *rates)

    return made


def _secondary(status: int) -> _Making:
    def made(fail: Fail, rates: _Rates, _: int) -> Reply:
        waits = (("Retry-After", fail.retry_after),) if fail.retry_after else ()
        value = {"message": _SECONDARY, "documentation_url": _DOCUMENTATION}
        return as_json(value, status, *rates, *waits)

    return made


def _primary(status: int) -> _Making:
    def made(fail: Fail, rates: _Rates, now: int) -> Reply:
        spent = {
            **dict(rates),
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Used": "5000",
            "X-RateLimit-Reset": str(now + int(fail.retry_after or 60)),
            "X-RateLimit-Resource": "core",
        }
        message = "API rate limit exceeded for installation ID 1."
        value = {"message": message, "documentation_url": _DOCUMENTATION}
        return as_json(value, status, *spent.items())

    return made


def _invalid(_: Fail, rates: _Rates, __: int) -> Reply:
    error = {"resource": "Issue", "code": "custom", "field": "body", "message": "is not accepted"}
    value = {"message": "Validation Failed", "errors": [error]}
    return as_json({**value, "documentation_url": _DOCUMENTATION, "status": "422"}, 422, *rates)


def _unicorn(status: int) -> _Making:
    return lambda _, __, ___: html(page("Unicorn! · GitHub"), status)


def _silence(_: Fail, __: _Rates, ___: int) -> Reply:
    return NO_ANSWER


KINDS: Mapping[str, _Making] = {
    "server-error": _error(500, "Server Error"),
    "bad-gateway": _unicorn(502),
    "unavailable": _unicorn(503),
    "gateway-timeout": _unicorn(504),
    "page": _unicorn(200),
    "cut": _silence,
    "cut-after": _silence,
    "bad-gateway-after": _unicorn(502),
    "secondary": _secondary(403),
    "secondary-429": _secondary(429),
    "primary": _primary(403),
    "primary-429": _primary(429),
    "unauthorized": _error(401, "Bad credentials"),
    "forbidden": _error(403, "Resource not accessible by integration"),
    "not-found": _error(404, "Not Found"),
    "gone": _error(410, "Issues has been disabled in this repository."),
    "invalid": _invalid,
}
"""What can come in place of an answer; those with "-after" come when the call is carried out."""

_CARRIED_OUT = frozenset({"cut-after", "bad-gateway-after"})
_NO_API_ANSWERS = _CARRIED_OUT | {"cut", "bad-gateway", "unavailable", "gateway-timeout", "page"}
