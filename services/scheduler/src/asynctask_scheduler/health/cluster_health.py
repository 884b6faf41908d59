"""The health of the cluster: what the loops read last, what follows from it, and since when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_chassis.store_watch import StoreWatch
from asynctask_core.wire import now_us, to_timestamp
from asynctask_protos.scheduler.v1.health_service_pb2 import Health, HealthCheck
from asynctask_scheduler.health.aged import total_drift, total_renewals
from asynctask_scheduler.health.checks import CheckFact, HealthFacts, judge
from asynctask_scheduler.health.readiness import Readiness
from asynctask_scheduler.health.registry_looks import RegistryLooks
from asynctask_scheduler.health.replica_notes import ReplicaNotes
from asynctask_scheduler.health.store_states import state_of_redis
from asynctask_scheduler.health.words import OK, WORDS

INTERVAL: Final = timedelta(seconds=1)


class ClusterHealth:
    """Answers from memory: it reads nothing itself."""

    def __init__(
        self,
        notes: ReplicaNotes,
        looks: RegistryLooks,
        redis: StoreWatch,
        readiness: Readiness,
        clock_us: Callable[[], int] = now_us,
    ) -> None:
        self._notes = notes
        self._looks = looks
        self._redis = redis
        self._readiness = readiness
        self._clock_us = clock_us
        self._since: dict[str, tuple[str, int]] = {}
        """By check its fact, and when it was found first."""

    async def run_once(self) -> LoopReport:
        """Notice when facts change, also while nobody asks: one pass of a periodic loop."""
        for found in judge(self._facts()):
            self._since_us(found)
        return LoopReport()

    def health(self) -> Health:
        """The cluster now."""
        facts = self._facts()
        checks = sorted(map(self._check, judge(facts)), key=lambda check: -check.level)
        return Health(
            level=checks[0].level,
            checks=checks,
            stores=[one for one in (facts.postgres, facts.redis) if one is not None],
            renewals=facts.renewals,
            replicas=[*facts.schedulers, *facts.registries],
        )

    def _facts(self) -> HealthFacts:
        schedulers, registries = self._notes.schedulers(), self._looks.registries()
        return HealthFacts(
            schedulers=schedulers,
            schedulers_problem=self._notes.problem,
            registries=registries,
            registries_problem=self._looks.problem,
            postgres=self._looks.postgres,
            redis=state_of_redis(self._redis),
            rebuild=self._readiness.store,
            renewals=total_renewals([one.renewals for one in schedulers]),
            drift=total_drift([one.drift for one in (*schedulers, *registries)]),
        )

    def _check(self, found: CheckFact) -> HealthCheck:
        words = WORDS[found.name, found.fact]
        check = HealthCheck(
            name=found.name,
            level=words.level,
            fact=found.fact,
            since_time=to_timestamp(self._since_us(found)),
            message=words.message.format_map(found.values),
            values=found.values,
        )
        if words.level != OK:
            check.effect = words.effect.format_map(found.values)
            check.repair = words.repair
        return check

    def _since_us(self, found: CheckFact) -> int:
        fact, since_us = self._since.get(found.name, ("", 0))
        if fact != found.fact:
            since_us = self._clock_us()
            self._since[found.name] = found.fact, since_us
        return since_us
