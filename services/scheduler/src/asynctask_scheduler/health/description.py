"""What this scheduler says of itself in reports of health."""

from __future__ import annotations

from dataclasses import dataclass

from asynctask_chassis.drift_record import DriftRecord
from asynctask_chassis.replica_report import ReplicaReport
from asynctask_protos.task.v1.health_pb2 import ReplicaState
from asynctask_scheduler.dispatch.renewal_record import RenewalRecord
from asynctask_scheduler.health.readiness import Readiness


@dataclass(frozen=True, slots=True)
class SchedulerDescription:
    """The parts of it."""

    report: ReplicaReport
    readiness: Readiness
    renewals: RenewalRecord
    drift: DriftRecord

    def state(self) -> ReplicaState:
        """This replica now."""
        state = self.report.state()
        state.hindrance = self.readiness.missing
        state.renewals.CopyFrom(self.renewals.state())
        state.drift.CopyFrom(self.drift.state())
        return state
