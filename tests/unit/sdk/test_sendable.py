"""Every value that the SDK is given is made sendable, or refused by name, where it is given."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from asynctask import Client, Context, Executor, Retry, TaskState, TaskType, ThreadContext
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._client import api, api_cluster
from asynctask._executor.progress import ProgressGatherer
from asynctask.errors import InvalidInput
from asynctask.testing import run
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1 import work_pb2
from tests.unit.sdk.sent_commands import sent

SURROGATE = "name\udce9"  # os.fsdecode(b"name\xe9")


class Text(str):
    """A subclass that pretends to be something else."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\udce9"

    def isascii(self) -> bool:
        return True


@pytest.mark.parametrize("style", ["async", "thread"])
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (SURROGATE, "name\\xe9"),
        ("files\0", "files\\0"),
        (Text("a\udce9"), "a\\xe9"),
        ("x" * 100_000, "x" * 32),
        ("é" * 40, "é" * 32),
    ],
)
async def test_unit_of_progress_is_made_sendable(style, given, kept):
    """Fails when it is kept as it is: the writer of the executor's stream died of it, and all its tasks were silent."""
    kind = reporting(style, unit=given, message=given)
    result = await run(kind)
    assert result.state is TaskState.COMPLETED
    (_, progress), *_ = result.progress
    assert progress.unit == kept
    progress.message.encode()
    assert "\0" not in progress.message
    assert len(progress.message.encode()) <= 1024


def reporting(style: str, **facts: Any) -> TaskType:
    kind = TaskType("reporting", retry=Retry(max_attempts=1))
    if style == "async":

        @kind.stage
        async def report(ctx: Context[Any]) -> None:
            ctx.progress(1, 2, **facts)
    else:

        @kind.stage
        def report_in_thread(ctx: ThreadContext[Any]) -> None:
            ctx.progress(1, 2, **facts)

    return kind


@pytest.mark.parametrize("facts", [{"unit": 5}, {"unit": b"x"}, {"message": None}, {"message": object()}])
async def test_progress_whose_text_is_none_is_refused_by_name(facts):
    result = await run(reporting("async", **facts))
    assert result.state is TaskState.FAILED
    (field,) = facts
    assert result.failure is not None
    assert result.failure.message.startswith(f"progress.{field}: must be a text; got ")


async def test_progress_that_cannot_be_written_leaves_out_its_own_task_only(caplog):
    """Fails when it ends the writer: then nothing goes out for any task of the executor."""
    gatherer = ProgressGatherer(asyncio.get_running_loop(), lambda: None)
    attempts: list[Attempt] = []
    for unit in ("files", SURROGATE, "bytes"):
        attempt = Attempt(work_pb2.Assignment(task_id=new_id(), attempt_id=new_id()), ClockReading(0, 0))
        attempt.alive = True
        attempt.progress = (1.0, 2.0, unit, "")
        gatherer.report(attempt)
        attempts.append(attempt)
    batch = gatherer.take()
    assert batch is not None
    assert [report.attempt_id for report in batch.reports] == [attempts[0].attempt_id, attempts[2].attempt_id]
    assert "progress.not_sent" in caplog.text


def test_event_that_cannot_be_written_takes_no_number():
    """Fails when the number is taken first: the registry then waits for an event that never comes."""
    attempt = Attempt(work_pb2.Assignment(task_id=new_id(), attempt_id=new_id()), ClockReading(0, 0))
    attempt.progress = (1.0, 2.0, SURROGATE, "")
    with pytest.raises(ValueError, match="surrogates"):
        attempt.new_event()
    attempt.progress = None
    assert attempt.new_event().sequence == 1


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"key": 5}, "item.key"),
        ({"key": None}, "item.key"),
        ({"key": "\ud800"}, "item.key"),
        ({"key": "x" * 8193}, "item.key"),
        ({"key": "a", "size": -1}, "item.size"),
        ({"key": "a", "size": 2**53}, "item.size"),
        ({"key": "a", "size": 1.5}, "item.size"),
        ({"key": "a", "size": float("nan")}, "item.size"),
        ({"key": "a", "size": True}, "item.size"),
        ({"key": "a", "data": "x" * 20_000}, "item.data"),
    ],
)
@pytest.mark.parametrize("style", ["async", "thread"])
async def test_item_that_cannot_be_kept_is_refused_where_it_is_given(style, item, field):
    """Fails when a thread handler learns of it at a later call, after other items were taken."""
    kind = TaskType("items", retry=Retry(max_attempts=1))
    if style == "async":

        @kind.stage
        async def make(ctx: Context[Any]) -> None:
            await ctx.manifest.append("first")
            with pytest.raises(InvalidInput) as caught:
                await ctx.manifest.append(**item)
            assert [violation.field for violation in caught.value.violations] == [field]
            await ctx.manifest.append("last")
    else:

        @kind.stage
        def make_in_thread(ctx: ThreadContext[Any]) -> None:
            ctx.manifest.append("first")
            with pytest.raises(InvalidInput) as caught:
                ctx.manifest.append(**item)
            assert [violation.field for violation in caught.value.violations] == [field]
            ctx.manifest.append("last")

    result = await run(kind)
    assert result.state is TaskState.COMPLETED, result.failure
    assert [item.name for item in result.manifest] == ["first", "last"]


