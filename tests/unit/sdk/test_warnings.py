"""`ctx.warn` of every kind of handler, gathered and sent with what makes the work durable."""

import asyncio
import logging
import threading
import warnings
from typing import Any

import pytest

import asynctask
from asynctask import (
    AttemptResult,
    Context,
    Fail,
    NewItem,
    Retry,
    SkipItem,
    TaskState,
    TaskType,
    ThreadContext,
    WarningInfo,
)
from asynctask._argument_checks import warning
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._client import api
from asynctask._client.info_wire import task_of
from asynctask._handler.context import LOGGED_WARNINGS
from asynctask._handler.unawaited import AWAITED
from asynctask.errors import InvalidInput
from asynctask.testing import run
from asynctask_core import limits
from asynctask_protos.task.v1 import task_pb2, work_pb2


def warning_twice(style: str) -> TaskType:
    kind = TaskType("warning")
    if style == "async":

        @kind.stage
        async def copy(ctx: Context[Any], config: Any) -> None:
            ctx.warn("SKIPPED", "a.jpg", 3)
            await ctx.checkpoint(1)
            ctx.warn("SKIPPED", "b.jpg")
            ctx.warn("CHANGED")
    else:

        @kind.stage(name="copy")
        def copy_in_thread(ctx: ThreadContext[Any], config: Any) -> None:
            ctx.warn("SKIPPED", "a.jpg", 3)
            ctx.checkpoint(1)
            helper = threading.Thread(target=lambda: ctx.warn("SKIPPED", "b.jpg"))
            helper.start()
            helper.join()
            ctx.warn("CHANGED")

    return kind


@pytest.mark.parametrize("style", ["async", "thread"])
async def test_handlers_of_every_kind_warn(style: str):
    result = await run(warning_twice(style))
    assert result.state is TaskState.COMPLETED
    assert result.warnings == [
        WarningInfo("copy", "SKIPPED", 4, "b.jpg"),
        WarningInfo("copy", "CHANGED", 1, ""),
    ]
    assert result.warning_counts == {"SKIPPED": 4, "CHANGED": 1}


@pytest.mark.parametrize("style", ["async", "thread"])
async def test_warning_about_no_item_is_a_line_of_the_log(style: str):
    """Fails when the texts of all but the latest warning of a code are nowhere to be read."""
    lines = [(one.level, one.message, one.stage) for one in (await run(warning_twice(style))).logs]
    said = ["SKIPPED (3 times): a.jpg", "SKIPPED: b.jpg", "CHANGED"]
    assert lines == [(logging.WARNING, text, "copy") for text in said]


async def test_many_warnings_are_few_lines_of_the_log():
    kind = TaskType("many")

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        for number in range(1000):
            ctx.warn("SKIPPED", f"{number}.jpg")

    result = await run(kind)
    assert result.warning_counts == {"SKIPPED": 1000}
    assert [line.message.partition(" (")[0] for line in result.logs] == [
        f"SKIPPED: {number}.jpg" for number in range(LOGGED_WARNINGS)
    ]
    assert "counted, and not logged" in result.logs[-1].message


async def test_many_codes_are_few_lines_of_the_log():
    """Law 10. Fails when a handler that makes up a code for each file is logged line by line, and remembered."""
    kind = TaskType("many")

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        for number in range(500):
            ctx.warn(f"SKIPPED_{number}")

    result = await run(kind)
    assert sum(result.warning_counts.values()) == 500
    assert len(result.logs) == limits.WARNINGS + LOGGED_WARNINGS
    assert "further warnings OTHER_WARNINGS of this stage" in result.logs[-1].message


@pytest.mark.parametrize("style", ["async", "thread"])
async def test_what_a_lost_attempt_does_again_counts_once(style: str):
    result = await run(warning_twice(style), fail_at_checkpoint=1)
    # Its handler does not look at the checkpoint: so it warns of all again, and of what was kept with it once more.
    assert result.warning_counts == {"SKIPPED": 7, "CHANGED": 1}


async def test_what_a_failed_attempt_does_again_counts_once():
    kind = TaskType("failing", retry=Retry(max_attempts=3))

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        ctx.warn("SKIPPED", count=5)
        if ctx.error_count < 2:
            raise OSError("not yet")

    result = await run(kind)
    assert result.state is TaskState.COMPLETED
    assert result.warning_counts == {"SKIPPED": 5}


