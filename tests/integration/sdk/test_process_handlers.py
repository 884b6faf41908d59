"""Handlers in processes: their context works through the pipe, and they can be stopped and killed."""

import asyncio
import json
import os
import signal

import pytest

from asynctask import Executor
from asynctask._handler import process as _process
from asynctask_core.states import ItemState
from asynctask_protos.task.v1 import state_pb2
from tests.integration.sdk import process_handlers as handlers
from tests.integration.sdk.loopback import running_executor, running_loopback


@pytest.fixture
async def cluster():
    async with running_loopback() as (scheduler, address):
        types = [
            handlers.quick,
            handlers.endless,
            handlers.deaf,
            handlers.raises,
            handlers.dies,
            handlers.terminated,
        ]
        async with running_executor(Executor(types, address=address, grace="5s")):
            await scheduler.connected()
            yield scheduler


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def config(tmp_path) -> str:
    return json.dumps({"path": str(tmp_path / "pid")})


async def pid_in(tmp_path) -> int:
    """The handler's process, once it has said so."""
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        await asyncio.sleep(0.01)
    return int((tmp_path / "pid").read_text())


async def test_context_of_a_process_does_all_that_others_do(cluster, tmp_path):
    assignment = cluster.assign(handlers.quick, config(tmp_path))
    outcome = await cluster.has_ended(assignment, "SUCCESS")
    memory = cluster.tasks[assignment.task_id]
    await cluster.until(lambda: len(memory.logs) == 2)
    assert outcome.result_json == "4"
    assert [checkpoint.json for _, checkpoint in memory.checkpoints] == ["1", "2", "3"]
    assert [(line.message, line.logger) for line in memory.logs] == [
        ("counted in a process", "asynctask.task.quick"),
        ("from a library", "lib"),
    ]
    states = [item.state for item in memory.manifests["items"].items.values()]
    assert states == [ItemState.DONE.number, ItemState.SKIPPED.number, ItemState.DONE.number]
    assert [(key, one.total, one.text) for key, one in memory.warnings] == [(("add", "SKIPPED"), 1, "b")]


async def test_pause_reaches_a_process_at_its_next_checkpoint(cluster, tmp_path):
    """Law 9. Fails when a process is not told of a pause: its checkpoint returns."""
    assignment = cluster.assign(handlers.endless, config(tmp_path))
    await cluster.until(lambda: len(cluster.events) > 3)
    cluster.request(assignment, state_pb2.REQUESTED_PAUSE)
    await cluster.has_ended(assignment, "PAUSED")
    assert not is_alive(int((tmp_path / "pid").read_text()))


async def test_cancel_ends_a_process_that_does_not_look_and_lets_it_clean_up(cluster, tmp_path, monkeypatch):
    """Law 9. Fails when a cancel waits for the next call of a process, or kills it before it could clean up."""
    monkeypatch.setattr(_process, "KILL_AFTER_S", 60.0)  # a busy machine may need its time to clean up
    assignment = cluster.assign(handlers.deaf, config(tmp_path))
    pid = await pid_in(tmp_path)
    cluster.request(assignment, state_pb2.REQUESTED_CANCEL)
    await cluster.has_ended(assignment, "CANCELLED")
    assert not is_alive(pid)
    assert (tmp_path / "pid.cleaned").exists()


async def test_process_that_somebody_else_terminates_cleans_up_and_gives_its_task_back(cluster, tmp_path):
    """A service manager that stops an executor sends SIGTERM to its children, too. Fails when that cancels the task."""
    assignment = cluster.assign(handlers.deaf, config(tmp_path))
    os.kill(await pid_in(tmp_path), signal.SIGTERM)
    await cluster.has_ended(assignment, "RELEASED")
    assert (tmp_path / "pid.cleaned").exists()


async def test_process_that_is_terminated_before_its_handler_begins_gives_its_task_back(cluster, tmp_path):
    """Fails when that counts as the handler's failure."""
    await cluster.has_ended(cluster.assign(handlers.terminated, config(tmp_path)), "RELEASED")


async def test_failure_in_a_process_keeps_its_meaning(cluster, tmp_path):
    outcome = await cluster.has_ended(cluster.assign(handlers.raises, config(tmp_path)), "FAILED")
    assert not outcome.retryable
    assert outcome.failure.error_type == "asynctask.errors.Fail"
    assert "process_handlers.py" in outcome.failure.traceback


async def test_death_of_a_process_is_a_failure_that_may_be_retried(cluster, tmp_path):
    outcome = await cluster.has_ended(cluster.assign(handlers.dies, config(tmp_path)), "FAILED")
    assert outcome.retryable
    assert outcome.failure.message == (
        "the handler's process ended with exit code -9: it was killed, perhaps because the machine had no memory left"
    )
    assert not outcome.failure.traceback  # it would only tell of our own code
