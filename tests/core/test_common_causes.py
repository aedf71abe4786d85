"""Who suffers from what: everybody under exactly one cause, the widest that can be believed."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.causes import CauseKind, cause, may_explain
from monitor.core.common_causes import NEEDED, USUALLY_NEEDED, Sufferer, by_common_cause, narrowest
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason
from tests.core.days import BRANCH, OTHER, OWNER, REPOSITORY

POOL = [cause(kind, f"{kind.name} {n}", f"{kind.name} {n}") for kind in CauseKind for n in "ab"]


def sufferer(id_, *causes, reason=Reason.NOT_FOUND):
    own = cause(CauseKind.RESOURCE, f"resource:{id_}", id_)
    return Sufferer(id=ResourceId(id_), reason=reason, own=own, causes=causes)


def found(*sufferers, cleared=frozenset(), **more):
    return {
        each.name: list(ids) for each, ids in by_common_cause(sufferers, cleared, **more).items()
    }


def test_among_equals_the_narrowest_explains():
    ones = [sufferer(name, OWNER, REPOSITORY) for name in "ba"]
    assert found(*ones) == {"the repository mabel/deep": ["a", "b"]}


def test_what_is_left_by_a_wider_cause_needs_two_of_its_own():
    ones = [
        sufferer("a", OWNER, REPOSITORY),
        sufferer("b", OWNER, REPOSITORY),
        sufferer("c", OWNER, OTHER),
        sufferer("d", OTHER),
    ]
    assert found(*ones) == {"the account mabel": ["a", "b", "c"], "d": ["d"]}


def test_a_sure_warning_is_believed_of_the_narrowest_cause_alone():
    ones = [sufferer(name, OWNER, REPOSITORY, reason=Reason.RENAMED) for name in "ab"]
    cleared = frozenset({OWNER, REPOSITORY})
    assert found(*ones, cleared=cleared) == {"a": ["a"], "b": ["b"]}
    assert found(*ones, cleared=cleared, narrowest_is_sure=True) == {
        "the repository mabel/deep": ["a", "b"]
    }


def test_the_narrowest_is_one_that_may_explain():
    assert narrowest([OWNER, BRANCH, REPOSITORY], Reason.RENAMED) == REPOSITORY
    assert narrowest([OWNER, BRANCH, REPOSITORY], Reason.PATH_GONE) == BRANCH
    assert narrowest([BRANCH], Reason.RENAMED) is None


sufferers = st.lists(
    st.builds(
        lambda id_, causes, reason: sufferer(id_, *causes, reason=reason),
        st.text("abcdefgh", min_size=1, max_size=1),
        st.lists(st.sampled_from(POOL), max_size=4, unique=True),
        st.sampled_from([Reason.NOT_FOUND, Reason.SERVER_ERROR, Reason.RENAMED, Reason.PATH_GONE]),
    ),
    unique_by=lambda each: each.id,
)


@given(
    ones=sufferers,
    cleared=st.frozensets(st.sampled_from(POOL), max_size=6),
    sure=st.booleans(),
    data=st.data(),
)
def test_the_laws_of_common_causes(ones, cleared, sure, data):
    by_cause = by_common_cause(ones, cleared, narrowest_is_sure=sure)
    everybody = [id_ for ids in by_cause.values() for id_ in ids]
    assert sorted(everybody) == sorted(one.id for one in ones)

    mixed = data.draw(st.permutations(ones))
    assert by_common_cause(mixed, cleared, narrowest_is_sure=sure) == by_cause

    of = {one.id: one for one in ones}
    for told, ids in by_cause.items():
        if told == of[ids[0]].own:
            continue
        assert len(ids) >= NEEDED.get(told.kind, USUALLY_NEEDED)
        assert all(told in of[id_].causes for id_ in ids)
        assert all(may_explain(told.kind, of[id_].reason) for id_ in ids)
        assert sure or told not in cleared
