"""`asynctask.testing`: a task type in memory, and through it the rules of contexts, checkpoints and manifests."""

import asyncio
import logging
import re
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

import asynctask
from asynctask import (
    AttemptResult,
    Context,
    Item,
    ItemState,
    Retry,
    SkipItem,
    TaskState,
    TaskType,
    ThreadContext,
)
from asynctask._handler.description import describe
from asynctask.errors import InvalidInput
from asynctask.testing import run
from asynctask_core import limits


@dataclass
class Config:
    steps: int = 5


def counting(style: str) -> tuple[TaskType, list[int]]:
    kind = TaskType("counting", config=Config)
    made: list[int] = []
    if style == "async":

        @kind.stage
        async def count(ctx: Context[Config], config: Config) -> int:
            done = ctx.last_checkpoint or 0
            while done < config.steps:
                done += 1
                made.append(done)
                ctx.progress(done, config.steps, unit="steps")
                await ctx.checkpoint(done)
            return done
    else:

        @kind.stage(name="count")
        def count_in_thread(ctx: ThreadContext[Config], config: Config) -> int:
            done = ctx.last_checkpoint or 0
            while done < config.steps:
                done += 1
                made.append(done)
                ctx.progress(done, config.steps, unit="steps")
                ctx.checkpoint(done)
            return done

    return kind, made


STYLES = pytest.mark.parametrize("style", ["async", "thread"])


@STYLES
async def test_killed_attempt_resumes_from_its_last_checkpoint(style):
    """Law 3. Fails when an attempt does not begin at the last stored checkpoint, or a step before it is made again."""
    kind, made = counting(style)
    result = await run(kind, Config(5), fail_at_checkpoint=[2, 4])
    assert result.state is TaskState.COMPLETED
    assert result.result == 5
    assert result.attempts == [AttemptResult.LOST, AttemptResult.LOST, AttemptResult.SUCCESS]
    assert made == [1, 2, 3, 4, 5]
    assert [value for _, value in result.checkpoints] == [1, 2, 3, 4, 5]


@dataclass
class Even(Config):
    def __post_init__(self) -> None:
        if self.steps % 2:
            raise ValueError("steps must be even")


@pytest.mark.parametrize(
    ("kind", "config", "field", "text"),
    [
        (Config, {"stepps": 3}, "task_config", "has no field 'stepps'; fields are 'steps'"),
        (Config, {"steps": "three"}, "task_config.steps", "must be a whole number; got 'three'"),
        (Config, Config("three"), "task_config.steps", "must be a whole number; got 'three'"),  # pyright: ignore[reportArgumentType]
        (
            Config,
            {"steps": object()},
            "task_config.steps",
            "an object of type object cannot be written as JSON",
        ),
        (Even, {"steps": 3}, "task_config", "steps must be even"),
    ],
)
async def test_config_that_does_not_fit_is_refused_as_at_submit(kind, config, field, text):
    """Fails when a test with a typo in its config runs a task, which then has failed."""
    called: list[object] = []
    task_type = TaskType("refused", config=kind)

    @task_type.stage
    async def work(ctx: Context[Any], config: Any) -> None:
        called.append(config)

    with pytest.raises(asynctask.errors.ConfigInvalid) as caught:
        await run(task_type, config)
    (violation,) = caught.value.violations
    assert (violation.field, violation.description) == (field, text)
    assert called == []


@STYLES
@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((float("nan"), 10), "progress.done: must be a finite number; got nan"),
        ((1, float("inf")), "progress.total: must be a finite number; got inf"),
        ((-float("inf"),), "progress.done: must be a finite number; got -inf"),
        ((10**400,), "progress.done: must be a finite number; got 1000"),
        (("3", 10), "progress.done: must be a finite number; got '3'"),
        ((3, None), "progress.total: must be a finite number; got None"),
        ((True, 3), "progress.done: must be a finite number; got True"),
        ((-1,), "progress.done: must be from 0 to 9,007,199,254,740,991; got -1"),
        ((1, 2**60), "progress.total: must be from 0 to 9,007,199,254,740,991; got 1152921504606846976"),
    ],
)
async def test_progress_that_is_no_number_to_count_with_is_refused_where_it_is_said(style, arguments, text):
    """Fails when it is sent: it is no JSON, and whoever reads the task cannot count with it."""
    kind = TaskType("counting")
    if style == "async":

        @kind.stage
        async def count(ctx: Context[Any]) -> None:
            ctx.progress(*arguments)
    else:

        @kind.stage(name="count")
        def count_in_thread(ctx: ThreadContext[Any]) -> None:
            ctx.progress(*arguments)

    result = await run(kind)
    assert result.progress == []
    assert result.failure is not None
    assert result.failure.reason == "INVALID_INPUT"
    assert text in result.failure.message


