"""The daemon's log: a line of JSON an event, at nobody's price."""

import json
import logging
import os
import threading
from datetime import UTC, datetime

from monitor.daemon.log import LONGEST, MOST_WAITING, Library, Log

NOW = datetime(2026, 11, 25, 3, 17, tzinfo=UTC)


class Lines:
    """Takes lines; `gate` lets nobody write while it is shut."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.gate = threading.Event()
        self.gate.set()
        self.came = threading.Event()

    def write(self, line: bytes) -> None:
        self.came.set()
        self.gate.wait(20)
        self.lines.append(line)

    @property
    def told(self) -> list[dict]:
        return [json.loads(line) for line in self.lines]


def test_an_event_is_a_line_of_json():
    lines = Lines()
    log = Log(lines.write, lambda: NOW)

    log.say("run-ended", outcome="done", next_at=NOW, nothing=None)
    log.warning("reload-refused", because="täglich\n")
    log.close()

    assert lines.told == [
        {
            "at": "2026-11-25T03:17:00.000Z",
            "level": "info",
            "event": "run-ended",
            "outcome": "done",
            "next_at": "2026-11-25T03:17:00Z",
        },
        {
            "at": "2026-11-25T03:17:00.000Z",
            "level": "warning",
            "event": "reload-refused",
            "because": "täglich\n",
        },
    ]
    assert all(line.count(b"\n") == 1 for line in lines.lines)


def test_a_long_text_is_cut_and_a_broken_one_told_all_the_same():
    lines = Lines()
    log = Log(lines.write, lambda: NOW)

    log.say("run-said", line="x" * (LONGEST + 5))
    log.say("run-said", line="\ud800")
    log.close()

    assert lines.told[0]["line"] == "x" * (LONGEST - 1) + "…"
    assert lines.told[1]["line"] == "?"


def test_a_pipe_that_is_full_stops_nobody_and_what_was_dropped_is_told():
    lines = Lines()
    lines.gate.clear()
    log = Log(lines.write, lambda: NOW)
    log.say("first")
    assert lines.came.wait(20)

    for n in range(MOST_WAITING + 3):
        log.say("event", n=n)
    assert log.dropped == 3

    log.close(patience=0.01)  # whoever does not read is not waited for
    lines.gate.set()
    log.close(patience=20)
    assert [line.get("n") for line in lines.told[:3]] == [None, 3, None]
    assert lines.told[2]["event"] == "log-lines-dropped"
    assert lines.told[2]["number"] == 3
    assert lines.told[-1]["n"] == MOST_WAITING + 2


def test_a_reader_who_is_gone_stops_nobody():
    read, write = os.pipe()
    os.close(read)
    log = Log(lambda line: os.write(write, line), lambda: NOW)

    log.say("first")
    log.say("second")
    log.close(patience=20)

    os.close(write)
    assert log.dropped == 2


def test_standard_output_is_where_it_goes(capfd):
    log = Log(now=lambda: NOW)
    log.say("started")
    log.close(patience=20)

    assert json.loads(capfd.readouterr().out)["event"] == "started"


def test_what_a_library_says_is_an_event():
    lines = Lines()
    log = Log(lines.write, lambda: NOW)

    Library(log).handle(logging.LogRecord("apscheduler", 40, "", 0, "It %s.", ("fails",), None))
    log.close()

    assert lines.told[0] | {"at": ""} == {
        "at": "",
        "level": "warning",
        "event": "library",
        "name": "apscheduler",
        "says": "It fails.",
    }
