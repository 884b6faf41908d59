"""Cuts an answer to a size that can be sent: gRPC refuses a message that is too large."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from google.protobuf.message import Message

from asynctask_core import limits

M = TypeVar("M", bound=Message)


def fitting(messages: Sequence[M]) -> Sequence[M]:
    """The first messages, up to PAGE_BYTES together; at least one if there is one."""
    nbytes = 0
    for number, message in enumerate(messages):
        nbytes += message.ByteSize()
        if number and nbytes > limits.PAGE_BYTES:
            return messages[:number]
    return messages