@STYLES
@pytest.mark.parametrize("items", ["abc", b"abc", 5, None])
async def test_items_that_are_no_list_are_refused_by_their_name(style: str, items: Any):
    """Fails when the characters of a text become items, or Python says that something is not iterable."""
    kind = TaskType("listing")
    if style == "async":

        @kind.stage
        async def scan(ctx: Context[Any]) -> None:
            await ctx.manifest.extend(items)
    else:

        @kind.stage(name="scan")
        def scan_in_thread(ctx: ThreadContext[Any]) -> None:
            ctx.manifest.extend(items)

    result = await run(kind)
    assert result.failure is not None
    assert result.failure.message == f"items: must be a list or another iterable; got {items!r}"


@STYLES
async def test_part_of_an_item_that_is_no_finite_number_is_refused(style):
    """Fails when the progress that is counted from the items is none either."""
    kind = TaskType("counting")
    if style == "async":

        @kind.stage
        async def count(ctx: Context[Any]) -> None:
            await ctx.manifest.append("a", size=10)
            async for item in ctx.manifest.todo():
                item.advance(float("nan"))  # pyright: ignore[reportArgumentType]
    else:

        @kind.stage(name="count")
        def count_in_thread(ctx: ThreadContext[Any]) -> None:
            ctx.manifest.append("a", size=10)
            for item in ctx.manifest.todo():
                item.advance(float("nan"))  # pyright: ignore[reportArgumentType]

    result = await run(kind)
    assert result.failure is not None
    assert "amount: must be a finite number; got nan" in result.failure.message


@STYLES
async def test_pause_and_drain_stop_at_the_checkpoint_and_cost_nothing(style):
    """Laws 3 and 9. Fails when a checkpoint returns although a pause was asked for, or its position is lost with it."""
    kind, made = counting(style)
    result = await run(kind, {"steps": 4}, pause_at_checkpoint=1, drain_at_checkpoint=3)
    assert result.attempts == [AttemptResult.PAUSED, AttemptResult.RELEASED, AttemptResult.SUCCESS]
    assert made == [1, 2, 3, 4]


@STYLES
async def test_cancel_at_a_checkpoint_ends_the_task(style):
    """Law 9. Fails when a step is made after the cancel."""
    kind, made = counting(style)
    result = await run(kind, cancel_at_checkpoint=2)
    assert result.state is TaskState.CANCELLED
    assert made == [1, 2]


async def test_paused_run_that_is_not_resumed_stays_paused():
    kind, _ = counting("async")
    assert (await run(kind, pause_at_checkpoint=2, resume=False)).state is TaskState.PAUSED


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"fail_at_checkpoint": "1"}, "fail_at_checkpoint: must be a whole number from 1 to "),
        ({"fail_at_checkpoint": 0}, "fail_at_checkpoint: must be a whole number from 1 to "),
        ({"fail_at_checkpoint": [1, -1]}, "fail_at_checkpoint: must be a whole number from 1 to "),
        ({"pause_at_checkpoint": 0}, "pause_at_checkpoint: must be a whole number from 1 to "),
        ({"drain_at_checkpoint": True}, "drain_at_checkpoint: must be a whole number from 1 to "),
        ({"cancel_at_checkpoint": [1]}, "cancel_at_checkpoint: must be a whole number from 1 to "),
        (
            {"fail_at_checkpoint": 2, "pause_at_checkpoint": 2},
            "pause_at_checkpoint: must be another one than fail_at_checkpoint; got 2",
        ),
        ({"draw": "x"}, "draw: must be a finite number; got 'x'"),
        ({"draw": 2}, "draw: must be from 0 to 1; got 2"),
        ({"resume": "x"}, "resume: must be True or False; got 'x'"),
    ],
)
async def test_run_refuses_what_it_could_not_do(arguments: dict[str, Any], said: str) -> None:
    """Fails when a test of a crash passes without one, since nothing happens at such a checkpoint."""
    kind, made = counting("async")
    with pytest.raises(InvalidInput) as caught:
        await run(kind, **arguments)
    assert str(caught.value).startswith(said)
    assert not made


