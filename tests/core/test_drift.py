"""What changed behind a link, and what only looks like it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.drift import ADDRESS, SECONDS, FactChange, added, changes, drifted, identity, kept
from monitor.core.model import Resource, ResourceId, Suggestion, Url, Verdict
from monitor.core.provider import Fact
from monitor.core.reasons import Reason, Status, explain
from tests import strategies


def fact(unit="", identity=True):
    return Fact(meaning="What it means", source="the service", unit=unit, identity=identity)


DOCUMENTED = {
    "title": fact(),
    "duration": fact(SECONDS),
    "channel": fact(),
    "name": fact(),
    "type": fact(),
    "size": fact("bytes"),
    "md5": fact(),
    "owners": fact(),
    "shared": fact(),
    "repository_id": fact(),
    "full_name": fact(),
    "target": fact(ADDRESS),
    "views": fact(identity=False),
}
TITLE = "Trasformazione dei parametri / CNN"
VIDEO = {"title": TITLE, "duration": 3605, "channel": "Alf"}
FILE = {"name": "slides.pdf", "type": "application/pdf", "size": 1000, "md5": "0a1b"}
REPOSITORY = {"repository_id": 42, "full_name": "mabel/deep"}
SHORT = {"target": "https://cds.nyu.edu/slides"}


def resource(kind="video"):
    url = Url("https://v.example/1")
    return Resource(id=ResourceId("v:1"), provider="v", kind=kind, url=url)


def verdict(reason=Reason.ALIVE):
    hint = Suggestion(url=Url("https://v.example/2"), why="It is better.", confidence=0.5)
    return Verdict(reason=reason, detail="It is as it is.", instead=hint)


def between(before, now):
    return changes(before, now, DOCUMENTED)


def became(before, now, reason=Reason.ALIVE, kind="video"):
    return drifted(verdict(reason), between(before, now), resource(kind))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(VIDEO, VIDEO, id="the same"),
        pytest.param({}, VIDEO, id="nothing was known before"),
        pytest.param(VIDEO, {}, id="nothing is known now"),
        pytest.param({"title": TITLE}, {"title": None}, id="a probe that knows no title"),
        pytest.param({"title": TITLE}, {"title": ""}, id="an empty one"),
        pytest.param({"title": TITLE}, {"title": f" {TITLE.upper()} "}, id="case and space"),
        pytest.param({"title": "A & B"}, {"title": "A &amp; B"}, id="a title read from HTML"),
        pytest.param({"title": "Café"}, {"title": "Café"}, id="another form of Unicode"),
        pytest.param({"title": "C++"}, {"title": " c++"}, id="a title of few words"),
        pytest.param({"title": "→"}, {"title": " → "}, id="a title of none"),
        pytest.param({"duration": 3605}, {"duration": 3606}, id="a second rounded up"),
        pytest.param({"duration": 3605}, {"duration": 3604.2}, id="parts of seconds"),
        pytest.param({"duration": 3605}, {"duration": 0}, id="a length not known yet"),
        pytest.param({"size": 1000}, {"size": "1000"}, id="a number as a text"),
        pytest.param({"size": 1000}, {"size": "1 kB"}, id="a number and a rounded one"),
        pytest.param({"repository_id": 42}, {"repository_id": "R_42"}, id="two kinds of ids"),
        pytest.param({"md5": "0a1b"}, {"md5": "0A1B"}, id="a checksum in capitals"),
        pytest.param({"owners": ["a", "b"]}, {"owners": ["b", "A"]}, id="another order"),
        pytest.param({"shared": True}, {"shared": 1}, id="a truth and a number"),
        pytest.param(
            {"target": "http://www.nyu.edu/a/"}, {"target": "https://nyu.edu/a"}, id="an address"
        ),
        pytest.param({"views": 1}, {"views": 2}, id="a fact that tells nothing of identity"),
        pytest.param({"likes": 1}, {"likes": 2}, id="a fact that nobody documented"),
    ],
)
def test_it_is_no_change(before, now):
    assert between(before, now) == ()
    assert became(before, now) == verdict()


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        pytest.param(VIDEO, VIDEO | {"title": "Week 3"}, Reason.CHANGED, id="a renamed video"),
        pytest.param(VIDEO, VIDEO | {"duration": 3500}, Reason.CHANGED, id="a cut video"),
        pytest.param(VIDEO, VIDEO | {"channel": "Other"}, Reason.CHANGED, id="another channel"),
        pytest.param(
            VIDEO,
            VIDEO | {"title": "Cats", "duration": 61},
            Reason.REPLACED,
            id="a video of another title and length",
        ),
        pytest.param(FILE, FILE | {"name": "s2.pdf"}, Reason.CHANGED, id="a renamed file"),
        pytest.param(
            FILE, FILE | {"size": 1100, "md5": "ff"}, Reason.CHANGED, id="a new edition of a file"
        ),
        pytest.param(
            FILE, FILE | {"size": 1100, "name": "s2.pdf"}, Reason.CHANGED, id="renamed and new"
        ),
        pytest.param(FILE, FILE | {"size": 0}, Reason.CHANGED, id="an emptied file"),
        pytest.param(
            FILE,
            {"name": "cat.png", "type": "image/png", "size": 7},
            Reason.REPLACED,
            id="a file of another name, type and size",
        ),
        pytest.param(
            REPOSITORY,
            REPOSITORY | {"repository_id": 43},
            Reason.REPLACED,
            id="another repository of the same name",
        ),
        pytest.param(
            REPOSITORY, REPOSITORY | {"full_name": "x/deep"}, Reason.CHANGED, id="a transfer"
        ),
        pytest.param(
            SHORT, {"target": "https://cds.nyu.edu/b"}, Reason.CHANGED, id="another page there"
        ),
        pytest.param(
            SHORT, {"target": "https://math.nyu.edu/b"}, Reason.CHANGED, id="another department"
        ),
        pytest.param(
            SHORT, {"target": "https://casino.example/"}, Reason.RETARGETED, id="another domain"
        ),
        pytest.param({"shared": True}, {"shared": False}, Reason.CHANGED, id="a truth"),
        pytest.param({"owners": ["a"]}, {"owners": ["b"]}, Reason.CHANGED, id="another owner"),
    ],
)
def test_a_change_is_called(before, now, reason):
    found = became(before, now)
    assert (found.reason, found.instead) == (reason, None)


def test_a_lasting_identifier_may_move_to_another_publisher():
    now = {"target": "https://other.example/article"}
    assert became(SHORT, now, kind="identifier").reason is Reason.CHANGED


@pytest.mark.parametrize(
    ("reason", "now", "becomes"),
    [
        pytest.param(Reason.ARCHIVED, {"title": "B"}, Reason.ARCHIVED, id="a warning of its own"),
        pytest.param(
            Reason.ARCHIVED, {"title": "B", "duration": 9}, Reason.REPLACED, id="what is worse"
        ),
        pytest.param(Reason.DELETED, {"title": "B", "duration": 9}, Reason.DELETED, id="broken"),
        pytest.param(Reason.BLOCKED, {"title": "B", "duration": 9}, Reason.BLOCKED, id="unknown"),
    ],
)
def test_what_is_worse_stays(reason, now, becomes):
    assert became(VIDEO, VIDEO | now, reason).reason is becomes


def test_a_change_is_told_in_words():
    found = became(
        VIDEO | SHORT, {"title": "x" * 200, "duration": 61, "target": "https://x.example/"}
    )
    assert found.detail == (
        "Its duration was 3605 s, and is 61 s now."
        " It led to https://cds.nyu.edu/slides, and leads to https://x.example/ now."
        f" Its title was “{TITLE}”, and is “{'x' * 119}…” now."
    )
    assert became({"owners": ["a", "b"]}, {"owners": ["c"]}).detail == (
        "Its owners was a, b, and is c now."
    )


def test_a_change_says_what_was_and_what_is():
    assert between({"duration": 9, "md5": "a"}, {"duration": 99, "md5": "b"}) == (
        FactChange(name="duration", before=9, now=99, unit="s"),
        FactChange(name="md5", before="a", now="b"),
    )


facts = st.dictionaries(
    st.sampled_from(sorted(DOCUMENTED)) | strategies.words, strategies.json_values, max_size=6
)


@given(facts=facts)
def test_the_same_facts_never_drift(facts):
    assert changes(facts, facts, DOCUMENTED) == ()


@given(before=facts, now=facts, seed=st.integers())
def test_the_order_of_facts_is_of_no_matter(before, now, seed):
    def shuffled(mapping):
        entries = list(mapping.items())
        random.Random(seed).shuffle(entries)
        return dict(entries)

    mixed = changes(shuffled(before), shuffled(now), shuffled(DOCUMENTED))
    assert mixed == changes(before, now, DOCUMENTED)


@given(before=facts, now=facts)
def test_a_change_is_one_in_both_directions_and_of_identity_alone(before, now):
    there, back = changes(before, now, DOCUMENTED), changes(now, before, DOCUMENTED)
    assert [c.name for c in there] == [c.name for c in back]
    assert {c.name for c in there} <= identity(before, DOCUMENTED).keys()


@given(before=facts, now=facts, reason=st.sampled_from(Reason))
def test_drift_makes_nothing_better(before, now, reason):
    found = drifted(verdict(reason), changes(before, now, DOCUMENTED), resource())
    assert found.detail
    if found.reason is not reason:
        assert explain(reason).status in {Status.OK, Status.WARNING}
        assert found.status in {Status.WARNING, Status.BROKEN}


# --- what is noted ---


def test_what_is_noted_is_identity_and_what_links_are_judged_by():
    documented = {
        "title": fact(),
        "views": fact(identity=False),
        "places": Fact(meaning="Where", source="the service", kept=True),
    }
    seen = {"title": "Week 3", "views": 7, "places": {"8": "proof"}}
    assert kept(seen, documented) == {"title": "Week 3", "places": {"8": "proof"}}
    assert kept({"title": "Week 3", "places": None}, documented) == {"title": "Week 3"}
    assert changes(seen, {**seen, "places": {"8": "cats"}}, documented) == ()


MANY = {str(n): "old" for n in range(100)}


@pytest.mark.parametrize(
    ("before", "now", "joined"),
    [
        pytest.param({}, {"title": "x"}, {"title": "x"}, id="the first look"),
        pytest.param({"title": "x"}, {"title": "y"}, {"title": "x"}, id="what was noted stays"),
        pytest.param({"title": "x"}, {}, {"title": "x"}, id="what is not seen now stays"),
        pytest.param({"a": {"8": "x"}}, {"a": {"8": "y"}}, {"a": {"8": "x"}}, id="a place stays"),
        pytest.param(
            {"a": {"8": "x"}}, {"a": {"9": "y"}}, {"a": {"8": "x", "9": "y"}}, id="a place is added"
        ),
        pytest.param({"a": {"8": "x"}}, {"a": "y"}, {"a": {"8": "x"}}, id="of another form"),
        pytest.param(
            {"a": MANY},
            {"a": {"8": "new", "100": "new"}},
            {"a": {"8": "old", "100": "new"}},
            id="too many places are cut to those of now",
        ),
    ],
)
def test_what_was_noted_grows_by_what_is_new(before, now, joined):
    assert added(before, now) == joined
