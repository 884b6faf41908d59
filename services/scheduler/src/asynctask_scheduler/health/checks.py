"""What follows from what was read: one fact for each check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_protos.scheduler.v1.doctor_service_pb2 import StoreState
from asynctask_protos.task.v1.health_pb2 import DriftState, RenewalState, ReplicaState
from asynctask_scheduler.health.aged import SILENT, place_of
from asynctask_scheduler.queue.answers import StoreState as RebuildState

SLOW_MS: Final = 1_000
"""An answer of a store that took so long is told."""
FAILING: Final = 3
"""After so many failures in a row a loop counts as failing: one or two happen while a service restarts."""
RECENT_MS: Final = 600_000
"""How long a late renewal, or a lease that ran out, is something to look at."""
MENDED_MS: Final = 3_600_000
"""How long drift that was mended is something to look at."""
NAMED: Final = 3
"""Most replicas or loops named in a sentence."""


@dataclass(frozen=True, slots=True)
class CheckFact:
    """What one check found; `words` says it."""

    name: str
    fact: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What was read last."""

    schedulers: Sequence[ReplicaState]
    schedulers_problem: str
    registries: Sequence[ReplicaState]
    registries_problem: str
    postgres: StoreState | None
    redis: StoreState
    rebuild: RebuildState | None
    renewals: RenewalState
    drift: DriftState


def judge(facts: HealthFacts) -> Iterator[CheckFact]:
    """One fact for each check, in the order in which a person looks for a cause."""
    yield _store("postgres", facts.postgres)
    yield _store("redis", facts.redis)
    yield _registries(facts)
    yield _schedulers(facts)
    yield CheckFact("queues", _queues(facts.rebuild), {})
    yield _renewals(facts.renewals)
    yield _loops([*facts.schedulers, *facts.registries])
    yield _drift(facts.drift)


def _store(name: str, state: StoreState | None) -> CheckFact:
    if state is None or not (state.is_unreachable or state.HasField("latency_ms") or state.message):
        return CheckFact(name, "unread", {})
    values = {"state": state.message.rstrip("."), "latency_ms": str(state.latency_ms)}
    if state.is_unreachable:
        return CheckFact(name, "unreachable", values)
    if not state.takes_writes:
        return CheckFact(name, "refuses_writes", values)
    if state.is_low:
        return CheckFact(name, "space_low", values)
    return CheckFact(name, "slow" if state.latency_ms >= SLOW_MS else "well", values)


def _registries(facts: HealthFacts) -> CheckFact:
    if facts.registries_problem:
        return CheckFact("registries", "none_answers", {"reason": facts.registries_problem})
    values = {"count": str(len(facts.registries))}
    failing = [one for one in facts.registries if one.hindrance]
    if failing:
        return CheckFact("registries", "some_fail", values | _who_and_why(failing))
    return CheckFact("registries", "answering", values)


def _schedulers(facts: HealthFacts) -> CheckFact:
    idle = [one for one in facts.schedulers if one.hindrance]
    values = {"count": str(len(facts.schedulers))}
    if idle:
        values |= _who_and_why(idle)
    if len(idle) == len(facts.schedulers):
        return CheckFact("schedulers", "none_ready", values)
    if facts.schedulers_problem:
        return CheckFact("schedulers", "unread", values | {"reason": facts.schedulers_problem})
    if idle:
        return CheckFact("schedulers", "not_ready", values)
    working = [one for one in (*facts.schedulers, *facts.registries) if not one.hindrance]
    versions = {one.version for one in working if one.version}
    if len(versions) > 1:
        return CheckFact("schedulers", "versions_differ", values | {"versions": ", ".join(sorted(versions))})
    return CheckFact("schedulers", "ready", values)


def _queues(state: RebuildState | None) -> str:
    if state is None:
        return "unread"
    if not state.marked:
        return "rebuilding"
    return "complete" if state.loaded else "loading"


def _renewals(state: RenewalState) -> CheckFact:
    values = {
        name: str(getattr(state, name))
        for name in ("lease_ms", "renewals", "late", "most_late_ms", "expired")
    }
    if state.expired and state.last_expired_ms <= RECENT_MS:
        return CheckFact("renewals", "expired", values)
    if state.late and state.last_late_ms <= RECENT_MS:
        return CheckFact("renewals", "late", values)
    if state.expired:
        return CheckFact("renewals", "expired_before", values)
    return CheckFact("renewals", "in_time" if state.renewals else "idle", values)


def _loops(replicas: Sequence[ReplicaState]) -> CheckFact:
    failing = [(one, loop) for one in replicas for loop in one.loops if loop.failures >= FAILING]
    if failing:
        names = _named([f"{loop.name} of the {one.service} on {one.host}" for one, loop in failing])
        return CheckFact("loops", "failing", {"loops": names, "reason": failing[0][1].error})
    return CheckFact("loops", "running", {"count": str(sum(len(one.loops) for one in replicas))})


def _drift(state: DriftState) -> CheckFact:
    if not state.mended:
        return CheckFact("drift", "none", {})
    fact = "mended" if state.last_mended_ms <= MENDED_MS else "mended_before"
    return CheckFact("drift", fact, {"mended": str(state.mended)})


def _who_and_why(replicas: Sequence[ReplicaState]) -> dict[str, str]:
    """Where these run, and a reason: of several the one that says more than that a replica is silent."""
    told = min(replicas, key=lambda one: one.hindrance == SILENT)
    return {"names": _named([place_of(one) for one in replicas]), "reason": told.hindrance}


def _named(names: Sequence[str]) -> str:
    left = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {left} more" if left > 0 else "")
