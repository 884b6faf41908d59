"""The task types, cached: a submit or a Hello asks no store for what it has seen before.

Other replicas register types too, so the cache is read again every few seconds, and at once for a name that it does
not know. Concurrency limits go to Redis whenever they change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import Report
from asynctask_core.errors import AsyncTaskError
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.ledger.client import Ledger
from asynctask_scheduler.ledger.schemas import compile_schema
from asynctask_scheduler.queue.port import Queue, TypeLimit

log = get_logger(__name__)

MISS_INTERVAL_S = 0.2
"""Unknown names make the registry be asked at most this often."""

Listener = Callable[[], None]


class Catalogue:
    """Knows every task type."""

    def __init__(self, ledger: Ledger, queue: Queue) -> None:
        self._ledger = ledger
        self._queue = queue
        self._types: Mapping[str, TaskType] = {}
        # What an executor said and which version that made: a Hello that says the same again needs no call.
        self._declared: dict[str, tuple[bytes, int]] = {}
        self._refreshing = asyncio.Lock()
        # When the last look that came back had begun, and how it failed, if it did.
        self._looked_at = 0.0
        self._failure: AsyncTaskError | None = None
        self._listeners: list[Listener] = []

    @property
    def types(self) -> Mapping[str, TaskType]:
        """Every type by its name, as of the last look."""
        return self._types

    def listen(self, listener: Listener) -> None:
        """Call `listener` whenever a definition changed."""
        self._listeners.append(listener)

    async def learn(self, names: Iterable[str]) -> Mapping[str, TaskType]:
        """Give the types after a look into the registry, if one of `names` is not known here.

        The look begins after the call, so a type that was registered before it, wherever, is found. Looks are shared
        and some time apart, so callers who keep naming what does not exist wait, and the registry does not.

        Raises:
            StoreUnavailable: a store did not answer, and a name is not known here.
        """
        missing = set(names).difference(self._types)
        if not missing:
            return self._types
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        async with self._refreshing:
            if missing.issubset(self._types):
                return self._types
            if self._looked_at < asked_at:
                await asyncio.sleep(self._looked_at + MISS_INTERVAL_S - loop.time())
                await self._refresh()
            elif self._failure is not None:
                raise self._failure.with_traceback(None)  # it is raised to many, and would grow with each
        return self._types

    async def declare(self, task_types: Sequence[TaskType]) -> None:
        """Register what is new or changed, and know it from now on.

        Raises:
            InvalidInput: a definition is wrong.
            StoreUnavailable: a store did not answer.
        """
        changed = [task_type for task_type in task_types if not self._is_declared(task_type)]
        if not changed:
            return
        for task_type in changed:
            if task_type.config_schema_json:
                compile_schema(
                    task_type.config_schema_json, f"task_types[{task_type.name}].config_schema_json"
                )
        stored = await self._ledger.register(changed)
        for given, kept in zip(changed, stored, strict=True):
            self._declared[kept.name] = (given.SerializeToString(deterministic=True), kept.version)
        await self._adopt(stored)

    async def refresh(self) -> Report:
        """Read every type again: one pass of a periodic loop."""
        async with self._refreshing:
            return Report(changed=await self._refresh())

    def _is_declared(self, task_type: TaskType) -> bool:
        current = self._types.get(task_type.name)
        declared = self._declared.get(task_type.name)
        return (
            current is not None
            and declared is not None
            and declared == (task_type.SerializeToString(deterministic=True), current.version)
        )

    async def _refresh(self) -> int:
        """Look into the registry. One that is cancelled leaves nothing behind: whoever waits behind it looks itself."""
        began = asyncio.get_running_loop().time()
        try:
            count = await self._adopt(await self._ledger.list_task_types())
        except AsyncTaskError as error:
            self._looked_at, self._failure = began, error
            raise
        self._looked_at, self._failure = began, None
        return count

    async def _adopt(self, read: Iterable[TaskType]) -> int:
        if not (newer := self._newer_of(read)):
            return 0
        # Redis first: who finds a type here opens sessions that pop its tasks.
        await self._queue.set_type_limits([TypeLimit.of(task_type) for task_type in newer])
        # Others may have adopted meanwhile what was read later.
        newer = self._newer_of(newer)
        self._types = {**self._types, **{task_type.name: task_type for task_type in newer}}
        log.info("task_types.changed", task_type=sorted(task_type.name for task_type in newer))
        for listener in self._listeners:
            listener()
        return len(newer)

    def _newer_of(self, read: Iterable[TaskType]) -> list[TaskType]:
        known = self._types
        return [one for one in read if one.name not in known or one.version > known[one.name].version]
