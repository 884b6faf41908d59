"""asyncio tasks that handlers leave behind: an executor that has given its tasks back ends without waiting for them.

`asyncio.run` cancels what is left on its loop, and waits until all of it has ended. A handler that catches
CancelledError would keep a stopped executor alive, and go on with a task that another executor has got.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import Any, Final, cast

from asynctask._attempt.executor_tasks import executor_task
from asynctask_core.printable import one_line

LEFT_S: Final = 1.0
"""How long asyncio tasks of handlers, and then their asynchronous generators, may take to end once cancelled."""

_log = logging.getLogger("asynctask.executor")


class LeftTasks:
    """What handlers have left on the event loop of one executor, which runs nothing else.

    Inside `async with` it runs; at its end every task that is left is cancelled.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_given_up = False

    @contextlib.contextmanager
    def not_waited_for(self) -> Iterator[None]:
        """While inside, `asyncio.run` waits for no task of a handler, and for no task at all after `async with`."""
        every = asyncio.tasks.all_tasks

        def all_tasks(loop: asyncio.AbstractEventLoop | None = None) -> set[asyncio.Task[Any]]:
            found = every(loop)
            is_end = loop is not None and loop is self._loop and not loop.is_running()
            if not is_end:
                return found
            return (
                set()
                if self._is_given_up
                else {task for task in found if getattr(task, "attempt", None) is None}
            )

        asyncio.all_tasks = asyncio.tasks.all_tasks = all_tasks
        try:
            yield
        finally:
            asyncio.all_tasks = asyncio.tasks.all_tasks = every

    async def __aenter__(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def __aexit__(self, *exc_info: object) -> None:
        """Cancel every other task of the running loop, and wait for a short time only."""
        loop = asyncio.get_running_loop()
        left = asyncio.tasks.all_tasks(loop) - {asyncio.current_task()}
        for task in left:
            task.cancel()
        if left:
            _, left = await asyncio.wait(left, timeout=LEFT_S)
        # This method is no asynchronous generator: a running one cannot be closed.
        closing = executor_task(loop.shutdown_asyncgens())  # seen: it says itself what fails
        await asyncio.wait([closing], timeout=LEFT_S)
        self._is_given_up = True
        for task in left:
            cast("Any", task)._log_destroy_pending = False  # it is logged here, once
        if left:
            _log.warning(
                "executor.tasks_left: the process ends without waiting for asyncio tasks that do not end although"
                " they are cancelled: %s",
                ", ".join(sorted(map(_shown, left))),
            )


def _shown(task: asyncio.Task[Any]) -> str:
    attempt = getattr(task, "attempt", None)
    if attempt is None:
        return "one of no handler"
    return f"one of a handler of type {one_line(attempt.assignment.task_type)}"