@pytest.mark.parametrize("name", ["", "a b", SURROGATE, "x" * 65, 5, "a\0"])
@pytest.mark.parametrize("style", ["async", "thread"])
async def test_name_of_a_manifest_is_refused_where_it_is_given(style, name):
    kind = TaskType("named")

    def look(ctx: Any) -> None:
        with pytest.raises(InvalidInput, match=r"^manifest: "):
            ctx.named_manifest(name)

    if style == "async":

        @kind.stage
        async def make(ctx: Context[Any]) -> None:
            look(ctx)
    else:

        @kind.stage
        def make_in_thread(ctx: ThreadContext[Any]) -> None:
            look(ctx)

    result = await run(kind)
    assert result.state is TaskState.COMPLETED, result.failure


REQUESTS: dict[str, Callable[[Any], object]] = {
    "task_id": api.get,
    "executor_id": api_cluster.executor,
    "name": api_cluster.queue,
    "page_token": lambda value: api.list_page(pb.TaskFilter(), 1, value, full=False),
    "queue": lambda value: api.task_filter(queue=value),
    "stage": lambda value: api.logs_request("x", value, "INFO", None, newest_first=False),
    "text": lambda value: api.logs_request("x", None, "INFO", value, newest_first=False),
    "manifest": lambda value: api.manifest_page("x", value, (), None, ""),
}


@pytest.mark.parametrize("field", REQUESTS)
@pytest.mark.parametrize("value", [5, b"x", SURROGATE, 10**400], ids=["number", "bytes", "surrogate", "huge"])
def test_text_of_a_call_is_refused_by_name(field, value):
    with pytest.raises(InvalidInput) as caught:
        REQUESTS[field](value)
    assert [violation.field for violation in caught.value.violations] == [field]


def test_reason_of_a_command_is_made_sendable():
    assert sent("cancel", "x", SURROGATE + "\0").reason == "name\\xe9\\0"
    with pytest.raises(InvalidInput, match=r"^reason: must be a text; got 5"):
        sent("cancel", "x", 5)


async def test_watch_of_an_id_that_is_no_text_is_refused_by_name():
    async with Client("127.0.0.1:1") as client:
        with pytest.raises(InvalidInput, match=r"^task_ids\[0\]: must be a text"):
            client.watch(5)  # pyright: ignore[reportArgumentType]
        with pytest.raises(InvalidInput, match=r"^task_id: must be a text"):
            client.tail(5)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"priority": 9}, "task_type.priority: must be a whole number from 1 to 5; got 9"),
        ({"priority": "high"}, "task_type.priority: must be a whole number from 1 to 5; got 'high'"),
        ({"max_running": 1.5}, "task_type.max_running: must be a whole number from 0 to 1000000; got 1.5"),
        (
            {"crash_budget": 2**70},
            "task_type.crash_budget: must be a whole number from 1 to 1000; got 1180591",
        ),
        ({"crash_budget": 0}, "task_type.crash_budget: must be a whole number from 1 to 1000; got 0"),
        ({"queue": SURROGATE}, "task_type.queue: must be a text (UTF-8); got 'name\\udce9'"),
        ({"description": 5}, "task_type.description: must be a text (UTF-8); got 5"),
        ({"retry": 3}, "task_type.retry: must be asynctask.Retry(…); got 3"),
    ],
)
def test_task_type_is_refused_where_it_is_declared(facts, text):
    """Fails when it is refused only at the executor's start, or by protobuf without the field."""
    with pytest.raises(InvalidInput) as caught:
        TaskType("x", **facts)
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"slots": "many"}, "slots: must be a whole number from 1 to 10000; got 'many'"),
        ({"queues": "fast"}, "queues: must be a list; got 'fast'"),
        ({"queues": [SURROGATE]}, "queues[0]: must be a text (UTF-8)"),
        ({"name": 5}, "name: must be a text; got 5"),
    ],
)
def test_executor_is_refused_where_it_is_made(facts, text):
    with pytest.raises(InvalidInput) as caught:
        Executor([reporting("async")], **facts)
    assert str(caught.value).startswith(text)


def test_executor_on_a_host_with_an_odd_name_has_a_plain_id(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: SURROGATE + " é")
    executor = Executor([reporting("async")])
    assert executor.executor_id.isascii()
    assert " " not in executor.executor_id
    executor.name.encode()
