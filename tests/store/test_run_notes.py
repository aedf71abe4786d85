"""What a run has to say of itself stays with it."""

import sqlite3
from contextlib import closing

from monitor.store.history import History
from tests.store.samples import a_run, ended

NOTES = ("GITHUB_TOKEN was refused.", "Schlüssel \ud800")


def test_the_notes_of_a_run_are_kept_in_their_order(tmp_path):
    run = a_run()
    with History.open(tmp_path / "h.sqlite3") as history:
        history.begin(run)
        assert history.runs()[0].notes == ()
        history.finish(ended(run, notes=NOTES))

        assert history.runs()[0].notes == ("GITHUB_TOKEN was refused.", "Schlüssel \ufffd")


def test_a_run_of_an_older_linkwell_has_no_notes(tmp_path):
    file = tmp_path / "h.sqlite3"
    run = a_run()
    with History.open(file) as history:
        history.begin(run)
        history.finish(ended(run))
    with closing(sqlite3.connect(file)) as old, old:
        old.execute("ALTER TABLE runs DROP COLUMN notes")
        old.execute("UPDATE linkwell_version SET version_num = '0003'")

    with History.open(file) as history:
        assert history.runs() == [ended(run)]
