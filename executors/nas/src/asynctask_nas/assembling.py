"""Makes the objects that the stages use, from the roots and the config."""

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
    """A walk through both sides, from after a path. It calls `look` now and then between pairs; `look` may raise."""
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
    """The destination to write to; with `keeps_replaced` it sets replaced entries aside."""
    return Destination(
        roots.destination,
        ctx.task_id,
        holds,
        shown=ctx.config.destination,
        keeps_replaced=keeps_replaced,
        mounted=roots.mounted_inside_destination,
    )


def probe_again(roots: HeldRoots, config: BackupConfig) -> Holds:
    """What the destination can keep. If it cannot be written to now, the task waits, since it could at the start."""
    try:
        return probe(roots.destination, shown=config.destination)
    except DestinationUnusable as error:
        raise mended_later(error) from error
