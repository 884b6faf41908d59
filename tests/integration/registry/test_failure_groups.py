"""Failed tasks in groups: which, in which order, how many, and how far back the look went."""

from __future__ import annotations

from asynctask_core.ids import id_text, id_time_ms
from asynctask_core.wire import from_timestamp
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.overview_pb2 import FailureGroup
from asynctask_registry.ledger.failure_groups import FailureGroupReader
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import command, failure, get, record, restarted, started


async def failed(ledger: Ledger, text: str, **fields: str) -> bytes:
    """Id of a task that failed just now."""
    task_id, attempt_id = await started(ledger, **fields)
    await record(ledger, failure(task_id, attempt_id, retryable=False, text=text))
    return task_id


async def groups_since(
    ledger: Ledger, first: bytes, task_type: str = "", **options: int
) -> list[FailureGroup]:
    found = await ledger.failure_group_reader.groups(task_type, start_ms=id_time_ms(first), **options)
    assert found.looked_back_to_ms is None
    return list(found.groups)


async def test_failed_tasks_are_grouped_by_the_kind_of_their_error(ledger: Ledger) -> None:
    full = [await failed(ledger, f"disk {number} is full") for number in range(3)]
    gone = await failed(ledger, "volume '/srv/a' is gone")
    other_type = await failed(ledger, "disk 9 is full", task_type="move")
    full.append(await failed(ledger, "disk 99 is full"))
    (waits, attempt_id) = await started(ledger)
    await record(ledger, failure(waits, attempt_id, retryable=True, text="disk 1 is full"))

    groups = await groups_since(ledger, full[0])
    assert [(group.task_type, group.count, group.message) for group in groups] == [
        ("copy", 4, "disk 99 is full"),
        ("move", 1, "disk 9 is full"),
        ("copy", 1, "volume '/srv/a' is gone"),
    ]
    first = groups[0]
    assert (first.reason, first.error_type) == ("HANDLER_ERROR", "OSError")
    assert first.last_task_id == id_text(full[-1])
    tasks = [await get(ledger, task_id) for task_id in full]
    assert {task.failure.fingerprint for task in tasks} == {first.fingerprint}
    ends = sorted(from_timestamp(task.end_time) for task in tasks)
    assert (from_timestamp(first.first_time), from_timestamp(first.last_time)) == (ends[0], ends[-1])

    assert [group.last_task_id for group in await groups_since(ledger, full[0], "move")] == [
        id_text(other_type)
    ]
    assert len(await groups_since(ledger, full[0], page_size=2)) == 2
    assert [group.count for group in await groups_since(ledger, full[2])] == [2, 1, 1]

    # What stands at `failed` no more is in no group.
    await command(ledger, gone, pb.COMMAND_KIND_RESTART)
    await command(ledger, full[-1], pb.COMMAND_KIND_DELETE)
    attempt_id = await restarted(ledger, gone)
    assert [(group.count, group.last_task_id) for group in await groups_since(ledger, full[0])] == [
        (1, id_text(other_type)),
        (3, id_text(full[2])),
    ]


async def test_only_the_newest_failed_tasks_are_looked_at_and_the_answer_says_so(ledger: Ledger) -> None:
    ids = [await failed(ledger, f"step {number} broke") for number in range(4)]
    reader = FailureGroupReader(ledger.reads, most_rows=3)
    found = await reader.groups(start_ms=id_time_ms(ids[0]))
    assert [group.count for group in found.groups] == [3]
    assert found.looked_back_to_ms == id_time_ms(ids[1])


async def test_groups_are_those_of_the_last_week_unless_the_caller_says_otherwise(ledger: Ledger) -> None:
    task_id = await failed(ledger, "an old fault")
    now_s = id_time_ms(task_id) / 1000
    week_s = 7 * 24 * 3600
    late = FailureGroupReader(ledger.reads, clock=lambda: now_s + week_s + 1)
    assert not [group for group in (await late.groups()).groups if group.message == "an old fault"]
    early = FailureGroupReader(ledger.reads, clock=lambda: now_s + week_s - 1)
    assert [group for group in (await early.groups()).groups if group.message == "an old fault"]


async def test_group_whose_text_is_long_is_cut(ledger: Ledger) -> None:
    task_id = await failed(ledger, "long " * 4000)
    (group,) = await groups_since(ledger, task_id)
    assert len(group.message.encode()) <= 1024