async def test_failed_task_keeps_its_last_attempts_warnings():
    kind = TaskType("hopeless", retry=Retry(max_attempts=2))

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        ctx.warn("SKIPPED", count=5)
        raise Fail("no use")

    result = await run(kind)
    assert result.state is TaskState.FAILED
    assert result.warning_counts == {"SKIPPED": 5}


async def test_warnings_of_items_are_kept_with_their_states():
    """Fails when they wait for the next event: a killed attempt's items are not worked on again."""
    kind = TaskType("items")

    @kind.stage
    async def listing(ctx: Context[Any], config: Any) -> None:
        await ctx.manifest.extend(NewItem(f"f{n}") for n in range(6))

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        async def one(item: asynctask.Item) -> None:
            ctx.warn("SKIPPED", item.name)
            raise SkipItem("in use")

        async for item in ctx.manifest.todo():
            item.start(one(item))
            if item.name == "f3" and ctx.attempt == 1:
                await ctx.checkpoint("here")

    result = await run(kind, fail_at_checkpoint=1)
    assert result.state is TaskState.COMPLETED
    assert len(result.attempts) == 2
    assert result.warning_counts == {"SKIPPED": 6}
    assert not result.logs  # an item's own error says it


def one_slow_item_beside_a_quick_one(style: str) -> TaskType:
    """Its first attempt stores the quick item, and is killed while the slow one, which has warned, is worked on."""
    kind = TaskType("slow")

    @kind.stage
    async def listing(ctx: Context[Any], config: Any) -> None:
        await ctx.manifest.extend(["quick", "slow", "kill"])

    if style == "async":

        @kind.stage
        async def copy(ctx: Context[Any]) -> None:
            quick, slow = asyncio.Event(), asyncio.Event()

            async def one(item: asynctask.Item) -> None:
                if item.name == "kill":
                    await quick.wait()
                    await slow.wait()
                    await ctx.manifest.flush()
                    await ctx.checkpoint("here")
                    return
                ctx.warn("SKIPPED", item.name)
                if item.name == "slow" and ctx.attempt == 1:
                    slow.set()
                    await asyncio.Event().wait()
                item.done()
                slow.set()
                quick.set()

            async for item in ctx.manifest.todo(concurrency=3):
                item.start(one(item))
    else:

        @kind.stage(name="copy")
        def copy_in_thread(ctx: ThreadContext[Any]) -> None:
            quick, slow, killed = threading.Event(), threading.Event(), threading.Event()

            def one(item: asynctask.Item) -> None:
                if item.name == "kill":
                    quick.wait()
                    slow.wait()
                    ctx.manifest.flush()
                    try:
                        ctx.checkpoint("here")
                    finally:
                        killed.set()
                    return
                ctx.warn("SKIPPED", item.name)
                if item.name == "slow" and ctx.attempt == 1:
                    slow.set()
                    killed.wait()
                    ctx.safe_point()
                item.done()
                slow.set()
                quick.set()

            for item in ctx.manifest.todo(concurrency=3):
                item.start(one, item)

    return kind


@pytest.mark.parametrize("style", ["async", "thread"])
async def test_item_that_is_done_again_counts_its_warnings_once(style: str):
    """Fails when the chunk that stores another item takes them along."""
    result = await run(one_slow_item_beside_a_quick_one(style), fail_at_checkpoint=1)
    assert result.attempts == [AttemptResult.LOST, AttemptResult.SUCCESS]
    assert result.warnings == [WarningInfo("copy", "SKIPPED", 2, "slow")]


def failing_in_the_second_item(style: str, *, marks_first: bool) -> TaskType:
    """Its first attempt stores the first of two items and then raises; it warns before or after it marks each."""
    kind = TaskType("sequence", retry=Retry(max_attempts=2))

    @kind.stage
    async def listing(ctx: Context[Any], config: Any) -> None:
        await ctx.manifest.extend(["a", "b"])

    if style == "async":

        @kind.stage
        async def copy(ctx: Context[Any]) -> None:
            async for item in ctx.manifest.todo():
                if marks_first:
                    item.skipped("in use")
                ctx.warn("SKIPPED", item.name)
                await ctx.manifest.flush()
                if item.name == "b" and ctx.attempt == 1:
                    raise OSError("not yet")
    else:

        @kind.stage(name="copy")
        def copy_in_thread(ctx: ThreadContext[Any]) -> None:
            for item in ctx.manifest.todo():
                if marks_first:
                    item.skipped("in use")
                ctx.warn("SKIPPED", item.name)
                ctx.manifest.flush()
                if item.name == "b" and ctx.attempt == 1:
                    raise OSError("not yet")

    return kind


