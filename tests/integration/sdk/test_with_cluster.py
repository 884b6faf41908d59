"""The SDK with a real scheduler, registry, Redis and Postgres."""

import asyncio
import signal

import grpc
import pytest

import asynctask
import asynctask.blocking
from asynctask import Client, Executor, ItemState, StageState, TaskState, errors
from asynctask_protos.scheduler.v1 import task_service_pb2, task_service_pb2_grpc
from tests.integration.sdk import process_handlers as handlers
from tests.integration.sdk import sample_types as types
from tests.integration.sdk.asking import ask
from tests.integration.sdk.loopback import running_executor
from tests.support.replies import ReplyEater


def position(task: asynctask.TaskInfo) -> int:
    checkpoint = task.stages[0].checkpoint
    return checkpoint["done"] if isinstance(checkpoint, dict) else checkpoint


async def until_registered(client: Client, name: str) -> None:
    async def known() -> bool:
        return any(item.name == name for item in await client.task_types())

    while not await known():
        await asyncio.sleep(0.02)


@pytest.fixture
async def client(address):
    async with Client(address) as client:
        yield client


@pytest.fixture
async def executor(address, client):
    executor = Executor(types.TYPES, address=address, slots=8)
    async with running_executor(executor):
        await until_registered(client, "files")
        yield executor


async def test_submitted_task_runs_its_stages_and_completes(client, executor):
    task_id = await client.submit(types.two, types.Steps(5), labels={"who": "me"})
    task = await client.wait(task_id, timeout=100)
    assert task.state is TaskState.COMPLETED
    assert task.result == 11
    assert task.config == {"steps": 5, "folder": None}
    assert task.config_as(types.Steps) == types.Steps(5)
    assert [(stage.name, stage.state, stage.result) for stage in task.stages] == [
        ("first", StageState.COMPLETED, {"total": 10}),
        ("second", StageState.COMPLETED, 11),
    ]
    assert task.percent == 100
    (attempt,) = await client.attempts(task_id)
    assert attempt.executor_id == executor.executor_id
    assert attempt.result == "success"


@pytest.mark.parametrize("style", ["async", "blocking"])
@pytest.mark.parametrize("timeout", [0, 0.001])
async def test_task_that_has_ended_is_given_without_time_to_wait(client, address, executor, style, timeout):
    """Fails when a look at what has ended long ago says that it has not."""
    task_id = await client.submit(types.two, types.Steps(5))
    await client.wait(task_id, timeout=100)
    assert (await ask(style, address, "wait", task_id, timeout=timeout)).state is TaskState.COMPLETED
    later = await client.submit(types.two, types.Steps(5), delay="1h")
    with pytest.raises(TimeoutError, match=f"task {later} has not ended within {timeout} s"):
        await ask(style, address, "wait", later, timeout=timeout)


async def test_submits_of_many_callers_travel_together_and_all_complete(client, executor):
    ids = await asyncio.gather(*(client.submit("two", {"steps": number}) for number in range(200)))
    assert len(set(ids)) == 200
    results = {task.task_id: task.result async for task in client.wait_many(ids)}
    assert [results[task_id] for task_id in ids] == [number * 2 + 1 for number in range(200)]


async def test_watch_of_named_tasks_ends_with_the_last_of_them(client, address, executor):
    """The ids may be written in another form than answers have."""
    ids = await client.submit_many([asynctask.Submission("two", {"steps": number}) for number in range(3)])
    ended = set()
    async with asyncio.timeout(60):
        async for task in client.watch(*(task_id.upper() for task_id in ids)):
            ended |= {task.task_id} if task.is_final else set()
    assert ended == set(ids)

    def watch() -> list[TaskState]:
        with asynctask.blocking.Client(address) as blocking:
            return [task.state for task in blocking.watch(*ids)]

    async with asyncio.timeout(60):
        assert await asyncio.to_thread(watch) == [TaskState.COMPLETED] * 3


