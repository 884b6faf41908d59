"""Calling a handler where its kind runs: on the event loop, in a thread, in a process."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Any

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.lines import current_attempt
from asynctask._attempt.stop import Stop
from asynctask._handler.context import Context
from asynctask._handler.link import Link
from asynctask._handler.port import LoopPort
from asynctask._handler.process import ChildHandler
from asynctask._handler.thread_context import ThreadContext
from asynctask._task import HandlerKind, Stage, TaskType


class Handlers:
    """Calls handlers with their contexts."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def call(self, attempt: Attempt, task_type: TaskType, stage: Stage, config: Any, value: Any) -> Any:
        """Run one stage's handler to its end.

        Raises:
            asyncio.CancelledError, Stopped: it was stopped; `attempt.stop` says why.
            BaseException: whatever it raised.
        """
        arguments = (value,) if stage.takes_input else ()
        before = attempt.cancel_handler
        try:
            return await self._call(attempt, task_type, stage, config, arguments)
        finally:
            attempt.cancel_handler, attempt.kill_handler, attempt.notify = before, None, None

    async def _call(
        self, attempt: Attempt, task_type: TaskType, stage: Stage, config: Any, arguments: tuple[Any, ...]
    ) -> Any:
        if stage.kind is HandlerKind.ASYNC:
            current_attempt.set(attempt)
            context: Context[Any] = Context(self._link, attempt, stage.name, config, stage.timeout_ms)
            return await stage.handler(context, *arguments)
        loop = asyncio.get_running_loop()
        port = LoopPort(self._link, attempt, stage.name, loop)
        if stage.kind is HandlerKind.THREAD:
            thread_context = ThreadContext(port, attempt, stage.name, config, stage.timeout_ms)

            def body() -> Any:
                current_attempt.set(attempt)
                attempt.check_lease()
                result = stage.handler(thread_context, *arguments)
                thread_context.push()
                return result

            # Nothing stops a thread but itself, at its next call of its context; one that waits in a call is woken.
            attempt.cancel_handler = lambda: port.release(attempt.stop or Stop.CANCEL)
            attempt.kill_handler = lambda: port.release(Stop.FENCED)
            return await run_in_thread(f"{task_type.name}.{stage.name}", body)
        child = ChildHandler(port, attempt, stage, config, arguments)

        def supervise() -> Any:
            current_attempt.set(attempt)
            return child.run()

        attempt.cancel_handler, attempt.kill_handler, attempt.notify = child.stop, child.fence, child.tell
        return await run_in_thread(f"{task_type.name}.{stage.name}", supervise)


async def run_in_thread(name: str, body: Callable[[], Any]) -> Any:
    """Run something in a thread of its own and wait for its end.

    The wait cannot be cancelled from outside: a thread ends by itself, at its next call of its context.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[Any] = loop.create_future()

    def settle(error: BaseException | None, result: Any) -> None:
        if ended.done():
            return
        if error is None:
            ended.set_result(result)
        else:
            ended.set_exception(error)

    def run() -> None:
        error: BaseException | None = None
        result: Any = None
        try:
            result = body()
        except StopIteration as stop:
            error = RuntimeError(f"the handler raised {stop!r}")  # a future refuses to hold it
        except BaseException as raised:  # noqa: BLE001 - handed to whoever waits
            error = raised
        loop.call_soon_threadsafe(settle, error, result)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name=f"asynctask-{name}", daemon=True).start()
    return await ended