async def test_run_of_what_is_no_task_type_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"^task_type: must be an asynctask\.TaskType; got 5$"):
        await run(5)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("argument", ["fail", "pause", "cancel", "drain"])
async def test_run_that_ends_before_a_named_checkpoint_is_refused(argument: str) -> None:
    """Fails when a test of a crash passes although its task never came so far."""
    kind, _ = counting("async")
    said = (
        f"^{argument}_at_checkpoint: checkpoint 6 was never reached: the task ended after 5 \\(COMPLETED\\)$"
    )
    arguments: dict[str, Any] = {f"{argument}_at_checkpoint": 6}
    with pytest.raises(InvalidInput, match=said):
        await run(kind, **arguments)


async def test_retries_wait_on_a_virtual_clock_and_end_with_the_policy():
    kind = TaskType("broken", retry=Retry(max_attempts=3, initial_delay=10, max_delay=15))

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        raise ValueError(f"attempt {ctx.attempt}, errors {ctx.error_count}")

    began = time.monotonic()
    result = await run(kind, draw=1.0)
    assert time.monotonic() - began < 20
    assert result.state is TaskState.FAILED
    assert result.delays_s == [10, 15]
    assert [failure.message for failure in result.failures] == [
        f"attempt {number}, errors {number - 1}" for number in (1, 2, 3)
    ]
    assert result.failure is not None
    assert isinstance(result.failure.error, asynctask.errors.HandlerError)


async def test_errors_of_the_catalogue_keep_their_reason_and_say_whether_to_retry():
    kind = TaskType("full")

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        raise asynctask.errors.NotEnoughSpace("12 MiB are missing")

    result = await run(kind)
    assert result.failure is not None
    assert result.failure.reason == "NOT_ENOUGH_SPACE"
    assert result.attempts == [AttemptResult.FAILED]


async def test_result_that_does_not_fit_its_annotation_fails_with_the_path():
    kind = TaskType("wrong", retry=Retry(max_attempts=1))

    @kind.stage
    async def work(ctx: Context[None]) -> dict[str, int]:
        return {"a": "b"}  # pyright: ignore[reportReturnType]

    result = await run(kind)
    assert result.failure is not None
    assert "stage work: result['a']: must be a whole number; got 'b'" in result.failure.message


def listing(style: str, count: int = 25) -> tuple[TaskType, list[str]]:
    kind = TaskType("listing")
    worked: list[str] = []
    if style == "async":

        @kind.stage
        async def collect(ctx: Context[None]) -> int:
            await ctx.manifest.reset()
            for number in range(count):
                await ctx.manifest.append(f"item {number}", size=number, data={"n": number})
            await ctx.manifest.seal()
            return count

        @kind.stage
        async def work(ctx: Context[None]) -> list[int]:
            async for item in ctx.manifest.todo():
                if item.position == 3:
                    item.skipped("odd")
                elif item.position == 4:
                    item.failed(OSError("broken"))
                else:
                    worked.append(item.name)
                if item.position in {7, 15}:
                    item.done()
                    await ctx.checkpoint(item.position)
            counts = await ctx.manifest.counts()
            return [counts.done.items, counts.failed.items, counts.skipped.items, counts.finished.size]
    else:

        @kind.stage(name="collect")
        def collect_in_thread(ctx: ThreadContext[None]) -> int:
            ctx.manifest.reset()
            for number in range(count):
                ctx.manifest.append(f"item {number}", size=number, data={"n": number})
            ctx.manifest.seal()
            return count

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> list[int]:
            for item in ctx.manifest.todo():
                if item.position == 3:
                    item.skipped("odd")
                elif item.position == 4:
                    item.failed(OSError("broken"))
                else:
                    worked.append(item.name)
                if item.position in {7, 15}:
                    item.done()
                    ctx.checkpoint(item.position)
            counts = ctx.manifest.counts()
            return [counts.done.items, counts.failed.items, counts.skipped.items, counts.finished.size]

    return kind, worked


