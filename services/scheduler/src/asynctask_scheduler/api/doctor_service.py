"""DoctorService: what a person asks when something seems wrong."""

from __future__ import annotations

import grpc

from asynctask_protos.scheduler.v1 import doctor_service_pb2 as pb
from asynctask_protos.scheduler.v1.doctor_service_pb2_grpc import DoctorServiceServicer
from asynctask_scheduler.recovery.doctor import Doctor

Context = grpc.aio.ServicerContext

FINDINGS_SHOWN = 100


class DoctorService(DoctorServiceServicer):
    """Compares registry and Redis on demand."""

    def __init__(self, doctor: Doctor) -> None:
        self._doctor = doctor

    async def Diagnose(
        self, request: pb.DiagnoseRequest, context: Context[pb.DiagnoseRequest, pb.DiagnoseResponse]
    ) -> pb.DiagnoseResponse:
        """Every difference, counted; the first ones in full."""
        diagnosis = await self._doctor.diagnose(
            fix=request.fix, max_findings=request.max_findings or FINDINGS_SHOWN
        )
        return pb.DiagnoseResponse(
            tasks_checked=diagnosis.tasks_checked,
            leases_checked=diagnosis.leases_checked,
            counts=[
                pb.FindingCount(kind=kind, count=count) for kind, count in sorted(diagnosis.counts.items())
            ],
            findings=[
                pb.Finding(kind=one.kind, task_id=one.task_id, message=one.message, fixed=one.fixed)
                for one in diagnosis.findings
            ],
        )
