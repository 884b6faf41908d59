"""Keeps leases alive. For leases that Redis does not know, the scheduler asks the registry before it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from asynctask_core import limits
from asynctask_core.bounds.kinds import ID_BYTES
from asynctask_core.json_text import show
from asynctask_core.validate import Violations
from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_protos.scheduler.v1.executor_service_pb2 import Control, HeldAttempt, RenewRequest
from asynctask_protos.task.v1.state_pb2 import Requested as RequestedNumber
from asynctask_scheduler.dispatch.renewal_record import RenewalRecord
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.answers import Lease, Renewed, SessionVerdict
from asynctask_scheduler.queue.port import TaskLeases
from asynctask_scheduler.registry.client import RegistryClient, starts_of


@dataclass(slots=True)
class RenewalAnswer:
    """What an executor learns from a renewal."""

    lost: list[bytes] = field(default_factory=list[bytes])
    controls: list[Control] = field(default_factory=list[Control])


class Renewals:
    """Renews all leases of one executor at once."""

    def __init__(
        self, queue: TaskLeases, registry: RegistryClient, metrics: SchedulerMetrics, record: RenewalRecord
    ) -> None:
        self._queue = queue
        self._registry = registry
        self._record = record
        self._renewed = metrics.renewals.labels("renewed")
        self._lost = metrics.renewals.labels("lost")
        self._confirmed = metrics.renewals.labels("confirmed")

    async def renew(self, executor_id: str, session: int, leases: Sequence[Lease]) -> RenewalAnswer:
        """Renew `leases`; those that the executor no longer holds are answered as lost.

        Raises:
            StoreUnavailable: a store did not answer; no lease is lost by that alone.
        """
        renewed = await self._queue.renew(executor_id, session, leases)
        self._record.renewed(renewed.least_left_ms)
        answer = RenewalAnswer()
        self._take(answer, renewed)
        if renewed.unknown:
            await self._confirm(answer, executor_id, session, renewed)
        self._lost.inc(len(answer.lost))
        self._renewed.inc(len(leases) - len(answer.lost))
        return answer

    def _take(self, answer: RenewalAnswer, renewed: Renewed) -> None:
        answer.lost.extend(renewed.lost)
        answer.controls.extend(
            Control(
                task_id=one.task_id,
                attempt_id=one.attempt_id,
                requested=RequestedNumber.ValueType(one.requested),
            )
            for one in renewed.requested
        )

    async def _confirm(self, answer: RenewalAnswer, executor_id: str, session: int, renewed: Renewed) -> None:
        for start in range(0, len(renewed.unknown), limits.BATCH_ITEMS):
            part = renewed.unknown[start : start + limits.BATCH_ITEMS]
            standings = await self._registry.confirm(starts_of(executor_id, part))
            await self._queue.apply(standings)
            running = {
                standing.attempt_id: standing
                for standing in standings
                if standing.place == Place.PLACE_LEASED and standing.executor_id == executor_id
            }
            alive = [lease for lease in part if lease[1] in running]
            answer.lost.extend(attempt_id for _, attempt_id in part if attempt_id not in running)
            self._confirmed.inc(len(alive))
            if alive and renewed.verdict is not SessionVerdict.NO_MARKER:
                again = await self._queue.renew(executor_id, session, alive)
                self._take(answer, again)
                alive = again.unknown
                if again.verdict is not SessionVerdict.NO_MARKER:
                    # The attempt ended between the two answers.
                    answer.lost.extend(attempt_id for _, attempt_id in alive)
                    alive = ()
            self._believe(answer, alive, running)

    def _believe(
        self, answer: RenewalAnswer, leases: Sequence[Lease], running: dict[bytes, Standing]
    ) -> None:
        """Answer requests to these attempts from the registry's standings: Redis is not rebuilt yet."""
        for task_id, attempt_id in leases:
            requested = running[attempt_id].requested
            if requested:
                answer.controls.append(Control(task_id=task_id, attempt_id=attempt_id, requested=requested))


def check_renewal(request: RenewRequest) -> None:
    """Raise InvalidInput when a renewal exceeds a bound.

    Must be cheap: a renewal may name ten thousand attempts, and comes several times per lease.
    """
    violations = Violations()
    executor_id = request.executor_id
    if not 1 <= len(executor_id) <= limits.EXECUTOR_ID_CHARS or not executor_id.isprintable():
        allowed = f"must be 1 to {limits.EXECUTOR_ID_CHARS} printable characters"
        violations.add("executor_id", f"{allowed}; got {show(executor_id)}")
    if not 0 <= request.session <= limits.LARGEST_NUMBER:
        violations.add("session", f"must be from 0 to {limits.LARGEST_NUMBER}; got {request.session}")
    attempts = request.attempts
    if len(attempts) > limits.SLOTS:
        violations.add("attempts", f"must have at most {limits.SLOTS} entries; got {len(attempts)}")
    elif any(len(one.task_id) != ID_BYTES or len(one.attempt_id) != ID_BYTES for one in attempts):
        violations.add("attempts", f"every id must be {ID_BYTES} bytes")
    violations.raise_any()


def leases_of(held: Iterable[HeldAttempt]) -> list[Lease]:
    """Return (task id, attempt id) pairs."""
    return [(one.task_id, one.attempt_id) for one in held]