@STYLES
async def test_manifest_is_read_in_pages_that_together_are_its_items(style):
    kind = TaskType("pages")
    if style == "async":

        @kind.stage(name="work")
        async def work(ctx: Context[None]) -> list[list[str]]:
            assert [page async for page in ctx.manifest.pages()] == []
            await ctx.manifest.extend(str(number) for number in range(2_500))
            return [[item.name for item in page] async for page in ctx.manifest.pages(ItemState.TODO)]

    else:

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> list[list[str]]:
            assert list(ctx.manifest.pages()) == []
            ctx.manifest.extend(str(number) for number in range(2_500))
            return [[item.name for item in page] for page in ctx.manifest.pages(ItemState.TODO)]

    pages = (await run(kind)).result
    assert [name for page in pages for name in page] == [str(number) for number in range(2_500)]
    assert 3 <= len(pages) <= 5
    assert [] not in pages


@STYLES
async def test_manifest_hands_out_only_what_is_left_after_a_kill(style):
    """Law 3. Fails when an item that was marked before a stored checkpoint is handed out again."""
    kind, worked = listing(style)
    result = await run(kind, fail_at_checkpoint=[1, 2])
    assert result.result == [23, 1, 1, sum(range(25))]
    assert worked == [f"item {number}" for number in range(25) if number not in {3, 4}]
    assert [item.error for item in result.items(ItemState.FAILED)] == ["broken"]
    assert [item.error for item in result.items(ItemState.SKIPPED)] == ["odd"]
    assert result.manifest[6].data == {"n": 6}
    stage, last = result.progress[-1]
    assert (stage, last.done, last.total, last.unit) == ("work", 300, 300, "bytes")


@STYLES
async def test_items_started_beside_each_other_never_exceed_the_concurrency(style):
    kind = TaskType("wide")
    running = most = 0
    lock, beside = threading.Lock(), threading.Event()

    if style == "async":

        async def one(number: int) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1
            if number == 2:
                raise SkipItem("two")
            if number == 5:
                raise KeyError("five")

        @kind.stage
        async def work(ctx: Context[None]) -> None:
            await ctx.manifest.extend(str(number) for number in range(20))
            async for item in ctx.manifest.todo(concurrency=3):
                item.start(one(item.position))
    else:

        def one_in_thread(number: int) -> None:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
                if running > 1:
                    beside.set()
            beside.wait(60)  # however late a thread of a busy machine begins
            with lock:
                running -= 1
            if number == 2:
                raise SkipItem("two")
            if number == 5:
                raise KeyError("five")

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> None:
            ctx.manifest.extend(str(number) for number in range(20))
            for item in ctx.manifest.todo(concurrency=3):
                item.start(one_in_thread, item.position)

    result = await run(kind)
    assert result.state is TaskState.COMPLETED
    assert 1 < most <= 3
    assert len(result.items(ItemState.DONE)) == 18
    assert [item.name for item in result.items(ItemState.SKIPPED)] == ["2"]
    assert [item.error for item in result.items(ItemState.FAILED)] == ["'five'"]


@pytest.mark.parametrize("where", ["async", "thread"])
async def test_work_that_marks_its_item_and_returns_has_the_last_word(where: str):
    """Fails when an item that started work called failed or skipped is done: it would never be tried again."""
    kind = TaskType("marks")

    def say(item: Item) -> None:
        if item.name == "1":
            item.failed("broken disk")
        if item.name == "2":
            item.skipped("locked")

    async def say_later(item: Item) -> None:
        say(item)

    if where == "async":

        @kind.stage
        async def work(ctx: Context[None]) -> None:
            await ctx.manifest.extend(list("0123"))
            async for item in ctx.manifest.todo(concurrency=2):
                item.start(say_later(item))
    else:

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> None:
            ctx.manifest.extend(list("0123"))
            for item in ctx.manifest.todo(concurrency=2):
                item.start(say, item)

    result = await run(kind)
    assert [(item.name, item.state.value, item.error) for item in result.manifest] == [
        ("0", "done", ""),
        ("1", "failed", "broken disk"),
        ("2", "skipped", "locked"),
        ("3", "done", ""),
    ]


