"""The common implementation of all periodic loops.

    reaper = PeriodicLoop("reaper", store.reap, interval=timedelta(seconds=1), metrics=metrics)
    async with reaper:          # runs in the background until the block ends
        ...

A run that fails is logged and repeated after a short back-off; it never ends the loop. A run has a deadline, so a call
without an answer cannot block the loop for ever. If the loop still ends, because of a defect, it cancels the task that
started it, so that the service ends instead of running without the loop. Jitter spreads the runs of replicas; no code
may depend on the exact moment of a run.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from asynctask_chassis.logs import get_logger
from asynctask_chassis.metrics import LoopMetrics
from asynctask_chassis.supervision import EndedUnasked, strays_fail
from asynctask_core.errors import AsyncTaskError
from asynctask_core.printable import one_line
from asynctask_protos.task.v1.health_pb2 import LoopState

log = get_logger(__name__)

FIRST_BACK_OFF = timedelta(milliseconds=250)
# Short, so that recovery begins soon after the end of an outage; a failing call every two seconds costs little.
LONGEST_BACK_OFF = timedelta(seconds=2)
ERROR_CHARS = 300
"""Of an error in a report of health."""


@dataclass(frozen=True, slots=True)
class LoopReport:
    """The result of one run: how many things it `changed`; if `more` wait, the loop runs again at once."""

    changed: int = 0
    more: bool = False
    facts: Mapping[str, int | float | str] = field(default_factory=dict[str, int | float | str])


Pause = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits until the event is set, at most so many seconds."""


