"""What a backup writes into its log when a stage begins or ends, so that the log alone tells what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_nas.words import counted, printable, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asynctask import ThreadContext
    from asynctask_nas.config import BackupConfig
    from asynctask_nas.copy import PartialCopy
    from asynctask_nas.position import Compared, Verified
    from asynctask_nas.results import Plan, Report
    from asynctask_nas.tally import Tally

_HOW = {
    "size": "by size and time",
    "checksum": "by their content",
    "all": "by their content, all of the source",
}


def tell_comparing(ctx: ThreadContext[BackupConfig], after: bytes | None) -> None:
    """Say which folders are compared, and from where on after an interruption."""
    source, destination = printable(ctx.config.source), printable(ctx.config.destination)
    where = f", goes on after '{printable(after)}'" if after is not None else ""
    ctx.log.info("comparing '%s' with '%s'%s", source, destination, where)


def tell_compared(ctx: ThreadContext[BackupConfig], now: Compared) -> None:
    """Say what was found, and what is to be done about it."""
    files, folders = counted(now.files, "files"), counted(now.folders, "folders")
    found = now.found(f" ({size_text(now.copied_bytes)})")
    ctx.log.info("compared %s (%s) and %s: %s", files, size_text(now.bytes), folders, found)


def tell_planned(ctx: ThreadContext[BackupConfig], plan: Plan) -> None:
    """Say how long the list is, of which more than files are items, and that what it needs fits."""
    if plan.items:
        items, needed = counted(plan.items, "items"), size_text(plan.needs_bytes)
        ctx.log.info(
            "listed %s to work on; they need %s, and the destination has room for that", items, needed
        )


def tell_transferring(ctx: ThreadContext[BackupConfig], tally: Tally, parts: Sequence[PartialCopy]) -> None:
    """Say what is copied, at which most rate, and what earlier attempts did of it; `parts` are unfinished files."""
    limit = ctx.config.bytes_per_s
    rate = f", at most {size_text(limit)} a second" if limit else ""
    size = size_text(tally.total_bytes)
    if tally.items or parts:
        done = f"{tally.message}, {size_text(tally.bytes + sum(part.moved for part in parts))} of {size}"
        ctx.log.info("copying goes on; done before: %s%s", done, rate)
    elif tally.files:
        ctx.log.info("copying %s (%s)%s", counted(tally.files, "files"), size, rate)


def tell_transferred(ctx: ThreadContext[BackupConfig], report: Report) -> None:
    """Say what was copied, changed and skipped."""
    attributes = f"; set attributes of {counted(report.attributes, 'files')}" if report.attributes else ""
    skipped = f"; skipped {counted(report.skipped, 'entries')}" if report.skipped else ""
    copied = f"{counted(report.files, 'files')} ({size_text(report.bytes)})" if report.files else "nothing"
    ctx.log.info("copied %s%s%s", copied, attributes, skipped)


def tell_verifying(ctx: ThreadContext[BackupConfig], files: int, now: Verified) -> None:
    """Say what is compared with its source, and how."""
    done = f", {now.items:,} of them were compared before" if now.items else ""
    ctx.log.info("verifying %s %s%s", counted(files, "files"), _HOW[ctx.config.verify], done)


def tell_verified(ctx: ThreadContext[BackupConfig], now: Verified) -> None:
    """Say what was equal and what was not."""
    different = f"; {counted(now.different, 'files')} differ" if now.different else ""
    files, size = counted(now.verified, "files"), size_text(now.verified_bytes)
    ctx.log.info("verified %s (%s): equal to the source%s", files, size, different)
