"""Finds differences between registry, Redis, leases and executors, on request of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_core.ids import id_text
from asynctask_core.limits import INTENT_AGE_MS
from asynctask_protos.registry.v1.standing_pb2 import Place
from asynctask_scheduler.maintenance.comparison import Difference, compare
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.queue.answers import DriftKind, TypeLimit
from asynctask_scheduler.queue.port import Queue

OLD_INTENT_MS: Final = 3 * INTENT_AGE_MS
"""An intent of this age should have been handled by the reconciler."""

_PLACES: Final = {Place.PLACE_READY: "ready", Place.PLACE_TIMED: "timer", Place.PLACE_LEASED: "lease"}
_MESSAGES: Final = {
    DriftKind.MISSING: "Redis does not know this task",
    DriftKind.OUTDATED: "Redis keeps an older version of this task",
    DriftKind.MISPLACED: "Redis knows this task, but it is not where it should be",
    DriftKind.ORPHANED: "Redis keeps a task that the registry does not know",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference."""

    kind: str
    """See `Finding.kind` in doctor_service.proto."""
    task_id: str
    message: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result of a diagnosis."""

    tasks_checked: int
    leases_checked: int
    counts: Mapping[str, int]
    findings: Sequence[Finding]
    """The first `max_findings` of them."""


class Doctor:
    """Compares and reports; repairs only through `Queue.apply` and the audits."""

    def __init__(self, queue: Queue, registry: RegistryPort) -> None:
        self._queue = queue
        self._registry = registry

    async def diagnose(self, *, fix: bool, max_findings: int = 100) -> Diagnosis:
        """Compare everything; with `fix`, repair it.

        Raises:
            StoreUnavailable: a store did not answer.
        """
        chart = _Chart(max_findings)
        state = await self._queue.repair.store_state()
        if not state.loaded:
            progress = (
                "its queued tasks are still being loaded" if state.marked else "it has not been rebuilt"
            )
            chart.add("not_loaded", f"Redis is not complete: {progress}", fixed=False)
        tasks = leases = 0
        async for page in compare(self._queue, self._registry, fix=fix):
            tasks, leases = tasks + page.tasks, leases + page.leases
            for difference in page.differences:
                chart.add_difference(difference, fixed=fix)
        await self._check_leases(chart, fix=fix)
        await self._check_limits(chart, fix=fix)
        for intent in await self._queue.upkeep.old_intents(OLD_INTENT_MS, 100):
            message = f"a call noted this {intent.age_ms // 1000} s ago and has not finished; retrying"
            chart.add("old_intent", message, id_text(intent.task_ids[0]), fixed=False)
        return Diagnosis(tasks, leases, chart.counts, chart.findings)

    async def _check_leases(self, chart: _Chart, *, fix: bool) -> None:
        audit = await self._queue.repair.audit_leases(fix=fix)
        if audit.stray_members:
            chart.add(
                "stale_lease", "counted for a limit, but not leased", count=audit.stray_members, fixed=fix
            )
        if audit.uncounted_leases:
            chart.add(
                "wrong_limits", "leased, but not counted for limits", count=audit.uncounted_leases, fixed=fix
            )
        known = await self._queue.executors.seen_executors()
        for executor_id, count in sorted(audit.held_by.items()):
            if executor_id not in known:
                message = f"{executor_id} was not seen for a minute; its leases run out by themselves"
                chart.add("lease_without_executor", message, count=count, fixed=False)

    async def _check_limits(self, chart: _Chart, *, fix: bool) -> None:
        versions = await self._queue.upkeep.type_versions()
        limits = [TypeLimit.of(one) for one in await self._registry.list_task_types()]
        wanted = {limit.task_type: limit.max_running for limit in limits if limit.max_running}
        held = now = await self._queue.upkeep.type_limits()
        if fix and wanted != held:
            # No effect if Redis holds a newer definition: the registry was restored from a backup.
            await self._queue.upkeep.set_type_limits(limits)
            gone = versions.keys() - {limit.task_type for limit in limits}
            await self._queue.upkeep.forget_types({name: versions[name] for name in gone})
            now = await self._queue.upkeep.type_limits()
        for name in sorted(wanted.keys() | held.keys()):
            if wanted.get(name) != held.get(name):
                message = f"type {name}: {held.get(name, 'none')} in Redis, {wanted.get(name, 'none')} in the registry"
                chart.add("wrong_limits", message, fixed=now.get(name) == wanted.get(name))


class _Chart:
    def __init__(self, max_findings: int) -> None:
        self.counts: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self._max_findings = max_findings

    def add(self, kind: str, message: str, task_id: str = "", *, fixed: bool, count: int = 1) -> None:
        self.counts[kind] += count
        if len(self.findings) < self._max_findings:
            self.findings.append(Finding(kind, task_id, message, fixed))

    def add_difference(self, difference: Difference, *, fixed: bool) -> None:
        place = _PLACES.get(difference.place)
        is_missing = place is not None and difference.kind is not DriftKind.ORPHANED
        kind = f"{'missing' if is_missing else 'stale'}_{place or 'ready'}"
        self.add(kind, _MESSAGES[difference.kind], id_text(difference.task_id), fixed=fixed)