async def test_refusals_are_errors_of_the_catalogue(client, executor):
    with pytest.raises(errors.UnknownTaskType, match="two"):
        await client.submit("tow")
    with pytest.raises(errors.ConfigInvalid) as caught:
        await client.submit("two", {"steps": "many", "folder": 3})
    assert len(caught.value.violations) == 2
    with pytest.raises(errors.InvalidInput, match="priority"):
        await client.submit("two", priority=9)
    with pytest.raises(errors.TaskNotFound):
        await client.get("01890000-0000-7000-8000-000000000000")
    refused, accepted = await client.submit_many([asynctask.Submission("tow"), asynctask.Submission("two")])
    assert isinstance(refused, errors.UnknownTaskType)
    assert isinstance(accepted, str)
    with pytest.raises(errors.WrongState):
        await client.resume((await client.wait(accepted, timeout=100)).task_id)


@pytest.mark.parametrize("kind", ["slow", "slow_thread", "slow_process"])
async def test_pause_keeps_the_position_resume_goes_on_and_cancel_ends(client, executor, kind, tmp_path):
    """Laws 3 and 9. Fails when a paused task loses its position, or a pause or cancel is overtaken by more steps."""
    task_id = await client.submit(kind, {"steps": 100_000, "folder": str(tmp_path)})

    async def stands(state: TaskState) -> asynctask.TaskInfo:
        async with asyncio.timeout(60):
            async for task in client.watch(task_id, full=True):
                if task.state is state:
                    return task
        raise AssertionError

    await stands(TaskState.RUNNING)
    while (await client.get(task_id)).stages[0].checkpoint is None:
        await asyncio.sleep(0.02)
    await client.pause(task_id, "lunch")
    paused = await stands(TaskState.PAUSED)
    assert paused.stages[0].checkpoint
    await client.resume(task_id)
    await stands(TaskState.RUNNING)
    while (await client.get(task_id)).stages[0].checkpoint == paused.stages[0].checkpoint:
        await asyncio.sleep(0.02)
    assert position(await client.get(task_id)) > position(
        paused
    )  # went on from there, not from the beginning
    await client.cancel(task_id, "enough")
    cancelled = await stands(TaskState.CANCELLED)
    assert cancelled.command_reason == "enough"
    results = [attempt.result for attempt in await client.attempts(task_id)]
    assert results == ["paused", "cancelled"]


@pytest.mark.parametrize("lease", ["15s"])
async def test_killed_executor_loses_nothing_and_another_goes_on_from_the_checkpoint(
    client, address, processes, tmp_path
):
    """Laws 1 and 3. Fails when the second attempt does not get the last acknowledged checkpoint, or other items
    than the first one left.
    """
    workers = [
        processes.python(
            f"worker{number}", "-m", "tests.integration.sdk.sample_types", ASYNCTASK_ADDRESS=address
        )
        for number in range(2)
    ]
    workers[0].spawn()
    await until_registered(client, "slow")
    task_id = await client.submit("slow", {"steps": 150, "folder": str(tmp_path)})
    listed = await client.submit("marks", {"steps": 2_400, "folder": str(tmp_path)})
    while not (checkpoint := (await client.get(task_id)).stages[0].checkpoint) or checkpoint["done"] < 20:
        await asyncio.sleep(0.05)
    while not (tmp_path / "marked").exists():
        await asyncio.sleep(0.05)
    workers[1].spawn()
    await eventually_connected(client, 2)
    workers[0].process.kill()
    task = await client.wait(task_id, timeout=100)
    assert task.state is TaskState.COMPLETED
    assert task.result[0] == 150
    assert int((tmp_path / "begun-2").read_text()) >= 20
    assert [attempt.result for attempt in await client.attempts(task_id)] == ["lost", "success"]
    # Each step's warning came with its checkpoint: what was lost counts with its repetition, and nothing twice.
    assert task.warning_counts == {"STEP": 150}
    told = await client.events(task_id)
    assert [event.kind for event in told] == [
        "created", "started", "lost", "continued", "stage_finished", "completed"
    ]  # fmt: skip
    assert [event.detail.get("attempt") for event in told] == [None, 1, 1, 2, None, 2]
    assert await paged_kinds(address, task_id, 2) == [event.kind for event in told]
    task = await client.wait(listed, timeout=100)
    assert task.result == [*range(0, 1_200, 10), *range(1_200, 2_400)]
    assert (await client.manifest_counts(listed))["items"].done.items == 2_400


async def paged_kinds(address: str, task_id: str, page_size: int) -> list[str]:
    """The kinds of a task's events, read in pages."""
    kinds: list[str] = []
    request = task_service_pb2.ListTaskEventsRequest(task_id=task_id, page_size=page_size)
    async with grpc.aio.insecure_channel(address) as channel:
        stub = task_service_pb2_grpc.TaskServiceStub(channel)
        while True:
            answer = await stub.ListTaskEvents(request)
            assert len(answer.events) <= page_size
            kinds += [event.kind for event in answer.events]
            request.page_token = answer.next_page_token
            if not request.page_token:
                return kinds


