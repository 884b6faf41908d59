"""Checks a message by the table.

The plan of a message type is made once; fields that are not set cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from asynctask_core.bounds.kinds import Bound, OutputOnly, is_enough
from asynctask_core.bounds.table import PLAIN, SIZES, TABLE
from asynctask_core.errors import FieldViolation, TooLarge
from asynctask_core.validate import Violations


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """The bounds of one message type."""

    fields: dict[int, tuple[str, Bound]]
    """Name and bound by field number."""
    required: tuple[tuple[int, str], ...]
    output_only: tuple[str, ...]
    size: tuple[str, int] | None
    """The field to name, and the most bytes of the whole message; None where the bounds of the fields are enough."""
    is_plain: Callable[[Any], bool] | None
    """Whether a message is within its bounds without a check of each field."""


@cache
def plan_of(descriptor: Descriptor) -> CheckPlan:
    """The plan of a message type.

    Raises:
        KeyError: the table has no row for the message or for one of its fields.
    """
    rows = TABLE[descriptor.full_name]
    bounds = {one.number: (one.name, rows[one.name].bind(one, check_fields)) for one in descriptor.fields}
    return CheckPlan(
        fields=bounds,
        required=tuple((number, name) for number, (name, bound) in bounds.items() if bound.required),
        output_only=tuple(name for name, bound in bounds.values() if isinstance(bound, OutputOnly)),
        size=SIZES.get(descriptor.full_name),
        is_plain=PLAIN.get(descriptor.full_name),
    )


def check_message(message: Message) -> None:
    """Check a whole request; drops unknown fields and fields that only the service may set.

    Raises:
        InvalidInput: fields are over their bounds; names the first of them.
        TooLarge: the message as a whole is too large.
    """
    plan = plan_of(message.DESCRIPTOR)
    if plan.size is not None and (nbytes := message.ByteSize()) > plan.size[1]:
        field, most = plan.size
        raise TooLarge([FieldViolation(field, f"must be at most {most} bytes; got {nbytes}")])
    message.DiscardUnknownFields()
    if plan.is_plain is not None and plan.is_plain(message):
        return
    violations = Violations()
    check_fields(message, violations)
    violations.raise_any()


def check_fields(message: Message, violations: Violations, path: str = "") -> None:
    """Note every field of `message` that is over its bound, up to `MOST_VIOLATIONS`."""
    plan = plan_of(message.DESCRIPTOR)
    for name in plan.output_only:
        message.ClearField(name)
    present = message.ListFields()
    for field, value in present:
        name, bound = plan.fields[field.number]
        bound.check(path + name, value, violations)
        if is_enough(violations):
            return
    if plan.required and len(present) < len(plan.fields):
        numbers = {field.number for field, _ in present}
        for number, name in plan.required:
            if number not in numbers:
                violations.add(path + name, "is required")
