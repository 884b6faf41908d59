"""DoctorService: finds and repairs differences between registry and Redis."""

from __future__ import annotations

import grpc

from asynctask_protos.scheduler.v1 import doctor_service_pb2 as pb
from asynctask_protos.scheduler.v1.doctor_service_pb2_grpc import DoctorServiceServicer
from asynctask_scheduler.health.store_states import state_of_postgres, state_of_redis
from asynctask_scheduler.maintenance.doctor import Doctor
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.store_probe import RedisProbe

Context = grpc.aio.ServicerContext

FINDINGS_SHOWN = 100


class DoctorService(DoctorServiceServicer):
    """Compares registry and Redis on demand, and reports the state of both stores."""

    def __init__(self, doctor: Doctor, redis: RedisProbe, registry: RegistryPort) -> None:
        self._doctor = doctor
        self._redis = redis
        self._registry = registry

    async def Diagnose(
        self, request: pb.DiagnoseRequest, context: Context[pb.DiagnoseRequest, pb.DiagnoseResponse]
    ) -> pb.DiagnoseResponse:
        """Count every difference, and return the first ones in full."""
        stores = [state_of_postgres(await self._registry.check_store()), await self._redis_state()]
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
            stores=stores,
        )

    async def _redis_state(self) -> pb.StoreState:
        await self._redis.run_once()
        return state_of_redis(self._redis.watch)
