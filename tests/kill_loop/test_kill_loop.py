"""The kill loop itself, with a single kill."""

from pathlib import Path

from tests.kill_loop.__main__ import main


def test_after_one_kill_nothing_is_lost(tmp_path: Path, capsys):
    code = main(["--kills", "1", "--seed", "3", "--output", str(tmp_path / "loop")])
    said = capsys.readouterr().out
    assert code == 0, said
    assert said.splitlines()[-1] == "wrong 0 (seed 3)"
