import asyncio
from datetime import timedelta

import pytest

from asynctask_chassis.loop import LoopReport, PeriodicLoop
from asynctask_chassis.metrics import LoopMetrics, new_metrics_registry
from asynctask_chassis.supervision import EndedUnasked, StrayCancellation

LONG = timedelta(hours=1)


class Pauses:
    """Stands in for waiting: remembers each delay and lets the loop go on when told."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.go = asyncio.Semaphore(0)

    async def __call__(self, wake: asyncio.Event, seconds: float) -> None:
        self.delays.append(seconds)
        await self.go.acquire()


async def test_it_runs_at_once_and_again_after_each_interval():
    runs = 0

    async def run_once() -> None:
        nonlocal runs
        runs += 1

    pauses = Pauses()
    async with PeriodicLoop("cook", run_once, interval=timedelta(seconds=10), pause=pauses) as loop:
        await loop.ran()
        pauses.go.release()
        await loop.ran()
    assert runs == 2
    assert all(9 <= delay <= 10 for delay in pauses.delays)


async def test_jitter_only_shortens_so_no_interval_is_missed():
    pauses = Pauses()
    pauses.go = asyncio.Semaphore(200)
    async with PeriodicLoop("cook", nothing, interval=timedelta(seconds=1), jitter=0.5, pause=pauses) as loop:
        await loop.ran(200)
    assert len({round(delay, 3) for delay in pauses.delays}) > 20
    assert all(0.5 <= delay <= 1 for delay in pauses.delays)


async def nothing() -> None:
    await asyncio.sleep(0)


async def test_a_failed_run_backs_off_briefly_and_the_loop_goes_on():
    failing = True

    async def run_once() -> LoopReport:
        if failing:
            raise OSError("no store")
        return LoopReport(changed=3)

    pauses = Pauses()
    loop = PeriodicLoop("cook", run_once, interval=LONG, jitter=0, pause=pauses)
    async with loop:
        await loop.ran()
        assert isinstance(loop.last_error, OSError)
        for _ in range(5):
            pauses.go.release()
            await loop.ran()
        failing = False
        pauses.go.release()
        await loop.ran()
        assert loop.last_report == LoopReport(changed=3)
        assert loop.last_error is None
        await asyncio.sleep(0)
    assert pauses.delays == [0.25, 0.5, 1.0, 2.0, 2.0, 2.0, 3600.0]


async def test_a_trigger_ends_the_pause():
    async with PeriodicLoop("cook", nothing, interval=LONG) as loop:
        await loop.ran()
        loop.trigger()
        await loop.ran()
    assert loop.runs == 2


async def test_triggers_do_not_make_a_failing_loop_spin():
    async def run_once() -> None:
        raise OSError("no store")

    loop = PeriodicLoop("cook", run_once, interval=LONG, jitter=0)
    async with loop:
        await loop.ran()
        for _ in range(50):
            loop.trigger()
            await asyncio.sleep(0)
    assert loop.runs == 1


async def test_run_now_waits_for_a_run_that_began_after_the_call():
    begun, release = asyncio.Event(), asyncio.Event()
    seen: list[int] = []
    value = 1

    async def run_once() -> LoopReport:
        taken = value
        begun.set()
        await release.wait()
        seen.append(taken)
        return LoopReport(changed=taken)

    async with PeriodicLoop("cook", run_once, interval=LONG) as loop:
        await begun.wait()
        value = 2
        wanted = asyncio.create_task(loop.run_now())
        await asyncio.sleep(0)
        release.set()
        report = await wanted
    assert report == LoopReport(changed=2)
    assert seen == [1, 2]


async def test_run_now_raises_what_the_run_raised():
    async def run_once() -> None:
        raise OSError("no store")

    async with PeriodicLoop("cook", run_once, interval=LONG) as loop:
        with pytest.raises(OSError, match="no store"):
            await loop.run_now()


async def test_while_more_waits_it_runs_again_without_a_pause():
    left = 3

    async def run_once() -> LoopReport:
        nonlocal left
        left -= 1
        return LoopReport(changed=1, more=left > 0)

    pauses = Pauses()
    async with PeriodicLoop("cook", run_once, interval=LONG, pause=pauses) as loop:
        await loop.ran(3)
        await asyncio.sleep(0)
    assert len(pauses.delays) == 1


async def test_a_run_that_hangs_is_ended_at_its_deadline():
    async def run_once() -> None:
        await asyncio.Event().wait()

    async with PeriodicLoop("cook", run_once, interval=LONG, deadline=timedelta(milliseconds=20)) as loop:
        await loop.ran()
        assert isinstance(loop.last_error, TimeoutError)


async def test_stopping_cancels_the_present_run():
    begun, cancelled = asyncio.Event(), False

    async def run_once() -> None:
        nonlocal cancelled
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled = True
            raise

    async with PeriodicLoop("cook", run_once, interval=LONG):
        await begun.wait()
    assert cancelled


async def test_the_last_success_is_a_metric():
    registry = new_metrics_registry()
    async with PeriodicLoop("cook", nothing, interval=LONG, metrics=LoopMetrics("kitchen", registry)) as loop:
        await loop.ran()
    assert registry.get_sample_value(
        "asynctask_kitchen_loop_runs_total", {"loop": "cook", "outcome": "succeeded"}
    )
    stamp = registry.get_sample_value(
        "asynctask_kitchen_loop_last_success_timestamp_seconds", {"loop": "cook"}
    )
    assert stamp is not None
    assert stamp > 1_600_000_000


async def test_a_run_whose_callee_was_cancelled_has_failed_and_the_loop_goes_on():
    """Fails when: the CancelledError of a call that was closed ends the loop in silence."""
    call: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    call.cancel()

    async def run_once() -> None:
        if loop.runs == 0:
            await call

    pauses = Pauses()
    loop = PeriodicLoop("cook", run_once, interval=LONG, pause=pauses)
    async with loop:
        await loop.ran()
        assert isinstance(loop.last_error, StrayCancellation)
        pauses.go.release()
        await loop.ran()
        assert loop.last_error is None


@pytest.mark.parametrize("fault", [ZeroDivisionError, asyncio.CancelledError])
async def test_a_loop_that_ends_by_itself_ends_the_block_with_what_ended_it(fault: type[BaseException]):
    """Fails when: a service goes on without its reaper until somebody stops it."""

    async def pause(wake: asyncio.Event, seconds: float) -> None:
        raise fault

    outcomes: list[str] = []

    async def serve() -> None:
        async with PeriodicLoop("cook", nothing, interval=LONG, pause=pause) as loop:
            assert loop._task is not None
            try:
                await asyncio.wait([loop._task])
                outcomes.append("went on")
            finally:
                await asyncio.sleep(0)  # a drain is not cut short
                outcomes.append("drained")

    with pytest.raises(EndedUnasked, match="the loop cook ended although it was not stopped"):
        await serve()
    assert outcomes == ["drained"]
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0, "who catches the error goes on as before"


async def test_a_loop_that_is_cancelled_with_everything_else_is_no_fault():
    """The end of an event loop cancels all tasks."""
    loop = PeriodicLoop("cook", nothing, interval=LONG)
    async with loop:
        await loop.ran()
        assert loop._task is not None
        loop._task.cancel()
        await asyncio.wait([loop._task])
        await asyncio.sleep(0)
