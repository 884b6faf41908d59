"""What a backup warns of: it completes, and says that it is not the whole.

A warning is a line of the log too, and names the first entry that it is about: only the others get lines of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from asynctask import ThreadContext
from asynctask_core.states import ItemState
from asynctask_nas.destination import removed_folder
from asynctask_nas.identity import FolderIdentity
from asynctask_nas.left_out import said
from asynctask_nas.words import listed, printable

if TYPE_CHECKING:
    from asynctask_nas.position import Compared


def warn_of_skipped(ctx: ThreadContext[Any], count: int) -> None:
    """Say how many items were skipped, with one of them and where the others are.

    Once, at the end of the stage, from what the manifest counts: so it is right whatever was repeated before.
    """
    if not count:
        return
    first = next(ctx.manifest.items(ItemState.SKIPPED), None)
    example = f"{printable(first.key)}: {first.error}; " if first is not None else ""
    ctx.warn("SKIPPED", f"{example}see asynctask items {ctx.task_id} --status skipped", count)


def warn_of_unmounted(ctx: ThreadContext[Any], missing: Collection[FolderIdentity]) -> None:
    """Say which file systems are mounted on demand and could not be."""
    for one in list(missing)[1:]:
        ctx.log.warning("mounted on demand, and is not: '%s', which was %s", printable(one.place), one.words)
    if missing:
        first = next(iter(missing))
        text = (
            f"mounted on demand inside the source, and could not be: '{printable(first.place)}', which was "
            f"{first.words}; their copies stay as they are"
        )
        ctx.warn("NOT_MOUNTED", text, len(missing))


def warn_of_unknown_mounts(ctx: ThreadContext[Any]) -> None:
    """Say that a file system inside the source that goes away cannot be missed. Some systems never tell of mounts."""
    if sys.platform == "linux":
        text = (
            "/proc/self/mountinfo cannot be read, so what is mounted inside both folders is not known: if it goes "
            "away, it is taken for empty folders; let the executor have /proc"
        )
        ctx.warn("MOUNTS_UNKNOWN", text, 1)


def warn_of_keeping_less(ctx: ThreadContext[Any], found: Sequence[tuple[bytes, Sequence[str]]]) -> None:
    """Say which file systems inside the destination keep less than its own."""
    for place, lost in found[1:]:
        ctx.log.warning("what is mounted at '%s' does not keep: %s", printable(place), ", ".join(lost))
    if found:
        place, lost = found[0]
        text = (
            f"inside the destination '{printable(place)}' is mounted, which does not keep {', '.join(lost)}"
        )
        ctx.warn(
            "KEEPS_LESS_INSIDE", f"{text}; files there may be copied by every run, or skipped", len(found)
        )


def warn_of_grown(ctx: ThreadContext[Any], count: int) -> None:
    """Say how many files were appended to all the while."""
    if count:
        ctx.warn("GREW", "copied as far as they went when it began; the next run takes the rest", count)


def warn_of_empty_source(ctx: ThreadContext[Any], count: int) -> None:
    """Say that there is nothing to copy, beside a destination that holds something."""
    if count:
        text = "the source is empty, and the destination is not; is the source still mounted?"
        ctx.warn("SOURCE_EMPTY", text, count)


def warn_of_displaced(ctx: ThreadContext[Any], found: Compared) -> None:
    """Say which entries give way to others of another kind, and where to: people would look for them at their place."""
    if found.displaced:
        names = listed(found.displaced_examples, found.displacements)
        folder = printable(removed_folder(ctx.task_id))
        text = (
            f"{names}: of another kind in the source, as a file in the place of a folder; moved to {folder}"
        )
        ctx.warn("DISPLACED", text, found.displaced)


def warn_of_repaired(ctx: ThreadContext[Any], count: int) -> None:
    """Say how many copies differed and were renewed, where they are listed, and where the ones before are."""
    if count:
        text = f"differed, copied again; the copies before are in {printable(removed_folder(ctx.task_id))}"
        ctx.warn("REPAIRED", f"{text}; see asynctask items {ctx.task_id} --manifest differences", count)


def warn_of_leftovers(ctx: ThreadContext[Any], kept: Sequence[str]) -> None:
    """Say which unfinished copies of earlier tasks could not be deleted; each with its reason."""
    for one in kept[1:]:
        ctx.log.warning("an unfinished copy of an earlier task stays: %s", one)
    if kept:
        text = f"unfinished copies of earlier tasks could not be deleted, and take space; {kept[0]}"
        ctx.warn("LEFTOVER_KEPT", text, len(kept))


def warn_of_names_apart(ctx: ThreadContext[Any], apart: Sequence[str]) -> None:
    """Say which names of repaired files still lead to the copies that differed; each with its reason."""
    for one in apart[1:]:
        ctx.log.warning("%s", one)
    if apart:
        text = f"names of repaired files still lead to the copies that differed; {apart[0]}"
        ctx.warn("NAMES_APART", text, len(apart))


def warn_of_left_out(ctx: ThreadContext[Any], counts: Mapping[str, int]) -> None:
    """Say what the destination does not keep: once a run, with how many entries it is about."""
    for code, sentence, count in said(counts):
        ctx.warn(code, sentence, count)
