"""The commands that the pages show are run, and say what the pages show."""

from pathlib import Path

import pytest

from tests.docs.blocks import Block, blocks, is_said
from tests.docs.stage import Stage
from tests.docs.world import meadow
from tests.end_to_end.command import environment
from tests.world.thread import WorldThread

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.glob("*.md") if "<!-- run" in path.read_text("utf-8"))


@pytest.mark.parametrize("page", [pytest.param(page, id=page.stem) for page in PAGES])
def test_the_commands_of_a_page_end_and_speak_as_shown(page: Path, tmp_path: Path):
    with WorldThread(meadow()) as world:
        around = {**environment(world), "PYTHONPATH": str(ROOT)}
        stage = Stage(home=tmp_path, environment=around)
        for block in blocks(page.read_text("utf-8")):
            if block.verb is not None:
                wrong = stage.play(block)
                assert wrong is None, wrong
        assert not world.complaints


PAGE = """\
<!-- file: config.yaml -->
```yaml
a: 1
```

```sh
not run
```

<!-- run: 3 -->
```console
$ one \\
>   --more
said
$ two
```

<!-- run: 2
$ three
-->
"""


def test_blocks_know_what_is_to_be_done_with_them():
    assert blocks(PAGE) == [
        Block(verb="file", what="config.yaml", language="yaml", text="a: 1\n"),
        Block(verb=None, what="", language="sh", text="not run\n"),
        Block(verb="run", what="3", language="console", text="$ one \\\n>   --more\nsaid\n$ two\n"),
        Block(verb="run", what="2", language="", text="$ three\n"),
    ]


def test_a_console_is_commands_with_what_they_say():
    assert list(blocks(PAGE)[2].turns) == [("one \\\n  --more", "said\n"), ("two", "")]


@pytest.mark.parametrize(
    ("shown", "found", "same"),
    [
        pytest.param("a\nb\n", "a\nb\n", True, id="the same"),
        pytest.param("a\n", "a\nb\n", False, id="more than is shown"),
        pytest.param("a\n…\nd\n", "a\nb\nc\nd\n", True, id="lines that are left out"),
        pytest.param("a\n…\n", "a\n", True, id="none that is left out"),
        pytest.param("a … c\n", "a b b c\n", True, id="words that are left out"),
        pytest.param("", "anything\n", True, id="nothing is shown"),
        pytest.param("on 3 May 2026, 03:17 UTC", "on 25 June 2027, 11:00 UTC", True, id="a day"),
        pytest.param("20261124-031702-93d6/x", "20270101-000000-ffff/x", True, id="a run"),
        pytest.param("a.c\n", "abc\n", False, id="a dot is a dot"),
    ],
)
def test_what_is_said_is_compared_but_for_what_differs_each_time(shown, found, same):
    assert is_said(shown, found) is same
