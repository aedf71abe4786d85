"""Records of our own making, as small as a sentence: what a page links to, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.core.findings import Finding, findings
from monitor.core.identify import link_to
from monitor.core.model import (
    Json,
    Link,
    Observation,
    Occurrence,
    PageRecord,
    Position,
    Record,
    Reference,
    Resource,
    ResourceId,
    Run,
    RunId,
    Skipped,
    Suggestion,
    Url,
    Verdict,
)
from monitor.core.provider import Answer, Ask, Fact, Probe, Provider
from monitor.core.reasons import Reason
from monitor.report.report import Report, build

PAGE = "https://course.example/it/"
STARTED = datetime(2026, 3, 14, 6, 30, tzinfo=UTC)
FINISHED = STARTED + timedelta(seconds=48)


@dataclass(frozen=True, kw_only=True)
class FakeProvider:
    """Recognises one host's links; the verdict of a link that names a second is its own."""

    name: str
    host: str = ""
    probes: Mapping[str, Probe] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(
        default_factory=lambda: {
            name: Fact(meaning="What it is", source="the service", unit=unit, identity=True)
            for name, unit in (("title", ""), ("duration", "s"), ("size", "bytes"), ("owners", ""))
        }
    )

    def identify(self, link: Link) -> Resource | None:
        if self.host and f"//{self.host}/" not in link.url:
            return None
        url = Url(link.url.partition("#")[0])
        kind = {"youtube": "video", "github": "blob", "google_drive": "file"}.get(self.name, "page")
        return Resource(id=ResourceId(f"{self.name}:{url}"), provider=self.name, kind=kind, url=url)

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        raise AssertionError("a report judges nothing")

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:
        if link.url.endswith("#missing"):
            return Verdict(reason=Reason.PART_MISSING, detail="There is no heading “missing”.")
        return verdict

    def judge_link_since(
        self, link: Link, verdict: Verdict, accepted: Mapping[str, Json]
    ) -> Verdict:
        return verdict


PROVIDERS: tuple[Provider, ...] = (
    FakeProvider(name="youtube", host="youtube.example"),
    FakeProvider(name="github", host="github.com"),
    FakeProvider(name="google_drive", host="drive.example"),
    FakeProvider(name="web"),
)


@dataclass(kw_only=True)
class Course:
    """A page that grows link by link, each on a line of its own."""

    run: Run = field(
        default_factory=lambda: Run(id=RunId("r1"), started_at=STARTED, finished_at=FINISHED)
    )
    pages: tuple[PageRecord, ...] = (PageRecord(name=PAGE, url=Url(PAGE), read_at=STARTED),)
    references: list[Reference] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    resources: dict[ResourceId, Resource] = field(default_factory=dict)
    observations: dict[ResourceId, Observation] = field(default_factory=dict)
    baselines: dict[ResourceId, Mapping[str, Json]] = field(default_factory=dict)

    def link(
        self,
        url: str,
        reason: Reason | None = Reason.ALIVE,
        *,
        detail: str = "",
        text: str = "",
        context: tuple[str, ...] = (),
        instead: str | None = None,
        page: str = PAGE,
        written: str | None = None,
        used_at: Position | None = None,
        leads_to: str | None = None,
        retry_at: datetime | None = None,
        at: datetime = FINISHED,
        facts: Mapping[str, Json] | None = None,
        accepted: Mapping[str, Json] | None = None,
        **more_facts: Json,
    ) -> "Course":
        """Add a link whose resource has a verdict; without a reason it was not reached.

        `accepted` are the facts that its owner took for right.
        """
        line = len(self.references) + len(self.skipped) + 10
        occurrence = Occurrence(
            page=page,
            position=Position(line=line, column=5),
            element="a",
            attribute="href",
            text=text,
            context=context,
            used_at=used_at,
        )
        link = Link(
            written=url if written is None else written, url=Url(url), occurrence=occurrence
        )
        resource = self._resource(link)
        self.references.append(Reference(link=link, resource=resource.id))
        if accepted is not None:
            self.baselines[resource.id] = accepted
        if reason is not None:
            why = "It is alive."
            verdict = Verdict(
                reason=reason,
                detail=detail,
                facts={**(facts or {}), **more_facts},
                leads_to=Url(leads_to) if leads_to is not None else None,
                retry_at=retry_at,
                instead=Suggestion(url=Url(instead), why=why, confidence=0.95) if instead else None,
            )
            self.observations.setdefault(
                resource.id, Observation(resource=resource, verdict=verdict, at=at)
            )
        return self

    def behind(self, url: str, reason: Reason, *, detail: str = "") -> "Course":
        """Add what stands behind a short link, and on no page."""
        resource = self._resource(link_to(Url(url)))
        verdict = Verdict(reason=reason, detail=detail)
        self.observations[resource.id] = Observation(
            resource=resource, verdict=verdict, at=FINISHED
        )
        return self

    def leave(self, written: str, why: str) -> "Course":
        """Add a link that is not checked."""
        line = len(self.references) + len(self.skipped) + 10
        occurrence = Occurrence(
            page=PAGE, position=Position(line=line, column=1), element="a", attribute="href"
        )
        self.skipped.append(Skipped(written=written, occurrence=occurrence, why=why))
        return self

    def _resource(self, link: Link) -> Resource:
        resource = next(r for p in PROVIDERS if (r := p.identify(link)) is not None)
        return self.resources.setdefault(resource.id, resource)

    def record(self) -> Record:
        return Record(
            run=self.run,
            pages=self.pages,
            references=tuple(self.references),
            skipped=tuple(self.skipped),
            resources=self.resources,
            observations=self.observations,
            baselines=self.baselines,
        )

    def findings(self) -> tuple[Finding, ...]:
        return findings(self.record(), PROVIDERS)

    def report(self, previous: "Course | None" = None) -> Report:
        before = previous.findings() if previous is not None else None
        run = previous.run if previous is not None else None
        return build(self.record(), self.findings(), before, run)


