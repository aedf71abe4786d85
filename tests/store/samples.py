"""Values for the tests of history: plain ones, and strategies for any."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from monitor.core.model import (
    ExchangeId,
    Link,
    Observation,
    Occurrence,
    PageRecord,
    Position,
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
from monitor.core.ports import Exchange, Failure, FailureKind, Hop, Response
from monitor.core.provider import Answer, Checked, Document
from monitor.core.reasons import Reason

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
LECTURE = ResourceId("youtube:video:0bMe_vCZo30")


def a_run(name="r1", at=NOON, **end):
    return Run(id=RunId(name), started_at=at, **end)


def ended(run, **end):
    return Run(id=run.id, started_at=run.started_at, finished_at=run.started_at + DAY / 24, **end)


def a_resource(name=LECTURE, **more):
    plain = {"provider": "youtube", "kind": "video", "url": Url(f"https://v.test/{name}")}
    return Resource(id=ResourceId(name), **{**plain, **more})


def an_exchange(name="e1", **more):
    plain = {
        "id": ExchangeId(name),
        "method": "GET",
        "url": Url("https://v.test/oembed"),
        "at": NOON,
        "elapsed": timedelta(seconds=1.25),
        "said": Response(
            status=200, url=Url("https://v.test/oembed"), headers={"server": "s"}, body=b"{}"
        ),
    }
    return Exchange(**{**plain, **more})


def an_answer(probe="oembed", body=None, exchanges=("e1",)):
    return Answer(
        probe=probe,
        at=NOON,
        said=Document(status=200, url=Url("https://v.test/oembed"), body=body),
        exchanges=tuple(ExchangeId(each) for each in exchanges),
    )


def a_check(name=LECTURE, reason=Reason.ALIVE, at=NOON, answers=None, exchanges=None, **verdict):
    return Checked(
        observation=Observation(
            resource=name if isinstance(name, Resource) else a_resource(name),
            verdict=Verdict(reason=reason, detail="It answered.", **verdict),
            at=at,
        ),
        answers=(an_answer(),) if answers is None else answers,
        exchanges=(an_exchange(),) if exchanges is None else exchanges,
    )


def a_page(name="https://course.test/"):
    return PageRecord(name=name, url=Url(name), read_at=NOON, notes=("It is cut.",))


def an_occurrence(page="https://course.test/", line=46, **more):
    return Occurrence(
        page=page, position=Position(line=line, column=18), element="a", attribute="href", **more
    )


def a_reference(resource=LECTURE, page="https://course.test/", line=46, **more):
    link = Link(
        written="https://youtu.be/0bMe_vCZo30",
        url=Url("https://youtu.be/0bMe_vCZo30"),
        occurrence=an_occurrence(page, line, **more),
    )
    return Reference(link=link, resource=ResourceId(resource))


def a_mail(page="https://course.test/"):
    return Skipped(
        written="mailto:a@b.test", occurrence=an_occurrence(page, 3), why="a mail address"
    )


def spread(value):
    """Return a value with all that it holds, also what its own equality leaves out."""
    if is_dataclass(value):
        return {f.name: spread(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [spread(each) for each in value]
    if hasattr(value, "items"):
        return {key: spread(each) for key, each in value.items()}
    return value


instants = st.datetimes(timezones=st.just(UTC))
maybe_instants = st.none() | instants
texts = st.text(max_size=12)
urls = texts.map(Url)
headers = st.dictionaries(texts, texts, max_size=3)
reasons = st.sampled_from(Reason)


def jsons(leaves):
    return st.recursive(
        st.none() | leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    )


plain_jsons = jsons(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
)
any_texts = st.text(st.characters(exclude_categories=()), max_size=12)
any_jsons = jsons(st.booleans() | st.floats() | any_texts | st.integers())

suggestions = st.builds(
    Suggestion, url=urls, why=texts, confidence=st.floats(min_value=0, max_value=1)
)


def verdicts(json=plain_jsons, text=texts):
    return st.builds(
        Verdict,
        reason=reasons,
        detail=text,
        leads_to=st.none() | text.map(Url),
        retry_at=maybe_instants,
        instead=st.none() | suggestions,
        facts=st.dictionaries(text, json, max_size=3),
    )


hops = st.lists(st.builds(Hop, status=st.integers(), url=urls, location=urls), max_size=2).map(
    tuple
)
failures = st.builds(
    Failure, kind=st.sampled_from(FailureKind), detail=texts, retry_at=maybe_instants
)
documents = st.builds(
    Document,
    status=st.integers(0, 999),
    url=urls,
    body=plain_jsons,
    headers=headers,
    hops=hops,
    location=st.none() | urls,
)
responses = st.builds(
    Response,
    status=st.integers(0, 999),
    url=urls,
    headers=headers,
    body=st.binary(max_size=20),
    truncated=st.booleans(),
    location=st.none() | urls,
)
