"""A run as a process of its own: how it is started, and what it told."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from monitor.daemon import child
from monitor.daemon.child import Child, Ended, run_child
from monitor.daemon.status import OUTCOMES

LONG = 20


@pytest.mark.parametrize(
    ("code", "told", "expected"),
    [
        pytest.param(0, {"valid": True}, "done", id="all is well"),
        pytest.param(1, {"valid": True}, "done", id="something is broken"),
        pytest.param(1, {"valid": True, "stopped": True}, "stopped", id="it ended early"),
        pytest.param(0, {"due": False}, "idle", id="nothing was due"),
        pytest.param(3, {"busy": True}, "busy", id="somebody else was running"),
        pytest.param(3, {"valid": False}, "invalid", id="the network was gone"),
        pytest.param(2, {}, "failed", id="the set-up is wrong"),
        pytest.param(1, {}, "failed", id="a traceback"),
        pytest.param(-15, {}, "killed", id="ended before it began"),
        pytest.param(-9, {"valid": True}, "killed", id="killed after all"),
    ],
)
def test_what_a_run_came_to(code, told, expected):
    assert Ended(code=code, told=told).outcome == expected
    assert expected in OUTCOMES


async def ran(program: str, monkeypatch, tmp_path, environment=None, text="a: täglich"):
    """Run a program in the place of `python -m monitor`; it has the daemon's words in sys.argv."""
    script = tmp_path / "program.py"
    script.write_text(f"import json, os, sys, time\n{program}")
    real = asyncio.create_subprocess_exec

    async def instead(executable, *arguments, **more):
        return await real(executable, str(script), *arguments[2:], **more)

    monkeypatch.setattr(child.asyncio, "create_subprocess_exec", instead)
    started: list[Child] = []
    said: list[str] = []
    task = asyncio.create_task(
        run_child(
            tmp_path / "config.yaml",
            text,
            os.environ if environment is None else environment,
            started=started.append,
            said=said.append,
        )
    )
    return task, started, said


HANDED = "read, write = map(int, sys.argv[sys.argv.index('--by-daemon') + 1].split(','))\n"


async def test_it_is_handed_the_configuration_and_tells_what_it_came_to(monkeypatch, tmp_path):
    program = HANDED + (
        "os.lseek(read, 0, 0)\ntext = os.fdopen(read).read()\n"
        "print('one'); print('two', file=sys.stderr); print('x' * 100_000)\n"
        "told = {'valid': True, 'text': text, 'argv': sys.argv[1:3]}\n"
        "os.write(write, json.dumps(told).encode())\n"
        "sys.exit(1)\n"
    )
    task, started, said = await ran(program, monkeypatch, tmp_path)

    ended = await asyncio.wait_for(task, LONG)

    assert ended.code == 1
    assert ended.told == {"valid": True, "text": "a: täglich", "argv": ["check", "--due"]}
    assert set(said) >= {"one", "two"}
    assert sum(len(line) for line in said) == 100_006
    assert len(started) == 1


async def test_it_has_a_session_and_none_of_the_service_manager(monkeypatch, tmp_path):
    program = HANDED + (
        "told = {'valid': True, 'session': os.getsid(0) == os.getpid()}\n"
        "told |= {name: os.environ.get(name) for name in ('NOTIFY_SOCKET', 'PYTHONPATH')}\n"
        "told['safe'] = os.environ['PYTHONSAFEPATH']\n"
        "os.write(write, json.dumps(told).encode())\n"
    )
    environment = {**os.environ, "NOTIFY_SOCKET": "/x", "PYTHONPATH": "/elsewhere"}
    task, _, _ = await ran(program, monkeypatch, tmp_path, environment)

    told = (await asyncio.wait_for(task, LONG)).told

    package = str(Path(child.__file__).parents[2])
    assert told["session"]
    assert told["NOTIFY_SOCKET"] is None
    assert (told["PYTHONPATH"], told["safe"]) == (f"{package}{os.pathsep}/elsewhere", "1")


async def test_it_is_ended_with_whatever_it_started(monkeypatch, tmp_path):
    program = (
        "import subprocess, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"subprocess.Popen([{sys.executable!r}, '-c', 'import time; time.sleep(60)'])\n"
        "print('started', flush=True)\ntime.sleep(60)\n"
    )
    task, started, said = await ran(program, monkeypatch, tmp_path)
    async with asyncio.timeout(LONG):
        while "started" not in said:  # noqa: ASYNC110 - it says so
            await asyncio.sleep(0.01)

    started[0].ask_to_end()
    started[0].kill()

    ended = await asyncio.wait_for(task, LONG)
    assert (ended.code, ended.outcome) == (-9, "killed")
    started[0].ask_to_end()  # it is gone, and that is no trouble
    started[0].kill()


async def test_what_lingers_is_not_waited_for(monkeypatch, tmp_path):
    monkeypatch.setattr(child, "LINGERING", 0.05)
    program = (
        "import subprocess\n"
        f"subprocess.Popen([{sys.executable!r}, '-c', 'import time; time.sleep(60)'])\n"
        "print('no end', end='', flush=True)\n"
    )
    task, started, _ = await ran(program, monkeypatch, tmp_path)

    ended = await asyncio.wait_for(task, LONG)

    os.killpg(started[0].pid, 9)
    assert (ended.code, ended.told, ended.outcome) == (0, {}, "failed")


@pytest.mark.parametrize("told", ["[1]", "no json", "{" * 10])
async def test_nonsense_is_nothing(monkeypatch, tmp_path, told):
    task, _, _ = await ran(HANDED + f"os.write(write, {told!r}.encode())\n", monkeypatch, tmp_path)

    assert (await asyncio.wait_for(task, LONG)).told == {}


async def test_a_cancelled_run_is_killed(monkeypatch, tmp_path):
    task, started, said = await ran(
        "print('on', flush=True)\ntime.sleep(60)\n", monkeypatch, tmp_path
    )
    async with asyncio.timeout(LONG):
        while not said:  # noqa: ASYNC110 - it says so
            await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with asyncio.timeout(LONG):
        while is_alive(started[0].pid):  # noqa: ASYNC110 - the system takes its time
            await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
