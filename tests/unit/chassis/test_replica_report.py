"""What a replica says of itself."""

from __future__ import annotations

from datetime import timedelta

from asynctask_chassis.drift_record import DriftRecord
from asynctask_chassis.loop import PeriodicLoop
from asynctask_chassis.replica_report import ReplicaReport


async def test_loop_says_when_it_last_succeeded_and_why_it_fails():
    now, failing = 100.0, False

    async def run_once() -> None:
        if failing:
            raise OSError("no\nstore")

    loop = PeriodicLoop("cook", run_once, interval=timedelta(minutes=10), clock=lambda: now)
    assert not loop.state().HasField("last_success_ms")
    async with loop:
        await loop.ran()
        now, failing = 103.0, True
        assert (loop.state().last_success_ms, loop.state().interval_ms) == (3_000, 600_000)
        loop.trigger()
        await loop.ran()
        state = loop.state()
        assert (state.failures, state.last_success_ms) == (1, 3_000)
        assert state.error == r"OSError: no\nstore"
        failing = False
        await loop.ran()
        assert (loop.state().failures, loop.state().error) == (0, "")


def test_replica_is_described_with_its_address_version_and_loops():
    report = ReplicaReport("scheduler", "a-1", "127.0.0.1:0")
    report.address = "127.0.0.1:7600"
    state = report.state()
    assert (state.service, state.name, state.address) == ("scheduler", "a-1", "127.0.0.1:7600")
    assert state.version
    assert state.start_time.seconds > 0


def test_drift_is_remembered_for_a_day_in_few_entries():
    now = 0.0
    drift = DriftRecord(lambda: now)
    assert not drift.state().HasField("last_compared_ms")
    for minute in range(60):
        now = 60.0 * minute
        drift.compared(tasks=7, mended=2)
    now = 7_200.0
    drift.compared(tasks=9, mended=0)
    state = drift.state()
    assert (state.mended, state.tasks_compared, state.last_compared_ms) == (120, 9, 0)
    assert state.last_mended_ms == (7_200 - 59 * 60) * 1000
    assert len(drift._mended) <= 6
    now = 90_001.0
    assert drift.state().mended == 0
    assert not drift.state().HasField("last_mended_ms")
