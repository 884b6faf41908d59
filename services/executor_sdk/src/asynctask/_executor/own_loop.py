"""The event loop of a program that only runs an executor: asyncio's own, even if a policy makes others.

Callbacks that handlers leave can be kept from ending the loop only if each turn of the loop is a call of Python's
`_run_once`. uvloop's loops turn in C.
"""

import asyncio
import contextlib
import sys
from collections.abc import Coroutine, Iterator
from typing import Any


def run_on_own_loop(main: Coroutine[Any, Any, None]) -> None:
    """As `asyncio.run`; uses the loop that the policy makes if it is asyncio's own."""
    with _children_watched(), asyncio.Runner(loop_factory=_own_loop) as runner:
        try:
            runner.run(main)
        finally:
            asyncio.set_event_loop(None)


def is_own(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether a loop turns in Python, as those of asyncio do."""
    return hasattr(loop, "_run_once")


def _own_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    if not is_own(loop):
        loop.close()
        loop = asyncio.ProactorEventLoop() if sys.platform == "win32" else asyncio.SelectorEventLoop()
    asyncio.set_event_loop(loop)  # as `asyncio.run` does: a program's own child watcher is attached to it
    return loop


@contextlib.contextmanager
def _children_watched() -> Iterator[None]:
    """Up to Python 3.13 asyncio's loop asks the policy for a child watcher, and uvloop's policy has none."""
    watcher: Any = getattr(asyncio, "ThreadedChildWatcher", None)
    if watcher is None:  # Windows, or Python 3.14
        yield
        return
    policy: Any = asyncio.get_event_loop_policy()
    abstract: Any = getattr(asyncio, "AbstractEventLoopPolicy")  # noqa: B009 - its stub is for annotations only
    if getattr(policy.get_child_watcher, "__func__", None) is not abstract.get_child_watcher:
        yield
        return
    found = watcher()
    policy.get_child_watcher = lambda: found
    try:
        yield
    finally:
        del policy.get_child_watcher
