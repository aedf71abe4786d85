"""What a run has to say of itself stays with it."""

from monitor.store.history import History
from tests.store.samples import a_run, ended

NOTES = ("GITHUB_TOKEN was refused.", "Schlüssel \ud800")


def test_the_notes_of_a_run_are_kept_in_their_order(place):
    run = a_run()
    with History.open(place) as history:
        history.begin(run)
        assert history.runs()[0].notes == ()
        history.finish(ended(run, notes=NOTES))

        assert history.runs()[0].notes == ("GITHUB_TOKEN was refused.", "Schlüssel \ufffd")
