"""Watching tasks: where they stand, every change once durable, live progress, and resuming without a gap."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import grpc
import pytest

from asynctask_core.errors import TaskNotFound, TokenExpired
from asynctask_core.ids import id_text, new_id
from asynctask_core.status import from_rpc_error
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.executor_service_pb2 import AppendLogsRequest
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import LogLevel, LogLine, Task, TaskView
from tests.integration.scheduler.cell import Cell
from tests.integration.scheduler.raw_executor import a_type
from tests.support.promptness import in_time

QUEUED, RUNNING, COMPLETED = (
    TaskState.TASK_STATE_QUEUED,
    TaskState.TASK_STATE_RUNNING,
    TaskState.TASK_STATE_COMPLETED,
)


class Watch:
    """One watch stream; keeps what it was told."""

    def __init__(self, stub: Any, **fields: Any) -> None:
        self.call = stub.WatchTasks(pb.WatchTasksRequest(**fields))
        self.seen: list[Task] = []
        self.token = ""
        self.caught_up = False

    async def read(self, timeout: float = 60.0) -> pb.WatchTasksResponse:
        async with asyncio.timeout(timeout):
            response = await self.call.read()
        assert isinstance(response, pb.WatchTasksResponse), "the stream ended"
        self.seen.extend(response.tasks)
        self.token = response.resume_token or self.token
        self.caught_up = self.caught_up or response.caught_up
        return response

    async def until(self, condition: Any, timeout: float = 60.0) -> None:
        async with asyncio.timeout(timeout):
            while not condition(self):
                await self.read(timeout)

    def latest(self, task_id: str) -> Task:
        return [task for task in self.seen if task.task_id == task_id][-1]

    def states(self, task_id: str) -> list[int]:
        states = [task.task_status for task in self.seen if task.task_id == task_id]
        return [state for at, state in enumerate(states) if at == 0 or states[at - 1] != state]


async def test_a_watch_by_id_tells_where_tasks_stand_and_then_every_change(cell: Cell):
    await cell.register()
    task_id = await cell.submit()
    watch = Watch(cell.tasks, task_ids=[task_id])
    await watch.until(lambda w: w.caught_up)
    assert watch.states(task_id) == [QUEUED]
    executor = await cell.executor()
    assignment = await executor.assignment()
    await watch.until(lambda w: w.latest(task_id).task_status == RUNNING)
    await executor.finish(assignment)
    await watch.until(lambda w: w.latest(task_id).task_status == COMPLETED)
    versions = [task.version for task in watch.seen]
    assert versions == sorted(versions)


async def test_a_change_is_told_within_a_second(cell: Cell):
    executor = await cell.executor()

    async def took_s() -> float:
        task_id = await cell.submit()
        assignment = await executor.assignment()
        watch = Watch(cell.tasks, task_ids=[task_id])
        await watch.until(lambda w: w.caught_up)
        began = time.monotonic()
        await executor.finish(assignment)
        await watch.until(lambda w: w.latest(task_id).task_status == COMPLETED)
        return time.monotonic() - began

    await in_time(1, took_s)


async def test_progress_is_live_in_watches_and_reads(cell: Cell):
    executor = await cell.executor(a_type(stages=("compare", "transfer")))
    task_id = await cell.submit()
    assignment = await executor.assignment()
    watch = Watch(cell.tasks, task_ids=[task_id])
    await watch.until(lambda w: w.caught_up)
    await executor.progress(assignment, "compare", 30, 100)
    await watch.until(lambda w: w.latest(task_id).stages[0].progress.done == 30)
    assert watch.latest(task_id).percent == pytest.approx(15)
    task = await cell.get(task_id)
    assert (task.stages[0].progress.done, task.stages[0].progress.unit) == (30, "bytes")
    for done in range(40, 80, 10):
        await executor.progress(assignment, "compare", done, 100)
        await asyncio.sleep(0.02)
    await watch.until(lambda w: w.latest(task_id).stages[0].progress.done == 70)
    assert watch.latest(task_id).stages[0].progress.rate > 0
    listed = (await cell.tasks.ListTasks(pb.ListTasksRequest())).tasks
    assert listed[0].stages[0].progress.done == 70


async def test_a_watch_at_one_replica_sees_what_another_one_did(start_cell):
    cell = await start_cell(schedulers=2)
    executor = await cell.executor(replica=1)
    task_id = await cell.submit(delay_ms=300)
    watch = Watch(cell.replicas[0].tasks, task_ids=[task_id])
    await watch.until(lambda w: w.caught_up)
    assignment = await executor.assignment()
    await executor.progress(assignment, "run", 1, 2)
    await watch.until(lambda w: w.latest(task_id).percent == 50)
    await executor.finish(assignment)
    await watch.until(lambda w: w.latest(task_id).task_status == COMPLETED)


async def test_a_watch_by_id_can_be_resumed(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit(delay_ms=400)
    watch = Watch(cell.tasks, task_ids=[task_id])
    await watch.until(lambda w: w.caught_up)
    watch.call.cancel()
    await executor.finish(await executor.assignment())
    await cell.until_state(task_id, COMPLETED)
    again = Watch(cell.tasks, task_ids=[task_id], resume_token=watch.token)
    await again.until(lambda w: w.seen)
    assert again.latest(task_id).task_status == COMPLETED


async def test_deleted_tasks_are_announced(cell: Cell):
    await cell.register()
    task_id = await cell.submit(delay_ms=60_000)
    watch = Watch(cell.tasks, task_ids=[task_id])
    await watch.until(lambda w: w.caught_up)
    await cell.tasks.DeleteTask(pb.DeleteTaskRequest(task_id=task_id, force=True))
    await watch.until(lambda w: w.latest(task_id).deleted)
    again = Watch(cell.tasks, task_ids=[task_id], resume_token=watch.token)
    await again.until(lambda w: w.seen)
    assert again.latest(task_id).deleted


async def test_a_watch_by_filter_tells_changes_and_resumes_where_it_was(cell: Cell):
    executor = await cell.executor(a_type(), a_type("other"))
    watch = Watch(cell.tasks, filter=pb.TaskFilter(task_types=["noop"]))
    await watch.until(lambda w: w.caught_up)
    other, first = await cell.submit("other"), await cell.submit()
    for assignment in await executor.assignments(2):
        await executor.finish(assignment)
    await watch.until(lambda w: w.seen and w.latest(first).task_status == COMPLETED)
    await watch.read()
    assert {task.task_id for task in watch.seen} == {first}
    watch.call.cancel()
    second = await cell.submit()
    await executor.finish(await executor.assignment())
    await cell.until_state(second, COMPLETED)
    again = Watch(cell.tasks, filter=pb.TaskFilter(task_types=["noop"]), resume_token=watch.token)
    await again.until(lambda w: any(t.task_id == second and t.task_status == COMPLETED for t in w.seen))
    assert other not in {task.task_id for task in again.seen}


async def test_a_watch_by_state_tells_when_a_task_leaves_it(cell: Cell):
    executor = await cell.executor()
    watch = Watch(cell.tasks, filter=pb.TaskFilter(task_states=[RUNNING]))
    await watch.until(lambda w: w.caught_up)
    task_id = await cell.submit()
    assignment = await executor.assignment()
    await watch.until(lambda w: w.seen)
    await executor.progress(assignment, "run", 1, 4)
    await watch.until(lambda w: w.latest(task_id).percent == 25)
    await executor.finish(assignment)
    await watch.until(lambda w: w.latest(task_id).task_status == COMPLETED)
    assert watch.states(task_id) == [RUNNING, COMPLETED]


async def test_tokens_and_ids_that_are_wrong_are_refused(cell: Cell):
    await cell.register()
    task_id = await cell.submit()
    watch = Watch(cell.tasks, task_ids=[task_id])
    await watch.until(lambda w: w.caught_up)
    for kind, fields in (
        (TokenExpired, {"filter": pb.TaskFilter(), "resume_token": watch.token}),
        (TokenExpired, {"task_ids": [task_id], "resume_token": "nonsense"}),
        (TaskNotFound, {"task_ids": [id_text(new_id())]}),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await Watch(cell.tasks, **fields).read()
        assert isinstance(from_rpc_error(caught.value), kind)


async def test_full_watches_carry_results(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit(config='{"a": 1}')
    watch = Watch(cell.tasks, task_ids=[task_id], view=TaskView.TASK_VIEW_FULL)
    await executor.finish(await executor.assignment(), result_json='"done"')
    await watch.until(lambda w: w.seen and w.latest(task_id).task_status == COMPLETED)
    task = watch.latest(task_id)
    assert (task.task_config, task.result_json) == ('{"a": 1}', '"done"')


async def test_log_lines_are_tailed_until_the_task_is_final(cell: Cell):
    executor = await cell.executor()
    task_id = await cell.submit()
    assignment = await executor.assignment()

    async def log(sequence: int, message: str) -> None:
        line = LogLine(
            stage="run",
            message=message,
            sequence=sequence,
            attempt_id=assignment.attempt_id,
            level=LogLevel.LOG_LEVEL_INFO,
        )
        line.time.GetCurrentTime()
        await executor.stub.AppendLogs(
            AppendLogsRequest(task_id=assignment.task_id, attempt_id=assignment.attempt_id, lines=[line])
        )

    await log(1, "one")
    tail = cell.tasks.TailTaskLogs(pb.TailTaskLogsRequest(task_id=task_id))
    first = await tail.read()
    assert [line.message for line in first.lines] == ["one"]
    await log(2, "two")
    second = await tail.read()
    assert [line.message for line in second.lines] == ["two"]
    await log(3, "three")
    await executor.finish(assignment)
    last = await tail.read()
    assert [line.message for line in last.lines] == ["three"]
    assert await tail.read() is grpc.aio.EOF
    page = await cell.tasks.ListTaskLogs(pb.ListTaskLogsRequest(task_id=task_id, page_size=2))
    assert [line.message for line in page.lines] == ["one", "two"]
    page = await cell.tasks.ListTaskLogs(
        pb.ListTaskLogsRequest(task_id=task_id, page_size=2, page_token=page.next_page_token)
    )
    assert [line.message for line in page.lines] == ["three"]
    assert not page.next_page_token
