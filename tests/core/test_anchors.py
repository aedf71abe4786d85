"""Places on a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.anchors import missing, names_place


@pytest.mark.parametrize(
    ("fragment", "named"),
    [
        ("video", True),
        ("Top-10", True),
        ("L-systems", True),
        ("", False),
        ("Top", False),
        ("!/route", False),
        ("/route", False),
        (":~:text=word", False),
        ("part:~:text=word", False),
        ("page=3", False),
        ("L10", False),
        ("L10-L20", False),
        ("L10C1-L20C5", False),
        ("L10-20", False),
    ],
)
def test_names_place(fragment, named):
    assert names_place(fragment) is named


@pytest.mark.parametrize(
    ("fragments", "ids", "lacking"),
    [
        pytest.param(["a"], ["a"], {}, id="it is there"),
        pytest.param(["a", "b"], ["a"], {"b": None}, id="one is not"),
        pytest.param(["a"], [], {}, id="without ids nothing can be said"),
        pytest.param(["a"], ["__next", "b"], {}, id="scripts build the page"),
        pytest.param(["a"], ["user-content-a"], {}, id="GitHub's prefix"),
        pytest.param(["%C3%A8"], ["è"], {}, id="percent encoding"),
        pytest.param(["%C3%A8"], ["user-content-è"], {}, id="both"),
        pytest.param(["%zz"], ["%zz"], {}, id="an encoding that is none"),
        pytest.param(
            ["Introduction"], ["introduction"], {"Introduction": "introduction"}, id="case"
        ),
    ],
)
def test_missing(fragments, ids, lacking):
    assert missing(fragments, ids) == lacking


@given(st.lists(st.text(max_size=20), max_size=5), st.lists(st.text(max_size=20), max_size=5))
def test_what_is_missing_was_wanted_and_is_not_there(fragments, ids):
    lacking = missing(fragments, ids)
    assert set(lacking) <= set(fragments) - set(ids)
    assert {near for near in lacking.values() if near is not None} <= set(ids)
