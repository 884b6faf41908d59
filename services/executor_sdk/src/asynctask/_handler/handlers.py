"""Calling a handler where its kind runs: on the event loop, in a thread, in a process."""

import asyncio
from typing import Any

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.lines import current_attempt
from asynctask._attempt.stop import Stop
from asynctask._forks import called, leave_if_forked
from asynctask._handler.context import Context
from asynctask._handler.handler_link import Link
from asynctask._handler.item_scope import item_scope
from asynctask._handler.port import LoopPort
from asynctask._handler.process import ChildHandler
from asynctask._handler.thread_context import ThreadContext
from asynctask._handler.threads import run_in_thread
from asynctask._task import HandlerKind, Stage, TaskType


class Handlers:
    """Calls handlers with their contexts."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def call(self, attempt: Attempt, task_type: TaskType, stage: Stage, config: Any, value: Any) -> str:
        """Run one stage's handler to its end, and return its result as JSON.

        The result is encoded where the handler runs, since its own code may take as long as the handler.

        Raises:
            asyncio.CancelledError, AttemptStopped: it was stopped; `attempt.stop` says why.
            BaseException: any error that the handler raised.
        """
        arguments = (value,) if stage.takes_input else ()
        if item_scope.get() is not None:
            item_scope.set(None)  # the stage before may have left a loop over items
        before = attempt.cancel_handler
        context: Context[Any] | None = None
        try:
            if stage.kind is not HandlerKind.ASYNC:
                return await self._call_off_loop(attempt, task_type, stage, config, arguments)
            current_attempt.set(attempt)
            context = Context(self._link, attempt, stage.name, config, stage.timeout_ms)
            try:
                result = await stage.handler(context, *arguments)
            except BaseException as error:
                leave_if_forked(error)
                raise
            leave_if_forked()
            return stage.written(result)
        finally:
            if context is not None:
                context.end()
            attempt.cancel_handler, attempt.kill_handler, attempt.notify = before, None, None
            attempt.on_renewed = None

    async def _call_off_loop(
        self, attempt: Attempt, task_type: TaskType, stage: Stage, config: Any, arguments: tuple[Any, ...]
    ) -> str:
        loop = asyncio.get_running_loop()
        port = LoopPort(self._link, attempt, stage.name, loop)
        if stage.kind is HandlerKind.THREAD:
            thread_context = ThreadContext(port, attempt, stage.name, config, stage.timeout_ms)

            def body() -> str:
                current_attempt.set(attempt)
                attempt.check_lease()
                try:
                    try:
                        result = called(stage.handler, thread_context, *arguments)
                    finally:
                        thread_context.join()
                    thread_context.push()
                finally:
                    thread_context.end()
                return stage.written(result)

            # A thread stops only by itself, at its next call of its context; one that waits in a call is woken.
            attempt.cancel_handler = lambda: port.release(attempt.stop or Stop.CANCEL)
            attempt.kill_handler = lambda: port.release(Stop.FENCED)
            text: str = await run_in_thread(f"{task_type.name}.{stage.name}", body)
            return text
        child = ChildHandler(port, attempt, stage, config, arguments)

        def supervise() -> Any:
            current_attempt.set(attempt)
            return child.run()

        attempt.cancel_handler, attempt.kill_handler, attempt.notify = child.stop, child.fence, child.tell
        attempt.on_renewed = child.renewed
        answer: str = await run_in_thread(f"{task_type.name}.{stage.name}", supervise)
        return answer
