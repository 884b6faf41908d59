"""A host that was frozen for longer than its lease, and woken: its handlers run on from where they were, before any
other thread has had its turn, so they look at the clocks themselves.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from asynctask import Context, TaskType, ThreadContext
from asynctask._attempt.attempt import Attempt
from asynctask._executor.runner import Runner
from asynctask._handler.handlers import Handlers
from asynctask._memory import MemoryTask
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import state_pb2, work_pb2
from tests.unit.sdk.clock import ManualClock

LEASE_MS = 15_000
RELEASED = state_pb2.ATTEMPT_RESULT_RELEASED


class Host:
    """Runs one task on a clock of its own; nobody watches its lease but the handler itself."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.memory = MemoryTask()
        self.freezes_in: Callable[[str], bool] = lambda call: False
        self.done: list[str] = []

    def freeze(self, *, boot: bool = True, wall: bool = True) -> None:
        self.clock.advance(LEASE_MS, boot=boot, wall=wall)

    async def run(self, kind: TaskType) -> work_pb2.OutcomeEvent:
        assignment = work_pb2.Assignment(
            task_id=new_id(), attempt_id=new_id(), task_type=kind.name, expires_in_ms=LEASE_MS, epoch=1, run=1
        )
        self.memory.begin(assignment.attempt_id)
        attempt = Attempt(assignment, self.clock.read(), self.clock)
        runner = Runner({kind.name: kind}, self, Handlers(self), lambda _: None)
        async with asyncio.timeout(60):
            await asyncio.wait([runner.start(attempt)])
        assert self.memory.outcome is not None
        return self.memory.outcome

    # --- the handlers' link ------------------------------------------------------------------------------------------

    def put(
        self, attempt: Attempt, event: work_pb2.Event, waiter: asyncio.Future[None] | None = None
    ) -> None:
        self.memory.record(event)
        self._called(str(event.WhichOneof("event")))
        if waiter is not None:
            waiter.set_result(None)

    def report(self, attempt: Attempt) -> None: ...

    async def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        self._called("append")
        return self.memory.append_manifest(request)

    async def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        self._called("read")
        return self.memory.read_manifest(request)

    def _called(self, call: str) -> None:
        if self.freezes_in(call):
            self.freeze()


@pytest.fixture
def host() -> Host:
    return Host()


async def first_of_items(ctx: Context[None]) -> None:
    async for _ in ctx.manifest.items():
        return


async def first_page(ctx: Context[None]) -> None:
    async for _ in ctx.manifest.pages():
        return


async def first_to_do(ctx: Context[None]) -> None:
    async for _ in ctx.manifest.todo():
        return


async def report(ctx: Context[None]) -> None:
    ctx.progress(1, 2)


CALLS: dict[str, Callable[[Context[None]], Any]] = {
    "progress": report,
    "checkpoint": lambda ctx: ctx.checkpoint(1),
    "safe_point": lambda ctx: ctx.safe_point(),
    "append": lambda ctx: ctx.manifest.append("b"),
    "reset": lambda ctx: ctx.manifest.reset(),
    "counts": lambda ctx: ctx.manifest.counts(),
    "seal": lambda ctx: ctx.manifest.seal(),
    "flush": lambda ctx: ctx.manifest.flush(),
    "items": first_of_items,
    "pages": first_page,
    "todo": first_to_do,
}

THREAD_CALLS: dict[str, Callable[[ThreadContext[None]], object]] = {
    "progress": lambda ctx: ctx.progress(1, 2),
    "checkpoint": lambda ctx: ctx.checkpoint(1),
    "safe_point": lambda ctx: ctx.safe_point(),
    "append": lambda ctx: ctx.manifest.append("b"),
    "reset": lambda ctx: ctx.manifest.reset(),
    "counts": lambda ctx: ctx.manifest.counts(),
    "seal": lambda ctx: ctx.manifest.seal(),
    "flush": lambda ctx: ctx.manifest.flush(),
    "items": lambda ctx: next(iter(ctx.manifest.items())),
    "pages": lambda ctx: next(iter(ctx.manifest.pages())),
    "todo": lambda ctx: next(iter(ctx.manifest.todo())),
}


