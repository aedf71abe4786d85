"""What hypothesis draws: hostile text, URLs, JSON, and whatever a service might answer."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from monitor.core.identify import link_to
from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind, Hop
from monitor.core.provider import KEPT_HEADERS, Answer, Document
from monitor.core.urls import normalise, split

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

instants = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis wants it naive, the zone is beside
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=9))]),
)

words = st.text(max_size=40)
"""Any text of people, lone surrogates left out: what crosses the border has none."""

URLS = [
    "https://example.org/",
    "https://example.org/it/week01/01#video",
    "http://example.org/slides.pdf",
    "http://[::1",
    "http://exa mple",
    "mailto:a@example.org",
    "https://example.org/404",
    "https://accounts.google.com/ServiceLogin?continue=x",
    "https://www.youtube.com/watch?v=0bMe_vCZo30&t=90",
    "https://youtu.be/0bMe_vCZo30?t=1h",
    "https://www.youtube.com/playlist?list=PLLHTzKZzVU9eaEyErdV26ikyolxOsz6mq",
    "https://www.youtube.com/@AlfredoCanziani",
    "https://drive.google.com/file/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/view",
    "https://drive.google.com/drive/folders/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb",
    "https://docs.google.com/document/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/edit#heading=h.1",
    "https://github.com/Atcold/pytorch-Deep-Learning",
    "https://github.com/Atcold/pytorch-Deep-Learning/blob/master/README.md#L10-L20",
    "https://github.com/Atcold",
    "http://bit.ly/PPUU-slides",
    "https://doi.org/10.1000/182",
    "https://goo.gl/abc",
]

urls = st.sampled_from(URLS).map(lambda u: normalise(u) or Url(u))

targets = st.sampled_from([u for url in URLS if (u := normalise(url)) and split(u).is_web])
"""Where redirects lead: fetch lets only web addresses pass."""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words | urls,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=6,
)

html_bodies = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["", "404 Not Found", "Just a moment...", "A course"]) | words,
        "heading": words | st.just("Pagina non trovata"),
        "refresh": st.none() | urls | words,
        "way_on": st.none() | urls | words,
        "words": words,
        "ids": st.lists(words, max_size=3) | json_values,
        "truncated": st.booleans() | json_values,
        "info": json_values,
        "error": json_values,
    },
)

header_values = st.sampled_from(
    ["", "0", "120", "-1", "text/html", "application/pdf", "challenge", "1" * 30]
) | st.text(st.characters(max_codepoint=255), max_size=20)

hops = st.builds(
    Hop, status=st.sampled_from([301, 302, 303, 307, 308]), url=targets, location=targets
)


def documents(vocabulary):
    """Draw what a service may say, also in the words of its provider: see `json_of`."""
    return st.builds(
        Document,
        status=st.sampled_from(
            [0, 200, 204, 206, 301, 302, 400, 401, 403, 404, 405, 410, 429, 451, 500, 503, 999]
        )
        | st.integers(),
        url=urls,
        body=json_values | html_bodies | json_of(vocabulary),
        headers=st.dictionaries(st.sampled_from(KEPT_HEADERS), header_values, max_size=4),
        hops=st.lists(hops, max_size=3).map(tuple),
        location=st.none() | targets,
    )


def json_of(vocabulary):
    """Draw JSON whose keys and texts are such words: a judge looks into nothing else."""
    known = st.sampled_from(sorted(vocabulary))
    return st.recursive(
        json_values | known,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(known, inner, max_size=8),
        max_leaves=12,
    )


failures = st.builds(
    Failure,
    kind=st.sampled_from(FailureKind),
    detail=st.just("It went wrong.") | words.filter(bool),
    retry_at=st.none() | instants,
)


def answers(probes, vocabulary):
    """Draw any answers of any subset of these probes, some of them repeated."""
    one = st.builds(
        Answer,
        probe=st.sampled_from(sorted(probes)),
        at=instants,
        said=documents(vocabulary) | failures,
    )
    return st.lists(one, max_size=5)


links = urls.map(link_to)
