"""The port of a handler in a thread, which several of the handler's threads use at the same time."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._handler.chunks import Chunks
from asynctask._handler.items import ItemInfo
from asynctask._handler.port import LoopPort
from asynctask_core.states import ItemState
from asynctask_protos.task.v1 import work_pb2


class Loop:
    """Notes in which order it was woken; while it is woken for the first time another thread has its turn."""

    def __init__(self) -> None:
        self.woken_for: list[str] = []
        self.meanwhile: threading.Thread | None = None
        self.collect: Callable[[], object] = lambda: None

    def call_soon_threadsafe(self, call: Callable[[], object]) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile.start()
            meanwhile.join(0.1)
        self.collect()
        self.woken_for.append(call.__name__)


def test_what_a_thread_waits_for_comes_behind_what_it_said_before():
    """Law 3. Fails when one thread relies on another that has not woken the loop yet: its checkpoint or its end is
    stored before its last mark, which is lost then."""
    loop: Any = Loop()
    link: Any = None
    port = LoopPort(link, Attempt(work_pb2.Assignment(), ClockReading(0, 0)), "stage", loop)

    def flush() -> None: ...

    def mark_and_flush() -> None:
        port.advance("items", 1, None)
        loop.call_soon_threadsafe(flush)  # as every call that waits does

    other = loop.meanwhile = threading.Thread(target=mark_and_flush)
    port.advance("items", 1, None)
    other.join()
    assert loop.woken_for == ["_run_posted", "flush"]


def test_what_is_said_while_the_loop_is_woken_is_said():
    """Fails when a thread waits for itself: the collector may run a destructor of the handler there, which warns."""
    loop: Any = Loop()
    link: Any = None
    port = LoopPort(link, Attempt(work_pb2.Assignment(), ClockReading(0, 0)), "stage", loop)
    loop.collect = lambda: port.advance("items", 2, None)
    thread = threading.Thread(target=port.advance, args=("items", 1, None), daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert loop.woken_for == ["_run_posted"]
    assert len(port._posted) == 2


async def test_mark_that_comes_after_the_attempt_was_lost_is_dropped_quietly():
    """Fails when it is told as something that the handler left behind, and what was said with it is not looked at."""
    loop = asyncio.get_running_loop()
    raised: list[object] = []
    loop.set_exception_handler(lambda _, context: raised.append(context))
    link: Any = None
    attempt = Attempt(work_pb2.Assignment(), ClockReading(0, 0))
    attempt.chunks = Chunks(attempt, link)
    attempt.chunks.close()
    port = LoopPort(link, attempt, "stage", loop)
    item = ItemInfo(0, b"a", 0, ItemState.TODO, "", None)
    port.mark("items", (item, ItemState.TODO, ItemState.DONE, ""), None)
    port.warn("LATE", "", 1, ("", -1))
    await asyncio.sleep(0)
    assert not raised
    assert [one.code for one in attempt.warnings.take_all()] == ["LATE"]
