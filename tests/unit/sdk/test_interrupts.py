"""A signal that comes within a handler's code is the program's; what the handler raises itself fails its task."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from asynctask import AttemptResult, Context, Retry, TaskState, TaskType
from asynctask.testing import TestRun, run


async def in_handler(ctx: Context[Any], deed: Callable[[], None]) -> None:
    deed()


async def in_child(ctx: Context[Any], deed: Callable[[], None]) -> None:
    async def child() -> None:
        await asyncio.sleep(0)
        deed()

    async with asyncio.TaskGroup() as group:
        group.create_task(child())


async def in_item(ctx: Context[Any], deed: Callable[[], None]) -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        deed()

    await ctx.manifest.append("a")
    async for item in ctx.manifest.todo(concurrency=2):
        item.start(work())


async def in_callback(ctx: Context[Any], deed: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(deed)
    await asyncio.sleep(0.01)


def ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def ended() -> None:
    signal.raise_signal(signal.SIGTERM)


@contextmanager
def terminated_by(handler: Callable[..., Any]) -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("place", [in_handler, in_child, in_item, in_callback])
@pytest.mark.parametrize(("deed", "raised"), [(ctrl_c, KeyboardInterrupt), (ended, SystemExit)])
def test_signal_within_a_handler_comes_out_of_the_programs_loop(
    place: Callable[..., Coroutine[Any, Any, None]], deed: Callable[[], None], raised: type[BaseException]
) -> None:
    """Fails when Ctrl-C fails a task, and the program goes on."""
    kind = TaskType("kind", retry=Retry(max_attempts=1))
    tries: list[int] = []

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        tries.append(1)
        if len(tries) == 1:
            await place(ctx, deed)

    before = signal.getsignal(signal.SIGINT)
    loop = asyncio.new_event_loop()
    try:
        with terminated_by(lambda *_: sys.exit(7)):
            task = loop.create_task(run(kind))
            with pytest.raises(raised):
                loop.run_until_complete(task)
            # A program that goes on all the same finds its task given back; it is interrupted once only.
            result = loop.run_until_complete(task)
    finally:
        loop.close()
    assert result.state is TaskState.COMPLETED
    assert result.attempts in ([AttemptResult.RELEASED, AttemptResult.SUCCESS], [AttemptResult.SUCCESS])
    assert signal.getsignal(signal.SIGINT) is before


def in_future() -> Any:
    future = asyncio.get_running_loop().create_future()
    future.set_exception(KeyboardInterrupt())
    return future


async def thrown() -> None:
    def generator() -> Iterator[int]:
        yield 1

    made = generator()
    next(made)
    made.throw(KeyboardInterrupt)  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("deed", [in_future, thrown])
async def test_interrupt_that_no_signal_raised_is_the_tasks_failure(deed: Callable[[], Any]) -> None:
    kind = TaskType("kind", retry=Retry(max_attempts=1))

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        await deed()

    # Here as in a loop of the program's own: the runner of the tests takes SIGINT itself.
    def program() -> TestRun:
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(run(kind))
        finally:
            loop.close()

    result = await asyncio.to_thread(program)
    assert result.failure is not None
    assert result.failure.error_type == "KeyboardInterrupt"


@pytest.mark.parametrize("deed", [in_future, thrown])
def test_the_same_in_the_thread_that_takes_signals(deed: Callable[[], Any]) -> None:
    kind = TaskType("kind", retry=Retry(max_attempts=1))

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        await deed()

    loop = asyncio.new_event_loop()
    try:
        result = loop.run_until_complete(run(kind))
    except KeyboardInterrupt:
        pytest.fail("it came out as Ctrl-C")
    finally:
        loop.close()
    assert result.failure is not None
    assert result.failure.error_type == "KeyboardInterrupt"


class Odd(Exception):
    def __str__(self) -> str:
        return "odd"


async def test_exception_handler_that_the_program_has_set_is_still_called(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Fails when exceptions with code of their own go past it into our log."""
    caplog.set_level(logging.ERROR)
    told: list[dict[str, Any]] = []
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, context: told.append(context))
    kind = TaskType("kind")
    kind.stage(name="s")(lambda ctx: None)

    async def program() -> None:
        await run(kind)
        for error in (Odd(), ValueError("plain")):
            loop.call_exception_handler({"message": "lost", "exception": error})

    await asyncio.to_thread(loop.run_until_complete, program())
    loop.close()
    assert [type(context["exception"]) for context in told] == [Odd, ValueError]
    assert caplog.messages == []


def test_limit_of_a_test_cancels_it_instead_of_failing_the_task() -> None:
    kind = TaskType("kind", retry=Retry(max_attempts=1))
    unwound: list[int] = []

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            unwound.append(1)

    async def program() -> None:
        async with asyncio.timeout(0.01):
            await run(kind)

    with pytest.raises(TimeoutError):
        asyncio.run(program())
    assert unwound == [1]