@pytest.mark.parametrize("style", ["async", "thread"])
@pytest.mark.parametrize("marks_first", [True, False])
async def test_loop_that_raises_counts_each_item_once(style: str, marks_first: bool):
    result = await run(failing_in_the_second_item(style, marks_first=marks_first))
    assert result.attempts == [AttemptResult.FAILED, AttemptResult.SUCCESS]
    assert result.warnings == [WarningInfo("copy", "SKIPPED", 2, "b")]


async def test_failed_task_keeps_the_warnings_of_items_that_it_did_not_finish():
    kind = TaskType("hopeless", retry=Retry(max_attempts=1))

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        async def one(item: asynctask.Item) -> None:
            ctx.warn("SKIPPED", item.name)
            if item.name == "b":
                raise Fail("no use")
            await asyncio.Event().wait()

        await ctx.manifest.extend(["a", "b"])
        async for item in ctx.manifest.todo(concurrency=2):
            item.start(one(item))

    result = await run(kind)
    assert result.state is TaskState.FAILED
    assert result.warning_counts == {"SKIPPED": 2}


async def test_warning_after_a_loop_that_was_left_is_kept_with_the_next_checkpoint():
    """Fails when it waits for an item that nobody works on any more."""
    kind = TaskType("left")

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        if ctx.last_checkpoint is not None:
            return
        warned = asyncio.Event()

        async def store() -> None:
            await warned.wait()
            await ctx.checkpoint("here")

        async with asyncio.TaskGroup() as group:
            group.create_task(store())  # before the loop: so its checkpoint is for no item
            await ctx.manifest.extend(["a", "b"])
            async for _ in ctx.manifest.todo():
                break
            ctx.warn("LEFT")
            warned.set()

    result = await run(kind, fail_at_checkpoint=1)
    assert result.attempts == [AttemptResult.LOST, AttemptResult.SUCCESS]
    assert result.warning_counts == {"LEFT": 1}


async def test_item_in_an_item_is_kept_with_its_own_state():
    kind = TaskType("nested", retry=Retry(max_attempts=2))

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        files = ctx.named_manifest("files")
        if not await files.is_sealed():
            await ctx.manifest.append("folder")
            await files.append("file")
            await files.seal()
        async for _ in ctx.manifest.todo():
            async for _ in files.todo():
                ctx.warn("FILE")
            ctx.warn("FOLDER")
            await files.flush()
            if ctx.attempt == 1:
                raise OSError("not yet")

    result = await run(kind)
    assert result.warning_counts == {"FILE": 1, "FOLDER": 1}


async def test_stages_warn_each_for_themselves():
    kind = TaskType("stages")

    @kind.stage
    async def first(ctx: Context[Any], config: Any) -> None:
        ctx.warn("SKIPPED")

    @kind.stage
    async def second(ctx: Context[Any], config: Any) -> None:
        ctx.warn("SKIPPED", count=2)

    result = await run(kind)
    assert [(one.stage, one.count) for one in result.warnings] == [("first", 1), ("second", 2)]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("warn.code", ("skipped", "", 1)),
        ("warn.code", ("", "", 1)),
        ("warn.code", ("SKIPPED ", "", 1)),
        ("warn.code", ("SKIPPED\n", "", 1)),
        ("warn.code", ("1ST", "", 1)),
        ("warn.code", ("NA\udce9", "", 1)),
        ("warn.code", ("A" * 65, "", 1)),
        ("warn.code", (None, "", 1)),
        ("warn.text", ("SKIPPED", b"a", 1)),
        ("warn.text", ("SKIPPED", None, 1)),
        ("warn.count", ("SKIPPED", "", 0)),
        ("warn.count", ("SKIPPED", "", -1)),
        ("warn.count", ("SKIPPED", "", 1.5)),
        ("warn.count", ("SKIPPED", "", True)),
        ("warn.count", ("SKIPPED", "", "3")),
        ("warn.count", ("SKIPPED", "", limits.WARNING_COUNT + 1)),
    ],
)
async def test_wrong_arguments_are_refused_by_name(field: str, given: tuple[Any, Any, Any]):
    with pytest.raises(InvalidInput) as caught:
        warning(*given)
    (violation,) = caught.value.violations
    assert violation.field == field
    assert "got" in violation.description


