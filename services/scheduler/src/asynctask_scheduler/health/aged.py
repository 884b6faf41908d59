"""States that were read a moment ago, with their ages as of now; what is left of a silent replica's state; and sums of
several replicas' states.
"""

from __future__ import annotations

from typing import Final

from google.protobuf.message import Message

from asynctask_protos.task.v1.health_pb2 import DriftState, RenewalState, ReplicaState

SILENT: Final = "it does not answer"
"""The hindrance of a replica that was not heard of lately, and did not say that it stops."""


def aged_replica(read: ReplicaState, ms: int) -> ReplicaState:
    """What a replica said `ms` milliseconds ago, with its ages as of now."""
    state = ReplicaState()
    state.CopyFrom(read)
    state.last_seen_ms += ms
    for part in (*state.loops, state.renewals, state.drift):
        _age(part, ms)
    return state


def place_of(replica: ReplicaState) -> str:
    """Where it runs, for people; its name while it has not said where."""
    return f"{replica.address} on {replica.host}" if replica.address else replica.name


def silent_replica(known: ReplicaState) -> ReplicaState:
    """A replica that does not answer any more, as far as that is still true of it: who it is, and when it was seen."""
    state = ReplicaState()
    state.CopyFrom(known)
    for name in ("loops", "renewals", "drift"):
        state.ClearField(name)
    state.hindrance = SILENT
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
