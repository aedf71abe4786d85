"""The side of the child: apprise itself. One message in by standard input, one answer out.

Nothing here is called by the parent's code: see `alerts.send`.
"""

import json
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

MOST_LOG = 1_000
"""Characters of what apprise logs that are handed on."""


READ_TIMEOUT = 20.0
"""Seconds to wait for a service's answer."""


def main() -> None:
    """Send the message that standard input describes, and print what came of it as JSON."""
    answer, sys.stdout = sys.stdout, sys.stderr  # whatever else is printed goes nowhere
    asked = json.load(sys.stdin)
    for name, value in asked["environment"].items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    said = _sent(asked["url"], asked["subject"], asked["bodies"])
    json.dump(said, answer)
    answer.flush()
    os._exit(0)  # a thread of a plug-in's own keeps nobody waiting


_SEVERAL = (
    "The address names several recipients, and what one of them refuses would be sent to the"
    " others again. Name one in each channel; a mail takes the others as &cc=."
)


def _sent(url: str, subject: str, bodies: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    log = _Log()
    logger = logging.getLogger("apprise")
    logger.addHandler(log)
    logger.propagate = False
    from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType
    from apprise.common import OverflowMode

    asset = AppriseAsset(
        app_id="Linkwell",
        app_desc="Linkwell",
        app_url="https://github.com/linkwell/linkwell",
        image_url_mask="",  # else chats show apprise's picture, from a server of theirs
        image_url_logo="",
        async_mode=False,
        secure_logging=True,
    )
    try:
        service = Apprise.instantiate(url, asset=asset)
        if service is None:
            return _answer(sent=False, why="Apprise does not know such an address.")
        if len(service) > 1:
            return _answer(sent=False, why=_SEVERAL)
        if "rto=" not in url:  # four seconds else, too few for some mail servers
            service.socket_read_timeout = READ_TIMEOUT
        form = NotifyFormat(service.resolve_format(None))
        # Where a text is too long even in its shortest version, the rest is cut, not split up.
        chosen = _fitting(bodies[form.value], int(service.body_maxlen or 0) - len(subject) - 2)
        cut = {} if "overflow=" in url else {"overflow": OverflowMode.TRUNCATE}
        sent = service.notify(
            body=chosen, title=subject, body_format=form, notify_type=NotifyType.INFO, **cut
        )
    except Exception as error:  # noqa: BLE001 - a plug-in may raise any
        return _answer(sent=False, why=f"Apprise failed: {type(error).__name__}.")
    why = log.last or "The service did not take it."
    return _answer(sent=bool(sent), why="" if sent else why, passing=not sent)


def _answer(*, sent: bool, why: str, passing: bool = False) -> Mapping[str, Any]:
    return {"sent": sent, "why": why, "passing": passing}


def _fitting(versions: Sequence[str], most: int) -> str:
    return next((each for each in versions if len(each) <= most), versions[-1])


class _Log(logging.Handler):
    """Keeps the last warning: why a message was not taken is only logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what a record says."""
        self.last = record.getMessage()[:MOST_LOG]
