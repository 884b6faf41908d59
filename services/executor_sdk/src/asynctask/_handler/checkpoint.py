"""Checkpoints: a stage's resumable position, written, stored and read."""

import asyncio
from typing import Any

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.pending_warnings import THE_STAGE, About
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._codec.text import ANY
from asynctask._handler.handler_link import Link
from asynctask.errors import FieldViolation, TooLarge
from asynctask_core import limits
from asynctask_protos.task.v1 import work_pb2


def write_checkpoint(value: Any) -> work_pb2.Checkpoint:
    """A checkpoint as a message. Runs the value's own code. Raises TooLarge, UnwritableValue."""
    if isinstance(value, (bytes, bytearray)):
        checkpoint = work_pb2.Checkpoint(raw=bytes(value))
        size = len(checkpoint.raw)
    else:
        checkpoint = work_pb2.Checkpoint(json=ANY.encode(value, "checkpoint"))
        size = checkpoint.ByteSize()
    if size > limits.CHECKPOINT_BYTES:
        text = f"must be at most {limits.CHECKPOINT_BYTES} bytes; got {size}: lists of items belong into ctx.manifest"
        raise TooLarge([FieldViolation("checkpoint", text)])
    return checkpoint


def read_checkpoint(checkpoint: work_pb2.Checkpoint) -> Any:
    """The value of a checkpoint's message."""
    return (
        checkpoint.raw
        if checkpoint.WhichOneof("data") == "raw"
        else ANY.decode(checkpoint.json, "checkpoint")
    )


async def store_checkpoint(
    link: Link, attempt: Attempt, stage: str, checkpoint: work_pb2.Checkpoint, about: About = THE_STAGE
) -> None:
    """Make a checkpoint durable, after the manifest chunks before it. `about` is the item that it is made for.

    Raises:
        AttemptStopped: the attempt is lost.
        RefusedByStore: the stores do not take it; nothing was changed.
    """
    if attempt.chunks is not None:
        await attempt.chunks.flush()
    if attempt.stop is Stop.LOST:
        raise AttemptStopped(Stop.LOST)
    stored = work_pb2.CheckpointEvent(stage=stage)
    stored.checkpoint.CopyFrom(checkpoint)
    event = attempt.new_event(checkpoint=stored, about=about)
    waiter = asyncio.get_running_loop().create_future()
    link.put(attempt, event, waiter)
    await waiter
