"""Reads people's commands from messages, which have the names and fields of the classes in `by_people`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from google.protobuf.message import Message

from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.lifecycle.by_people import (
    COMMANDS,
    Cancel,
    Delete,
    Pause,
    PersonCommand,
    Restart,
    Resume,
    Update,
)
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb

_FORMER: Final[Mapping[pb.CommandKind.ValueType, Callable[[pb.ApplyCommandRequest], PersonCommand]]] = {
    pb.COMMAND_KIND_PAUSE: lambda _: Pause(),
    pb.COMMAND_KIND_RESUME: lambda _: Resume(),
    pb.COMMAND_KIND_CANCEL: lambda _: Cancel(),
    pb.COMMAND_KIND_RESTART: lambda request: Restart(start_now=request.start_now),
    pb.COMMAND_KIND_RESTART_FROM_CHECKPOINT: lambda request: Restart(True, request.start_now),
    pb.COMMAND_KIND_DELETE: lambda _: Delete(),
    pb.COMMAND_KIND_FORCE_DELETE: lambda _: Delete(force=True),
    pb.COMMAND_KIND_UPDATE: lambda request: Update(
        request.priority if request.HasField("priority") else None,
        dict(request.labels) if request.replace_labels else None,
    ),
}
"""Commands as schedulers of version 0.1 send them."""


def command_of(request: pb.ApplyCommandRequest) -> PersonCommand:
    """The command of a request. Raises InvalidInput when it has none."""
    name = request.WhichOneof("command")
    if name is not None:
        said = getattr(request, name)
        return COMMANDS[name](**{field.name: _value(said, field.name) for field in fields(COMMANDS[name])})
    former = _FORMER.get(request.kind)
    if former is None:
        raise InvalidInput([FieldViolation("command", "is required")])
    return former(request)


def _value(said: Message, name: str) -> Any:
    """A field of a message; None for an optional field that is absent."""
    field = said.DESCRIPTOR.fields_by_name[name]
    if field.has_presence and not said.HasField(name):
        return None
    value = getattr(said, name)
    return dict(value.values) if isinstance(value, pb.Labels) else value
