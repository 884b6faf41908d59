"""What a program gives and cannot be kept is not retried; what it cannot read is, perhaps by another version of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from asynctask import Context, Retry, TaskState, TaskType, ThreadContext
from asynctask.errors import InvalidInput, UnwritableValue
from asynctask.testing import TestRun, run
from asynctask_core import limits
from asynctask_core.refusals import REFUSALS
from asynctask_core.states import AttemptResult
from tests.unit.sdk.test_unpicklable import unpicklable


@dataclass
class Album:
    name: Any
    pictures: list[int]


def a_type() -> TaskType:
    return TaskType("albums", retry=Retry(max_attempts=2))


def returning(value: Callable[[], Any]) -> TaskType:
    kind = a_type()

    @kind.stage
    async def scan(ctx: Context[Any]) -> Album:
        return value()

    return kind


def doing(act: Callable[[Context[Any]], Any]) -> TaskType:
    kind = a_type()

    @kind.stage
    async def scan(ctx: Context[Any]) -> None:
        await act(ctx)

    return kind


async def append_wrongly(ctx: Context[Any]) -> None:
    await ctx.manifest.append("a", size=-1)


async def report_wrongly(ctx: Context[Any]) -> None:
    ctx.progress(float("nan"))


async def read_wrongly(ctx: Context[Any]) -> None:
    await ctx.checkpoint({"name": "x"})
    ctx.checkpoint_as(Album)


def lazy_numbers() -> Any:
    yield 1
    raise ValueError("the file is not there yet")


def not_fitting_itself() -> TaskType:
    kind = a_type()

    @kind.stage
    async def scan(ctx: Context[Any]) -> dict[str, str]:
        return {"name": "x", "pictures": "many"}

    @kind.stage
    async def shrink(ctx: Context[Any], album: Album) -> None:
        raise AssertionError(album)

    return kind


CASES: dict[str, tuple[Callable[[], TaskType], str]] = {
    "result": (
        lambda: returning(lambda: Album("x", ["y"])),  # pyright: ignore[reportArgumentType]
        "stage scan: result.pictures[0]: must be a whole number; got 'y'",
    ),
    "large result": (
        lambda: returning(lambda: Album("x" * limits.RESULT_BYTES, [])),
        f"stage scan: result: must be at most {limits.RESULT_BYTES} bytes; got {limits.RESULT_BYTES + 25}",
    ),
    "checkpoint": (
        lambda: doing(lambda ctx: ctx.checkpoint({"a": [float("inf")]})),
        "checkpoint.a[0]: must be a finite number; got inf",
    ),
    "large checkpoint": (
        lambda: doing(lambda ctx: ctx.checkpoint(b"x" * (limits.CHECKPOINT_BYTES + 1))),
        f"checkpoint: must be at most {limits.CHECKPOINT_BYTES} bytes; got {limits.CHECKPOINT_BYTES + 1}",
    ),
    "item": (lambda: doing(append_wrongly), "item.size: must be a whole number from 0 to"),
    "progress": (lambda: doing(report_wrongly), "progress.done: must be a finite number; got nan"),
    "pickle": (lambda: unpicklable, "stage act: config: must be something that pickle can hand to a process"),
    "input written here": (not_fitting_itself, "stage shrink: input.pictures: must be a list; got 'many'"),
    "input": (lambda: doing(read_wrongly), "checkpoint: lacks 'pictures'"),
    "own code": (
        lambda: doing(lambda ctx: ctx.checkpoint(Album("x", lazy_numbers()))),
        "the file is not there yet",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
async def test_what_a_program_gives_and_cannot_be_kept_fails_at_once_and_says_what_came(case: str) -> None:
    """Fails when a fault that every attempt would meet is tried again, or a value of another version is not."""
    make, message = CASES[case]
    result: TestRun = await run(make())
    assert result.state is TaskState.FAILED
    assert result.failure is not None
    assert result.failure.message.startswith(message)
    assert result.failure.reason == REFUSALS[case].reason
    assert result.attempts == [AttemptResult.FAILED] * (2 if REFUSALS[case].is_retried else 1)
    assert result.failure.stage == {"input written here": "shrink", "pickle": "act"}.get(case, "scan")


class Mute:
    def __repr__(self) -> str:
        raise ValueError("no")


def without_pictures() -> Album:
    album = Album("x", [])
    del album.pictures
    return album


UNWRITABLE: dict[str, tuple[Callable[[], Any], str]] = {
    "wrong class": (lambda: 5, "result: must be a Album; got 5"),
    "nothing": (lambda: None, "result: must be a Album; got None"),
    "lacking": (without_pictures, "result: lacks 'pictures'"),
    "text for list": (lambda: Album("x", "12"), "result.pictures: must be a list; got '12'"),  # pyright: ignore[reportArgumentType]
    "flag": (lambda: Album("x", [True]), "result.pictures[0]: must be a whole number; got True"),
    "mute": (lambda: Album("x", [Mute()]), "result.pictures[0]: must be a whole number; got a value"),  # pyright: ignore[reportArgumentType]
    "inside": (lambda: Album({"a": [Mute()]}, []), "result.name.a[0]: <class "),
}


@pytest.mark.parametrize("made", UNWRITABLE)
async def test_result_that_does_not_fit_is_refused_once_also_in_a_thread(made: str) -> None:
    kind = a_type()

    @kind.stage
    def scan(ctx: ThreadContext[Any]) -> Album:
        return UNWRITABLE[made][0]()

    result = await run(kind)
    assert result.attempts == [AttemptResult.FAILED]
    assert result.failure is not None
    assert result.failure.reason == "RESULT_REFUSED"
    assert result.failure.message.startswith("stage scan: " + UNWRITABLE[made][1])
    assert result.failure.traceback == ""


async def test_value_that_cannot_be_written_is_invalid_input_and_a_type_error() -> None:
    """Fails when handlers that catch the TypeError of earlier releases no longer do."""
    caught: list[BaseException] = []

    async def act(ctx: Context[Any]) -> None:
        for kind in (TypeError, InvalidInput):
            try:
                await ctx.checkpoint({"a": {1, object()}})
            except kind as error:
                caught.append(error)

    assert (await run(doing(act))).state is TaskState.COMPLETED
    assert [type(error) for error in caught] == [UnwritableValue] * 2


async def test_lazy_value_beside_a_name_that_is_no_utf8_is_written_whole() -> None:
    """Fails when a value is written twice: its generator gives nothing the second time, without an error."""
    kind = a_type()

    @kind.stage
    async def scan(ctx: Context[Any]) -> None:
        await ctx.checkpoint({"album": Album("odd\udce9", (n for n in range(3)))})  # pyright: ignore[reportArgumentType]

    result = await run(kind)
    assert result.checkpoints == [("scan", {"album": {"name": "odd\udce9", "pictures": [0, 1, 2]}})]


async def test_checkpoint_of_bytes_is_not_given_out_as_something_else() -> None:
    kind = a_type()

    @kind.stage
    async def scan(ctx: Context[Any]) -> None:
        await ctx.checkpoint(b"12")
        assert ctx.checkpoint_as(bytes) == b"12"
        ctx.checkpoint_as(Album)

    result = await run(kind)
    assert result.failure is not None
    assert result.failure.reason == "DECODE_ERROR"
    assert result.failure.message == "checkpoint: must be JSON, to be read as Album; got 2 bytes"


async def test_checkpoint_of_a_thread_is_written_in_its_thread() -> None:
    """Fails when code of a checkpoint runs on the event loop: it holds up everybody's tasks, or ends the loop."""
    threads: list[threading.Thread] = []
    kind = a_type()

    @kind.stage
    def scan(ctx: ThreadContext[Any]) -> None:
        def numbers() -> Any:
            threads.append(threading.current_thread())
            yield 1

        ctx.checkpoint(Album("x", numbers()))

    assert (await run(kind)).state is TaskState.COMPLETED
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
