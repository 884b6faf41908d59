"""What runs in the background does not end unseen, also not by the CancelledError of a callee."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from asynctask_chassis.supervision import EndedUnasked, StrayCancellation, strays_fail, until_stopped


async def ends() -> None:
    await asyncio.sleep(0)


async def waits_for_what_is_cancelled() -> None:
    call = asyncio.get_running_loop().create_future()
    call.cancel()
    await call


async def waits() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("run", "error"), [(ends, EndedUnasked), (waits_for_what_is_cancelled, StrayCancellation)]
)
async def test_child_of_a_group_that_ends_though_nobody_stopped_it_has_failed(
    run: Callable[[], Awaitable[None]], error: type[Exception]
):
    """Fails when: a TaskGroup takes the end of a child for one that was asked for, and waits on for the others."""
    with pytest.raises(error):
        await until_stopped(run, "the child")


async def test_who_is_stopped_is_cancelled_as_ever():
    task = asyncio.create_task(until_stopped(waits, "the child"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_deadline_within_the_block_or_around_it_stays_a_deadline():
    async def within() -> None:
        async with asyncio.timeout(0):
            with strays_fail():
                await waits()

    async def around() -> None:
        with strays_fail():
            async with asyncio.timeout(0):
                await waits()

    for run in (within, around):
        with pytest.raises(TimeoutError):
            await run()
