"""asyncio tasks of the executor itself, which no handler on the same event loop can cancel.

`for task in asyncio.all_tasks(): task.cancel()` is a common way to clean up. In a handler it must cancel only
tasks that this handler began, and not the executor's stream, nor the tasks of other handlers.
"""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Coroutine, Iterator
from typing import Any

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.lines import current_attempt

_log = logging.getLogger("asynctask.executor")


class ExecutorTask(asyncio.Task[Any]):
    """A task that handlers cannot cancel, unless it runs their own attempt."""

    attempt: Attempt | None = None
    """The attempt that it runs."""

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel it, unless the handler of another attempt calls this."""
        by = current_attempt.get()
        if by is not None and by is not self.attempt:
            _log.warning(
                "handler.cancel_refused: the handler of a task of type %s may not cancel asyncio tasks of others",
                by.assignment.task_type,
            )
            return False
        return super().cancel(msg)

    def end(self) -> None:
        """Cancel it for the executor, from any task."""
        super().cancel()


class HandlerTask(asyncio.Task[Any]):
    """A task that a handler began."""

    attempt: Attempt | None = None


def executor_task(coroutine: Coroutine[Any, Any, Any], attempt: Attempt | None = None) -> ExecutorTask:
    """Run a coroutine of the executor, or that of an attempt, on the running loop."""
    context = None
    if current_attempt.get() is not None:  # a handler's call began it
        context = contextvars.copy_context()
        context.run(current_attempt.set, None)
    task = ExecutorTask(coroutine, loop=asyncio.get_running_loop(), context=context)
    if attempt is not None:
        task.attempt = attempt
    return task


@contextlib.contextmanager
def tasks_of_handlers_apart(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """While inside, tasks that no handler began are the executor's, and `asyncio.all_tasks` shows a handler its own.

    For a loop that runs nothing else: on a shared loop, handlers may cancel tasks of the program around the executor.
    """
    if loop.get_task_factory() is not None:
        yield
        return

    def make(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        context: contextvars.Context | None = options.get("context")
        attempt = current_attempt.get()
        if attempt is None and context is not None:
            attempt = context.get(current_attempt)
        if attempt is None:
            return ExecutorTask(coroutine, loop=loop, **options)
        task = HandlerTask(coroutine, loop=loop, **options)
        task.attempt = attempt
        return task

    every = asyncio.tasks.all_tasks

    def all_tasks(loop: asyncio.AbstractEventLoop | None = None) -> set[asyncio.Task[Any]]:
        found = every(loop)
        attempt = current_attempt.get()
        if attempt is None:
            return found
        return {task for task in found if getattr(task, "attempt", None) is attempt}

    loop.set_task_factory(make)
    asyncio.all_tasks = asyncio.tasks.all_tasks = all_tasks
    try:
        yield
    finally:
        asyncio.all_tasks = asyncio.tasks.all_tasks = every
        loop.set_task_factory(None)
