"""`backup_file` on real services and stores, in executors that are killed."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from asynctask import AttemptResult, Client, ItemState, TaskInfo, TaskState, WaitingFor
from asynctask.errors import ConfigInvalid
from tests.support.conditions import eventually
from tests.support.processes import ChildProcess, Processes
from tests.unit.nas.trees import describe

MIB = 1 << 20
EXECUTOR = "from asynctask_nas.executor import executor; executor.run()"


@pytest.fixture
async def address(processes: Processes, postgres_url: str, redis_url: str) -> AsyncIterator[str]:
    """Where a scheduler with short leases is."""
    registry = processes.service("registry", POSTGRES_URL=postgres_url)
    await registry.start()
    scheduler = processes.service(
        "scheduler", REDIS_URL=redis_url, REGISTRY_ADDRESS=registry.address, LEASE="10s"
    )
    await scheduler.start()
    yield scheduler.address
    await scheduler.stop()
    await registry.stop()


@pytest.fixture
async def client(address: str) -> AsyncIterator[Client]:
    async with Client(address) as client:
        yield client


async def started(count: int, address: str, client: Client, processes: Processes) -> list[ChildProcess]:
    """That many executors."""
    found = [
        processes.python(f"executor-{number}", "-c", EXECUTOR, ASYNCTASK_ADDRESS=address)
        for number in range(count)
    ]
    for one in found:
        one.spawn()

    async def are_all() -> bool:
        return len(await client.executors()) == count

    await eventually(are_all)
    return found


def transferred(task: TaskInfo) -> float:
    """Bytes that the transfer has done."""
    return next((s.progress.done for s in task.stages if s.name == "transfer" and s.progress), 0)


async def test_killed_executors_backup_goes_on_elsewhere_in_the_middle_of_a_file(
    source: Path, destination: Path, address: str, client: Client, processes: Processes
) -> None:
    executors = await started(2, address, client, processes)
    for number in range(300):
        (source / f"{number}").write_bytes(os.urandom(number))
    (source / "large").write_bytes(os.urandom(MIB) * 32)
    config = {
        "source_path": str(source),
        "destination_path": str(destination),
        # Eight seconds, of which two pass until the first part of the file is kept: time enough to notice that.
        "bandwidth_limit": "4MiB",
    }
    task_id = await client.submit("backup_file", config)

    before: set[bytes] = set()

    async def is_kept_far_in() -> TaskInfo | None:
        task = await client.get(task_id)
        parts = [stage.checkpoint for stage in task.stages if stage.name == "transfer" and stage.checkpoint]
        assert not task.is_final
        if not parts or not parts[0]["parts"] or transferred(task) <= 4 * MIB:
            return None
        done = client.manifest_items(task_id, manifest="items", states=[ItemState.DONE])
        before.update([item.key async for item in done])
        return task if len(before) == 300 else None

    task = await eventually(is_kept_far_in)
    assert task is not None
    assert task.executor_id is not None
    holder = next(one for one in executors if f"-{one.pid}-" in task.executor_id)
    # The small files, and not the large one in whose middle the executor is killed.
    assert before == {str(number).encode() for number in range(300)}
    times = {key: (destination / os.fsdecode(key)).stat().st_ctime_ns for key in before}
    holder.send(signal.SIGKILL)
    await holder.wait()

    task = await client.wait(task_id, timeout=180)
    assert task.state is TaskState.COMPLETED, task.failure
    assert [one.result for one in await client.attempts(task_id)] == [
        AttemptResult.LOST,
        AttemptResult.SUCCESS,
    ]
    assert task.result["files"] == task.result["verified"] == 301
    assert describe(destination) == describe(source)
    assert {key: (destination / os.fsdecode(key)).stat().st_ctime_ns for key in before} == times


async def test_what_no_backup_can_do_is_refused_or_fails_or_is_waited_for_with_its_reason(
    source: Path, address: str, client: Client, processes: Processes
) -> None:
    """Fails when people see another reason, or none; or when an absent disk uses up the retries.

    One cluster for all of it, since starting one costs more than what is looked at.
    """
    await started(1, address, client, processes)
    await submit_with_relative_paths(client)
    wrong = {
        "SOURCE_MISSING": {
            "source_path": str(source / "nowhere"),
            "destination_path": str(source.parent / "x"),
        },
        "DESTINATION_INSIDE_SOURCE": {"source_path": str(source), "destination_path": str(source / "in")},
        "DESTINATION_UNUSABLE": {"source_path": str(source), "destination_path": "/dev/null"},
        # What a JSON Schema cannot say.
        "CONFIG_INVALID": {
            "source_path": str(source),
            "destination_path": str(source.parent / "x"),
            "must_be_mounted": ["/half a character \ud800"],
        },
    }
    for reason, config in wrong.items():
        task = await client.wait(await client.submit("backup_file", config), timeout=180)
        assert task.state is TaskState.FAILED
        assert task.failure is not None
        assert task.failure.reason == reason
        assert task.attempt_count == 1
    assert os.listdir(source) == []
    await wait_for_a_mount(source, client)


async def submit_with_relative_paths(client: Client) -> None:
    """It is refused at once, and names both."""
    with pytest.raises(ConfigInvalid) as caught:
        await client.submit("backup_file", {"source_path": "relative", "destination_path": ""})
    fields = [violation.field for violation in caught.value.violations]
    assert fields == ["task_config.source_path", "task_config.destination_path"]
    assert [task async for task in client.list()] == []


async def wait_for_a_mount(source: Path, client: Client) -> None:
    """What is not mounted is waited for: no error, and the reason is shown meanwhile."""
    config = {
        "source_path": str(source),
        "destination_path": str(source.parent / "x"),
        "must_be_mounted": [str(source)],
    }
    task_id = await client.submit("backup_file", config)

    async def waits() -> TaskInfo | None:
        task = await client.get(task_id)
        return task if task.waiting_for is WaitingFor.RETRY else None

    task = await eventually(waits)
    assert task is not None
    assert task.state is TaskState.PENDING
    assert (task.error_count, task.release_count) == (0, 1)
    assert task.failure is not None
    assert task.failure.reason == "NOT_MOUNTED"
    assert "is it still mounted?" in task.failure.message
    (attempt,) = await client.attempts(task_id)
    assert attempt.result is AttemptResult.RELEASED
    assert attempt.failure is not None
    await client.cancel(task_id)
    assert (await client.wait(task_id, timeout=60)).state is TaskState.CANCELLED
