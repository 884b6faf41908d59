"""The warnings of a backup, which completes although something is missing or differs.

A warning is also a line of the log, and names the first entry that it is about; further entries get their own lines.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from asynctask import ThreadContext
from asynctask_core.states import ItemState
from asynctask_nas.destination import removed_folder
from asynctask_nas.identity import FolderIdentity
from asynctask_nas.left_out import said
from asynctask_nas.words import counted, listed, printable

if TYPE_CHECKING:
    from asynctask_nas.notes import Noted
    from asynctask_nas.position import Compared, Verified

_NAMED = 10
"""Most skipped items that the log names."""


def warn_of_skipped(ctx: ThreadContext[Any], count: int) -> None:
    """Say how many items were skipped, with the first ones and the command that lists them.

    Called once, at the end of the stage, with the manifest's counts, so that it is right even if work was repeated.
    """
    if not count:
        return
    skipped = [*islice(ctx.manifest.items(ItemState.SKIPPED), _NAMED)]
    for item in skipped[1:]:
        ctx.log.warning("skipped %s: %s", printable(item.key), item.error)
    example = f"{printable(skipped[0].key)}: {skipped[0].error}; " if skipped else ""
    ctx.warn("SKIPPED", f"{example}see asynctask items {ctx.task_id} --status skipped", count)


def warn_of_unmounted(ctx: ThreadContext[Any], missing: Collection[FolderIdentity]) -> None:
    """Say which file systems are mounted on demand and could not be mounted."""
    for one in list(missing)[1:]:
        ctx.log.warning("could not be mounted on demand: '%s', which was %s", printable(one.place), one.words)
    if missing:
        first = next(iter(missing))
        text = (
            f"inside the source, could not be mounted on demand: '{printable(first.place)}', which was "
            f"{first.words}; copies of its files stay as they are"
        )
        ctx.warn("NOT_MOUNTED", text, len(missing))


def warn_of_unknown_mounts(ctx: ThreadContext[Any]) -> None:
    """Say that lost mounts inside the source cannot be noticed. Only on Linux: other systems never report mounts."""
    if sys.platform == "linux":
        text = (
            "/proc/self/mountinfo cannot be read, so mounts inside both folders are not known: if one is unmounted, "
            "its folder is taken for empty; give the executor access to /proc"
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


def warn_of_grown(ctx: ThreadContext[Any], noted: Noted) -> None:
    """Say which files grew during the copy; their items say how much was copied."""
    if noted.grown:
        names = listed([noted.first_grown], noted.grown)
        text = f"{names}: copied up to the size at the last try; the next run takes the rest"
        ctx.warn("GREW", text, noted.grown)


def warn_of_changed(ctx: ThreadContext[Any], now: Verified) -> None:
    """Say which sources changed during the backup, so that their copies cannot be verified."""
    if now.moved_on:
        names = listed([now.first_moved_on], now.moved_on) if now.first_moved_on else "sources"
        text = f"{names}: changed during the backup, and not verified; the next run looks again"
        ctx.warn("SOURCE_CHANGED", text, now.moved_on)


def warn_of_unreadable(ctx: ThreadContext[Any], now: Verified) -> None:
    """Say which sources cannot be read, so that their copies cannot be verified."""
    if now.unreadable:
        names = listed([now.unreadable_example], now.unreadable)
        text = f"source unreadable, so not verified: {names}; what was copied stays"
        ctx.warn("SOURCE_UNREADABLE", text, now.unreadable)


def warn_of_empty_source(ctx: ThreadContext[Any], count: int) -> None:
    """Say that the source is empty, although the destination is not."""
    if count:
        text = "the source is empty, and the destination is not; is the source still mounted?"
        ctx.warn("SOURCE_EMPTY", text, count)


def warn_of_displaced(ctx: ThreadContext[Any], noted: Noted) -> None:
    """Say which entries were moved away for entries of another kind, and where they are now."""
    if noted.displaced:
        ctx.warn("DISPLACED", _of_another_kind(ctx, noted, "moved"), noted.displaced)


def tell_of_displacing(ctx: ThreadContext[Any], found: Compared) -> None:
    """Say in the log which entries the transfer will move."""
    if found.displaced:
        ctx.log.info("%s", _of_another_kind(ctx, found, "will move"))


def _of_another_kind(ctx: ThreadContext[Any], found: Noted | Compared, becomes: str) -> str:
    names = listed(found.displaced_examples, found.displacements)
    entries, folder = counted(found.displaced, "entries"), printable(removed_folder(ctx.task_id))
    return f"{names}: the source has another kind of entry there; {entries} {becomes} to {folder}"


def warn_of_repaired(ctx: ThreadContext[Any], count: int) -> None:
    """Say how many copies differed and were copied again, where they are listed, and where the old ones are."""
    if count:
        text = f"differed, copied again; what was there before is in {printable(removed_folder(ctx.task_id))}"
        ctx.warn("REPAIRED", f"{text}; see asynctask items {ctx.task_id} --manifest differences", count)


def warn_of_leftovers(ctx: ThreadContext[Any], kept: Sequence[str]) -> None:
    """Say which unfinished copies of earlier tasks could not be deleted; each with its reason."""
    for one in kept[1:]:
        ctx.log.warning("an unfinished copy of an earlier task stays: %s", one)
    if kept:
        text = f"left unfinished by earlier tasks, takes space, and cannot be deleted: {kept[0]}"
        ctx.warn("LEFTOVER_KEPT", text, len(kept))


def warn_of_names_apart(ctx: ThreadContext[Any], apart: Sequence[str]) -> None:
    """Say which names of repaired files still lead to the copies that differed; each with its reason."""
    for one in apart[1:]:
        ctx.log.warning("%s", one)
    if apart:
        text = f"still leads to the copy that differed: {apart[0]}"
        ctx.warn("NAMES_APART", text, len(apart))


def warn_of_left_out(ctx: ThreadContext[Any], counts: Mapping[str, int], firsts: Mapping[str, str]) -> None:
    """Say what the destination does not keep: once a run, with how many entries it is about and the first of them."""
    for code, sentence, count in said(counts, firsts):
        ctx.warn(code, sentence, count)
