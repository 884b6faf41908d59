"""The task types, cached, so that a submit needs no call for a known type.

Other replicas register and delete types too, so the cache asks the registry for changes every few seconds, and at once
for a name that it does not know. A Hello also asks: a type that was deleted since the executor last declared it is
registered again. Concurrency limits are sent to Redis whenever they change.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from asynctask_chassis.logs import get_logger
from asynctask_chassis.loop import LoopReport
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, TokenExpired, TryAgain
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.checks.config_checks import ConfigChecks
from asynctask_scheduler.queue.answers import TypeLimit
from asynctask_scheduler.queue.port import QueueUpkeep
from asynctask_scheduler.registry.client import RegistryClient

log = get_logger(__name__)

MISS_INTERVAL_S = 0.2
"""Unknown names cause a call to the registry at most this often."""

CONFIRM_S = 1.0
"""How long a Hello waits for the registry, which may be unavailable, if the cache knows all of its types."""

Listener = Callable[[], None]


@dataclass(slots=True)
class _Changes:
    """The result of one look: types by name, versions of deletions by name, and the token to continue from."""

    types: dict[str, TaskType] = field(default_factory=dict[str, TaskType])
    deleted: dict[str, int] = field(default_factory=dict[str, int])
    token: str = ""


class CachedCatalogue:
    """The cache of all task types."""

    def __init__(self, registry: RegistryClient, queue: QueueUpkeep, checks: ConfigChecks) -> None:
        self._registry = registry
        self._queue = queue
        self._checks = checks
        self._types: Mapping[str, TaskType] = {}
        self._token = ""
        # By name, digest of the last declaration and the version it got: an equal one need not be registered again.
        self._declared: dict[str, tuple[bytes, int]] = {}
        # Types declared while the registry was unavailable; they may have been deleted.
        self._unconfirmed: dict[str, TaskType] = {}
        self._refreshing = asyncio.Lock()
        # When the last finished look began, and its error if it failed.
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
        """Return the types; first read changes from the registry if one of `names` is not known here.

        The look begins after this call, so it finds every type that was registered before, by any replica. Looks are
        shared and some time apart, so callers that keep naming unknown types wait, and do not load the registry.

        Raises:
            StoreUnavailable: a store did not answer, and a name is not known here.
        """
        missing = set(names).difference(self._types)
        if missing:
            await self._look_since(asyncio.get_running_loop().time(), missing, MISS_INTERVAL_S)
        return self._types

    async def latest(self) -> Mapping[str, TaskType]:
        """Return the types after a look into the registry that began after this call. Raises StoreUnavailable."""
        await self._look_since(asyncio.get_running_loop().time())
        return self._types

    async def declare(self, task_types: Sequence[TaskType], caller: str = "") -> None:
        """Register types that are new or changed, and cache them; `caller` names the connection they came from.

        Raises:
            InvalidInput: a definition is wrong; SchemaTooCostly: checking by its schema could take too long.
            TaskTypesFull: there are too many types.
            StoreUnavailable: a store did not answer; Overloaded: too many schemas are being checked.
        """
        if await self._is_confirmed(task_types):
            await self._register([one for one in task_types if not self._is_declared(one)], caller)

    async def delete(self, name: str) -> None:
        """Delete a type whose tasks are all final.

        Raises:
            TaskTypeNotFound: there is no such type.
            TaskTypeInUse: a task of this type is not final.
            StoreUnavailable, OutcomeUnknown: a store did not answer.
        """
        version = await self._registry.delete_task_type(name)
        # The type is deleted; if Redis is unavailable, the next look deletes its limit there.
        with suppress(TryAgain):
            await self._forget({name: version})

    async def refresh(self) -> LoopReport:
        """Read changes from the registry: one pass of a periodic loop."""
        async with self._refreshing:
            return LoopReport(changed=await self._refresh())

    async def _is_confirmed(self, task_types: Sequence[TaskType]) -> bool:
        """Look for deletions; False if the registry is unavailable: executors with known types may still connect."""
        try:
            async with asyncio.timeout(CONFIRM_S if all(map(self._is_declared, task_types)) else None):
                await self.latest()
        except (TryAgain, TimeoutError):
            if not all(map(self._is_declared, task_types)):
                raise
            self._unconfirmed |= {one.name: one for one in task_types}
            return False
        return True

    async def _register(self, task_types: Sequence[TaskType], caller: str = "") -> None:
        for task_type in task_types:
            await self._checks.accept(task_type, caller)
        for page in _pages(task_types):
            given = {one.name: one for one in page}
            stored = await self._registry.register(page)
            for kept in stored:
                self._declared[kept.name] = (_digest(given[kept.name]), kept.version)
            await self._adopt(stored)

    def _is_declared(self, task_type: TaskType) -> bool:
        current = self._types.get(task_type.name)
        declared = self._declared.get(task_type.name)
        return (
            current is not None
            and declared is not None
            and declared[1] == current.version
            and declared[0] == _digest(task_type)
        )

    async def _look_since(self, asked_at: float, missing: Iterable[str] = (), pause_s: float = 0.0) -> None:
        """Wait for a successful look that began at `asked_at` or later, or until no name is `missing` any more.

        Looks are shared, and `pause_s` apart. Raises StoreUnavailable.
        """
        loop = asyncio.get_running_loop()
        missing = set(missing)
        async with self._refreshing:
            if missing and missing.issubset(self._types):
                return
            if self._looked_at < asked_at:
                if pause_s:
                    await asyncio.sleep(self._looked_at + pause_s - loop.time())
                await self._refresh()
            elif self._failure is not None:
                # It is raised to many callers: its traceback would grow with each.
                raise self._failure.with_traceback(None)

    async def _refresh(self) -> int:
        """Read changes from the registry. A cancelled look has no effect: waiting callers then look themselves."""
        began = asyncio.get_running_loop().time()
        try:
            known = self._types
            changes = await self._changes(known)
            count = await self._adopt(changes.types.values()) + await self._forget(changes.deleted)
            self._token = changes.token
        except AsyncTaskError as error:
            self._looked_at, self._failure = began, error
            raise
        self._looked_at, self._failure = began, None
        await self._declare_again()
        return count

    async def _changes(self, known: Mapping[str, TaskType]) -> _Changes:
        if self._token:
            try:
                return await self._read(self._token)
            except TokenExpired:  # the registry has another database, or this one was restored from a backup
                self._token = ""
        # The list does not name types that were deleted, by this scheduler or while none ran. Redis is read before the
        # list: a type that is declared meanwhile gets a limit of a later version, which stays.
        versions = dict(await self._queue.type_versions())
        for name, one in known.items():
            versions[name] = max(versions.get(name, 0), one.version)
        changes = await self._read("")
        for name in versions.keys() - changes.types.keys():
            changes.deleted[name] = max(changes.deleted.get(name, 0), versions[name])
        return changes

    async def _read(self, token: str) -> _Changes:
        changes, more = _Changes(token=token), True
        while more:
            page = await self._registry.task_types_since(changes.token)
            for one in page.task_types:
                changes.types[one.name] = one
                changes.deleted.pop(one.name, None)
            for one in page.deleted:
                changes.deleted[one.name] = one.version
                changes.types.pop(one.name, None)
            changes.token, more = page.token, page.more
        return changes

    async def _declare_again(self) -> None:
        """Register types again that executors declared while the registry was unavailable, and that are deleted.

        A declaration is dropped once it is handled, so if this look is cancelled, the next one continues.
        """
        for name, declared in list(self._unconfirmed.items()):
            try:
                if name not in self._types:
                    await self._register([declared])
            except TryAgain:
                continue
            except AsyncTaskError as error:
                log.warning("task_types.refused", task_type=[name], reason=str(error))
            if self._unconfirmed.get(name) is declared:
                del self._unconfirmed[name]

    async def _adopt(self, read: Iterable[TaskType]) -> int:
        if not (newer := self._newer_of(read)):
            return 0
        # Redis first: sessions of a cached type pop its tasks, and must find its limit.
        await self._queue.set_type_limits([TypeLimit.of(task_type) for task_type in newer])
        # Another call may have adopted later versions meanwhile.
        newer = self._newer_of(newer)
        self._types = {**self._types, **{task_type.name: task_type for task_type in newer}}
        log.info("task_types.changed", task_type=sorted(task_type.name for task_type in newer))
        self._tell()
        return len(newer)

    async def _forget(self, deleted: Mapping[str, int]) -> int:
        if not deleted:
            return 0
        known = self._types
        gone = {name for name in deleted if name in known and known[name].version <= deleted[name]}
        if gone:
            self._types = {name: one for name, one in known.items() if name not in gone}
            for name in gone:
                self._declared.pop(name, None)
            log.info("task_types.deleted", task_type=sorted(gone))
            self._tell()
        await self._queue.forget_types(deleted)
        return len(gone)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _newer_of(self, read: Iterable[TaskType]) -> list[TaskType]:
        known = self._types
        return [one for one in read if one.name not in known or one.version > known[one.name].version]


def _digest(task_type: TaskType) -> bytes:
    return hashlib.sha256(task_type.SerializeToString(deterministic=True)).digest()


def _pages(task_types: Iterable[TaskType]) -> Iterable[Sequence[TaskType]]:
    """Split types into parts that fit into a message, also with the fields that the registry adds in its answer."""
    page: list[TaskType] = []
    left = limits.PAGE_BYTES
    for one in task_types:
        size = one.ByteSize()
        if page and (size > left or len(page) == limits.BATCH_ITEMS):
            yield page
            page, left = [], limits.PAGE_BYTES
        page.append(one)
        left -= size
    if page:
        yield page
