"""Children that handlers fork behave as in plain Python: real forks, in an executor that is a process of its own."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.sdk import handlers_with_children as handlers
from tests.integration.sdk.loopback import LoopbackScheduler, running_loopback
from tests.support.processes import ChildProcess, Processes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")

TYPES = {"thread": handlers.in_thread, "process": handlers.in_process, "async": handlers.on_loop}
REPETITIONS = 100
"""In each kind of handler."""


@pytest.fixture
async def cluster() -> AsyncIterator[tuple[LoopbackScheduler, str]]:
    async with running_loopback(lease_ms=120_000) as running:  # no busy machine loses it
        yield running


@pytest.fixture
async def executor(cluster: tuple[LoopbackScheduler, str], processes: Processes) -> ChildProcess:
    scheduler, address = cluster
    program = processes.python(
        "executor", "-m", "tests.integration.sdk.handlers_with_children", ASYNCTASK_ADDRESS=address
    )
    program.spawn()
    await scheduler.connected()
    return program


async def outcomes(cluster: tuple[LoopbackScheduler, str], folder: Path, ways: dict[str, int], kinds=TYPES):
    """What each kind of handler gives for each way to use children, all at once."""
    scheduler, _ = cluster
    assignments = {
        (kind, way): scheduler.assign(
            task_type, json.dumps({"folder": str(folder), "way": way, "count": count})
        )
        for kind, task_type in kinds.items()
        for way, count in ways.items()
    }
    found = {}
    for key, assignment in assignments.items():
        outcome = await scheduler.outcome(assignment, timeout=300)
        found[key] = json.loads(outcome.result_json) if outcome.result_json else outcome.failure.message
    return found


@pytest.mark.parametrize("way", ["fork", "preexec"])
async def test_hundreds_of_forked_children_end_as_they_should(cluster, executor, tmp_path, way):
    """Fails when gRPC's fork support is on: children crash or hang, in threads above all."""
    found = await outcomes(cluster, tmp_path, {way: REPETITIONS})
    assert found == {(kind, way): {"0": REPETITIONS} for kind in TYPES}


async def test_multiprocessing_works_in_every_kind_of_handler(cluster, executor, tmp_path):
    """Fails when a handler's process is daemonic, which may have no children."""
    ways = {"spawn": {"0": 1}, "pool fork": [0, 1, 4, 9], "executor forkserver": [0, 1, 4, 9]}
    found = await outcomes(cluster, tmp_path, dict.fromkeys(ways, 1))
    assert found == {(kind, way): result for kind in TYPES for way, result in ways.items()}


async def test_forked_child_takes_no_signal_handler_over(cluster, executor, tmp_path):
    """Fails when SIGTERM to a child drains its parent, or does not end the child."""
    found = await outcomes(cluster, tmp_path, {"signals": 1, "exits": 1})
    for kind in TYPES:
        assert found[kind, "signals"][0] == str(signal.SIG_DFL)
        assert "default_int_handler" in found[kind, "signals"][1]
        assert found[kind, "signals"][2] == "-1"
        terminated, interrupted, exited = found[kind, "exits"]
        assert (terminated, exited) == (-signal.SIGTERM, 3)
        assert interrupted in (
            1,
            -signal.SIGINT,
        )  # as KeyboardInterrupt ends a program, or before it has begun
    assert executor.is_running
    assert "executor.draining" not in executor.tail()
    assert await executor.stop() == 0


async def test_forked_children_that_log_do_not_hang(cluster, executor, tmp_path):
    """Fails when a child writes into the pipe of its handler, or waits for a lock that no thread of it holds."""
    found = await outcomes(cluster, tmp_path, {"logs": 1})
    assert found == {(kind, "logs"): 199 * 199 for kind in TYPES}


async def test_forked_child_is_refused_what_only_its_parent_can_do(cluster, executor, tmp_path):
    """Fails when a call of the context, or of a new client, waits for an answer for ever."""
    found = await outcomes(
        cluster, tmp_path, {"context": 1}, {"thread": TYPES["thread"], "process": TYPES["process"]}
    )
    connections = await outcomes(cluster, tmp_path, {"connections": 1}, {"thread": TYPES["thread"]})
    *refused, spawned = connections["thread", "connections"]
    assert [text.split(" does not work in a process that was forked")[0] for text in refused] == [
        *("a client", "a client", "an executor"),
    ]
    assert all('multiprocessing.get_context("spawn")' in text for text in refused)
    assert spawned == 0
    assert {text.split(": ")[0] for text in found.values()} == {
        "the context of a handler belongs to the handler's own process, and this one was forked from it"
    }


FORKS_WHILE_A_PIPE_IS_CLOSED = """
import os, threading
from asynctask._handler import handler_process

ended = []

def fork():
    number, _ = os.pipe()  # gets the number that was just given back
    child = os.fork()
    if not child:
        try:
            os.close(number)
        except OSError:
            os._exit(1)  # the child has closed it already
        os._exit(0)
    ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

def close_and_fork():
    close(theirs._handle)
    if os.getpid() == here:
        forking.start()
        forking.join(0.3)  # a fork that is held back goes on later

process = handler_process.GuardedProcess()
theirs, forking = process._theirs, threading.Thread(target=fork)
here, close, theirs._close = os.getpid(), os.close, close_and_fork
process._spawn = lambda: None
handler_process._preparation = lambda: None
process.connection.send = lambda message: None
process.start(None)
forking.join()
process._undone.close()
assert ended == [0], ended
"""


async def test_child_that_is_forked_while_a_pipe_is_closed_closes_no_other_file_of_that_number():
    """Fails when a forked child, now and then, ends with 1 before it has begun: its own pipe was closed."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FORKS_WHILE_A_PIPE_IS_CLOSED, stderr=asyncio.subprocess.PIPE
    )
    _, said = await program.communicate()
    assert program.returncode == 0, said.decode()


async def test_child_that_an_async_handler_forked_ends_where_it_comes_back_to_the_loop(
    cluster, executor, tmp_path
):
    """Fails when the child goes on as a second executor."""
    found = await outcomes(cluster, tmp_path, {"comes back": 1}, {"async": handlers.on_loop})
    assert found == {("async", "comes back"): 1}
    assert not (tmp_path / "went-on").exists()
