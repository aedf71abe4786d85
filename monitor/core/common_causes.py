"""Which troubles have one cause: what fails together, and of which nothing works, is one."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monitor.core.causes import Cause, CauseKind, may_explain
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason

NEEDED = {CauseKind.PROVIDER: 5}
"""How many must suffer before a cause is believed, where that is not `USUALLY_NEEDED`: services
are large, and few links tell little of a whole one."""
USUALLY_NEEDED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sufferer:
    """A resource in trouble: what it is, and what may be behind that.

    `own` is the resource itself as a cause.
    """

    id: ResourceId
    reason: Reason
    own: Cause
    causes: Sequence[Cause] = ()


def by_common_cause(
    sufferers: Iterable[Sufferer], cleared: AbstractSet[Cause], *, narrowest_is_sure: bool = False
) -> Mapping[Cause, Sequence[ResourceId]]:
    """Return the sufferers by their root cause: each stands under exactly one, sorted.

    A cause counts where at least two suffer that it may explain (of a whole service: five), and
    it is not among `cleared`, the causes of what works. Of those that count the widest explains:
    a service before a host, that before what belongs together; among what belongs together the
    one under which most suffer, among equals the narrowest. Else a resource is its own cause.

    `narrowest_is_sure` believes the narrowest cause of each sufferer, cleared or not: for warnings,
    which are said in so many words of things that work.
    """
    left = {each.id: each for each in sorted(sufferers, key=lambda each: each.id)}
    suffering: dict[Cause, list[ResourceId]] = {}
    for one in left.values():
        for cause in _candidates(one, cleared, narrowest_is_sure=narrowest_is_sure):
            suffering.setdefault(cause, []).append(one.id)
    found: dict[Cause, Sequence[ResourceId]] = {}
    for cause in sorted(suffering, key=lambda cause: _order(cause, len(suffering[cause]))):
        ids = [id_ for id_ in suffering[cause] if id_ in left]
        if len(ids) >= NEEDED.get(cause.kind, USUALLY_NEEDED):
            found[cause] = ids
            for id_ in ids:
                del left[id_]
    return found | {one.own: [one.id] for one in left.values()}


def narrowest(causes: Iterable[Cause], reason: Reason) -> Cause | None:
    """Return the narrowest cause that may explain a reason, the first of equals; None without."""
    fit = (cause for cause in causes if may_explain(cause.kind, reason))
    return max(fit, key=lambda cause: cause.kind, default=None)


def _candidates(
    one: Sufferer, cleared: AbstractSet[Cause], *, narrowest_is_sure: bool
) -> Mapping[Cause, None]:
    sure = narrowest(one.causes, one.reason) if narrowest_is_sure else None
    return {
        cause: None
        for cause in one.causes
        if may_explain(cause.kind, one.reason) and (cause == sure or cause not in cleared)
    }


def _order(cause: Cause, sufferers: int) -> tuple[int, int, int, str]:
    """Return by what causes are tried: the widest first."""
    rank = min(cause.kind, CauseKind.OWNER)
    return rank, -sufferers, -cause.kind, cause.key
