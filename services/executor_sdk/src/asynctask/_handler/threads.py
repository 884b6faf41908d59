"""Work in a thread of its own, waited for on the event loop."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Any

from asynctask._handler.description import Description, describe, is_plain


async def run_in_thread(name: str, body: Callable[[], Any]) -> Any:
    """Run something in a thread of its own and wait for its end. Raises whatever it raises.

    The wait cannot be cancelled from outside: a thread ends by itself, at its next call of its context.
    """
    loop = asyncio.get_running_loop()
    # The error travels as a value: a future looks into exceptions, and refuses some.
    ended: asyncio.Future[tuple[BaseException | None, Any]] = loop.create_future()

    def settle(error: BaseException | None, result: Any) -> None:
        if not ended.done():
            ended.set_result((error, result))

    def run() -> None:
        error: BaseException | None = None
        result: Any = None
        try:
            result = body()
        except StopIteration:
            error = RuntimeError("the handler raised StopIteration")  # a coroutine cannot raise it
        except BaseException as raised:  # noqa: BLE001 - handed to whoever waits
            error = raised
        loop.call_soon_threadsafe(settle, error, result)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name=f"asynctask-{name}", daemon=True).start()
    error, result = await ended
    if error is not None:
        raise error
    return result


async def described(error: BaseException) -> Description:
    """Read an exception without holding up the event loop, whatever its own code does."""
    if is_plain(error):
        return describe(error)
    found: Description = await run_in_thread("describe", lambda: describe(error))
    return found
