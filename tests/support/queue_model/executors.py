"""Sessions of executors, and live progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from asynctask_core import limits
from asynctask_scheduler.queue.answers import ExecutorState, HeldLease, Opened, ProgressNote, SessionInfo
from asynctask_scheduler.queue.executor_limit import too_many_executors
from tests.support.queue_model.facts import Facts
from tests.support.queue_model.store import Session

SEEN_MS = 60_000


class Executors(Facts):
    """The executors' part of `Queue`."""

    async def open_session(self, info: SessionInfo) -> Opened:
        self._make_room(info.executor_id)
        known = self._data.sessions.get(info.executor_id)
        number = max(round(self._now * 1000), known.number + 1 if known else 0)
        draining = bool(known and known.draining)
        self._data.sessions[info.executor_id] = Session(info, number, draining=draining, seen_ms=self._now)
        held = [
            HeldLease(task_id, lease.attempt_id, self._is_confirmed(task_id))
            for task_id, lease in self._data.leases.items()
            if lease.executor_id == info.executor_id
        ]
        return Opened(number, held, draining)

    def _make_room(self, executor_id: str) -> None:
        sessions = self._data.sessions
        if executor_id in sessions or self.held(executor_id) or len(sessions) < limits.EXECUTORS:
            return
        for name, known in list(sessions.items()):
            if self._now - known.seen_ms >= SEEN_MS and not self.held(name):
                del sessions[name]
        if len(sessions) >= limits.EXECUTORS:
            raise too_many_executors()

    async def restore_session(self, info: SessionInfo, session: int, *, draining: bool = False) -> bool:
        known = self._data.sessions.get(info.executor_id)
        if known and known.number > session:
            return False
        draining = draining or bool(known and known.draining)
        self._data.sessions[info.executor_id] = Session(info, session, draining=draining, seen_ms=self._now)
        return True

    def _current(self, executor_id: str, session: int) -> Session | None:
        known = self._data.sessions.get(executor_id)
        return known if known and known.number == session else None

    async def set_slots(self, executor_id: str, session: int, slots: int) -> None:
        if known := self._current(executor_id, session):
            known.info = replace(known.info, slots=slots)

    async def close_session(self, executor_id: str, session: int, *, stopped: bool = False) -> None:
        if known := self._current(executor_id, session):
            known.connected, known.stopped = False, stopped
            if stopped and not self.held(executor_id):
                del self._data.sessions[executor_id]

    async def set_draining(self, executor_id: str) -> bool:
        known = self._data.sessions.get(executor_id)
        if known:
            known.draining = True
        return known is not None

    async def touch(self, executor_ids: Sequence[str]) -> None:
        for executor_id in executor_ids:
            if known := self._data.sessions.get(executor_id):
                known.seen_ms = self._now

    async def draining(self, executor_ids: Sequence[str]) -> Mapping[str, int]:
        known = {name: self._data.sessions.get(name) for name in executor_ids}
        return {name: session.number for name, session in known.items() if session and session.draining}

    async def seen_executors(self) -> Mapping[str, int]:
        return {
            name: round(self._now - known.seen_ms)
            for name, known in self._data.sessions.items()
            if self._now - known.seen_ms <= SEEN_MS
        }

    async def describe_executors(self, executor_ids: Sequence[str]) -> Sequence[ExecutorState]:
        return [
            ExecutorState(
                known.info,
                known.number,
                len(self.held(executor_id)),
                known.connected,
                known.draining,
                round(self._now - known.seen_ms),
            )
            for executor_id, known in sorted(self._data.sessions.items())
            if executor_id in executor_ids
            and self._now - known.seen_ms <= SEEN_MS
            and not (known.stopped and not self.held(executor_id))
        ]

    async def put_progress(self, notes: Sequence[ProgressNote]) -> set[bytes]:
        kept: set[bytes] = set()
        for note in notes:
            lease = self._data.leases.get(note.task_id)
            if lease and lease.attempt_id == note.attempt_id:
                self._data.progress[note.task_id] = note.data
                kept.add(note.task_id)
        return kept

    async def get_progress(self, task_ids: Sequence[bytes]) -> Mapping[bytes, bytes]:
        return {
            task_id: self._data.progress[task_id] for task_id in task_ids if task_id in self._data.progress
        }
