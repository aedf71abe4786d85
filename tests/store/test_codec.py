"""Values come back from JSON as they went in, and nothing that a stranger sends stops them."""

import json
import math
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Suggestion, Url, Verdict
from monitor.core.ports import Failure, FailureKind, Response
from monitor.core.reasons import Reason
from monitor.store import codec
from tests.store.samples import (
    NOON,
    a_check,
    an_exchange,
    any_jsons,
    any_texts,
    documents,
    failures,
    hops,
    plain_jsons,
    responses,
    verdicts,
)


def nested(depth):
    value = "deep"
    for _ in range(depth):
        value = [value]
    return value


@given(verdicts())
def test_a_verdict_comes_back_as_it_was(verdict):
    assert (
        codec.verdict_from_plain(codec.parse(codec.dump(codec.verdict_to_plain(verdict))))
        == verdict
    )


@given(documents | failures)
def test_what_a_probe_brought_comes_back_as_it_was(said):
    assert codec.answer_from_plain(codec.parse(codec.dump(codec.said_to_plain(said)))) == said


@given(responses | failures)
def test_what_an_exchange_brought_comes_back_as_it_was(said):
    body = said.body if isinstance(said, Response) else b""
    stored = codec.parse(codec.dump(codec.said_to_plain(said)))
    assert codec.response_from_plain(stored, body) == said


@given(hops)
def test_redirects_come_back_as_they_were(some):
    assert codec.hops_from_plain(codec.parse(codec.dump(codec.hops_to_plain(some)))) == some


@given(plain_jsons)
def test_json_comes_back_as_it_was(value):
    assert codec.parse(codec.dump(value)) == value


@given(any_jsons)
def test_any_json_can_be_stored_and_then_stays_as_it_is(value):
    text = codec.dump(value)
    text.encode()
    json.loads(text, parse_constant=pytest.fail)
    assert codec.dump(codec.parse(text)) == text


@given(verdicts(any_jsons, any_texts))
def test_any_verdict_can_be_stored_and_then_stays_as_it_is(verdict):
    stored = codec.dump(codec.verdict_to_plain(verdict))
    assert (
        codec.dump(codec.verdict_to_plain(codec.verdict_from_plain(codec.parse(stored)))) == stored
    )


@given(any_jsons, st.binary(max_size=3))
def test_what_we_never_wrote_is_damaged_or_reads_as_a_value(plain, body):
    for read in (
        codec.verdict_from_plain,
        codec.answer_from_plain,
        codec.hops_from_plain,
        lambda value: codec.response_from_plain(value, body),
    ):
        try:
            read(codec.parse(codec.dump(plain)))
        except codec.DamagedError:
            continue


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        pytest.param("a\ud800b\x00c", '"a�b\\u0000c"', id="a lone surrogate is replaced"),
        pytest.param(math.nan, "null", id="NaN is no JSON"),
        pytest.param([math.inf, 1.5], "[null,1.5]", id="infinity is no JSON"),
        pytest.param({"n": 10**5000}, '{"n":null}', id="Python prints no number that long"),
        pytest.param(
            {"n": math.nan, "t": [True, None, 7]},
            '{"n":null,"t":[true,null,7]}',
            id="what stands beside a bad number is kept",
        ),
        pytest.param(("a", "b"), '["a","b"]', id="a tuple is a list"),
        pytest.param(Reason.GONE, '"gone"', id="a reason is its name"),
        pytest.param(
            MappingProxyType({"a": 1}),
            '{"a":1}',
            id="a mapping of another class is an object",
        ),
        pytest.param(range(3), "[0,1,2]", id="a sequence of another class is a list"),
    ],
)
def test_dump(value, stored):
    assert codec.dump(value) == stored


def test_what_is_nested_too_deep_ends_early():
    text = codec.dump(nested(200_000))
    assert text == "[" * codec.DEEPEST + "null" + "]" * codec.DEEPEST


@pytest.mark.parametrize("value", [b"raw", object(), {1, 2}], ids=["bytes", "an object", "a set"])
def test_a_value_that_is_no_json_is_our_own_mistake(value):
    with pytest.raises(TypeError, match="is no JSON"):
        codec.dump(value)


@pytest.mark.parametrize("text", ["", "{", "[1,]", "[" * 100_000, None, 7], ids=str)
def test_text_that_is_no_json_is_damaged(text):
    with pytest.raises(codec.DamagedError):
        codec.parse(text)


GOOD = {"reason": "gone", "detail": "d", "facts": {}}


@pytest.mark.parametrize(
    ("plain", "why"),
    [
        pytest.param([], "no object", id="a list"),
        pytest.param(
            {**GOOD, "reason": "vanished"},
            "reason has no known name",
            id="a reason of another version",
        ),
        pytest.param({**GOOD, "detail": 7}, "detail should be str", id="a number for a sentence"),
        pytest.param({"reason": "gone"}, "detail should be str", id="a sentence that is missing"),
        pytest.param({**GOOD, "retry_at": "soon"}, "retry_at is no instant", id="no instant"),
        pytest.param(
            {**GOOD, "retry_at": "2026-01-01T00:00:00"}, "names no time zone", id="no zone"
        ),
        pytest.param({**GOOD, "instead": {"url": 1}}, "url should be str", id="half a suggestion"),
        pytest.param({**GOOD, "leads_to": ["x"]}, "leads_to should be str", id="a list for a URL"),
    ],
)
def test_a_verdict_that_we_never_wrote_is_damaged(plain, why):
    with pytest.raises(codec.DamagedError, match=why):
        codec.verdict_from_plain(plain)


def test_a_confidence_written_as_a_whole_number_is_read():
    better = Suggestion(url=Url("https://a.test/"), why="w", confidence=1)
    verdict = Verdict(reason=Reason.GONE, detail="", instead=better)
    assert (
        codec.verdict_from_plain(codec.parse(codec.dump(codec.verdict_to_plain(verdict))))
        == verdict
    )


@pytest.mark.parametrize("plain", [{}, [[1, "a"]], [["1", "a", "b"]], [7]], ids=str)
def test_redirects_that_we_never_wrote_are_damaged(plain):
    with pytest.raises(codec.DamagedError):
        codec.hops_from_plain(plain)


def test_words_are_texts_only():
    with pytest.raises(codec.DamagedError, match="not only texts"):
        codec.words(["a", 7])


def test_true_is_no_number():
    with pytest.raises(codec.DamagedError, match="status should be int"):
        codec.take({"status": True}, "status", int)


def test_evidence_is_cut_and_keeps_no_cookies():
    said = Response(
        status=200,
        url=Url("https://a.test/"),
        headers={"server": "s", "set-cookie": "session=1"},
        body=b"x" * (codec.MOST_BODY + 1),
    )
    [kept] = codec.cut(a_check(exchanges=(an_exchange(said=said),))).exchanges
    assert kept.said == replace(
        said, headers={"server": "s"}, body=b"x" * codec.MOST_BODY, truncated=True
    )


def test_evidence_that_is_small_stays_whole():
    failed = an_exchange("e2", said=Failure(kind=FailureKind.RESET, detail="cut", retry_at=NOON))
    checked = a_check(exchanges=(an_exchange(), failed))
    assert codec.cut(checked) == checked