def invalid(reason: str = "no network: only 0 of 3 well-known addresses answered") -> Course:
    """Return a page whose run does not count."""
    run = Run(id=RunId("r1"), started_at=STARTED, finished_at=FINISHED, invalid_reason=reason)
    return Course(run=run)


def drifted(number: int = 1) -> Course:
    """Return a page whose videos are not any more what they were; every second is another one."""
    course = Course()
    for n in range(number):
        course.link(
            f"https://youtube.example/v{n}",
            text="video",
            context=("Lezioni", f"Settimana: {n}"),
            accepted={"title": f"Lezione {n}", "duration": 3600},
            title=f"Gatti {n}",
            duration=61 if n % 2 else 3600,
        )
    return course


def sample(size: int = 1) -> Course:
    """Return a course page with most troubles in it, `size` times over."""
    course = Course(
        pages=(
            PageRecord(
                name=PAGE,
                url=Url(PAGE),
                read_at=STARTED,
                notes=("Some text was not UTF-8 and was repaired where it is shown.",),
            ),
        )
    )
    for n in range(size):
        _weeks(course, n)
    return course.leave("mailto:teacher@course.example", "mailto: is no web address").leave(
        "javascript:void(0)", "javascript: is no web address"
    )


def _weeks(course: Course, n: int) -> None:
    tag = f"{n:03}"
    site, code = f"{PAGE}{tag}/", f"https://github.com/mabel/deep{tag}"
    row = (
        "Lezioni",
        "Settimana: ②",
        "Formato: Lezione",
        "Titolo: Discesa del gradiente",
        "Risorse",
    )
    for week in (6, 7, 8):
        course.link(
            f"{site}it/week{week:02}/{week:02}",
            Reason.NOT_FOUND,
            detail=f"The server answered 404 for /it/it/week{week:02}/{week:02}.",
            text=f"{week}",
            context=("Lezioni", f"Settimana: {week}"),
            instead=f"{site}week{week:02}/{week:02}",
            written=f"it/week{week:02}/{week:02}",
        )
    course.link(
        f"https://youtube.example/v{tag}-private",
        Reason.PRIVATE,
        detail="YouTube says: This video is private.",
        text="ğŸ¥",
        context=row,
        title="Lezione 2: discesa del gradiente",
    )
    course.link(
        f"https://drive.example/{tag}/slides",
        Reason.NOT_SHARED,
        detail="Google asks readers to sign in.",
        text="ğŸ–¥ï¸",
        context=row,
        name="02 - Gradient descent.pdf",
    )
    for k in range(22):
        course.link(
            f"{code}/blob/master/{k:02}-notebook.ipynb",
            Reason.RENAMED,
            detail="The repository is now Mabel/DeepLearning.",
            text="ğŸ““",
            context=(*row[:2], "Formato: Pratica", f"Titolo: Quaderno {k}", "Risorse"),
            instead=f"https://github.com/Mabel/DeepLearning{tag}/blob/master/{k:02}-notebook.ipynb",
            name=f"{k:02}-notebook.ipynb",
            size=18_000 + k * 731,
        )
    for k in range(7):
        course.link(
            f"http://cds{tag}.example/people/{k}",
            Reason.MOVED,
            detail="It redirects for good.",
            text=f"Docente {k}",
            context=("Istruttori",),
            instead=f"https://cds{tag}.example/people/{k}",
        )
    course.link(
        f"https://slow{tag}.example/notes.html",
        Reason.NOT_ANSWERING,
        detail="No answer within 20 s, three times.",
        text="Appunti",
        context=("Materiale",),
    )
    course.link(
        f"https://forum{tag}.example/r/deep",
        Reason.BLOCKED,
        detail="The forum answered 403 to this checker.",
        text="r/deep",
        retry_at=FINISHED + timedelta(hours=6),
    )
    for k in range(30):
        course.link(
            f"{site}week{k:02}/{k:02}-1",
            text=f"Sezione {k}",
            context=("Lezioni", f"Settimana: {k}"),
            title=f"Settimana {k} · Apprendimento profondo",
        )
    for k in range(20):
        course.link(
            f"https://youtube.example/v{tag}-{k:02}",
            text="ğŸ¥",
            context=("Lezioni", f"Settimana: {k}", "Risorse"),
            title=f"Settimana {k} – Lezione: reti convoluzionali e ottimizzazione",
            duration=3600 + k * 61,
            channel="Mabel Rossi",
        )
