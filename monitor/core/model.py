"""The nouns of Linkwell, as frozen values.

The order of this file is the order in which they come to be: a page holds links, a
link leads to a resource, a resource gets a verdict, a verdict in a run is an observation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from monitor.core.reasons import Grade, Reason, Status, explain

Url = NewType("Url", str)
"""An absolute URL, normalised by the WHATWG rules, fragment included.

The one exception is a link that cannot be parsed: it keeps the text as written, and
`monitor.core.urls.split` returns parts with an empty scheme for it.
"""

ResourceId = NewType("ResourceId", str)
ExchangeId = NewType("ExchangeId", str)
RunId = NewType("RunId", str)

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None


class PageKind(StrEnum):
    """How the text of a page is to be read."""

    HTML = "html"
    MARKDOWN = "markdown"
    URLS = "urls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One document, as text, with the name that people know it by.

    `name` is a URL or a path as the user gave it; `url` is where its readers find it, the
    base of relative links, or None when that is not known. `notes` are findings about
    the page itself (broken encoding, cut at the size limit), one sentence each. `whole` is
    False where it was cut.
    """

    name: str
    url: Url | None
    kind: PageKind
    text: str
    read_at: datetime
    notes: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in a source file: line and column, both 1-based, in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Where on which page a link stands, in words and numbers.

    The position is that of the first character of the URL as written. For a Markdown
    reference link that is in its definition, and `used_at` tells the place of use.
    `text` (anchor text, or an image's alt) and `context` (heading trail, cells of the row,
    header of the column) are repaired for display and may be empty.
    """

    page: str
    position: Position
    element: str
    attribute: str
    text: str = ""
    context: tuple[str, ...] = ()
    used_at: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL as written on a page, what it resolves to, and where it stands."""

    written: str
    url: Url
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A link that is not checked, and why: a mailto, a rule of the user's, a comment."""

    written: str
    occurrence: Occurrence
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """All links of one page in the order of the source: those to check, those to skip."""

    links: tuple[Link, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The thing behind a link, named by its provider; equal by id alone.

    `url` is its canonical address. `keys` are needed to ask for it but are no part of its
    identity (a Drive resource key). `needs` tells what the links that lead here want
    looked up besides ("#heading", "lines"): the union over them.
    """

    id: ResourceId
    provider: str = field(compare=False)
    kind: str = field(compare=False)
    url: Url = field(compare=False)
    keys: Mapping[str, str] = field(default_factory=dict, compare=False)
    needs: frozenset[str] = field(default=frozenset(), compare=False)

    def joined(self, other: "Resource") -> "Resource":
        """Return this resource with the keys and needs of another reference to it added."""
        return replace(self, keys={**other.keys, **self.keys}, needs=self.needs | other.needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A URL to use instead, why it is thought right, and how sure that is (0 to 1)."""

    url: Url
    why: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is the case with a resource at one moment.

    `detail` is one sentence for a human. `leads_to` is where the resource passes its
    readers on to; the settled verdict is then the worse of the two. `retry_at` is when
    asking again makes sense. `facts` are the provider's own, plain JSON.
    """

    reason: Reason
    detail: str
    leads_to: Url | None = None
    retry_at: datetime | None = None
    instead: Suggestion | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """Return what to tell the user now."""
        return explain(self.reason).status

    @property
    def grade(self) -> Grade:
        """Return how much this counts over time."""
        return explain(self.reason).grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A resource's own verdict in one run, at one instant; not yet settled."""

    resource: Resource
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass over the sources.

    `finished_at` is None while it runs, and for ever if it was killed. `invalid_reason` says
    in one sentence why the run counts for nothing, and is None for a valid run. What was
    observed after `trusted_until` does not count, for the network was lost then; None trusts
    all. `stopped` tells that the user ended it early: what it had finished counts. `notes` are
    sentences for whoever must act, such as that a key was refused. `sources` are the sources,
    by name, that it read whole as the configuration has them: only of these it can tell that a
    link is gone from the page; none for a run of a part, or of what the command line named.
    """

    id: RunId
    started_at: datetime
    finished_at: datetime | None = None
    invalid_reason: str | None = None
    trusted_until: datetime | None = None
    stopped: bool = False
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Return whether the run counts: nothing spoke against believing it."""
        return self.invalid_reason is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """What is kept of a page once its links are taken from it.

    `source` is the name of the source that it belongs to. `read` is False where the page itself
    could not be read: its one link is then to itself. `whole` is False where more links may
    stand on it than are known: it was cut, they were too many, or all of them are missing.
    """

    name: str
    url: Url | None
    read_at: datetime
    notes: tuple[str, ...] = ()
    source: str = ""
    read: bool = True
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A link together with the resource that it was recognised to lead to."""

    link: Link
    resource: ResourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run as history holds it: all that its report is made of.

    `observations` hold also what stands behind short links and redirects, so more than the
    references name. A referenced resource without an observation was not reached.
    `baselines` are the identity facts that were accepted for them, as far as there are any.
    """

    run: Run
    pages: tuple[PageRecord, ...]
    references: tuple[Reference, ...]
    skipped: tuple[Skipped, ...]
    resources: Mapping[ResourceId, Resource]
    observations: Mapping[ResourceId, Observation]
    baselines: Mapping[ResourceId, Mapping[str, Json]] = field(default_factory=dict)
