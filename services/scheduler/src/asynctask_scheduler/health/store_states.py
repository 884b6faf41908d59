"""The state of a store as a message."""

from __future__ import annotations

from asynctask_chassis.store_watch import StoreWatch
from asynctask_protos.registry.v1.ledger_service_pb2 import CheckStoreResponse
from asynctask_protos.scheduler.v1.doctor_service_pb2 import StoreState


def state_of_postgres(found: CheckStoreResponse) -> StoreState:
    """What a registry tells of Postgres."""
    return StoreState(
        store="Postgres",
        takes_writes=found.takes_writes,
        message=found.message,
        folder=found.folder,
        free_bytes=found.free_bytes,
        is_low=found.is_low,
        is_unreachable=found.is_unreachable,
        latency_ms=found.latency_ms if found.HasField("latency_ms") else None,
    )


def state_of_redis(watch: StoreWatch) -> StoreState:
    """What this replica's own watch tells of Redis."""
    return StoreState(
        store=watch.store,
        takes_writes=watch.takes_writes,
        message=watch.sentence(),
        folder=str(watch.folder or ""),
        free_bytes=watch.space.free_bytes if watch.space else 0,
        is_low=watch.is_low,
        is_unreachable=bool(watch.outage),
        latency_ms=watch.latency_ms,
    )
