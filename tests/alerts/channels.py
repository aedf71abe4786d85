"""A folder with a configuration, a history in which things happen, and a service that is told."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from monitor.alerts.telling import Around
from monitor.config import load
from monitor.core.conclusion import Conclusion
from monitor.net.alerts import Outcome
from tests.store.over_time import an_incident
from tests.store.samples import NOON, a_run, ended

LATER = NOON + timedelta(hours=2)
ONE = "alerts: {name: mail, url: '${MAIL_URL}'}"
MAIL = "json://mail.example/hook"
SENT, REFUSED = Outcome(sent=True), Outcome(sent=False, why="It is full.", passing=True)


def conf(text=ONE, **environment):
    Path("config.yaml").write_text(text)
    given = {"MAIL_URL": MAIL, "BEAT": "https://beat.example/8d1f", **environment}
    return load(Path("config.yaml"), given)


def happen(history, *turns, run="r1", incidents=(), valid=True):
    """Note a run that came to this."""
    begun = a_run(run, at=max((turn.at for turn in turns), default=NOON))
    history.begin(begun)
    known = incidents or [an_incident(name) for name in dict.fromkeys(t.incident for t in turns)]
    end = ended(begun) if valid else ended(begun, invalid_reason="The network was lost.")
    history.conclude(end, lambda _: Conclusion(incidents=known, turned=turns), {})


@dataclass
class Post:
    """A service that takes messages as told, in turn, and the last answer from then on."""

    says: list[Outcome] = field(default_factory=lambda: [SENT])
    got: list[tuple[str, str]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    async def send(self, url, message):
        self.got.append((url, message.subject))
        return self.says.pop(0) if len(self.says) > 1 else self.says[0]

    async def sleep(self, seconds):
        self.slept.append(seconds)

    def around(self, now=LATER) -> Around:
        return Around(send=self.send, now=lambda: now, sleep=self.sleep)
