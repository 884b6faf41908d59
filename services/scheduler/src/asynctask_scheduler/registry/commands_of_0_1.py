"""Commands in the form of 0.1: this version also fills the kind and flags that registries of 0.1 read."""

from __future__ import annotations

from asynctask_protos.registry.v1 import ledger_service_pb2 as pb

_KINDS = {
    "pause": pb.COMMAND_KIND_PAUSE,
    "resume": pb.COMMAND_KIND_RESUME,
    "cancel": pb.COMMAND_KIND_CANCEL,
    "restart": pb.COMMAND_KIND_RESTART,
    "delete": pb.COMMAND_KIND_DELETE,
    "update": pb.COMMAND_KIND_UPDATE,
}


def add_former(request: pb.ApplyCommandRequest) -> None:
    """Fill the old fields of `request` from its command. Other commands need a registry of this version."""
    name = request.WhichOneof("command")
    if name not in _KINDS:
        return
    request.kind = _KINDS[name]
    if request.restart.from_checkpoint:
        request.kind = pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT
    if request.delete.force:
        request.kind = pb.COMMAND_KIND_FORCE_DELETE
    request.start_now = request.restart.start_now
    if request.update.HasField("priority"):
        request.priority = request.update.priority
    request.replace_labels = request.update.HasField("labels")
    request.labels.update(request.update.labels.values)