@pytest.mark.parametrize("clock", ["boot", "wall"])
@pytest.mark.parametrize("call", CALLS)
async def test_async_handler_goes_no_further_than_its_next_call(host: Host, call: str, clock: str):
    """Law 2. Fails for a call that goes on without a look at the clocks, or at one of them only."""
    kind = TaskType("walk")

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        await ctx.manifest.append("a")
        await ctx.manifest.flush()
        host.freeze(boot=clock == "boot", wall=clock == "wall")
        await CALLS[call](ctx)
        host.done.append("went on")

    outcome = await host.run(kind)
    assert (host.done, outcome.result) == ([], RELEASED)


@pytest.mark.parametrize("call", THREAD_CALLS)
async def test_thread_handler_goes_no_further_than_its_next_call(host: Host, call: str):
    """Law 2. Fails for a call that goes on without a look at the clocks."""
    kind = TaskType("walk")

    @kind.stage
    def work(ctx: ThreadContext[None]) -> None:
        ctx.manifest.append("a")
        ctx.manifest.flush()
        host.freeze()
        THREAD_CALLS[call](ctx)
        host.done.append("went on")

    outcome = await host.run(kind)
    assert (host.done, outcome.result) == ([], RELEASED)


@pytest.mark.parametrize("call", ["read", "append", "checkpoint"])
@pytest.mark.parametrize("style", ["async", "thread"])
async def test_host_that_freezes_while_a_call_waits_does_not_return_from_it(
    host: Host, call: str, style: str
):
    """Laws 2 and 3. Fails when the clocks are looked at only before a call: a page of items that was asked for under a
    lease is handed out without one."""
    kind = TaskType("walk")
    host.freezes_in = lambda made: made == call

    if style == "async":

        @kind.stage
        async def work(ctx: Context[None]) -> None:
            await ctx.manifest.append("a")
            async for _ in ctx.manifest.todo():
                await ctx.checkpoint(1)
                host.done.append("went on")
    else:

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> None:
            ctx.manifest.append("a")
            for _ in ctx.manifest.todo():
                ctx.checkpoint(1)
                host.done.append("went on")

    outcome = await host.run(kind)
    assert (host.done, outcome.result) == ([], RELEASED)


@pytest.mark.parametrize("style", ["async", "thread"])
async def test_next_stage_does_not_begin(host: Host, style: str):
    """Laws 2 and 9. Fails when a stage begins under a lease that ended while the one before it was being stored."""
    kind = TaskType("walk")
    host.freezes_in = lambda made: made == "stage_finished"

    @kind.stage
    async def first(ctx: Context[None]) -> None: ...

    if style == "async":

        @kind.stage
        async def second(ctx: Context[None]) -> None:
            host.done.append("began")
    else:

        @kind.stage(name="second")
        def second_in_thread(ctx: ThreadContext[None]) -> None:
            host.done.append("began")

    outcome = await host.run(kind)
    assert (host.done, outcome.result) == ([], RELEASED)


@pytest.mark.parametrize("style", ["async", "thread"])
async def test_work_that_was_started_on_an_item_does_not_begin(host: Host, style: str):
    """Law 3. Fails when work that waits for its turn beside others begins after the freeze."""
    kind = TaskType("walk")

    async def one() -> None:
        host.done.append("began")

    if style == "async":

        @kind.stage
        async def work(ctx: Context[None]) -> None:
            await ctx.manifest.append("a")
            async for item in ctx.manifest.todo(concurrency=2):
                item.start(one())
                host.freeze()
    else:

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> None:
            ctx.manifest.append("a")
            for item in ctx.manifest.todo(concurrency=2):
                host.freeze()
                item.start(host.done.append, "began")

    outcome = await host.run(kind)
    assert (host.done, outcome.result) == ([], RELEASED)
