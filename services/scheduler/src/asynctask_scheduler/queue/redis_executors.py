"""Sessions of executors, and live progress, on Redis."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from asynctask_core import limits
from asynctask_scheduler.queue.answers import ExecutorState, HeldLease, Opened, ProgressNote, SessionInfo
from asynctask_scheduler.queue.calls import RedisCalls, pages
from asynctask_scheduler.queue.executor_limit import too_many_executors

SEEN_MS: Final = 60_000
"""An executor that gave no sign of life for so long is not shown."""
FORGOTTEN_MS: Final = 600_000
"""An executor that gave no sign of life for so long and holds no lease is forgotten."""
DESCRIBED: Final = 50
"""How many executors are described in one answer: each may name thousands of types and queues."""


class RedisExecutors(RedisCalls):
    """The executors' part of the queue."""

    async def open_session(self, info: SessionInfo) -> Opened:
        """See `ExecutorSessions.open_session`."""
        arguments = [info.executor_id, _pack(info), info.slots, FORGOTTEN_MS, SEEN_MS, limits.EXECUTORS]
        number, held, draining = await self._run("open_session", arguments, repeatable=False)
        if not int(number):
            raise too_many_executors()
        leases = [HeldLease(lease[:16], lease[16:32], bool(lease[32])) for lease in held]
        return Opened(int(number), leases, bool(draining))

    async def restore_session(self, info: SessionInfo, session: int, *, draining: bool = False) -> bool:
        """See `ExecutorSessions.restore_session`."""
        arguments = [info.executor_id, session, _pack(info), info.slots, int(draining)]
        return bool(await self._run("restore_session", arguments))

    async def set_slots(self, executor_id: str, session: int, slots: int) -> None:
        """See `ExecutorSessions.set_slots`."""
        await self._run("set_slots", [executor_id, session, slots])

    async def close_session(self, executor_id: str, session: int, *, stopped: bool = False) -> None:
        """See `ExecutorSessions.close_session`."""
        await self._run("close_session", [executor_id, session, int(stopped)])

    async def set_draining(self, executor_id: str) -> bool:
        """See `ExecutorSessions.set_draining`."""
        return bool(await self._run("drain_executor", [executor_id]))

    async def touch(self, executor_ids: Sequence[str]) -> None:
        """See `ExecutorSessions.touch`."""
        for page in pages(executor_ids):
            await self._run("touch", [FORGOTTEN_MS, *page])

    async def draining(self, executor_ids: Sequence[str]) -> Mapping[str, int]:
        """See `ExecutorSessions.draining`."""
        found: dict[str, int] = {}
        for page in pages(executor_ids):
            answer = await self._run("draining_executors", page)
            found |= {executor.decode(): int(number) for executor, number in answer}
        return found

    async def seen_executors(self) -> Mapping[str, int]:
        """See `ExecutorSessions.seen_executors`."""
        found = await self._run("seen_executors", [SEEN_MS, FORGOTTEN_MS])
        return {executor.decode(): max(0, seen_ms) for executor, seen_ms in found}

    async def describe_executors(self, executor_ids: Sequence[str]) -> Sequence[ExecutorState]:
        """See `ExecutorSessions.describe_executors`."""
        found: list[Sequence[Any]] = []
        for page in pages(executor_ids, DESCRIBED):
            found += await self._run("list_executors", [SEEN_MS, *page])
        states = [
            ExecutorState(
                info=_unpack(executor.decode(), info, int(slots)),
                session=int(number),
                running=running,
                connected=connected == b"1",
                draining=draining == b"1",
                last_seen_ms=max(0, seen_ms),
            )
            for executor, running, seen_ms, number, info, slots, connected, draining in found
        ]
        return sorted(states, key=lambda state: state.info.executor_id)

    async def put_progress(self, notes: Sequence[ProgressNote]) -> set[bytes]:
        """See `ExecutorSessions.put_progress`."""
        kept: set[bytes] = set()
        for page in pages(notes):
            arguments = [part for note in page for part in (note.task_id, note.attempt_id, note.data)]
            kept.update(await self._run("put_progress", arguments))
        return kept

    async def get_progress(self, task_ids: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """See `ExecutorSessions.get_progress`."""
        latest: dict[bytes, bytes] = {}
        for page in pages(task_ids):
            found = await self._connection.command("HMGET", self._keys["progress"], *page)
            latest |= {task_id: data for task_id, data in zip(page, found, strict=True) if data is not None}
        return latest


def _pack(info: SessionInfo) -> str:
    return json.dumps([info.display_name, info.task_types, info.queues, info.sdk_version])


def _unpack(executor_id: str, packed: bytes, slots: int) -> SessionInfo:
    display_name, task_types, queues, sdk_version = json.loads(packed)
    return SessionInfo(executor_id, display_name, slots, tuple(task_types), tuple(queues), sdk_version)
