"""Refuses requests that are too long for one message, and names the fields at fault, which gRPC does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_core import limits
from asynctask_core.errors import TooLarge

if TYPE_CHECKING:
    from google.protobuf.message import Message


def check_size(request: Message, blamed: str = "request", most: int = limits.MESSAGE_BYTES) -> None:
    """Refuse a request that is too long for one message.

    Args:
        request: what is to be sent.
        blamed: the field to name if every field is within its own bound.
        most: bytes that it may have.

    Raises:
        TooLarge: it is; names every field that is over its bound.
    """
    nbytes = request.ByteSize()
    if nbytes <= most:
        return
    from asynctask_core.bounds.checker import (
        check_fields,  # only here: a program that sends little loads no table
    )
    from asynctask_core.validate import Violations

    violations = Violations()
    check_fields(request, violations)
    if not violations.found:
        violations.add(blamed, f"must be at most {most} bytes in all; got {nbytes}")
    raise TooLarge(violations.found)