@pytest.mark.parametrize("where", ["async", "thread"])
async def test_item_of_which_the_manifest_was_told_in_its_loop_keeps_that(where: str):
    """Fails when the end of the loop's body, or of work that was started, makes it done over what `record` said."""
    kind = TaskType("records")
    states = (ItemState.FAILED, ItemState.SKIPPED, ItemState.TODO)

    def say(manifest: Any, item: Item) -> None:
        if item.position < 3:
            manifest.record(item.info, states[item.position], "record")
        elif item.position == 3:
            manifest.record_all([item.info], ItemState.FAILED)

    async def say_later(manifest: Any, item: Item) -> None:
        say(manifest, item)

    if where == "async":

        @kind.stage
        async def work(ctx: Context[None]) -> None:
            for name in ("body", "started"):
                manifest = ctx.named_manifest(name)
                await manifest.extend(list("01234"))
                async for item in manifest.todo(concurrency=2):
                    if name == "body":
                        say(manifest, item)
                    else:
                        item.start(say_later(manifest, item))
    else:

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> None:
            for name in ("body", "started"):
                manifest = ctx.named_manifest(name)
                manifest.extend(list("01234"))
                for item in manifest.todo(concurrency=2):
                    if name == "body":
                        say(manifest, item)
                    else:
                        item.start(say, manifest, item)

    result = await run(kind)
    for name in ("body", "started"):
        said = [(item.state.value, item.error) for item in result.manifests[name]]
        assert said == [
            ("failed", "record"),
            ("skipped", "record"),
            ("todo", "record"),
            ("failed", ""),
            ("done", ""),
        ]


async def test_error_in_the_loop_body_leaves_the_item_to_do_and_ends_what_was_started():
    kind = TaskType("breaks", retry=Retry(max_attempts=1))
    cancelled: list[int] = []

    async def forever(number: int) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            cancelled.append(number)

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        await ctx.manifest.extend(["a", "b", "c"])
        async for item in ctx.manifest.todo(concurrency=2):
            if item.name == "b":
                await asyncio.sleep(0)
                raise RuntimeError("body")
            item.start(forever(item.position))

    result = await run(kind)
    assert result.state is TaskState.FAILED
    assert [item.state for item in result.manifest] == [ItemState.TODO] * 3
    assert cancelled == [0]


async def test_names_that_are_not_utf8_come_back_as_they_were():
    kind = TaskType("names")
    raw = b"na\xefve"

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        await ctx.manifest.append(raw)
        await ctx.manifest.append(raw.decode("utf-8", "surrogateescape"))

    result = await run(kind)
    assert [item.key for item in result.manifest] == [raw, raw]


@STYLES
async def test_log_lines_are_kept_wherever_a_handler_logs(style):
    kind = TaskType("talks")
    elsewhere = logging.getLogger("elsewhere")
    if style == "async":

        @kind.stage
        async def work(ctx: Context[None]) -> None:
            ctx.log.debug("a %s", "b")
            await asyncio.gather(_say(elsewhere))
    else:

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> None:
            ctx.log.debug("a %s", "b")
            elsewhere.warning("c")

    elsewhere.warning("outside of any task")
    result = await run(kind)
    assert [(line.logger, line.message, line.stage) for line in result.logs] == [
        ("asynctask.task.talks", "a b", "work"),
        ("elsewhere", "c", "work"),
    ]


async def _say(logger: logging.Logger) -> None:
    logger.warning("c")