async def test_refused_warning_fails_the_handler_that_gave_it_and_counts_nothing():
    kind = TaskType("wrong")

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        ctx.warn("skipped")

    result = await run(kind)
    assert result.state is TaskState.FAILED
    assert result.failure is not None
    assert "warn.code" in result.failure.message
    assert result.warnings == []


async def test_text_that_is_no_utf8_is_made_sendable(caplog: pytest.LogCaptureFixture):
    """In the task's log, too."""
    kind = TaskType("names")

    @kind.stage
    async def copy(ctx: Context[Any], config: Any) -> None:
        ctx.warn("SKIPPED", "na\udce9\0" + "x" * 5000)

    result = await run(kind)
    (one,) = result.warnings
    assert one.text.startswith("na\\xe9\\0x")
    assert one.text.endswith("[cut]")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "asynctask.task.names"]
    assert line == f"SKIPPED: {one.text}"


def test_event_takes_along_what_was_warned_since_the_last_one():
    attempt = Attempt(work_pb2.Assignment(stage="copy"), ClockReading(0, 0))
    assert not attempt.new_event().warnings
    attempt.warn("copy", "SKIPPED", "a", 2)
    attempt.warn("copy", "SKIPPED", "b", 1)
    (sent,) = attempt.new_event().warnings
    assert sent == task_pb2.TaskWarning(stage="copy", code="SKIPPED", count=3, text="b")
    assert not attempt.new_event().warnings
    attempt.give_back([sent])
    assert list(attempt.new_event().warnings) == [sent]


def test_answers_hold_them_as_plain_values():
    task = task_pb2.Task(task_id="t", warning_count=3, warning_counts={"SKIPPED": 3})
    task.warnings.add(stage="copy", code="SKIPPED", count=3, text="a")
    info = task_of(task)
    assert info.to_json()["warnings"] == [{"stage": "copy", "code": "SKIPPED", "count": 3, "text": "a"}]
    assert info.to_json()["warning_counts"] == {"SKIPPED": 3}
    assert info.warning_count == 3


def test_filter_takes_true_false_or_neither():
    assert not api.task_filter().HasField("has_warnings")
    assert api.task_filter(has_warnings=False).HasField("has_warnings")
    assert api.task_filter(has_warnings=True).has_warnings
    with pytest.raises(InvalidInput, match="has_warnings"):
        api.task_filter(has_warnings="yes")  # pyright: ignore[reportArgumentType]


@pytest.mark.filterwarnings(
    "ignore:coroutine 'Context:RuntimeWarning", "ignore:coroutine 'Manifest:RuntimeWarning"
)
async def test_calls_that_are_not_awaited_are_warnings_of_their_task():
    """Fails when a checkpoint without `await` shows on the stderr of the executor only, or only the first time."""
    kind = TaskType("hasty")

    async def own() -> None: ...

    @kind.stage
    async def count(ctx: Context[None]) -> int:
        for at in range(3):
            ctx.checkpoint(at)  # pyright: ignore[reportUnusedCoroutine]
        held = ctx.manifest.append("a")
        await ctx.checkpoint(4)
        del held
        own().close()
        await asyncio.create_task(ctx.safe_point())
        return 5

    @kind.stage
    async def end(ctx: Context[None]) -> None:
        held = ctx.manifest.flush()
        assert held is not None

    for _ in range(2):
        done = await run(kind)
        assert done.state is TaskState.COMPLETED
        assert done.checkpoints == [("count", 4)]
        assert [(one.stage, one.code, one.count, one.text) for one in done.warnings] == [
            ("count", "NOT_AWAITED", 4, "manifest.append(…) was called without `await`, and did nothing"),
            ("end", "NOT_AWAITED", 1, "manifest.flush(…) was called without `await`, and did nothing"),
        ]


async def test_every_call_of_a_context_that_is_to_be_awaited_is_known():
    """Fails when a new one is missed."""
    assert {"ctx.checkpoint", "ctx.safe_point", "manifest.append", "manifest.seal"} <= set(AWAITED.values())


async def test_call_that_the_collector_drops_under_another_task_is_not_that_one_s():
    """Fails when a task is warned of what another one did."""
    left: list[object] = []
    first, second = TaskType("first"), TaskType("second")

    @first.stage(name="leave")
    async def leave(ctx: Context[None]) -> None:
        left.append(ctx.safe_point())

    @second.stage(name="drop")
    async def drop(ctx: Context[None]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            left.clear()

    await run(first)
    assert (await run(second)).warnings == []
