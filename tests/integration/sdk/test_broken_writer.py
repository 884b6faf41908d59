"""A part of the executor's stream that fails: said, and the stream is opened again."""

import asyncio

from asynctask import Context, Executor, TaskType
from asynctask._executor.progress import ProgressGatherer
from tests.integration.sdk.loopback import running_executor, running_loopback


def two_kinds() -> tuple[TaskType, TaskType]:
    odd, plain = TaskType("odd"), TaskType("plain")

    @odd.stage
    async def report(ctx: Context[None]) -> None:
        ctx.progress(1, 2, unit="name\udce9", message="name\udce9\0")
        await asyncio.sleep(0.3)

    @plain.stage
    async def step(ctx: Context[None]) -> None:
        ctx.progress(1, 2)
        await ctx.checkpoint(1)

    return odd, plain


async def test_odd_unit_of_one_task_silences_no_other():
    """Fails when it is sent as it is given: the writer ended unseen, and all tasks were silent."""
    odd, plain = two_kinds()
    async with running_loopback() as (scheduler, address):
        async with running_executor(Executor([odd, plain], address=address)):
            await scheduler.connected()
            await scheduler.has_ended(scheduler.assign(odd), "SUCCESS")
            await scheduler.has_ended(scheduler.assign(plain), "SUCCESS")
        assert [report.progress.unit for report in scheduler.progress if report.progress.unit] == [
            "name\\xe9"
        ]
        assert len(scheduler.connections) == 1


async def test_writer_that_fails_ends_its_stream_and_the_next_one_goes_on(monkeypatch, caplog):
    """Fails when the stream stays open and only reads: renewals go on, so it looks alive, and no event ever leaves."""
    _, plain = two_kinds()
    take = ProgressGatherer.take
    broken = iter([True])

    def take_once_broken(self: ProgressGatherer):
        if next(broken, False):
            raise ZeroDivisionError("a fault")
        return take(self)

    monkeypatch.setattr(ProgressGatherer, "take", take_once_broken)
    async with (
        running_loopback() as (scheduler, address),
        running_executor(Executor([plain], address=address)),
    ):
        await scheduler.connected()
        first = scheduler.assign(plain)
        await scheduler.connected(2)
        await scheduler.has_ended(first, "SUCCESS")
        await scheduler.has_ended(scheduler.assign(plain), "SUCCESS")
    assert "session.write_failed" in caplog.text
