"""Code of a handler harms its own task only: that task fails, with what happened, and all others go on."""

import asyncio
import concurrent.futures
import contextlib
import contextvars
import gc
import logging
import logging.config
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from asynctask import Context, Retry, TaskState, TaskType, ThreadContext
from asynctask._attempt.executor_tasks import tasks_of_handlers_apart
from asynctask._executor.signals import stop_signals
from asynctask._handler import description
from asynctask._handler.containment import contain
from asynctask._handler.description import describe, is_plain
from asynctask._handler.guarded_log import KeptLogHandler
from asynctask.errors import AsyncTaskError, Fail
from asynctask.testing import TestRun, run
from asynctask_core import limits

ONCE = Retry(max_attempts=1)


class Own(BaseException):
    pass


class Unreadable(Exception):
    def __str__(self) -> str:
        raise SystemExit(3)

    __repr__ = __str__

    def __reduce__(self) -> Any:
        raise KeyboardInterrupt

    @property
    def __cause__(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        raise GeneratorExit

    @property
    def __traceback__(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        raise ZeroDivisionError

    @property
    def __class__(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise SystemExit(4)


class Endless(Exception):
    def __str__(self) -> str:  # noqa: PLE0307
        while True:
            pass


class NoText(Exception):
    def __str__(self) -> Any:
        return 5  # noqa: PLE0307


class LyingError(AsyncTaskError):
    @property
    def reason(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        raise SystemExit

    retryable = "\udce9"  # pyright: ignore[reportAssignmentType]


def exits() -> None:
    sys.exit(2)


def raises(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


DEEDS: dict[str, tuple[Callable[[], Callable[[], None]], str]] = {
    "exit": (lambda: exits, "SystemExit"),
    "interrupt": (lambda: raises(KeyboardInterrupt()), "KeyboardInterrupt"),
    "generator": (lambda: raises(GeneratorExit("gone")), "GeneratorExit"),
    "cancelled": (lambda: raises(asyncio.CancelledError("by itself")), "CancelledError"),
    "own": (lambda: raises(Own("own")), "Own"),
    "group": (lambda: raises(BaseExceptionGroup("several", [SystemExit(1), Own()])), "BaseExceptionGroup"),
    "unreadable": (lambda: raises(Unreadable()), "Unreadable"),
    "endless": (lambda: raises(Endless()), "Endless"),
    "no text": (lambda: raises(NoText()), "NoText"),
    "lying": (lambda: raises(LyingError("x")), "LyingError"),
}


async def in_handler(ctx: Context[Any], deed: Callable[[], None]) -> None:
    deed()


async def in_task_group(ctx: Context[Any], deed: Callable[[], None]) -> None:
    async def child() -> None:
        await asyncio.sleep(0)
        deed()

    async with asyncio.TaskGroup() as group:
        group.create_task(child())
        group.create_task(asyncio.sleep(60))  # ended by the group, whose child fails


async def in_gather(ctx: Context[Any], deed: Callable[[], None]) -> None:
    async def child() -> None:
        await asyncio.sleep(0)
        deed()

    await asyncio.gather(child(), asyncio.sleep(0))


async def in_callback(ctx: Context[Any], deed: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(deed)
    await asyncio.sleep(60)


async def in_timer_that_the_handler_does_not_wait_for(ctx: Context[Any], deed: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(0.001, deed)
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return  # it swallows what stops it


async def in_done_callback(ctx: Context[Any], deed: Callable[[], None]) -> None:
    future = asyncio.get_running_loop().create_future()
    future.add_done_callback(lambda _: deed())
    future.set_result(None)
    await asyncio.sleep(60)


async def in_executor(ctx: Context[Any], deed: Callable[[], None]) -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, deed)


async def in_item(ctx: Context[Any], deed: Callable[[], None]) -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        deed()

    await ctx.manifest.extend(["a", "b"])
    async for item in ctx.manifest.todo(concurrency=2):
        item.start(work())


PLACES = [
    in_handler,
    in_task_group,
    in_gather,
    in_callback,
    in_timer_that_the_handler_does_not_wait_for,
    in_done_callback,
    in_executor,
    in_item,
]


async def beside(task_type: TaskType) -> tuple[TestRun, bool]:
    """Run a task beside an innocent one on the same loop; gives it, and whether the innocent one was left alone."""
    innocent = TaskType("innocent")
    over = asyncio.Event()

    @innocent.stage
    async def wait(ctx: Context[Any]) -> int:
        await over.wait()
        return 1

    other = asyncio.create_task(run(innocent))
    async with asyncio.timeout(60):
        result = await run(task_type)
        over.set()
        return result, (await other).state is TaskState.COMPLETED


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(description, "READ_S", 0.05)


@pytest.mark.parametrize(
    ("deed", "place"),
    [
        (deed, place)
        for deed in DEEDS
        for place in PLACES
        # A child of a group that cancels itself is no failure of the group, in asyncio itself.
        if (deed, place) != ("cancelled", in_task_group)
    ],
)
async def test_what_a_handler_raises_anywhere_on_the_loop_is_its_own_failure(
    place: Callable[[Any, Callable[[], None]], Coroutine[Any, Any, None]], deed: str
) -> None:
    """Fails when it ends the loop, and with it the executor and everybody's tasks; or when the task completes."""
    make, error_type = DEEDS[deed]
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    async def act(ctx: Context[Any]) -> str:
        await place(ctx, make())
        return "went on"

    result, left_alone = await beside(kind)
    assert left_alone
    if place is in_item and deed in ITEM_ERRORS:
        # One item's error holds up no other: the item has it.
        assert result.state is TaskState.COMPLETED, result.failure
        assert {item.state.value for item in result.manifest} == {"failed"}
        assert all(item.error for item in result.manifest)
        return
    assert result.state is TaskState.FAILED, result
    assert result.failure is not None
    if not (place is in_task_group and deed in (*ITEM_ERRORS, "own", "generator", "group")):
        assert result.failure.error_type.endswith(error_type), result.failure
    result.failure.message.encode()
    assert result.failure.message


ITEM_ERRORS = {"cancelled", "unreadable", "endless", "no text", "lying"}


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_a_thread_handler_raises_is_its_own_failure(deed: str) -> None:
    make, error_type = DEEDS[deed]
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    def act(ctx: ThreadContext[Any]) -> None:
        make()()

    result, left_alone = await beside(kind)
    assert left_alone
    assert result.state is TaskState.FAILED
    assert result.failure is not None
    assert result.failure.error_type.endswith(error_type)
    if deed == "exit":
        assert result.failure.message == "sys.exit(2)"


@pytest.mark.parametrize("deed", ["exit", "interrupt", "generator", "own", "unreadable", "endless"])
async def test_what_an_item_in_a_thread_raises_harms_its_own_task_only(deed: str) -> None:
    make, error_type = DEEDS[deed]
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    def act(ctx: ThreadContext[Any]) -> None:
        ctx.manifest.append("a")
        for item in ctx.manifest.todo(concurrency=2):
            item.start(make())

    result, left_alone = await beside(kind)
    assert left_alone
    if deed in ITEM_ERRORS:
        assert [item.state.value for item in result.manifest] == ["failed"]
    else:
        assert result.failure is not None
        assert result.failure.error_type.endswith(error_type)


def nested(levels: int) -> Any:
    found: Any = 0
    for _ in range(levels):
        found = [found]
    return found


def cyclic() -> Any:
    found: list[Any] = []
    found.append(found)
    return found


class Odd(dict[str, Any]):
    def items(self) -> Any:
        raise SystemExit(5)


class Writes:
    """Something whose class cannot be written."""


def numbers() -> Any:
    yield 1
    sys.exit(2)


RESULTS = {
    "deep": lambda: nested(limits.JSON_LEVELS + 1),
    "deeper than any Python writes": lambda: nested(200_000),
    "cyclic": cyclic,
    "unwritable": Writes,
    "not a number": lambda: float("nan"),
    "generator": numbers,
    "huge": lambda: 10**6000,
}


@pytest.mark.parametrize("style", ["async", "thread"])
@pytest.mark.parametrize("made", RESULTS)
async def test_result_that_cannot_be_written_is_its_own_tasks_failure(style: str, made: str) -> None:
    kind = TaskType("harm", retry=ONCE)
    if style == "async":

        @kind.stage
        async def act(ctx: Context[Any]) -> Any:
            return RESULTS[made]()
    else:

        @kind.stage
        def act_in_thread(ctx: ThreadContext[Any]) -> Any:
            return RESULTS[made]()

    result, left_alone = await beside(kind)
    assert left_alone
    assert result.state is TaskState.FAILED
    assert result.failure is not None
    assert result.failure.message.startswith(("stage act: result", "stage act_in_thread: result"))


@pytest.mark.parametrize("place", ["checkpoint", "item.data"])
@pytest.mark.parametrize("style", ["async", "thread"])
async def test_value_that_other_pythons_could_not_read_is_refused_where_it_is_given(
    style: str, place: str
) -> None:
    """Fails when this Python writes what an executor or a client of an older one cannot read."""
    kind = TaskType("harm", retry=ONCE)
    if style == "async":

        @kind.stage
        async def act(ctx: Context[Any]) -> None:
            if place == "checkpoint":
                await ctx.checkpoint(nested(limits.JSON_LEVELS))
                await ctx.checkpoint(nested(limits.JSON_LEVELS + 1))
            await ctx.manifest.append("a", data=nested(limits.JSON_LEVELS))
            await ctx.manifest.append("b", data=nested(limits.JSON_LEVELS + 1))
    else:

        @kind.stage
        def act_in_thread(ctx: ThreadContext[Any]) -> None:
            if place == "checkpoint":
                ctx.checkpoint(nested(limits.JSON_LEVELS))
                ctx.checkpoint(nested(limits.JSON_LEVELS + 1))
            ctx.manifest.append("a", data=nested(limits.JSON_LEVELS))
            ctx.manifest.append("b", data=nested(limits.JSON_LEVELS + 1))

    result, left_alone = await beside(kind)
    assert left_alone
    assert result.failure is not None
    assert result.failure.message.startswith(f"{place}[0][0]")
    assert result.failure.message.endswith(
        "is nested too deeply: at most 100 lists and objects may be inside one another; got 101"
    )
    assert len(result.checkpoints) == (place == "checkpoint")


async def test_result_of_a_thread_is_written_in_its_thread() -> None:
    """Fails when a generator that a handler returns runs on the event loop, and holds up everybody's tasks."""
    kind = TaskType("lazy")
    threads: list[threading.Thread] = []

    @kind.stage
    def act(ctx: ThreadContext[Any]) -> list[int]:
        def lazy() -> Any:
            threads.append(threading.current_thread())
            yield 1

        return lazy()

    result = await run(kind)
    assert result.result == [1]
    assert threads[0] is not threading.main_thread()


async def test_what_comes_to_light_while_the_last_children_end_is_the_tasks_failure_too() -> None:
    """Fails when a task completes although what it left on the loop raised before its outcome was sent."""
    kind = TaskType("harm", retry=ONCE)
    kept: list[Any] = []

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        async def work() -> None:
            try:
                await asyncio.sleep(60)
            finally:
                asyncio.get_running_loop().call_soon(exits)
                await asyncio.sleep(0)
                await asyncio.sleep(0)

        await ctx.manifest.append("a")
        items = ctx.manifest.todo(concurrency=2).__aiter__()
        kept.append(items)  # so that only the end of the attempt ends what it has started
        (await anext(items)).start(work())
        await asyncio.sleep(0)

    result, left_alone = await beside(kind)
    await kept[0].aclose()
    assert left_alone
    assert result.failure is not None
    assert result.failure.error_type == "SystemExit"


async def test_handler_that_stops_the_loop_stops_itself_only() -> None:
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        asyncio.get_running_loop().stop()
        await asyncio.sleep(60)

    result, left_alone = await beside(kind)
    assert left_alone
    assert result.failure is not None
    assert "stopped the executor's event loop" in result.failure.message


EVERY_TASK = asyncio.all_tasks
"""As a library has it that imported it early."""


@pytest.mark.parametrize("is_early", [False, True])
async def test_handler_that_cancels_all_tasks_cancels_its_own(
    is_early: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails when a handler that cleans up in the usual way ends its executor, or the tasks of others."""
    kind = TaskType("harm", retry=ONCE)
    ended: list[str] = []

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        async def child() -> None:
            try:
                await asyncio.sleep(60)
            finally:
                ended.append("child")

        mine = asyncio.create_task(child())
        await asyncio.sleep(0)
        before = asyncio.current_task()
        every = EVERY_TASK if is_early else asyncio.all_tasks
        for task in every():
            if task is not before and task is not outer:
                task.cancel()
        await asyncio.wait([mine])
        before.cancel()  # pyright: ignore[reportOptionalMemberAccess]
        await asyncio.sleep(60)

    outer = asyncio.current_task()
    with tasks_of_handlers_apart(asyncio.get_running_loop()):
        result, left_alone = await beside(kind)
    assert left_alone
    assert ended == ["child"]
    assert result.failure is not None
    assert result.failure.error_type.endswith("CancelledError")
    assert ("handler.cancel_refused" in caplog.text) == is_early


@pytest.mark.parametrize("are_apart", [False, True])
async def test_handler_that_cancels_all_tasks_keeps_what_it_said_of_items(are_apart: bool) -> None:
    """Fails when the cancel meets what stores the items: they are lost, and the next call waits for ever."""
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        await ctx.manifest.append("a")
        await asyncio.sleep(0)
        for task in asyncio.all_tasks():
            if task not in not_its_own and task is not asyncio.current_task():
                task.cancel()
        await ctx.manifest.append("b")
        await ctx.manifest.flush()

    not_its_own = asyncio.all_tasks()
    apart = tasks_of_handlers_apart(asyncio.get_running_loop()) if are_apart else contextlib.nullcontext()
    with apart:
        async with asyncio.timeout(60):
            result = await run(kind)
    assert result.state is TaskState.COMPLETED
    assert [item.name for item in result.manifest] == ["a", "b"]


@pytest.mark.parametrize("name", ["set_task_factory", "set_exception_handler", "shutdown_asyncgens"])
async def test_handler_takes_nothing_from_the_loop_that_others_need(name: str) -> None:
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        method = getattr(asyncio.get_running_loop(), name)
        found = method(None) if name.startswith("set") else method()
        if found is not None:
            await found

    result, left_alone = await beside(kind)
    assert left_alone
    assert result.failure is not None
    assert result.failure.message.startswith(f"a handler may not call {name} of the executor's event loop")


async def test_log_that_a_handler_has_broken_harms_no_other_task() -> None:
    """Fails when the executor's own line about a task meets what a handler has put into Python's logging."""
    kind = TaskType("harm", retry=ONCE)

    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise SystemExit(8)

    broken = Broken()

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        logging.getLogger("asynctask.executor").addHandler(broken)
        raise ValueError("mine")

    try:
        result, left_alone = await beside(kind)
    finally:
        logging.getLogger("asynctask.executor").removeHandler(broken)
    assert left_alone
    assert result.failure is not None
    assert result.failure.message == "mine"


@pytest.mark.parametrize("way", ["basicConfig", "dictConfig"])
async def test_handler_that_configures_logging_anew_silences_no_other_task(way: str) -> None:
    """Fails when lines of other tasks are kept no more, and the executor's own log says nothing."""
    kind, other = TaskType("harm", retry=ONCE), TaskType("other")
    began, over = asyncio.Event(), asyncio.Event()

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        if way == "basicConfig":
            logging.basicConfig(force=True)
        else:
            logging.config.dictConfig({"version": 1, "root": {"level": "INFO", "handlers": []}})

    @other.stage
    async def log(ctx: Context[Any]) -> None:
        ctx.log.warning("before")
        began.set()
        await over.wait()
        ctx.log.warning("after")

    root, names = logging.getLogger(), list(logging.Logger.manager.loggerDict)
    before, level = list(root.handlers), root.level
    was_disabled = {name: logging.getLogger(name).disabled for name in names}
    running = asyncio.create_task(run(other))
    await began.wait()
    try:
        assert (await run(kind)).state is TaskState.COMPLETED
        assert not logging.getLogger("asynctask.executor").disabled
    finally:
        for name, disabled in was_disabled.items():
            logging.getLogger(name).disabled = disabled
        root.handlers[:] = [*before, *(one for one in root.handlers if isinstance(one, KeptLogHandler))]
        root.setLevel(level)
        over.set()
    assert [line.message for line in (await running).logs] == ["before", "after"]


@pytest.mark.parametrize("way", ["left", "raised", "kept in a cycle"])
async def test_work_of_an_iteration_that_a_thread_left_ends_before_its_task(way: str) -> None:
    """Fails when the task ends before the work, or when the event loop waits for it where it collects garbage."""
    kind = TaskType("harm", retry=ONCE)
    began, may_end = threading.Event(), threading.Event()
    ended: list[str] = []

    def work(name: str) -> None:
        began.set()
        if may_end.wait(10):
            ended.append(name)

    @kind.stage
    def act(ctx: ThreadContext[Any]) -> None:
        ctx.manifest.extend(["a", "b"])
        todo = ctx.manifest.todo(concurrency=2)
        kept: list[Any] = [todo]
        if way == "kept in a cycle":
            kept.append(kept)
        for item in todo:
            item.start(work, item.name)
            if way == "raised":
                raise ValueError
            return

    running = asyncio.create_task(run(kind))
    assert await asyncio.to_thread(began.wait, 60)
    for _ in range(5):
        await asyncio.sleep(0.01)
        gc.collect()
    assert not running.done()
    may_end.set()
    result = await running
    assert ended == ["a"]
    assert result.state is (TaskState.FAILED if way == "raised" else TaskState.COMPLETED)


async def test_items_of_a_thread_may_come_from_what_uses_the_context_meanwhile() -> None:
    """Fails when the thread waits for itself, for ever, or when an item is lost or stored twice."""
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    def act(ctx: ThreadContext[Any]) -> list[int]:
        def found() -> Iterator[str]:
            for name in "abc":
                ctx.checkpoint(name)
                counts.append(ctx.manifest.counts().total.items)
                yield name
                ctx.manifest.append(name.upper())

        counts: list[int] = []
        ctx.manifest.extend(found())
        return counts

    async with asyncio.timeout(60):
        result = await run(kind)
    assert result.state is TaskState.COMPLETED
    assert [item.name for item in result.manifest] == ["a", "A", "b", "B", "c", "C"]
    assert result.result == [0, 2, 4]


@pytest.mark.parametrize("is_task", [False, True])
async def test_exit_in_a_context_of_its_own_ends_no_executor(is_task: bool) -> None:
    """Fails when the loop ends, since nothing says whose callback or task that is."""

    async def leave() -> None:
        sys.exit(7)

    async def program() -> tuple[TestRun, bool]:
        kind = TaskType("harm", retry=ONCE)

        @kind.stage
        async def act(ctx: Context[Any]) -> None:
            loop, nobodys = asyncio.get_running_loop(), contextvars.Context()
            if is_task:
                left = loop.create_task(leave(), context=nobodys)
                await asyncio.wait([left])
            else:
                loop.call_soon(sys.exit, 7, context=nobodys)
                await asyncio.sleep(0.01)

        loop = asyncio.get_running_loop()
        contain(loop, is_shared=False)
        with tasks_of_handlers_apart(loop):
            return await beside(kind)

    result, left_alone = await asyncio.to_thread(asyncio.run, program())
    assert left_alone
    assert result.state is (TaskState.FAILED if is_task else TaskState.COMPLETED)


async def test_handler_leaves_the_signals_of_its_executor_alone() -> None:
    """Fails when an executor is not told of the SIGTERM that ends it."""
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)

    result, left_alone = await beside(kind)
    assert left_alone
    assert result.failure is not None
    assert "may not call remove_signal_handler" in result.failure.message


async def test_handler_that_takes_a_signal_leaves_that_of_its_executor(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Fails when an executor is told to end and goes on, until its service manager kills it."""
    kind = TaskType("harm", retry=ONCE)

    @kind.stage
    async def act(ctx: Context[Any]) -> bool:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        return signal.signal(signal.SIGUSR1, before) is signal.SIG_IGN

    set_handler = signal.signal
    with stop_signals(lambda: None):
        taken = signal.getsignal(signal.SIGTERM)
        result = await run(kind)
        assert signal.getsignal(signal.SIGTERM) is taken
    assert signal.signal is set_handler
    assert result.result is True
    assert "handler.signal_refused: the handler of a task of type harm may not take SIGTERM" in caplog.text


async def test_exit_of_somebody_elses_task_still_ends_the_loop() -> None:
    """Fails when a program that serves an executor cannot end itself any more."""

    async def program() -> None:
        kind = TaskType("any")
        kind.stage(name="s")(lambda ctx: None)
        await run(kind)
        sys.exit(7)

    with pytest.raises(SystemExit) as caught:
        await asyncio.to_thread(asyncio.run, program())
    assert caught.value.code == 7


class Plain(ValueError):
    def __init__(self, number: int) -> None:
        super().__init__(f"number {number}")


def test_exception_that_runs_no_code_of_its_own_is_read_without_a_thread() -> None:
    harmless = [ValueError("x"), Plain(3), Fail("x"), FileNotFoundError(2, "no such file", "a")]
    others = [
        ValueError("x" * 100_000),
        KeyError(b"x" * 100_000),
        ValueError(object()),
        Unreadable(),
        NoText(),
        ExceptionGroup("x", [ValueError()]),
    ]
    assert [is_plain(error) for error in (*harmless, *others)] == [True] * 4 + [False] * 6


def test_chain_of_causes_that_does_not_end_is_cut() -> None:
    class Again(Exception):
        @property
        def __context__(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
            return Again()

    found = describe(Again("x"))
    assert found.error_type.endswith("Again")


def test_names_of_a_class_are_made_sendable() -> None:
    for module in ("odd\udce9", 5, "x" * 1000):
        name = describe(type("Kind", (Exception,), {"__module__": module})("y")).error_type
        assert len(name.encode()) <= 256
