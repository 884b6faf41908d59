"""States that were read a moment ago, with their ages as of now; and sums of several replicas' states."""

from __future__ import annotations

from google.protobuf.message import Message

from asynctask_protos.task.v1.health_pb2 import DriftState, RenewalState, ReplicaState


def aged_replica(read: ReplicaState, ms: int) -> ReplicaState:
    """What a replica said `ms` milliseconds ago, with its ages as of now."""
    state = ReplicaState()
    state.CopyFrom(read)
    state.last_seen_ms += ms
    for part in (*state.loops, state.renewals, state.drift):
        _age(part, ms)
    return state


def _age(part: Message, ms: int) -> None:
    for field, value in part.ListFields():
        if field.name.startswith("last_"):
            setattr(part, field.name, value + ms)


def total_renewals(parts: list[RenewalState]) -> RenewalState:
    """Renewals at several schedulers as one state."""
    total = RenewalState(
        lease_ms=max((one.lease_ms for one in parts), default=0),
        renewals=sum(one.renewals for one in parts),
        late=sum(one.late for one in parts),
        most_late_ms=max((one.most_late_ms for one in parts), default=0),
        expired=sum(one.expired for one in parts),
    )
    late = [one.last_late_ms for one in parts if one.HasField("last_late_ms")]
    expired = [one.last_expired_ms for one in parts if one.HasField("last_expired_ms")]
    if late:
        total.last_late_ms = min(late)
    if expired:
        total.last_expired_ms = min(expired)
    return total


def total_drift(parts: list[DriftState]) -> DriftState:
    """What several replicas mended as one state; the latest comparison is that of one of them."""
    total = DriftState(mended=sum(one.mended for one in parts))
    mended = [one.last_mended_ms for one in parts if one.HasField("last_mended_ms")]
    if mended:
        total.last_mended_ms = min(mended)
    return total
