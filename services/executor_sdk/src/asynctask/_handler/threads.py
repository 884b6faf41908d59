"""Work in a thread of its own, waited for on the event loop."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Any, Final

from asynctask._handler.description import Description, describe, is_plain, unread
from asynctask.errors import HandlerError

LOOK_S: Final = 2.0
"""How often the event loop checks whether a thread still lives."""
_SILENT: Final = (
    "it ended without a result, as after an exception of a function for threading.settrace or setprofile, or one that"
    " another thread raised in it"
)


class HandlerNotStarted(Exception):
    """This process, or its machine, lacks threads, processes, files or memory to start a handler."""

    def __init__(self, what: str, why: object) -> None:
        super().__init__(f"{what} could not be started: {str(why) or type(why).__name__}")


async def run_in_thread(name: str, body: Callable[[], Any]) -> Any:
    """Run something in a thread of its own and wait for its end.

    The wait cannot be cancelled from outside: a thread ends by itself, at its next call of its context.

    Raises:
        HandlerNotStarted: no thread can be started for it.
        BaseException: what it raises.
    """
    loop = asyncio.get_running_loop()
    # The error is passed as a value: a future inspects exceptions, and refuses some.
    ended: asyncio.Future[tuple[BaseException | None, Any]] = loop.create_future()
    has_begun = False

    def settle(error: BaseException | None, result: Any) -> None:
        if not ended.done():
            ended.set_result((error, result))

    def run() -> None:
        nonlocal has_begun
        has_begun = True
        error: BaseException | None = None
        result: Any = None
        try:
            result = body()
        except StopIteration:
            error = RuntimeError("the handler raised StopIteration")  # a coroutine cannot raise it
        except BaseException as raised:  # noqa: BLE001 - passed to the waiting task
            error = raised
        loop.call_soon_threadsafe(settle, error, result)

    def look() -> None:
        """A thread may end without a result: a trace function that raises ends it before its first step."""
        nonlocal looking
        if thread.is_alive():
            looking = loop.call_later(LOOK_S, look)
            return
        error = HandlerError(_SILENT) if has_begun else HandlerNotStarted("a thread of the handler", _SILENT)
        loop.call_soon(settle, error, None)  # after a result that the thread may have sent

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(run,), name=f"asynctask-{name}", daemon=True)
    start_thread(thread)
    looking = loop.call_later(LOOK_S, look)
    try:
        error, result = await ended
    finally:
        looking.cancel()
    if error is not None:
        raise error
    return result


def start_thread(thread: threading.Thread) -> None:
    """Start it. Raises HandlerNotStarted."""
    try:
        thread.start()
    except (RuntimeError, MemoryError) as error:
        raise HandlerNotStarted("a thread of the handler", error) from error


async def described(error: BaseException) -> Description:
    """Read an exception in a thread, since its own code may block."""
    if is_plain(error):
        return describe(error)
    try:
        found: Description = await run_in_thread("describe", lambda: describe(error))
    except HandlerNotStarted:
        return unread(error)
    return found
