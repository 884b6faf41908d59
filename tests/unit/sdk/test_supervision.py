"""Background tasks that fail are said in the log."""

import asyncio

from asynctask._supervision import supervised


async def test_background_task_that_fails_is_said(caplog):
    """Fails when what it did for everybody has ended, and nobody knows."""

    async def fail() -> None:
        raise ZeroDivisionError("odd")

    task = supervised(asyncio.create_task(fail()), "the writer")
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert "background.failed: the writer has ended" in caplog.text
    assert "ZeroDivisionError: odd" in caplog.text


async def test_background_task_that_is_cancelled_or_ends_is_not_spoken_of(caplog):
    ended = supervised(asyncio.create_task(asyncio.sleep(0)), "one")
    cancelled = supervised(asyncio.create_task(asyncio.sleep(60)), "other")
    cancelled.cancel()
    await asyncio.wait([ended, cancelled])
    await asyncio.sleep(0)
    assert caplog.messages == []