async def eventually_connected(client: Client, count: int) -> None:
    while sum(executor.connected for executor in await client.executors()) < count:
        await asyncio.sleep(0.05)


async def test_sigterm_drains_an_executor_and_its_tasks_count_no_failure(
    client, address, processes, tmp_path
):
    """Law 3. Fails when an executor that ends loses where its handlers are, or counts as a failure."""
    worker = processes.python("worker", "-m", "tests.integration.sdk.sample_types", ASYNCTASK_ADDRESS=address)
    worker.spawn()
    await until_registered(client, "slow")
    task_id = await client.submit("slow", {"steps": 100_000, "folder": str(tmp_path)})
    while not (await client.get(task_id)).stages[0].checkpoint:
        await asyncio.sleep(0.02)
    worker.send(signal.SIGTERM)
    assert await worker.wait() == 0
    task = await client.get(task_id)
    assert task.state is TaskState.QUEUED
    assert (task.release_count, task.error_count, task.lost_count) == (1, 0, 0)


async def test_executor_that_is_asked_to_drain_gives_its_tasks_back_and_ends(client, address, tmp_path):
    executor = Executor(types.TYPES, address=address)
    async with running_executor(executor) as serving:
        await until_registered(client, "slow")
        task_id = await client.submit("slow", {"steps": 100_000, "folder": str(tmp_path)})
        while not (await client.get(task_id)).stages[0].checkpoint:
            await asyncio.sleep(0.02)
        await client.drain_executor(executor.executor_id, "maintenance")
        async with asyncio.timeout(60):
            await asyncio.shield(serving)
    assert (await client.get(task_id)).state is TaskState.QUEUED
    # It stopped in order: it is not listed as away, as one that was killed is for a minute.
    listed = [one for one in await client.executors() if one.executor_id == executor.executor_id]
    assert all(one.connected or one.running for one in listed)
    with pytest.raises(errors.ExecutorNotFound):
        await client.drain_executor("nobody")


async def test_manifest_is_worked_off_and_read_back(client, executor):
    """Law 3. Fails when an item is worked on twice or left out."""
    task_id = await client.submit("files", {"steps": 2500})
    task = await client.wait(task_id, timeout=100)
    assert task.result == 2250
    counts = (await client.manifest_counts(task_id))["items"]
    assert (counts.done.items, counts.failed.items, counts.todo.items) == (2250, 250, 0)
    failed = [item async for item in client.manifest_items(task_id, states=[ItemState.FAILED])]
    assert len(failed) == 250
    assert failed[0].name == "file 3"
    assert failed[0].error == "broken"


@pytest.mark.parametrize("task_type", [handlers.reads_in_thread, handlers.reads_in_process])
async def test_blocking_handler_is_given_every_item_of_pages_that_close_early(client, address, task_type):
    """Fails when a page that the registry closed before it was too large to send counts as the last one."""
    async with running_executor(Executor([task_type], address=address)):
        await until_registered(client, task_type.name)
        task = await client.wait(await client.submit(task_type, handlers.Items(1_000, 8_192)), timeout=100)
    everything = list(range(1_000))
    assert task.result == {"listed": everything, "worked_on": everything}


async def test_blocking_client_does_the_same(address, executor):
    def use() -> None:
        with asynctask.blocking.Client(address) as client:
            task_id = client.submit("two", {"steps": 2})
            task = client.wait(task_id, timeout=100)
            assert task.result == 5
            assert client.get(task_id).state is TaskState.COMPLETED
            assert [item.task_id for item in client.list(task_types=["two"], limit=5)] == [task_id]
            with pytest.raises(errors.WrongState):
                client.pause(task_id)
            assert {item.name for item in client.task_types()} >= {"two", "slow"}

    await asyncio.to_thread(use)


