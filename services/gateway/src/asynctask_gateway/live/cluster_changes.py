"""One stream of small changes of what the scheduler has no stream for: counts, health, executors, queues.

The gateway reads each kind once a second, while anybody watches, and sends every reader what changed since. A reader
that is too slow for a second gets the changes of several seconds as one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response

from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import supervised
from asynctask_core.errors import AsyncTaskError, InternalError, StoreUnavailable, Unreachable
from asynctask_gateway.live.event_stream import EventStream, counted
from asynctask_gateway.live.frames import MEDIA_TYPE, frame
from asynctask_gateway.live.stopping import Stopping
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_gateway.problems import problem_of

log = get_logger(__name__)

READ_EVERY_S: Final = 1.0
READ_WITHIN_S: Final = 3.0
"""Longest wait for one kind: Redis' own time-out is reported before."""
FROM_MEMORY: Final = "health"
"""The kind that the scheduler answers without asking anything else: the proof that it works."""
PROOF_S: Final = 1.5
"""How long after the begin of another read the scheduler must have answered, to be no longer in doubt."""
WAIT: Final = "oldest_ready_ms"
WAIT_STEP_MS: Final = 10_000
"""How long the oldest task waits is told exactly, since pages show it beside its time, and is news by this step."""
Entries = Mapping[str, Mapping[str, Any]]
"""Things of one kind by their keys, as JSON."""
ReadEntries = Callable[[], Awaitable[Entries]]


@dataclass(frozen=True, slots=True)
class ClusterState:
    """What was read last: by kind the entries, or why they could not be read."""

    entries: Mapping[str, Entries] = field(default_factory=dict[str, Entries])
    problems: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def read(self, kind: str, entries: Entries) -> ClusterState:
        """With the entries of one kind as they are now."""
        problems = {name: one for name, one in self.problems.items() if name != kind}
        return ClusterState({**self.entries, kind: entries}, problems)

    def failed(self, kind: str, problem: Mapping[str, Any]) -> ClusterState:
        """With the reason why one kind could not be read; its entries stay as they were."""
        return ClusterState(self.entries, {**self.problems, kind: problem})

    def since(self, former: ClusterState) -> dict[str, Any]:
        """By kind what changed: `set` and `removed` entries, and a `problem` that began or ended (null)."""
        found: dict[str, Any] = {}
        for kind in self.entries.keys() | self.problems.keys():
            now, before = self.entries.get(kind, {}), former.entries.get(kind)
            if now is before and self.problems.get(kind) == former.problems.get(kind):
                continue  # another kind was read
            change: dict[str, Any] = {}
            changed = {
                key: one for key, one in now.items() if before is None or _is_news(one, before.get(key))
            }
            if changed or (before is None and kind in self.entries):
                change["set"] = changed
            if removed := [key for key in before or () if key not in now]:
                change["removed"] = removed
            if self.problems.get(kind) != former.problems.get(kind):
                change["problem"] = self.problems.get(kind)
            if change:
                found[kind] = change
        return found


def _is_news(now: Any, before: Any) -> bool:
    """Whether two values of an entry differ by more than a wait that simply went on."""
    if now == before or type(now) is not type(before):
        return now != before
    if isinstance(now, dict):
        fields, former = cast("dict[str, Any]", now), cast("dict[str, Any]", before)
        if fields.keys() != former.keys():
            return True
        step = WAIT_STEP_MS
        return any(
            one // step != former[name] // step if name == WAIT else _is_news(one, former[name])
            for name, one in fields.items()
        )
    if isinstance(now, list):
        ones, formers = cast("list[Any]", now), cast("list[Any]", before)
        return len(ones) != len(formers) or any(map(_is_news, ones, formers))
    return True


class ClusterChanges:
    """Reads the cluster while anybody watches."""

    def __init__(self, reads: Mapping[str, ReadEntries], stopping: Stopping, metrics: GatewayMetrics) -> None:
        self._reads = reads
        self._stopping = stopping
        self._metrics = metrics
        self._state = ClusterState()
        self._changed = asyncio.Condition()
        self._proved_at = 0.0
        """When the scheduler answered from its memory."""
        self._readers = 0
        self._reading: asyncio.Task[None] | None = None
        """While there are readers."""

    def endpoint(self, most_streams: int) -> Callable[[Request], Awaitable[Response]]:
        """Serves the stream: the whole state as the first event, then changes."""

        async def begin(request: Request) -> Response:
            async with AsyncExitStack() as stack:
                stack.enter_context(counted(self._stopping, most_streams))
                request.scope["asynctask.is_stream"] = True
                if request.method == "HEAD":
                    return Response(media_type=MEDIA_TYPE)
                events = await stack.enter_async_context(aclosing(self._events()))
                return EventStream(events, stack.pop_all(), self._stopping, self._metrics)

        return begin

    async def _events(self) -> AsyncGenerator[bytes]:
        self._enter()
        try:
            sent = ClusterState()
            while True:
                async with self._changed:
                    await self._changed.wait_for(lambda: self._state is not sent)  # noqa: B023 - called at once
                state = self._state
                if changes := state.since(sent):
                    yield frame(changes)
                sent = state
        finally:
            self._leave()

    def _enter(self) -> None:
        self._readers += 1
        if self._reading is None:
            self._state = ClusterState()
            self._reading = supervised(asyncio.create_task(self._read()), "the reading of the cluster")

    def _leave(self) -> None:
        self._readers -= 1
        if not self._readers and self._reading is not None:
            self._reading.cancel()
            self._reading = None

    async def _read(self) -> None:
        async with asyncio.TaskGroup() as kinds:
            for kind, read in self._reads.items():
                kinds.create_task(self._read_kind(kind, read))

    async def _read_kind(self, kind: str, read: ReadEntries) -> None:
        """Tell of one kind as soon as it is read: one that is slow, or not answered, delays no other."""
        while True:
            began = time.monotonic()
            pause = READ_EVERY_S
            try:
                async with asyncio.timeout(READ_WITHIN_S):
                    entries = await read()
                state = self._state.read(kind, entries)
                if kind == FROM_MEMORY:
                    self._proved_at = time.monotonic()
                # Ten thousand executors are ten pages: reading them takes a fifth of the time at most.
                pause = max(READ_EVERY_S, 4 * (time.monotonic() - began))
            except AsyncTaskError as error:
                state = self._state.failed(kind, problem_of(error))
            except TimeoutError:
                state = self._state.failed(kind, problem_of(self._unanswered(began)))
            except Exception as error:  # a fault of ours: readers see it, and other kinds go on
                problem = problem_of(InternalError("a fault of the gateway; its log says more"))
                if self._state.problems.get(kind) != problem:
                    log.error("cluster.read_failed", name=kind, reason=repr(error), exc_info=error)
                state = self._state.failed(kind, problem)
            self._state = state
            async with self._changed:
                self._changed.notify_all()
            await asyncio.sleep(pause)

    def _unanswered(self, began: float) -> AsyncTaskError:
        """The error of a read without an answer in time: what does not answer, and how old the last answer is at least.

        Redis' own time-out is reported before, so a scheduler that works waits for the registry.
        """
        metadata = {"silent_ms": f"{READ_WITHIN_S * 1000:.0f}"}
        if self._proved_at > began + PROOF_S:
            metadata["service"] = "registry"
            return StoreUnavailable(
                f"the registry did not answer within {READ_WITHIN_S:g} s", metadata=metadata
            )
        return Unreachable(f"the scheduler did not answer within {READ_WITHIN_S:g} s", metadata=metadata)