@pytest.mark.parametrize("where", ["stage", "item"])
async def test_task_that_its_handler_postpones_uses_up_no_attempt_of_its_policy(where: str) -> None:
    """Fails when waiting for a disk ends as a failure once the retry policy is used up."""
    kind = TaskType("waits", retry=Retry(max_attempts=1))
    tries: list[int] = []

    @kind.stage
    def wait(ctx: ThreadContext[None]) -> int:
        def work() -> None:
            tries.append(1)
            if len(tries) < 4:
                raise asynctask.Postpone("no disk", after="2m", reason="NOT_ENOUGH_SPACE")

        if where == "stage":
            work()
            return len(tries)
        ctx.manifest.reset()
        ctx.manifest.append("one")
        ctx.manifest.seal()
        for item in ctx.manifest.todo(concurrency=2):
            item.start(work)
        return len(tries)

    done = await run(kind)
    assert (done.state, done.result) == (TaskState.COMPLETED, 4)
    assert done.attempts == [AttemptResult.RELEASED] * 3 + [AttemptResult.SUCCESS]
    assert done.delays_s == [120.0] * 3
    assert {(why.reason, why.message, why.traceback) for why in done.failures} == {
        ("NOT_ENOUGH_SPACE", "no disk", "")
    }


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (asynctask.Fail, "failed without a message"),
        (asynctask.Postpone, "postponed without a message"),
        (asynctask.RetryLater, "asked to be tried again later, without a message"),
        (ValueError, "ValueError without a message"),
        (InvalidInput, "asynctask.errors.InvalidInput without a message"),
        (SystemExit, "sys.exit({})"),
    ],
)
@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_failure_without_words_is_told_as_that(error: Any, said: str, blank: str) -> None:
    """Fails when a failure says `Fail`, or nothing at all."""
    raised = InvalidInput((), message=blank) if error is InvalidInput else error(blank)
    assert describe(raised).message == said.format(blank)


async def test_item_that_is_left_out_or_failed_without_words_is_told_as_that() -> None:
    """Fails when the reason is `str`, `SkipItem` or nothing."""
    kind = TaskType("items")

    async def skip() -> None:
        raise asynctask.SkipItem

    async def fail() -> None:
        raise ValueError

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        for key in ("failed", "skipped", "skips", "fails"):
            await ctx.manifest.append(key)
        async for item in ctx.manifest.todo():
            match item.name:
                case "failed":
                    item.failed("")
                case "skipped":
                    item.skipped("  ")
                case "skips":
                    item.start(skip())
                case _:
                    item.start(fail())

    done = await run(kind)
    assert {item.name: item.error for item in done.manifest} == {
        "failed": "failed without a reason",
        "skipped": "skipped without a reason",
        "skips": "skipped without a reason",
        "fails": "ValueError without a message",
    }


@pytest.mark.parametrize(
    "after", ["0s", 0, -1, 0.999, "30d", float("inf"), timedelta(days=-1), timedelta(days=8)]
)
def test_postponing_for_less_than_a_second_or_more_than_a_week_is_refused(after: Any) -> None:
    """Fails when another time than the one that was asked for is taken without a word."""
    with pytest.raises(InvalidInput, match=rf"^after: must be from 1s to 7d; got {re.escape(repr(after))}$"):
        asynctask.Postpone("no disk", after=after)


@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        (-1, "must not be negative, but from 0s to 3660d"),
        ("3661d", "must be at most 3660d"),
        (float("inf"), "must be at most 3660d"),
    ],
)
def test_retrying_later_than_in_ten_years_or_before_now_is_refused(after: Any, allowed: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^after: {allowed}; got {re.escape(repr(after))}$"):
        asynctask.RetryLater("busy", after=after)


@pytest.mark.parametrize("after", [True, float("nan"), None, "soon"])
@pytest.mark.parametrize("kind", [asynctask.RetryLater, asynctask.Postpone])
def test_what_is_no_duration_does_not_become_one(kind: Any, after: Any) -> None:
    with pytest.raises(
        InvalidInput,
        match=r"^after: must be seconds or a text such as 15s or 1h30m \(units: ms, s, m, h, d\), at ",
    ):
        kind("busy", after=after)


def test_the_shortest_and_the_longest_time_to_postpone_are_taken() -> None:
    assert asynctask.Postpone("no disk").after_ms == 60_000
    assert asynctask.Postpone("no disk", after="1s").after_ms == limits.POSTPONE_LEAST_MS
    assert asynctask.Postpone("no disk", after="7d").after_ms == limits.POSTPONE_MOST_MS


async def test_items_that_end_failed_or_skipped_are_warnings_as_in_a_cluster():
    photos = TaskType("photos")

    @photos.stage
    async def shrink(ctx: Context[None]) -> None:
        await ctx.manifest.extend(["a", "b", "c"])
        async for item in ctx.manifest.todo():
            if item.name == "b":
                item.failed("no picture")
            if item.name == "c":
                item.skipped("locked")

    found = await run(photos)
    assert found.warning_counts == {"ITEMS_FAILED": 1, "ITEMS_SKIPPED": 1}
