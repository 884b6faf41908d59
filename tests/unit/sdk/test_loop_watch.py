"""A blocked event loop is said, once and with the code that blocks it; a loop that is only late is not."""

import asyncio
import logging
import selectors
import threading
from pathlib import Path
from traceback import FrameSummary

import pytest

from asynctask._executor import loop_watch
from asynctask._executor.loop_watch import LoopWatch, blocking_frame, stack_of
from tests.unit.sdk.clock import ManualClock

EVENTS = FrameSummary(f"{Path(asyncio.__file__).parent}/events.py", 80, "_run")
OURS = FrameSummary(f"{Path(loop_watch.__file__).parent}/runner.py", 90, "_handle")
HANDLER = FrameSummary("/srv/app/tasks.py", 12, "resize")
HELPER = FrameSummary("/srv/app/images.py", 30, "load")
LIBRARY = FrameSummary(threading.__file__, 300, "wait")
SELECT = FrameSummary(selectors.__file__, 400, "select")
MAIN = FrameSummary("/srv/app/main.py", 5, "<module>")


class Bench:
    """A loop that beats when it is told to, and is looked at twice a second."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.beat: object = None
        self.stack = [MAIN, EVENTS, OURS, HANDLER, HELPER, LIBRARY]
        self.tasks = ["01 of type resize in stage resize"]
        self.watch = LoopWatch(
            lambda: self.beat,  # pyright: ignore[reportArgumentType]
            self.clock,
            stack=lambda: self.stack,
            tasks=lambda: self.tasks,
        )

    def turn(self) -> None:
        self.beat = self.clock.read()

    def look_for(self, ms: int) -> None:
        for _ in range(ms // 500):
            self.clock.advance(500)
            self.watch.check()


@pytest.fixture
def bench(caplog: pytest.LogCaptureFixture) -> Bench:
    caplog.set_level(logging.WARNING)
    return Bench()


def test_blocked_loop_is_said_once_with_the_code_and_the_tasks(bench, caplog):
    bench.turn()
    bench.look_for(3000)
    assert caplog.messages == []
    bench.look_for(60_000)
    assert caplog.messages == [
        "loop.blocked: the event loop has not turned for 4 s, it is in /srv/app/images.py:30 in load; no cancel or"
        " pause arrives meanwhile, and no task there goes on: 01 of type resize in stage resize. Code that waits or"
        " computes without await belongs into a plain `def` stage, which runs in a thread (process=True: in a process),"
        " or into asyncio.to_thread"
    ]


def test_each_blockage_is_said(bench, caplog):
    for _ in range(2):
        bench.turn()
        bench.look_for(10_000)
    assert len(caplog.messages) == 2


def test_loop_that_turns_is_never_said_to_be_blocked(bench, caplog):
    for _ in range(30):
        bench.turn()
        bench.look_for(1000)
    assert caplog.messages == []


def test_nothing_is_said_before_the_first_beat(bench, caplog):
    bench.look_for(60_000)
    assert caplog.messages == []


def test_host_that_was_frozen_has_no_blocked_loop(bench, caplog):
    """Fails when the time that nobody could see passing is counted: after it the watch may run before the loop does."""
    bench.turn()
    bench.look_for(1000)
    bench.clock.advance(3_600_000)
    bench.watch.check()
    assert caplog.messages == []


def test_loop_that_waits_for_its_next_event_is_late_but_not_blocked(bench, caplog):
    bench.turn()
    bench.stack = [MAIN, EVENTS, SELECT]
    bench.look_for(60_000)
    assert caplog.messages == []


def test_many_tasks_are_counted(bench, caplog):
    bench.tasks = [f"count task {number:040}" for number in range(100)]
    bench.turn()
    bench.look_for(10_000)
    assert f"{bench.tasks[4]} and 95 more. Code" in caplog.text


@pytest.mark.parametrize(
    ("stack", "found"),
    [
        ([MAIN, EVENTS, OURS, HANDLER], HANDLER),
        ([MAIN, EVENTS, OURS, HANDLER, HELPER, LIBRARY], HELPER),
        ([MAIN, EVENTS, OURS, HANDLER, EVENTS, HELPER], HELPER),
        ([MAIN, EVENTS, OURS, LIBRARY], LIBRARY),
        ([MAIN, EVENTS, SELECT], None),
        ([MAIN, EVENTS], None),
        ([], None),
    ],
)
def test_frame_that_is_named_is_the_innermost_of_the_users_own_code(stack, found):
    """Fails when it is a line of a library, or the one that started the loop."""
    assert blocking_frame(stack) is found


def test_stack_of_another_thread_is_seen():
    begun, go_on = threading.Event(), threading.Event()

    def wait_here() -> None:
        begun.set()
        go_on.wait(120)

    thread = threading.Thread(target=wait_here)
    thread.start()
    try:
        assert begun.wait(60)
        assert "wait_here" in [frame.name for frame in stack_of(thread.ident or 0)]
    finally:
        go_on.set()
        thread.join()
    assert stack_of(0) == []