async def test_killed_scheduler_costs_no_attempt_and_no_step(client, scheduler_process, executor, tmp_path):
    """Laws 1 and 3. Fails when events that were on their way are not sent again to the next scheduler."""
    task_id = await client.submit("slow", {"steps": 200, "folder": str(tmp_path)})
    while not (await client.get(task_id)).stages[0].checkpoint:
        await asyncio.sleep(0.02)
    await scheduler_process.kill()
    await scheduler_process.start()
    task = await client.wait(task_id, timeout=100)
    assert task.state is TaskState.COMPLETED
    assert [attempt.result for attempt in await client.attempts(task_id)] == ["success"]


async def test_submit_goes_on_by_itself_while_the_scheduler_restarts(client, scheduler_process, executor):
    await scheduler_process.kill()
    submitting = asyncio.create_task(client.submit("two", {"steps": 1}, timeout=100))
    await scheduler_process.start()
    assert (await client.wait(await submitting, timeout=100)).result == 3


async def test_eaten_replies_make_nothing_twice(address, scheduler_process):
    """Breaks when a submit is repeated with another request id, or a manifest chunk with another number."""
    async with (
        ReplyEater(address) as eater,
        Client(eater.address) as client,
        running_executor(Executor(types.TYPES, address=eater.address)),
    ):
        await until_registered(client, "files")
        eater.eat("BatchSubmitTasks")
        eater.eat("AppendManifest", times=2)
        eater.eat("Renew")
        task_id = await client.submit("files", {"steps": 50})
        task = await client.wait(task_id, timeout=100)
        assert task.result == 45
        assert [task.task_id async for task in client.list()] == [task_id]
        assert (await client.manifest_counts(task_id))["items"].total.items == 50
        assert [attempt.result for attempt in await client.attempts(task_id)] == ["success"]
        assert eater.eaten["BatchSubmitTasks"] == 1
        # Of a stream, too: the client submits often enough to have one.
        while not any(opened.stream.is_open for opened in client._streams._opened):
            await client.submit("files", {"steps": 0})
        before = {task.task_id async for task in client.list()}
        eater.eat("BatchSubmitTasks")
        task_id = await client.submit("files", {"steps": 0})
        assert {task.task_id async for task in client.list()} == before | {task_id}
        assert eater.eaten["BatchSubmitTasks"] == 2
        assert eater.eaten["AppendManifest"] == 2


async def test_second_address_serves_when_the_first_is_gone(address, scheduler_process):
    addresses = f"127.0.0.1:1,{address}"
    async with Client(addresses) as client, running_executor(Executor(types.TYPES, address=addresses)):
        await until_registered(client, "two")
        assert (await client.wait(await client.submit("two", {"steps": 1}), timeout=100)).result == 3


async def test_logs_are_read_back_and_followed(client, executor):
    task_id = await client.submit("talks", {"steps": 30})
    followed = [line.message async for line in client.tail(task_id)]
    await client.wait(task_id, timeout=100)
    while len(stored := [line async for line in client.logs(task_id)]) < 30:
        await asyncio.sleep(0.05)
    assert [line.message for line in stored] == [f"line {number}" for number in range(30)]
    assert followed == [line.message for line in stored][: len(followed)]
    assert len(followed) > 0
    assert {line.level for line in stored} == {"INFO"}
    assert [line async for line in client.logs(task_id, min_level="WARNING")] == []


async def test_a_type_without_tasks_is_deleted_by_either_client(client, address):
    kind = asynctask.TaskType("short_lived")

    @kind.stage
    async def only(ctx: asynctask.Context[None]) -> None: ...

    await client.register_task_type(kind)
    task_id = await client.submit("short_lived")
    with pytest.raises(errors.TaskTypeInUse, match=task_id):
        await client.delete_task_type("short_lived")
    await client.cancel(task_id)
    await client.wait(task_id, timeout=100)
    await client.delete_task_type("short_lived")
    with pytest.raises(errors.TaskTypeNotFound):
        await client.task_type("short_lived")
    with pytest.raises(
        errors.TaskTypeDeleted, match="'short_lived' was deleted; start an executor"
    ) as refused:
        await client.restart(task_id)
    assert isinstance(refused.value, errors.WrongState)
    with asynctask.blocking.Client(address) as blocking:
        with pytest.raises(errors.TaskTypeNotFound):
            await asyncio.to_thread(blocking.delete_task_type, "short_lived")
        await asyncio.to_thread(blocking.register_task_type, kind)
        await asyncio.to_thread(blocking.delete_task_type, "short_lived")
        assert "short_lived" not in [one.name for one in await asyncio.to_thread(blocking.task_types)]
