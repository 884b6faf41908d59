"""What a child that a handler forks finds, in a program of its own: a copy that takes nothing over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")

PROGRAM = """
import asyncio, json, os, signal, sys
from asynctask import _forks

def in_child(act):
    '''What `act` says in a forked child, and how the child ends.'''
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(there, json.dumps(act()).encode() or b"null")
        os.close(there)
        return None
    os.close(there)
    said = os.read(here, 65536)
    os.close(here)
    return json.loads(said or b"null"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def facts():
    try:
        _forks.refuse_in_child("this")
        refused = False
    except RuntimeError:
        refused = True
    held = signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    return {"undone": undone, "refused": refused, "held_back": held}

undone = []
def undo(name):
    held = signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    undone.append([name, held])
    if name == "breaks":
        raise ValueError(name)

found = {}
outside = os.fork()
if outside == 0:
    os._exit(9 if _forks.is_forked_child() else 0)
found["of no handler"] = os.waitstatus_to_exitcode(os.waitpid(outside, 0)[1])
with _forks.undone_in_children(lambda: undo("first")), _forks.undone_in_children(lambda: undo("breaks")), \\
        _forks.undone_in_children(lambda: undo("last")):
    answer = in_child(facts)
    if answer is None:
        os._exit(0)
    found["facts"], _ = answer
    found["held back here"] = signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    found["codes"] = []
    for error in (None, SystemExit(3), SystemExit("words"), ValueError("x")):
        pid = os.fork()
        if pid == 0:
            def handler():
                if error is not None:
                    raise error
            _forks.called(handler)
            os._exit(77)  # it came back into the executor
        found["codes"].append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

async def comes_back():
    loop = asyncio.get_running_loop()
    with _forks.undone_in_children(lambda: _forks.end_loop_of_child(loop)):
        loop.call_soon(lambda: os._exit(78) if _forks.is_forked_child() else None)  # the parent's
        pid = os.fork()
        await asyncio.sleep(0)
        if pid == 0:
            os._exit(77)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

found["loop"] = asyncio.run(comes_back())
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found() -> Any:
    done = subprocess.run([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_child_undoes_what_the_executor_has_set_up_latest_first_and_whatever_fails(found: Any) -> None:
    assert [name for name, _ in found["facts"]["undone"]] == ["last", "breaks", "first"]


def test_signals_wait_until_the_child_has_handlers_of_its_own(found: Any) -> None:
    assert all(held for _, held in found["facts"]["undone"])
    assert found["facts"]["held_back"] is False
    assert found["held back here"] is False


def test_child_is_refused_what_only_its_parent_can_do(found: Any) -> None:
    assert found["facts"]["refused"] is True
    assert found["of no handler"] == 0


def test_child_that_comes_to_the_end_of_a_handler_ends_as_a_program_does(found: Any) -> None:
    """Fails when it goes on as a second executor."""
    assert found["codes"] == [0, 3, 1, 1]


def test_child_that_comes_back_to_the_loop_ends_there(found: Any) -> None:
    assert found["loop"] == 1
