"""An async handler that blocks the event loop, over real gRPC: the executor's log says where."""

import asyncio
import logging
import threading

from asynctask import Context, Executor, TaskType, ThreadContext
from asynctask_core.ids import id_text
from tests.integration.sdk.loopback import running_loopback
from tests.support.conditions import eventually


async def test_handler_that_blocks_the_event_loop_is_named_in_the_log(caplog):
    """Fails when nothing tells a newcomer why cancels do not arrive."""
    caplog.set_level(logging.WARNING)
    kind, beside = TaskType("blocker"), TaskType("beside")
    go_on = threading.Event()

    @kind.stage
    async def block(ctx: Context[None]) -> int:
        assert go_on.wait(120)  # as time.sleep would
        return 1

    @beside.stage
    def wait_in_thread(ctx: ThreadContext[None]) -> None:
        assert go_on.wait(120)

    def warnings() -> list[str]:
        return [message for message in caplog.messages if message.startswith("loop.blocked")]

    async with running_loopback(lease_ms=60_000) as (scheduler, address):
        executor = Executor([kind, beside], address=address)
        # The executor has an event loop of its own here: the test must go on while it is blocked.
        running = asyncio.get_running_loop().run_in_executor(None, lambda: asyncio.run(executor.serve()))
        try:
            await scheduler.connected()
            in_thread, on_loop = scheduler.assign(beside), scheduler.assign(kind)
            await eventually(lambda: [line for line in warnings() if "in block;" in line], timeout=100)
        finally:
            go_on.set()
        await scheduler.has_ended(on_loop, "SUCCESS")
        await scheduler.has_ended(in_thread, "SUCCESS")
        scheduler.send_drain()
        await running
    (warning,) = [line for line in warnings() if "in block;" in line]
    assert f"it is in {__file__}:" in warning
    assert f"{id_text(on_loop.task_id)} of type blocker in stage block." in warning
    assert id_text(in_thread.task_id) not in warning
