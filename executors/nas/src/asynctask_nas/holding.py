"""Holds the roots of a backup open during each stage, and translates their failures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from asynctask import RetryLater
from asynctask_core.errors import DestinationUnusable, SourceMissing, TaskFailure
from asynctask_nas.roots import HeldRoots, KnownRoots

if TYPE_CHECKING:
    from asynctask import ThreadContext
    from asynctask_nas.config import BackupConfig


@contextmanager
def held(ctx: ThreadContext[BackupConfig], known: KnownRoots | None) -> Iterator[HeldRoots]:
    """Hold both roots for a stage; see `HeldRoots.opened`. If the task fails for good, its unfinished files may be
    removed.
    """
    roots = HeldRoots(ctx.config, ctx.task_id)
    is_open = False
    try:
        with roots.opened(known):
            is_open = True
            try:
                yield roots
            except TaskFailure as error:
                if not error.retryable:
                    roots.end_task()
                raise
            except OSError:
                roots.check()
                raise
    except (SourceMissing, DestinationUnusable) as error:
        if is_open or known is None:
            raise
        raise mended_later(error) from error


def mended_later(error: TaskFailure) -> RetryLater:
    """A retry instead of a failure: both folders could be used when the task began, so a person may still fix them."""
    return RetryLater(error.message, after="30s")
