"""`linkwell history`: what people and programs read of a link, and of all of them."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from monitor.cli import app
from monitor.commands.exporting import COLUMNS, harmless
from monitor.core.errors import ConfigError, OutputError
from tests.test_past import GONE, OK, A, B, Nights

HISTORY = Path(".linkwell/history.sqlite3")
ID_A = f"web:{A}"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def lived():
    """Seven nights: `a` breaks on 4 March and is well again from the 7th, `b` works."""
    nights = Nights(HISTORY)
    for number in range(7):
        nights.night(a=GONE if 3 <= number < 6 else OK, b=OK)
    nights.history.close()


def said(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["history", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


@pytest.mark.parametrize("name", [A, ID_A, "https://A.example/x"])
def test_a_link_is_told_by_its_address_or_its_id(lived, name):
    told = said(name)
    assert told.startswith(
        "https://a.example/x  (web:https://a.example/x)\n"
        "Recovering since 7 March 2026, was broken since 4 March 2026.\n"
        "What happened:\n"
        "  7 March 2026, 03:01 UTC  Works again, not yet surely: Works\n"
        "  5 March 2026, 03:01 UTC  Confirmed broken: Not found\n"
        "  4 March 2026, 03:01 UTC  Failed for the first time: Not found\n"
        "Incidents:\n"
    )
    assert (
        " (open)\n"
        "    5 March 2026, 03:02 UTC  opened: a.example/x: not found. It answered so.\n"
        "7 days (UTC), 7 looks:\n"
        "  2026-03-07                1 × ok\n"
        "  2026-03-04 to 2026-03-06  3 × broken\n"
        "  2026-03-01 to 2026-03-03  3 × ok\n"
        "Last looks:\n"
        "  7 March 2026, 03:01 UTC  ok: Works. It answered so.\n"
    ) in told


def test_a_link_for_programs(lived):
    told = json.loads(said(A, "--json", "--since", "2026-03-05"))
    assert told["resource"] == ID_A
    assert told["phase"] == "recovering"
    assert [turn["turn"] for turn in told["transitions"]] == ["confirmed", "recovering"]
    assert [day["day"] for day in told["days"]] == ["2026-03-05", "2026-03-06", "2026-03-07"]
    assert told["looks"][0]["status"] == "ok"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name a link"),
        ([A, "--export", "csv"], "Name a link"),
        (["--export", "csv", "--json"], "for all of them use --export json"),
        ([A, "-o", "x"], "--output goes with --export"),
        (["--export", "xls"], "--export takes csv, json or parquet; found “xls”"),
        (["https://nobody.example/"], "History knows nothing of “https://nobody.example/”"),
    ],
)
def test_what_cannot_be_told(lived, arguments, message):
    with pytest.raises(ConfigError, match=message):
        CliRunner().invoke(app, ["history", *arguments], catch_exceptions=False)


def test_all_as_csv(lived):
    rows = list(csv.reader(StringIO(said("--export", "csv", "--since", "2026-03-06"))))
    assert tuple(rows[0]) == COLUMNS
    assert [row[4:10] for row in rows if row[1] == A] == [
        ["2026-03-06", "broken", "0", "0", "1", "0"],
        ["2026-03-07", "ok", "1", "0", "0", "0"],
    ]
    assert len(rows) == 1 + 2 * 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("https://a.example/=1", "https://a.example/=1"),
        ("", ""),
    ],
)
def test_no_spreadsheet_takes_a_text_for_a_formula(text, written):
    assert harmless(text) == written


def test_all_as_json(lived):
    told = json.loads(said("--export", "json"))
    assert [each["url"] for each in told["resources"]] == [A, B]
    assert len(told["resources"][0]["days"]) == 7
    assert [each["members"][0]["resource"] for each in told["incidents"]] == [ID_A]


def test_all_as_parquet(lived):
    assert said("--export", "parquet", "-o", "all/history.parquet") == ""
    table = parquet.read_table("all/history.parquet")
    assert tuple(table.column_names) == COLUMNS
    assert table.num_rows == 14
    assert str(table.schema.field("day").type) == "date32[day]"
    assert [each.name for each in Path("all").iterdir()] == ["history.parquet"]


def test_parquet_without_its_library_is_told(lived, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"`pip install 'linkwell\[parquet\]'`, or export csv"):
        CliRunner().invoke(app, ["history", "--export", "parquet"], catch_exceptions=False)


def test_a_file_is_replaced_whole_or_not_at_all(lived):
    Path("x.csv").write_text("before")
    said("--export", "csv", "-o", "x.csv")
    assert Path("x.csv").read_text().startswith("resource,url,")
    Path("taken").write_text("a file where the folder should be")
    with pytest.raises(OutputError, match=r"taken/x.csv cannot be written .*: name another file"):
        CliRunner().invoke(
            app, ["history", "--export", "csv", "-o", "taken/x.csv"], catch_exceptions=False
        )


def test_before_the_first_run_nothing_is_known():
    Nights(HISTORY).history.close()
    assert json.loads(said("--export", "json")) == {"resources": [], "incidents": []}
    assert said("--export", "csv") == ",".join(COLUMNS) + "\n"
