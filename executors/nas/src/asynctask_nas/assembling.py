"""What the stages of a backup work with, put together from its roots and its config."""

from __future__ import annotations

from asynctask import ThreadContext
from asynctask_core.errors import DestinationUnusable
from asynctask_nas.config import BackupConfig
from asynctask_nas.destination import Destination
from asynctask_nas.exclude import Exclude
from asynctask_nas.holding import mended_later
from asynctask_nas.holds import Holds
from asynctask_nas.looks import Look
from asynctask_nas.names import NameTrials
from asynctask_nas.places import probe
from asynctask_nas.roots import HeldRoots
from asynctask_nas.walk import Walk


def walk_of(
    roots: HeldRoots, config: BackupConfig, names: NameTrials, after: bytes | None, *, look: Look
) -> Walk:
    """Both sides, from after a path. `look` is called now and then while no pair comes, and may raise."""
    return Walk(
        roots.source,
        roots.destination,
        Exclude(config.exclude),
        after=after,
        mounted=roots.mounted_inside if config.one_file_system else None,
        shown=config.destination,
        names=names,
        unread=roots.unread,
    ).obey(look)


def destination_of(
    ctx: ThreadContext[BackupConfig], roots: HeldRoots, holds: Holds, *, keeps_replaced: bool = False
) -> Destination:
    """What is written to; with `keeps_replaced` what is replaced is set aside."""
    return Destination(
        roots.destination,
        ctx.task_id,
        holds,
        shown=ctx.config.destination,
        keeps_replaced=keeps_replaced,
        mounted=roots.mounted_inside_destination,
    )


def probe_again(roots: HeldRoots, config: BackupConfig) -> Holds:
    """What the destination holds. It could be written to when the task began, so it is tried again."""
    try:
        return probe(roots.destination, shown=config.destination)
    except DestinationUnusable as error:
        raise mended_later(error) from error
