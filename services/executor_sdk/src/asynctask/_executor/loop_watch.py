"""Logs a blocked event loop, with the code that blocks it.

Blocking the loop is the first mistake of authors of `async def` handlers, and nothing else shows it: cancels and pauses
do not arrive, and the scheduler's messages are read too late. A thread of its own watches the loop, not the thread of
the renewals or of the fence: the code that blocks may hold a lock of `logging`, and leases must not wait for that.
"""

import asyncio
import logging
import selectors
import sys
import sysconfig
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from traceback import FrameSummary
from typing import Final

from asynctask._attempt.clock import Clock, ClockReading, elapsed_ms
from asynctask_core.listing import enumerated

_log = logging.getLogger("asynctask.executor")

BLOCKED_MS: Final = 3_000.0
"""Time since the last beat. A free loop beats at least once a second, so it has then been blocked for two."""
LOOK_S: Final = 0.5
_LONGEST_LOOK_MS: Final = 1_000.0
"""A longer time between two checks counts as this: the host was frozen, or this process got no processor time."""

_NAMED_BYTES: Final = 300
"""Length of the list of tasks in the warning."""

_ASYNCIO: Final = str(Path(asyncio.__file__).parent)
_OURS: Final = str(Path(__file__).parents[1])
_LIBRARIES: Final = (
    _OURS,
    "<frozen ",
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
)


class LoopWatch:
    """Checks that the event loop turns. `beat` gives the time of its latest beat, None before the first; `stack` the
    frames that it is in, outermost first; `tasks` the tasks that run on it.
    """

    def __init__(
        self,
        beat: Callable[[], ClockReading | None],
        clock: Clock,
        *,
        stack: Callable[[], list[FrameSummary]],
        tasks: Callable[[], Sequence[str]],
    ) -> None:
        self._beat = beat
        self._clock = clock
        self._stack = stack
        self._tasks = tasks
        self._seen: ClockReading | None = None
        self._looked = clock.read()
        self._still_ms = 0.0
        self._warned = False
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="asynctask-loop-watch", daemon=True)

    def start(self) -> None:
        """Begin to check."""
        self._thread.start()

    def close(self) -> None:
        """Stop checking."""
        self._closed.set()

    def check(self) -> None:
        """Check once."""
        now = self._clock.read()
        passed_ms, self._looked = elapsed_ms(self._looked, now), now
        beat = self._beat()
        if beat is None or beat != self._seen:
            self._seen, self._still_ms, self._warned = beat, 0.0, False
            return
        self._still_ms += min(passed_ms, _LONGEST_LOOK_MS)
        if self._still_ms >= BLOCKED_MS and not self._warned:
            frame = blocking_frame(self._stack())
            if frame is not None:
                self._warned = True
                self._warn(frame, elapsed_ms(beat, now) / 1000)

    def _warn(self, frame: FrameSummary, seconds: float) -> None:
        _log.warning(
            "loop.blocked: the event loop has not turned for %.0f s, it is in %s:%s in %s; no cancel or pause arrives"
            " meanwhile, and no task there goes on: %s. Code that waits or computes without await belongs into a plain"
            " `def` stage, which runs in a thread (process=True: in a process), or into asyncio.to_thread",
            seconds,
            frame.filename,
            frame.lineno,
            frame.name,
            enumerated(self._tasks(), _NAMED_BYTES) or "none of AsyncTask",
        )

    def _run(self) -> None:
        try:
            while not self._closed.wait(LOOK_S):
                self.check()
        except Exception:  # noqa: BLE001 - it must not end unseen
            _log.exception(
                "loop.watch_broken: a fault of the SDK; a blocked event loop is not reported any more"
            )


def stack_of(thread: int) -> list[FrameSummary]:
    """The frames that a thread is in now, outermost first; none when it has ended."""
    frame = sys._current_frames().get(thread)  # pyright: ignore[reportPrivateUsage] - nothing else shows it
    return [] if frame is None else list(traceback.extract_stack(frame))


def blocking_frame(stack: list[FrameSummary]) -> FrameSummary | None:
    """The frame that blocks the loop: the innermost one outside of libraries, if there is one. None if nothing blocks
    it: a loop that waits for its next event is only late.
    """
    called = stack
    for position, frame in enumerate(stack):
        if frame.filename.startswith(_ASYNCIO):
            called = stack[position + 1 :]
    if not called or called[0].filename == selectors.__file__:
        return None
    of_users = [frame for frame in called if not frame.filename.startswith(_LIBRARIES)]
    return (of_users or called)[-1]
