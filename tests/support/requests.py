"""Every request of both packages, and values at, over and far over the bounds of its fields."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

import asynctask_protos.registry.v1 as registry
import asynctask_protos.scheduler.v1 as scheduler
from asynctask_core.bounds import kinds
from asynctask_core.bounds.checker import plan_of

FAR = 300_000
"""Characters, bytes or items of a value that is far over most bounds."""
NAME = "aB3-_"


def methods() -> list[MethodDescriptor]:
    """Every method of every service of the two packages."""
    found: list[MethodDescriptor] = []
    for package in (scheduler, registry):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if module.name.endswith("_pb2"):
                described = importlib.import_module(module.name).DESCRIPTOR
                found += [one for service in described.services_by_name.values() for one in service.methods]
    return found


def call_of(method: MethodDescriptor) -> str:
    """The full name of a method, as gRPC has it."""
    return f"/{method.containing_service.full_name}/{method.name}"


def reached(descriptor: Descriptor, found: dict[str, Descriptor] | None = None) -> dict[str, Descriptor]:
    """The message, and every message that it can hold. Maps are fields, not messages."""
    known = {} if found is None else found
    if descriptor.full_name not in known:
        known[descriptor.full_name] = descriptor
        for field in descriptor.fields:
            if field.message_type is not None and not is_map(field):
                reached(field.message_type, known)
    return known


def is_map(field: FieldDescriptor) -> bool:
    """Whether a field is a map."""
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def is_repeated(field: FieldDescriptor) -> bool:
    """Whether a field is a list."""
    return field.is_repeated and not is_map(field)


def new_message(descriptor: Descriptor) -> Message:
    """An empty message."""
    return GetMessageClass(descriptor)()


def put(message: Message, field: FieldDescriptor, value: Any) -> None:
    """Set a field of any kind."""
    if is_map(field):
        getattr(message, field.name).update(value)
    elif is_repeated(field):
        getattr(message, field.name).extend(value)
    elif field.message_type is not None:
        getattr(message, field.name).CopyFrom(value)
    else:
        setattr(message, field.name, value)


def valid(descriptor: Descriptor) -> Message:
    """A message with what is required, and nothing else."""
    message = new_message(descriptor)
    for number, (_, bound) in plan_of(descriptor).fields.items():
        if bound.required:
            field = descriptor.fields_by_number[number]
            put(message, field, at(bound, field))
    return message


def at(bound: kinds.Bound, field: FieldDescriptor) -> Any:
    """The largest value that is allowed; of lists a single item, since some are as large as a message."""
    match bound:
        case kinds.Text():
            return ("A" if bound.form is kinds.Form.CODE else "a") * (bound.chars or bound.size)
        case kinds.CutText():
            return "a" * (bound.chars or bound.size)
        case kinds.Data():
            return b"x" * bound.size
        case kinds.Id():
            return b"x" * kinds.ID_BYTES
        case kinds.Number():
            return _typed(bound.high, field)
        case kinds.Choice():
            return max(bound.names)
        case kinds.Flag():
            return True
        case kinds.Many(of=kinds.MessageBound()):
            assert field.message_type is not None
            return [valid(field.message_type)]
        case kinds.Many():
            return [at(bound.of, field)]
        case kinds.Pairs():
            return {f"{n:02}".ljust(bound.key.chars, "k"): "v" * bound.value.chars for n in range(bound.most)}
        case kinds.MessageBound():
            assert field.message_type is not None
            return valid(field.message_type)
        case _:
            raise AssertionError(bound)


def over(bound: kinds.Bound, field: FieldDescriptor) -> Iterator[Any]:
    """Values that must be refused: just over the bound, far over it, and of a wrong form."""
    match bound:
        case kinds.Text():
            yield "a" * ((bound.chars or bound.size) + 1)
            yield "a" * FAR if bound.chars else "ä" * bound.size
            if bound.least:
                yield "a" * (bound.least - 1)
            if bound.form is not kinds.Form.ESCAPED:
                yield "a\x00b"
            if bound.form in (kinds.Form.NAME, kinds.Form.STAGE):
                yield from ("a b", "ä", "\u202e")
        case kinds.Data():
            yield from (b"x" * (bound.size + 1), b"x" * max(FAR, 2 * bound.size))
        case kinds.Id(skipped=False):
            yield from (b"x" * 15, b"x" * 17, b"x" * FAR)
        case kinds.Number():
            yield from _over_number(bound, field)
        case kinds.Choice():
            yield from (12_345, -1, 2**31 - 1)
        case kinds.Many():
            yield [at(bound.of, field) if not isinstance(bound.of, kinds.MessageBound) else _part(field)] * (
                bound.most + 1
            )
            if not isinstance(bound.of, kinds.MessageBound):
                yield from ([value] for value in over(bound.of, field))
        case kinds.Pairs():
            yield {f"k{n}": "v" for n in range(bound.most + 1)}
            yield {"": "v"}
            yield from ({key: "v"} for key in over(bound.key, field))
            yield from ({"k": value} for value in over(bound.value, field))
        case _:
            return


def _over_number(bound: kinds.Number, field: FieldDescriptor) -> Iterator[Any]:
    if field.type in (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT):
        yield from (float("nan"), float("inf"), -float("inf"), bound.high * 1.01 + 1, bound.low - 0.5)
        return
    low, high = _RANGES[field.type]
    if bound.high < high and not bound.cut:
        yield from (int(bound.high) + 1, high)
    if bound.low > low and bound.low - 1 != 0:
        yield from (int(bound.low) - 1, low)


_RANGES = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
}


def _part(field: FieldDescriptor) -> Message:
    assert field.message_type is not None
    return new_message(field.message_type)


def _typed(number: float, field: FieldDescriptor) -> Any:
    return float(number) if field.type == FieldDescriptor.TYPE_DOUBLE else int(number)


def clear_siblings(message: Message, field: FieldDescriptor) -> None:
    """Clear the other fields of a field's oneof."""
    oneof = field.containing_oneof
    for other in oneof.fields if oneof is not None else ():
        if other.name != field.name:
            message.ClearField(other.name)
