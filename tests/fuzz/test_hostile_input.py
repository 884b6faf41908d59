"""No input freezes, fills or poisons the cluster (law 10).

Without a time it sends a fixed slice, and says nothing of time: honest calls succeed, honest tasks end, no call ends as
a fault of ours, memory stays bounded. By hand (`./dev fuzz`) nobody else's call may wait a second longer than before.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import grpc

from asynctask_chassis.channel import open_channel
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1.state_pb2 import TASK_STATE_COMPLETED
from tests.integration.scheduler.cell import Cell
from tests.integration.scheduler.raw_executor import RawExecutor, a_type
from tests.support.hostile import HostileRequest, hostile_requests

SECONDS = int(os.environ.get("ASYNCTASK_TEST_FUZZ_SECONDS", "0"))
SEED = int(os.environ.get("ASYNCTASK_TEST_FUZZ_SEED", "20261128"))
SLICE = 400
AT_ONCE = 8
CALL_S = 60.0
MOST_WAIT_S = 1.0
"""An honest call may wait so much longer than without an attack."""
CALM_ROUNDS = 30
MOST_GROWTH_MIB = 400
HONEST = "honest-type"


class HonestWork:
    """A client that submits, reads and lists all the while, and an executor that does what it submits."""

    def __init__(self, cell: Cell, executor: RawExecutor) -> None:
        self._cell = cell
        self._executor = executor
        self.waits: list[tuple[float, str]] = []
        self.completed = 0

    async def calm(self) -> float:
        """Measure without an attack: what the longest wait is on this machine as it is."""
        for _ in range(CALM_ROUNDS):
            await self._once()
        longest = max(seconds for seconds, _ in self.waits)
        self.waits.clear()
        return longest

    async def run(self, attack: asyncio.Task[None]) -> None:
        """Go on until the attack is over, and once more."""
        is_over = False
        while not is_over:
            is_over = attack.done()
            await self._once()

    async def _once(self) -> None:
        task_id = await self._timed("SubmitTask", self._cell.submit(HONEST))
        assignment = await self._timed("assignment", self._executor.assignment())
        await self._timed("Renew", self._executor.renew(assignment))
        await self._timed("checkpoint", self._executor.checkpoint(assignment, "run", "{}"))
        await self._timed("outcome", self._executor.finish(assignment))
        task = await self._timed("GetTask", self._cell.get(task_id))
        assert task.task_status == TASK_STATE_COMPLETED
        listed = self._cell.tasks.ListTasks(pb.ListTasksRequest(), timeout=CALL_S)
        assert (await self._timed("ListTasks", listed)).tasks
        self.completed += 1

    async def _timed(self, what: str, call: Any) -> Any:
        began = time.monotonic()
        answer = await asyncio.wait_for(call, CALL_S)
        self.waits.append((time.monotonic() - began, what))
        return answer


class Attack:
    """Sends hostile requests, a few at once, and notes how they ended."""

    def __init__(self, cell: Cell) -> None:
        self._channels = {
            "asynctask.scheduler.v1": open_channel(cell.replicas[0].address),
            "asynctask.registry.v1": open_channel(cell.registry.address),
        }
        self._requests = hostile_requests(random.Random(SEED))
        self.codes: Counter[str] = Counter()
        self.faults: list[str] = []

    async def run(self) -> None:
        """Send the slice, or as many as fit into the time."""
        give_up = time.monotonic() + SECONDS
        left = SLICE
        while left > 0 if not SECONDS else time.monotonic() < give_up:
            # In a thread: to make them takes long, and who measures must not wait for that.
            part = await asyncio.to_thread(self._next)
            left -= len(part)
            await asyncio.gather(*(self._send(one) for one in part))
        for channel in self._channels.values():
            await channel.close()

    def _next(self) -> list[HostileRequest]:
        return [next(self._requests) for _ in range(AT_ONCE)]

    async def _send(self, request: HostileRequest) -> None:
        try:
            await asyncio.wait_for(self._call(request), CALL_S)
            code = "OK"
        except grpc.aio.AioRpcError as error:
            code = error.code().name
            if code in ("INTERNAL", "UNKNOWN"):
                self.faults.append(
                    f"{request.call} ({request.what}, {len(request.data)} bytes): {error.details()}"
                )
        except TimeoutError:
            code = "STILL_OPEN"
        self.codes[code] += 1

    async def _call(self, request: HostileRequest) -> None:
        channel: Any = self._channels[request.method.containing_service.file.package]
        as_it_is: dict[str, Any] = {"request_serializer": bytes, "response_deserializer": bytes}
        method = request.method
        if method.client_streaming:
            call = channel.stream_stream(request.call, **as_it_is)()
            try:
                await call.write(request.data)
                await call.done_writing()
            except asyncio.InvalidStateError:
                pass  # it was ended before that
            answers = call
        elif method.server_streaming:
            answers = channel.unary_stream(request.call, **as_it_is)(request.data)
        else:
            await channel.unary_unary(request.call, **as_it_is)(request.data, timeout=CALL_S)
            return
        try:
            async with asyncio.timeout(2):
                async for _ in answers:
                    pass
        except TimeoutError:
            answers.cancel()  # a watch that was let in goes on for ever


async def test_no_input_harms_an_honest_task(cell: Cell) -> None:
    print(f"\nseed {SEED}: ./dev fuzz --seed {SEED} repeats it")
    executor = await cell.executor(a_type(HONEST))
    attack, honest = Attack(cell), HonestWork(cell, executor)
    pids = {"scheduler": cell.replicas[0].process.pid, "registry": cell.registry.pid}
    before = {name: resident_mib(pid) for name, pid in pids.items()}
    calm_s = await honest.calm() if SECONDS else 0.0
    attacking = asyncio.create_task(attack.run())
    await honest.run(attacking)
    await attacking
    grown = {name: resident_mib(pid) - before[name] for name, pid in pids.items()}
    longest = sorted(honest.waits, reverse=True)[:5]
    shown = ", ".join(f"{what} {seconds:.2f} s" for seconds, what in longest)
    said = f"{dict(attack.codes)}; honest tasks {honest.completed}; MiB grown {grown}; longest waits: {shown}"
    print(f"{said}; before the attack {calm_s:.2f} s")
    assert not attack.faults, "\n".join(attack.faults[:20])
    assert all(mib < MOST_GROWTH_MIB for mib in grown.values()), grown
    if SECONDS:
        assert longest[0][0] <= MOST_WAIT_S + calm_s, f"{shown}; without an attack {calm_s:.2f} s"


def resident_mib(pid: int) -> int:
    """Memory that a process holds; 0 where the system does not say."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024
