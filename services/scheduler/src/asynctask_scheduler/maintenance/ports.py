"""The calls of the registry that recovery uses; `RegistryClient` implements them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from asynctask_protos.registry.v1.ledger_service_pb2 import (
    AttemptEnd,
    CheckStoreResponse,
    DispatchableScope,
    StreamDispatchableResponse,
)
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.task.v1.task_type_pb2 import TaskType


class RegistryPort(Protocol):
    """The registry. Every call raises `StoreUnavailable` or `OutcomeUnknown` when it does not answer in time."""

    async def end(self, ends: Sequence[AttemptEnd]) -> Sequence[Standing]:
        """End attempts; returns the standings of every named task that exists, and of others that changed."""
        ...

    async def reconcile(self, task_ids: Sequence[bytes]) -> Sequence[Standing]:
        """Current standings; ids that do not exist are left out."""
        ...

    async def list_task_types(self) -> Sequence[TaskType]:
        """Every task type."""
        ...

    async def check_store(self) -> CheckStoreResponse:
        """Try now whether Postgres accepts writes."""
        ...

    def stream_dispatchable(
        self,
        scope: DispatchableScope.ValueType,
        *,
        due_within_ms: int = 0,
        cursor: str = "",
        page_size: int = 0,
        limit: int = 0,
        ageing_step_us: int = 0,
    ) -> AsyncIterator[StreamDispatchableResponse]:
        """Yield every task that belongs into Redis, page by page, from `cursor` on."""
        ...
