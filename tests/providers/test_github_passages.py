"""Lines that links name: remembered, and found again where they stand by now."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.drift import kept
from monitor.core.model import Verdict
from monitor.core.reasons import Reason
from monitor.providers import _github_passages as passages
from monitor.providers.github import PROVIDER
from tests.providers.fakes import FakePorts, check, link, reply
from tests.providers.github_world import judged
from tests.providers.test_github import FILE, REPO, SITE, TREE, repository, tree

RAW = "https://raw.githubusercontent.com/o/r/main/a/b.py"
OLD = [f"line {n}" for n in range(1, 41)]


async def seen(lines, fragment="L10-L12"):
    """Return the verdict on a file of these lines, as a link to some of them had it looked up."""
    table = {REPO: repository(), TREE: tree("a/b.py"), RAW: reply(200, "\n".join(lines) + "\n")}
    return await check(PROVIDER, f"{FILE}#{fragment}", FakePorts(table))


async def since(old, new, fragment="L10-L12"):
    """Return the verdict of a link whose file was once of other lines."""
    accepted = kept((await seen(old, fragment)).facts, PROVIDER.facts)
    now = await seen(new, fragment)
    return PROVIDER.judge_link_since(link(f"{FILE}#{fragment}"), now, accepted)


@pytest.mark.parametrize(
    ("fragment", "new", "now"),
    [
        pytest.param("L10-L12", ["new", *OLD], "L11-L13", id="down by one"),
        pytest.param("L10-L12", OLD[5:], "L5-L7", id="up by five"),
        pytest.param("L10", ["new", *OLD], "L11", id="a single line"),
        pytest.param("L12-L10", ["new", *OLD], "L11-L13", id="named the other way round"),
        pytest.param("L10C3-L12C7", ["new", *OLD], "L11-L13", id="named with columns"),
        pytest.param("L38-L40", OLD[20:], "L18-L20", id="in a file that became shorter"),
        pytest.param("L1-L40", ["new", *OLD], "L2-L41", id="the whole file"),
        pytest.param("L10-L12", [f"{line}  " for line in OLD], None, id="white space at the ends"),
        pytest.param("L10-L12", OLD, None, id="nothing changed"),
        pytest.param("L10-L12", [*OLD, "new"], None, id="changed elsewhere"),
        pytest.param("L10-L12", [*OLD, *OLD], None, id="stands twice, but also here"),
        pytest.param("L10-L12", ["new", *OLD, *OLD], None, id="stands twice elsewhere"),
        pytest.param("L10-L12", OLD[:9] + OLD[20:], None, id="nowhere any more"),
        pytest.param("L10-L12", [*OLD[:10], "edited", *OLD[10:]], None, id="edited within"),
        pytest.param("L10-L12", ["new"] * 1501, None, id="too long to be looked through"),
    ],
)
async def test_lines_are_found_where_they_moved(fragment, new, now):
    verdict = await since(OLD, new, fragment)
    assert (verdict.instead.url if verdict.instead else None) == (f"{FILE}#{now}" if now else None)
    assert verdict.reason is (Reason.PART_MISSING if now else Reason.ALIVE)


async def test_lines_beyond_the_end_that_are_nowhere_are_still_beyond_the_end():
    verdict = await since(OLD, OLD[:20], "L38-L40")
    assert (verdict.reason, verdict.instead) == (Reason.PART_MISSING, None)
    assert verdict.detail == "The link names line 40, but the file has only 20."


async def test_a_reader_learns_from_where_to_where():
    verdict = await since(OLD, ["new", *OLD])
    assert verdict.detail == "What was at lines 10 to 12 when first seen is at lines 11 to 13 now."
    one = await since(OLD, ["new", *OLD], "L10")
    assert one.detail == "What was at line 10 when first seen is at line 11 now."


async def test_blank_lines_are_never_missed():
    assert (await since(["a", "", "b"], ["a", "b", ""], "L2")).reason is Reason.ALIVE


async def test_of_a_long_range_the_first_lines_tell():
    old = [f"line {n}" for n in range(100)]
    verdict = await since(old, ["new", *old[:60], "edited", *old[61:]], "L5-L95")
    assert verdict.instead.url == f"{FILE}#L6-L96"
    short = await since(old, ["new", *old[:60]], "L5-L95")
    assert short.instead.url == f"{FILE}#L6-L61"


@pytest.mark.parametrize("reason", [Reason.RENAMED, Reason.NOT_FOUND, Reason.OWN_QUOTA])
async def test_lines_of_what_is_no_ordinary_file_are_not_looked_for(reason):
    facts = (await seen(["new", *OLD])).facts
    accepted = kept((await seen(OLD)).facts, PROVIDER.facts)
    verdict = Verdict(reason=reason, detail="So it is.", facts=facts)
    assert PROVIDER.judge_link_since(link(f"{FILE}#L10-L12"), verdict, accepted) is verdict
    alive = await seen(["new", *OLD])
    assert PROVIDER.judge_link_since(link(FILE), alive, accepted) is alive
    assert PROVIDER.judge_link_since(link(f"{FILE}#L20"), alive, accepted) is alive


@pytest.mark.parametrize("token", [True, False], ids=["by GraphQL", "by the raw file"])
async def test_both_ways_of_asking_remember_the_same(token):
    state = {"repos": {"o/r": {"branches": {"main": ["a.py"]}, "lines": {"a.py": 3}}}}
    verdict, _ = await judged(f"{SITE}/blob/main/a.py#L2", state, token=token)
    assert verdict.facts["lines"] == 3
    assert verdict.facts["passages"] == {"L2": passages.read(b"line 2")["digests"]}
    assert len(verdict.facts["line_digests"]["all"]) == 3 * 4


@pytest.mark.parametrize(
    ("url", "count"),
    [
        pytest.param(FILE, None, id="no line is named"),
        pytest.param(f"{SITE}/blob/{'c' * 40}/a/b.py#L10", 40, id="a permanent address"),
        pytest.param(f"{FILE}#L99", 40, id="a line that was never there"),
    ],
)
async def test_nothing_is_remembered_that_no_link_needs(url, count):
    ref = "c" * 40
    table = {
        REPO: repository(),
        TREE: tree("a/b.py"),
        f"{REPO}/git/trees/{ref}?recursive=1": tree("a/b.py"),
        RAW: reply(200, "\n".join(OLD)),
        RAW.replace("main", ref): reply(200, "\n".join(OLD)),
    }
    verdict = await check(PROVIDER, url, FakePorts(table))
    assert verdict.facts.get("lines") == count
    assert not verdict.facts.get("passages")
    assert ("line_digests" in verdict.facts) is url.endswith("L99")


def test_what_is_remembered_of_one_file_is_bounded():
    content = b"".join(b"line %d\n" % n for n in range(1500))
    needs = frozenset({"lines"} | {f"L{n}-L{n + 500}" for n in range(1, 500)})
    facts = passages.facts_of(needs, passages.read(content)["digests"])
    assert len(facts["passages"]) == 20
    assert len(json.dumps(facts)) < 8192
    assert passages.read(content + b"one more") == {"lines": 1501, "digests": None}


texts = st.lists(st.text(st.sampled_from("ab\t é"), max_size=3), min_size=1, max_size=30)


@given(lines=texts, first=st.integers(1, 30), length=st.integers(0, 5), new=texts)
def test_lines_are_never_said_to_be_where_their_text_is_not(lines, first, length, new):
    def found(text):
        told = passages.read("\n".join(text).encode())
        facts = {"lines": told["lines"], **passages.facts_of(needs, told["digests"])}
        return Verdict(reason=Reason.ALIVE, detail="It is there.", facts=facts)

    fragment = f"L{first}-L{first + length}"
    the_link = link(f"{FILE}#{fragment}")
    needs = PROVIDER.identify(the_link).needs
    accepted = found(lines).facts
    verdict = passages.judge(the_link, found(new), accepted)
    assert passages.judge(the_link, found(lines), accepted).reason is Reason.ALIVE
    if verdict.instead is not None:
        start = int(verdict.instead.url.partition("#L")[2].partition("-")[0]) - 1
        then = [line.rstrip() for line in lines[first - 1 : first + length]]
        assert [line.rstrip() for line in new[start : start + len(then)]] == then
