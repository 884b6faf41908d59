"""Handlers in processes: their context works through the pipe, and they can be stopped and killed."""

import asyncio
import json
import os
import re
import signal

import pytest

from asynctask import Executor
from asynctask._handler import process as _process
from asynctask_core.states import ItemState
from asynctask_protos.task.v1 import state_pb2
from tests.integration.sdk import handlers_with_children as children
from tests.integration.sdk import process_handlers as handlers
from tests.integration.sdk.loopback import running_executor, running_loopback
from tests.support.alive import is_running
from tests.support.conditions import eventually


@pytest.fixture
async def cluster():
    async with running_loopback() as (scheduler, address):
        types = [
            handlers.quick,
            handlers.endless,
            handlers.deaf,
            handlers.raises,
            handlers.refusing,
            handlers.terminated,
            children.ends,
        ]
        async with running_executor(Executor(types, address=address, grace="5s")):
            await scheduler.connected()
            yield scheduler


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
    assert not is_running(int((tmp_path / "pid").read_text()))


async def test_cancel_ends_a_process_that_does_not_look_and_lets_it_clean_up(cluster, tmp_path, monkeypatch):
    """Law 9. Fails when a cancel waits for the next call of a process, or kills it before it could clean up."""
    monkeypatch.setattr(_process, "KILL_AFTER_S", 60.0)  # a busy machine may need its time to clean up
    assignment = cluster.assign(handlers.deaf, config(tmp_path))
    pid = await pid_in(tmp_path)
    cluster.request(assignment, state_pb2.REQUESTED_CANCEL)
    await cluster.has_ended(assignment, "CANCELLED")
    assert not is_running(pid)
    assert (tmp_path / "pid.cleaned").exists()


async def test_process_that_had_to_be_killed_is_told_with_what_to_do(cluster, tmp_path, monkeypatch, caplog):
    """Fails when nobody learns why what the handler does at its end was never done."""
    monkeypatch.setattr(_process, "TERMINATE_AFTER_S", 0.0)
    monkeypatch.setattr(_process, "KILL_AFTER_S", 0.1)
    assignment = cluster.assign(handlers.refusing, config(tmp_path))
    await pid_in(tmp_path)
    cluster.request(assignment, state_pb2.REQUESTED_CANCEL)
    await cluster.has_ended(assignment, "CANCELLED")
    assert "had not ended 0.1 s after SIGTERM: it was killed with everything that it started" in caplog.text


async def test_process_that_somebody_else_terminates_cleans_up_and_fails(cluster, tmp_path, monkeypatch):
    """Fails when that counts for nothing: a watchdog would end the task again and again, for ever."""
    monkeypatch.setattr(_process, "DRAIN_FOLLOWS_S", 0.01)
    assignment = cluster.assign(handlers.deaf, config(tmp_path))
    os.kill(await pid_in(tmp_path), signal.SIGTERM)
    outcome = await cluster.has_ended(assignment, "FAILED")
    assert outcome.retryable
    assert re.fullmatch(
        r"the handler's process was ended by SIGTERM from outside \(peak memory \d+ MiB\): a watchdog or a person asked"
        r" it to end",
        outcome.failure.message,
    )
    assert (tmp_path / "pid.cleaned").exists()


@pytest.mark.parametrize("first", ["SIGTERM", "drain"])
async def test_process_that_is_terminated_around_a_drain_gives_its_task_back(
    cluster, tmp_path, monkeypatch, first
):
    """A service manager that stops an executor sends SIGTERM to its children, too, and to them perhaps earlier."""
    monkeypatch.setattr(_process, "DRAIN_FOLLOWS_S", 600.0)  # two seconds are too short on a busy machine
    assignment = cluster.assign(handlers.deaf, config(tmp_path))
    pid = await pid_in(tmp_path)
    if first == "drain":
        cluster.send_drain()
        await cluster.until(lambda: 0 in cluster.slots)
    os.kill(pid, signal.SIGTERM)
    if first == "SIGTERM":
        await eventually(lambda: not is_running(pid))
        cluster.send_drain()
    await cluster.has_ended(assignment, "RELEASED")
    assert (tmp_path / "pid.cleaned").exists()


@pytest.mark.parametrize("follows_s", [0.01, 600.0])
async def test_process_that_is_terminated_before_its_handler_begins(
    cluster, tmp_path, monkeypatch, follows_s
):
    """Fails when that is another thing than a SIGTERM that unwinds the handler."""
    monkeypatch.setattr(_process, "DRAIN_FOLLOWS_S", follows_s)
    assignment = cluster.assign(handlers.terminated, config(tmp_path))
    if follows_s > 1:
        cluster.send_drain()
    outcome = await cluster.has_ended(assignment, "RELEASED" if follows_s > 1 else "FAILED")
    assert ("SIGTERM" in outcome.failure.message) == (follows_s < 1)


async def test_cancel_while_a_terminated_process_waits_for_a_drain_is_a_cancel(
    cluster, tmp_path, monkeypatch
):
    """Law 9."""
    monkeypatch.setattr(_process, "DRAIN_FOLLOWS_S", 600.0)
    assignment = cluster.assign(handlers.deaf, config(tmp_path))
    pid = await pid_in(tmp_path)
    os.kill(pid, signal.SIGTERM)
    await eventually(lambda: not is_running(pid))
    cluster.request(assignment, state_pb2.REQUESTED_CANCEL)
    await cluster.has_ended(assignment, "CANCELLED")


@pytest.mark.parametrize(
    ("way", "message"),
    [
        ("SIGKILL", r"was ended by SIGKILL from outside \(peak memory \d+ MiB\): .* no memory left"),
        ("segfault", r"was ended by SIGSEGV \(peak memory \d+ MiB\): native code .*"),
        ("exit", r"ended with exit code 3 before the handler returned, .* \(peak memory \d+ MiB\)"),
    ],
)
async def test_death_of_a_process_is_a_failure_that_says_how_and_may_be_retried(
    cluster, tmp_path, way, message
):
    given = json.dumps({"folder": str(tmp_path), "way": way})
    outcome = await cluster.has_ended(cluster.assign(children.ends, given), "FAILED")
    assert outcome.retryable
    assert re.fullmatch(f"the handler's process {message}", outcome.failure.message)
    assert not outcome.failure.traceback  # it would only tell of our own code


async def test_failure_in_a_process_keeps_its_meaning(cluster, tmp_path):
    outcome = await cluster.has_ended(cluster.assign(handlers.raises, config(tmp_path)), "FAILED")
    assert not outcome.retryable
    assert outcome.failure.error_type == "asynctask.errors.Fail"
    assert "process_handlers.py" in outcome.failure.traceback
