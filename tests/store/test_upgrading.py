"""A history of every earlier version is brought up to date with all that is in it."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine

import monitor.store
from monitor.core.conclusion import Conclusion
from monitor.core.errors import HistoryError
from monitor.core.model import PageRecord, ResourceId, Run, RunId, Url
from monitor.core.reasons import Reason
from monitor.core.states import PRESETS, Sighting, replay
from monitor.store.history import History
from tests.store.over_time import a_mute
from tests.store.places import change, is_server, url_of
from tests.store.samples import DAY, LECTURE, NOON, ended

PATIENT = PRESETS["patient"]
_NOON, _LATER = "2026-03-01 12:00:00.123456", "2026-03-02 12:00:00.123456"
_HERE = ("x", 1, 2, "a", "href", "", "[]", None, None)
_SAID = '{"form":"failure","kind":"timeout","detail":"d","retry_at":null}'
_INCIDENT = (
    '{"id":"i0","cause":{"kind":8,"key":"k","name":"n"},"status":"broken","reason":"deleted",'
    '"opened_at":"2026-03-01T12:00:00+00:00","closed_at":"2026-03-01T12:00:00+00:00","members":[]}'
)
_MUTE = (
    '{"id":"m1","what":"https://a.test/*","reason":"It is on holiday.","by":"octocat",'
    '"since":"2026-03-01T12:00:00.123456+00:00","until":null}'
)


def _verdict(reason):
    return f'{{"reason":"{reason}","detail":"d","facts":{{"title":"Lezione"}}}}'


ROWS = {
    "0001": [
        ("runs", ("r1", _NOON, "2026-03-01 13:00:00.123456", None, None, False)),
        ("runs", ("r2", _LATER, "2026-03-02 13:00:00.123456", None, None, False)),
        ("pages", ("r1", 0, "a.md", "https://a.test/", _NOON, "[]")),
        ("links", ("r1", 0, 0, "https://youtu.be/0bMe_vCZo30", LECTURE, *_HERE)),
        ("skipped", ("r1", 0, 0, "a mail", *_HERE)),
        ("resources", (LECTURE, "youtube", "video", "https://v.test/", "{}", "[]")),
        ("observations", ("r1", LECTURE, _NOON, "alive", _verdict("alive"))),
        ("observations", ("r2", LECTURE, _LATER, "deleted", _verdict("deleted"))),
        ("answers", ("r1", LECTURE, 0, "oembed", _NOON, _SAID, '["e1"]')),
        ("exchanges", ("e1", "r1", "GET", "https://v.test/", _NOON, 5, 1, _SAID, None, "[]")),
    ],
    "0002": [("validators", ("https://a.test/", "", "x", None, "{}", b"0", 1, _NOON))],
    "0003": [("baselines", (LECTURE, "r1", _NOON, _NOON, '{"title":"Lezione"}'))],
    "0004": [("runs", ("r0", "2026-01-01 12:00:00.0", None, None, None, False, '["A note."]'))],
    "0005": [
        ("mutes", ("m1", _NOON, _MUTE, None)),
        ("states", ("web:https://old.test/", "healthy", _NOON, "p", '{"reason":"alive"}')),
        ("incidents", ("i0", _NOON, _NOON, _INCIDENT)),
        ("incident_versions", ("i0", _NOON, _INCIDENT)),
        ("incident_transitions", ("t0", "i0", _NOON, 0, "closed", "r0", "It is well.")),
        ("tellings", ("t0", "mail", None, _NOON, 1, None)),
        ("rechecks", (LECTURE,)),
    ],
    "0006": [("leases", ("run", "t", "elsewhere", "another", 4711, "a check", _NOON, _NOON))],
}
"""What is written into a database of each version, besides what the one before holds."""

RUN_1, RUN_2 = (
    Run(id=RunId("r1"), started_at=NOON),
    Run(id=RunId("r2"), started_at=NOON + DAY),
)


def a_history_of(version, place):
    """Make the tables as they were at a version, with rows in all of them."""
    folder = Path(monitor.store.__file__).parent / "migrations"
    engine = create_engine(url_of(place))
    for each in sorted(ROWS):
        if each > version:
            break
        with engine.begin() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(folder))
            command.upgrade(config, each)
            mark = "%s" if is_server(place) else "?"
            for table, row in ROWS[each]:
                places = ", ".join([mark] * len(row))
                connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({places})", row)
    engine.dispose()


@pytest.fixture(params=sorted(ROWS))
def version(request):
    return request.param


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, file):
    if request.param == "postgresql":
        return request.getfixturevalue("cluster").blank()
    file.parent.mkdir()
    return file


@pytest.fixture
def upgraded(version, place):
    a_history_of(version, place)
    with History.open(place) as history:
        yield history


def test_what_was_seen_before_is_there(upgraded, version):
    record = upgraded.load(RunId("r1"))

    assert record.run == ended(RUN_1, notes=(), sources=())
    assert record.pages == (
        PageRecord(name="a.md", url=Url("https://a.test/"), read_at=NOON, source="", read=True),
    )
    assert [each.resource for each in record.references] == [LECTURE]
    assert [each.why for each in record.skipped] == ["a mail"]
    assert record.observations[LECTURE].verdict.facts == {"title": "Lezione"}
    assert record.baselines == ({LECTURE: {"title": "Lezione"}} if version >= "0003" else {})
    assert [each.probe for each in upgraded.evidence(LECTURE)[1]] == ["oembed"]


def test_sightings_of_before_count(upgraded):
    assert list(upgraded.sightings()) == [
        (LECTURE, [Sighting(NOON, Reason.ALIVE), Sighting(NOON + DAY, Reason.DELETED)])
    ]
    assert LECTURE not in upgraded.states()
    assert upgraded.incidents() == []


def test_what_people_were_told_and_wished_for_is_there(upgraded, version):
    held = version >= "0005"
    assert upgraded.mutes() == [a_mute(by="octocat")] * held
    assert list(upgraded.states()) == ["web:https://old.test/"] * held
    assert [each.id for each in upgraded.untold("chat", NOON)] == ["t0"] * held
    assert upgraded.untold("mail", NOON) == []
    assert upgraded.rechecks() == ({LECTURE} if held else set())
    assert (upgraded.leased() is not None) is (version >= "0006")


def test_every_earlier_version_is_among_them():
    folder = Path(monitor.store.__file__).parent / "migrations" / "versions"
    versions = sorted(each.name[1:5] for each in folder.glob("v*.py"))
    assert sorted(ROWS) == versions[:-1]


def test_the_next_run_is_concluded_with_all_that_was_seen_before(upgraded):
    run = Run(id=RunId("r3"), started_at=NOON + 2 * DAY)
    upgraded.begin(run)

    def decide(known):
        before = known.sightings(LECTURE)
        state, _ = replay([*before, Sighting(run.started_at, Reason.DELETED)], PATIENT)
        assert known.states == {}
        assert known.good(LECTURE) == {"title": "Lezione"}
        return Conclusion(states={LECTURE: state}, policies={LECTURE: "p"})

    upgraded.conclude(ended(run), decide, {LECTURE: "p"})
    assert upgraded.states()[LECTURE].phase == "confirmed"
    assert upgraded.states([ResourceId("web:https://other.test/")]) == {}


def test_it_is_upgraded_once_and_then_can_be_read(upgraded, version, place):
    upgraded.close()
    with History.open(place, read_only=True) as history:
        runs = {run.id: run.notes for run in history.runs()}
    newer = {"r0": ("A note.",)} if version >= "0004" else {}
    assert runs == {"r2": (), "r1": (), **newer}


def test_an_older_history_that_is_only_read_is_left_as_it_is(version, place):
    a_history_of(version, place)
    before = contents(place)
    with pytest.raises(HistoryError, match="from an older Linkwell: run `linkwell check` first"):
        History.open(place, read_only=True)
    assert contents(place) == before


def test_an_upgrade_that_fails_leaves_it_as_it_was(version, place):
    a_history_of(version, place)
    change(place, "CREATE TABLE days (mine TEXT)")
    before = contents(place)
    with pytest.raises(HistoryError, match=r"cannot be used: .*days.* already exists"):
        History.open(place)
    assert contents(place) == before


def contents(place):
    """Return all rows of all tables, and what the tables are."""
    if not is_server(place):
        return place.read_bytes()
    engine = create_engine(url_of(place))
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        found = {
            name: (
                [str(column.type) for column in each.columns],
                connection.execute(each.select()).all(),
            )
            for name, each in tables.tables.items()
        }
    engine.dispose()
    return found
