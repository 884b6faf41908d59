"""A registry in memory, for tests of what stands above it: standings, attempts that ended, and calls that fail.

It is not the registry's rules (those are tested with the registry), only the shape of its answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from asynctask_core.errors import AsyncTaskError
from asynctask_protos.registry.v1.ledger_service_pb2 import (
    AttemptEnd,
    CheckStoreResponse,
    DispatchableScope,
    StreamDispatchableResponse,
)
from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_type_pb2 import TaskType

PLACES = {
    DispatchableScope.DISPATCHABLE_SCOPE_RUNNING: {Place.PLACE_LEASED},
    DispatchableScope.DISPATCHABLE_SCOPE_QUEUED: {Place.PLACE_READY},
    DispatchableScope.DISPATCHABLE_SCOPE_DUE: {Place.PLACE_TIMED},
    DispatchableScope.DISPATCHABLE_SCOPE_ALL: {Place.PLACE_LEASED, Place.PLACE_READY, Place.PLACE_TIMED},
}


class LedgerDouble:
    """Answers the calls of `recovery.ports.Ledger` from what tests put in."""

    def __init__(self) -> None:
        self.tasks: dict[bytes, Standing] = {}
        self.types: list[TaskType] = []
        self.ends: list[AttemptEnd] = []
        self.calls: list[str] = []
        self.failures: list[AsyncTaskError] = []
        """Raised by the next calls, one each."""
        self.refused: set[bytes] = set()
        """Tasks that `end` refuses, and their whole batch with them."""
        self.refusal: AsyncTaskError | None = None

    def put(self, *standings: Standing) -> None:
        """This is where these tasks stand now."""
        self.tasks |= {standing.task_id: standing for standing in standings}

    def forget(self, task_id: bytes) -> None:
        del self.tasks[task_id]

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if self.failures:
            raise self.failures.pop(0)

    async def end(self, ends: Sequence[AttemptEnd]) -> Sequence[Standing]:
        self._called("end")
        if self.refusal and any(end.task_id in self.refused for end in ends):
            raise self.refusal
        answer: list[Standing] = []
        for end in ends:
            self.ends.append(end)
            now = self.tasks.get(end.task_id)
            if now is None:
                continue
            if now.place == Place.PLACE_LEASED and now.attempt_id == end.attempt_id:
                now = self.tasks[end.task_id] = Standing(
                    task_id=now.task_id,
                    version=now.version + 1,
                    place=Place.PLACE_READY,
                    state=TaskState.TASK_STATE_QUEUED,
                    queue=now.queue,
                    task_type=now.task_type,
                    priority=now.priority or 3,
                    ready_at_us=1,
                )
            answer.append(now)
        return answer

    async def reconcile(self, task_ids: Sequence[bytes]) -> Sequence[Standing]:
        self._called("reconcile")
        return [self.tasks[task_id] for task_id in task_ids if task_id in self.tasks]

    async def list_task_types(self) -> Sequence[TaskType]:
        self._called("list_task_types")
        return self.types

    async def check_store(self) -> CheckStoreResponse:
        self._called("check_store")
        return CheckStoreResponse(takes_writes=True)

    async def stream_dispatchable(
        self,
        scope: DispatchableScope.ValueType,
        *,
        due_within_ms: int = 0,
        cursor: str = "",
        page_size: int = 0,
        limit: int = 0,
        ageing_step_us: int = 0,
    ) -> AsyncIterator[StreamDispatchableResponse]:
        found = [task_id for task_id in sorted(self.tasks) if self.tasks[task_id].place in PLACES[scope]]
        if scope == DispatchableScope.DISPATCHABLE_SCOPE_DUE:
            found = [task_id for task_id in found if self.tasks[task_id].due_in_ms <= due_within_ms]
        found = [task_id for task_id in found if task_id.hex() > cursor][: limit or None]
        size = page_size or 1000
        for start in range(0, len(found), size):
            self._called(f"stream {DispatchableScope.Name(scope).rpartition('_')[2].lower()}")
            page = found[start : start + size]
            yield StreamDispatchableResponse(
                standings=[self.tasks[task_id] for task_id in page], cursor=page[-1].hex()
            )