async def pause_until(event: asyncio.Event, seconds: float) -> None:
    """Wait for `event`, at most `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass


class PeriodicLoop:
    """Runs `run_once` at once and then every `interval`, until the `async with` block ends."""

    def __init__(
        self,
        name: str,
        run_once: Callable[[], Awaitable[LoopReport | None]],
        *,
        interval: timedelta,
        jitter: float = 0.1,
        deadline: timedelta = timedelta(seconds=30),
        metrics: LoopMetrics | None = None,
        pause: Pause = pause_until,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set the loop up; it starts with `async with` or `start`.

        Args:
            name: constant, for logs and metrics.
            run_once: one idempotent pass; cancelled at `deadline` and at the end of the block.
            jitter: each interval is shortened by up to this share, so that replicas do not run at the same time.
            pause: how to wait between runs; tests put their own in.
            clock: monotonic seconds, for measuring runs.
        """
        self.name = name
        self.last_report: LoopReport | None = None
        self.last_error: Exception | None = None
        self._run_once = run_once
        self._interval = interval.total_seconds()
        self._jitter = jitter
        self._deadline = deadline.total_seconds()
        self._metrics = metrics
        self._pause = pause
        self._clock = clock
        self._wake = asyncio.Event()
        self._ended = asyncio.Condition()
        self._begun_runs = 0
        self._ended_runs = 0
        self._failures = 0
        self._succeeded_at: float | None = None
        self._task: asyncio.Task[None] | None = None
        self._starter: asyncio.Task[Any] | None = None
        self._has_cancelled_starter = False
        self._is_stopped = False

    @property
    def runs(self) -> int:
        """Runs that ended, failed ones included."""
        return self._ended_runs

    def state(self) -> LoopState:
        """How its runs go, for reports of health."""
        state = LoopState(name=self.name, interval_ms=round(self._interval * 1000), failures=self._failures)
        if self._succeeded_at is not None:
            state.last_success_ms = max(0, round((self._clock() - self._succeeded_at) * 1000))
        if (error := self.last_error) is not None:
            said = error.message if isinstance(error, AsyncTaskError) else f"{type(error).__name__}: {error}"
            state.error = one_line(said)[:ERROR_CHARS]
        return state

    def trigger(self) -> None:
        """Run again as soon as the current pause or run has ended; many triggers cause one run."""
        self._wake.set()

    async def ran(self, times: int = 1) -> None:
        """Wait until `times` further runs have ended, failed ones included. A test signal."""
        target = self._ended_runs + times
        async with self._ended:
            await self._ended.wait_for(lambda: self._ended_runs >= target)

    async def run_now(self) -> LoopReport | None:
        """Trigger, wait for a run that began after this call, and return its report.

        Raises:
            Exception: the error that the run raised.
        """
        target = self._begun_runs + 1
        self.trigger()
        async with self._ended:
            await self._ended.wait_for(lambda: self._ended_runs >= target)
        if self.last_error is not None:
            raise self.last_error
        return self.last_report

    def start(self) -> None:
        """Begin to run in the background; the current task is cancelled if the loop ends before `stop`."""
        if self._task is not None:
            raise RuntimeError(f"the loop {self.name} was started twice")
        self._starter = asyncio.current_task()
        self._task = asyncio.create_task(self._run(), name=f"loop:{self.name}")  # seen: by _look, and by stop
        self._task.add_done_callback(self._look)

    async def stop(self) -> None:
        """Cancel the current run or pause, and return when it has ended.

        Raises:
            EndedUnasked: the loop had ended before, because of a defect.
        """
        if self._task is None:
            return
        self._is_stopped = True
        self._task.cancel()
        await asyncio.wait([self._task])
        if self._has_cancelled_starter and self._starter is not None:
            self._has_cancelled_starter = False
            self._starter.uncancel()  # raise the error instead, as a TaskGroup does
        if (fault := self._fault(self._task)) is not None:
            raise fault

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    def _look(self, task: asyncio.Task[None]) -> None:
        if self._is_stopped or (fault := self._fault(task)) is None:
            return
        log.error("loop.ended", loop=self.name, reason=str(fault), exc_info=fault)
        if self._starter is not None:
            self._has_cancelled_starter = self._starter.cancel()

    def _fault(self, task: asyncio.Task[None]) -> EndedUnasked | None:
        error = None
        if task.cancelled():
            if task.cancelling():
                return None
            reason = "a callee was cancelled between two runs"
        else:
            error = task.exception()
            reason = f"{type(error).__name__}: {error}"
        fault = EndedUnasked(f"the loop {self.name} ended although it was not stopped ({reason})")
        fault.__cause__ = error
        return fault

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            self._begun_runs += 1
            await self._run_guarded()
            async with self._ended:
                self._ended_runs += 1
                self._ended.notify_all()
            if self._failures == 0 and self.last_report is not None and self.last_report.more:
                await asyncio.sleep(0)
                continue
            # After a failure, triggers do not shorten the back-off: many hints during an outage must not make it spin.
            await self._pause(asyncio.Event() if self._failures else self._wake, self._delay())

    async def _run_guarded(self) -> None:
        started = self._clock()
        try:
            with strays_fail():
                async with asyncio.timeout(self._deadline):
                    self.last_report = await self._run_once()
        except Exception as error:
            self._failures += 1
            self.last_error = error
            # Log the traceback only for the first failure in a row.
            log.warning(
                "loop.run_failed",
                loop=self.name,
                reason=f"{type(error).__name__}: {error}",
                failures=self._failures,
                exc_info=self._failures == 1,
            )
        else:
            if self._failures:
                log.info("loop.run_recovered", loop=self.name, failures=self._failures)
            self._failures = 0
            self.last_error = None
            self._succeeded_at = self._clock()
        self._measure(self._clock() - started)

    def _measure(self, seconds: float) -> None:
        if self._metrics is None:
            return
        self._metrics.runs.labels(self.name, "failed" if self._failures else "succeeded").inc()
        self._metrics.seconds.labels(self.name).inc(max(seconds, 0.0))
        if not self._failures:
            self._metrics.last_success.labels(self.name).set_to_current_time()

    def _delay(self) -> float:
        delay = self._interval
        if self._failures:
            first = min(FIRST_BACK_OFF.total_seconds(), self._interval)
            delay = min(first * 2 ** min(self._failures - 1, 16), LONGEST_BACK_OFF.total_seconds())
        return delay * (1 - self._jitter * random.random())
