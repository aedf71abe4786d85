"""The user's own say on a verdict: where the readers live, which statuses are accepted."""

from collections.abc import Callable
from datetime import datetime

from monitor.config import Config
from monitor.core.audience import for_audience
from monitor.core.leave_alone import accepted
from monitor.core.model import Resource, Verdict


def refining(config: Config, now: Callable[[], datetime]) -> Callable[[Resource, Verdict], Verdict]:
    """Return what the configuration makes of each provider's verdict on a resource."""
    rules = config.accept_rules()

    def refined(resource: Resource, verdict: Verdict) -> Verdict:
        return accepted(for_audience(verdict, config.audience), resource.url, rules, now())

    return refined
