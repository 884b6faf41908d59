"""Rebuild, sweep and doctor on Redis."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from asynctask_core.limits import TIMER_HORIZON_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import (
    Drift,
    DriftKind,
    KeptPage,
    KeptStanding,
    LeaseAudit,
    Rebuild,
    StoreIdentity,
    StoreState,
    StoreUnsuitable,
)
from asynctask_scheduler.queue.apply import fold, kept_place, kept_version, lease_executor, pack_standing
from asynctask_scheduler.queue.calls import SCANNED, RedisCalls, pages, scan_set
from asynctask_scheduler.queue.connection import Argument

OLDEST_VERSION: Final = (7, 0)
REBUILD_KEPT_MS: Final = 1_800_000
"""A rebuild that began so long ago has failed: this is three times as long as a rebuild may take."""
_LETTERS = {ord("M"): DriftKind.MISSING, ord("O"): DriftKind.OUTDATED, ord("P"): DriftKind.MISPLACED}


class RedisRepair(RedisCalls):
    """The part of the queue that checks and repairs."""

    async def check(self) -> None:
        """See `StoreRepair.check`."""
        *_, policy, version = await self._run("store_state")
        if tuple(int(part) for part in version.split(b".")[:2]) < OLDEST_VERSION:
            raise StoreUnsuitable(
                f"Redis {version.decode()} is too old: 7.0 or newer, or Valkey 7.2 or newer, is required"
            )
        if policy != b"noeviction":
            raise StoreUnsuitable(
                f"Redis may throw queues away to free memory (maxmemory-policy {policy.decode() or 'unknown'}): "
                "set maxmemory-policy to noeviction"
            )

    async def try_write(self) -> str:
        """See `StoreRepair.try_write`."""
        return await self._connection.try_write(self._keys.below("try"))

    async def store_state(self) -> StoreState:
        """See `StoreRepair.store_state`."""
        here, named, token, loaded, cursor, *_ = await self._run("store_state")
        if here != named:
            return StoreState(_identity(here), marked=False)
        return StoreState(
            _identity(here),
            marked=True,
            token=token.decode(),
            loaded=loaded == b"1",
            cursor=cursor.decode(),
        )

    async def rebuild_token(self) -> str:
        """See `StoreRepair.rebuild_token`."""
        token: bytes | None = await self._connection.command("HGET", self._keys["marker"], "token")
        return (token or b"").decode()

    async def begin_rebuild(self) -> Rebuild | None:
        """See `StoreRepair.begin_rebuild`."""
        token = secrets.token_hex(8)
        here = await self._run("begin_rebuild", [token, REBUILD_KEPT_MS])
        return Rebuild(_identity(here), token) if here else None

    async def finish_rebuild(self, rebuild: Rebuild) -> bool:
        """See `StoreRepair.finish_rebuild`."""
        named = f"{rebuild.identity.run_id} {rebuild.identity.replid}"
        return bool(await self._run("finish_rebuild", [named, rebuild.token], repeatable=False))

    async def save_cursor(self, token: str, cursor: str, *, loaded: bool) -> bool:
        """See `StoreRepair.save_cursor`."""
        return bool(await self._run("save_cursor", [token, cursor, "1" if loaded else ""]))

    async def compare(self, standings: Sequence[Standing]) -> Sequence[Drift]:
        """See `StoreRepair.compare`."""
        step = self._options.ageing_step_us
        found: list[Drift] = []
        for page in pages(fold(standings)):
            arguments: list[Argument] = [TIMER_HORIZON_MS]
            for standing in page:
                arguments += (standing.task_id, pack_standing(standing, step))
            found += [
                Drift(entry[:16], _LETTERS[entry[16]]) for entry in await self._run("compare", arguments)
            ]
        return found

    async def scan(self, cursor: int, limit: int) -> KeptPage:
        """See `StoreRepair.scan`."""
        after, entries = await self._connection.command(
            "HSCAN", self._keys["standings"], cursor, "COUNT", limit
        )
        kept = [
            KeptStanding(task_id, kept_version(standing), kept_place(standing))
            for task_id, standing in entries.items()
        ]
        return KeptPage(kept, int(after))

    async def audit_leases(self, *, fix: bool) -> LeaseAudit:
        """See `StoreRepair.audit_leases`. Each page is one step, and is compared with the leases at that moment."""
        held_by: Counter[str] = Counter()
        uncounted = stray = 0
        async for found in self._scan_leases():
            held_by.update(found.values())
            uncounted += await self._run("recount", [int(fix), self._options.lease_ms, *found])
        # Also audit limited types without a lane: members counted in error would block such a type for ever.
        types: set[bytes] = set(await self._connection.command("HKEYS", self._keys["limits"]))
        async for lanes in scan_set(self._connection, self._keys["kinds"]):
            types.update(lane.partition(b"\x1f")[2] for lane in lanes)
            for lane in lanes:
                stray += await self._audit("running:", lane, fix=fix)
        for name in types:
            stray += await self._audit("running:", name, fix=fix)
        executors = await self._connection.command("ZRANGE", self._keys["executors"], 0, -1)
        for name in {*executors, *(executor.encode() for executor in held_by)}:
            stray += await self._audit("held:", name, fix=fix)
        return LeaseAudit(held_by.total(), stray, uncounted, held_by)

    async def _audit(self, part: str, name: bytes, *, fix: bool) -> int:
        """Return how many members of one set have no lease."""
        stray = 0
        async for ids in scan_set(self._connection, self._keys.below(part) + name):
            stray += await self._run("audit", [part, name, int(fix), *ids])
        return stray

    async def _scan_leases(self) -> AsyncIterator[Mapping[bytes, str]]:
        """Executors by task id, in pages."""
        cursor = 0
        while True:
            after, found = await self._connection.command(
                "HSCAN", self._keys["leases"], cursor, "COUNT", SCANNED
            )
            for page in pages(list(found.items())):
                yield {task_id: lease_executor(lease) for task_id, lease in page}
            cursor = int(after)
            if cursor == 0:
                return


def _identity(text: bytes) -> StoreIdentity:
    run_id, _, replid = text.decode().partition(" ")
    return StoreIdentity(run_id, replid)
