"""Twenty task types: their queues, durations, and what they fail of."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import asynctask


@dataclass(frozen=True, slots=True)
class Source:
    """Config of every seeded type."""

    source: str
    report_every_s: float = 30
    """Pause between two reports of progress, where a task of it runs."""


@dataclass(frozen=True, slots=True)
class SeededKind:
    """What is written of a type."""

    name: str
    queue: str
    seconds: float
    """Usual duration."""
    share: int
    """How many tasks are of it, relative to the others."""
    stages: tuple[str, ...]
    runs: bool = False
    """Whether executors of the tool serve it. Waiting tasks are of the other types, or they would start."""


KINDS = (
    SeededKind("backup_photos", "backup", 900, 4, ("scan", "copy", "verify"), runs=True),
    SeededKind("backup_mail", "backup", 240, 8, ("scan", "copy", "verify"), runs=True),
    SeededKind("backup_databases", "backup", 600, 6, ("dump", "copy", "verify")),
    SeededKind("sync_office", "default", 30, 30, ("compare", "copy"), runs=True),
    SeededKind("sync_cloud", "network", 90, 20, ("list", "transfer")),
    SeededKind("scrub_pool", "disks", 7_200, 1, ("scrub",)),
    SeededKind("snapshot_volume", "disks", 2, 60, ("snapshot",)),
    SeededKind("replicate_snapshots", "network", 300, 10, ("compare", "send", "check")),
    SeededKind("index_documents", "default", 12, 40, ("read", "index")),
    SeededKind("make_thumbnails", "default", 0.8, 120, ("draw",), runs=True),
    SeededKind("transcode_video", "video", 1_500, 3, ("probe", "encode", "mux", "publish")),
    SeededKind("scan_viruses", "default", 45, 12, ("scan",)),
    SeededKind("verify_checksums", "disks", 400, 5, ("read", "report")),
    SeededKind("restore_files", "backup", 180, 2, ("find", "copy", "verify")),
    SeededKind("export_report", "default", 6, 25, ("query", "render")),
    SeededKind("import_orders", "default", 3, 70, ("fetch", "store")),
    SeededKind("send_invoices", "network", 1.5, 40, ("render", "send")),
    SeededKind("rotate_logs", "default", 0.3, 90, ("rotate",)),
    SeededKind("prune_archive", "disks", 60, 6, ("list", "delete")),
    SeededKind("train_model", "video", 3_600, 1, ("load", "train", "evaluate", "store")),
)
FAILURES = (
    ("HANDLER_ERROR", "OSError", "[Errno 28] No space left on device: '/volume1/{number}/photo.jpg'"),
    ("HANDLER_ERROR", "TimeoutError", "no answer from 10.0.{small}.7:443 within 30 s"),
    ("HANDLER_ERROR", "PermissionError", "[Errno 13] Permission denied: '/home/user{number}/.ssh'"),
    ("HANDLER_ERROR", "ConnectionResetError", "[Errno 104] Connection reset by peer"),
    ("HANDLER_ERROR", "ValueError", "order {number} has no customer"),
    ("CHECKSUM_MISMATCH", "Fail", "block {number} of disk sd{letter} differs from its checksum"),
    ("STAGE_TIMEOUT", "", "the stage took longer than 3600 s"),
    ("CRASHED", "", "the executor was lost 3 times while it ran this task"),
)
"""Reason, class and message: each is one fingerprint for each type that fails of it."""
HOSTS = tuple(f"nas-{number:02}" for number in range(40))
TOTAL = 100_000
"""Of what tasks that run report as done."""
TEAMS = ("photo", "office", "shop", "it")


def task_types(*, served: bool) -> list[asynctask.TaskType]:
    """The types for real calls: those that executors of the tool serve, or the others."""
    return [_task_type(kind) for kind in KINDS if kind.runs is served]


def _task_type(kind: SeededKind) -> asynctask.TaskType:
    made = asynctask.TaskType(
        kind.name, config=Source, queue=kind.queue, description=kind.name.replace("_", " ").capitalize()
    )
    for stage in kind.stages:

        async def run(ctx: asynctask.Context[Source], config: Source) -> Source:
            await _report_on(ctx, config.report_every_s)
            return config

        made.stage(name=stage)(run)
    return made


async def _report_on(ctx: asynctask.Context[Source], every_s: float) -> None:
    """Report progress until the executor is stopped."""
    done = 0
    while True:
        done += 1
        ctx.progress(done, TOTAL, unit="files", message=f"file {done}")
        await asyncio.sleep(every_s)
        await ctx.safe_point()
