"""One backup, watched: its executor is killed in the middle, and another goes on."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from rich.console import Console
from rich.text import Text

from asynctask_standalone.cli.live import TaskScreen, stage_of, task_screen
from asynctask_standalone.cli.stage_bars import stage_percent
from asynctask_standalone.cli.wording import amount, span
from asynctask_standalone.demo.executors import ExecutorProcess
from asynctask_standalone.demo.source import Folder
from asynctask_standalone.demo.trees import inodes

if TYPE_CHECKING:
    from asynctask import Client, StageInfo, TaskInfo

TRANSFER = "transfer"
TRANSFER_S = 12
"""How long the transfer shall take at least, so that there is a middle to kill in."""
KILL_AT_PERCENT = 40
LEASE_S = 15


@dataclass(frozen=True, slots=True)
class Kill:
    """The moment of the kill."""

    victim: str
    executor_id: str
    time: float
    percent: float
    total: float
    """Bytes of the whole transfer."""
    files: Mapping[str, int]
    """Inode of each copy that was acknowledged as done by then."""
    size: int
    """Bytes of those files."""
    proven: int
    """Bytes of larger, unfinished files that were on storage by then, according to the last checkpoint."""

    @property
    def safe(self) -> str:
        """What was on storage for sure."""
        files = f"{amount(len(self.files), 'files')} ({amount(self.size, 'bytes')})" if self.files else ""
        parts = f"{amount(self.proven, 'bytes')} of what is under way" if self.proven else ""
        return " and ".join(filter(None, (files, parts))) or "nothing yet"


@dataclass(slots=True)
class Backup:
    """The backup of one folder, and the observations for the verdict."""

    client: Client
    executors: Sequence[ExecutorProcess]
    folder: Folder
    target: Path
    exclude: Collection[str]
    """Names that are excluded at any depth."""
    begun: float = field(default_factory=time.time)
    task: TaskInfo | None = None
    kill: Kill | None = None
    heir: str = ""
    taken_over_s: float = 0.0
    """From the kill to the start of the heir's attempt."""
    victims_done: float | None = None
    """The victim's last report in bytes, which is shown until the heir's first report."""
    resumed_percent: float = 100.0
    """The heir's lowest report; the victim's last report may be ahead of what it had acknowledged."""

    @property
    def limit(self) -> int:
        """Bytes per second: slow enough to kill the executor in the middle."""
        return max(1, self.folder.size // TRANSFER_S)

    async def run(self, console: Console) -> TaskInfo:
        """Submit it and stay until it has ended."""
        config = {
            "source_path": str(self.folder.path),
            "destination_path": str(self.target),
            "exclude": [f"{name}/" for name in self.exclude],
            "bandwidth_limit": self.limit,
            "verify": "size",
        }
        task_id = await self.client.submit("backup_file", config)
        with task_screen(console) as screen:
            async for task in self.client.watch(task_id):
                self.task = task
                screen.show(task)
                await self._look(task, screen)
                if task.is_final:
                    return task
        raise AssertionError("a watched task ends")

    async def _look(self, task: TaskInfo, screen: TaskScreen) -> None:
        """Kill the executor in the middle, and notice which one goes on."""
        stage = stage_of(task)
        if str(task.state) != "running" or stage is None or stage.name != TRANSFER:
            return
        if self.kill is None and stage_percent(stage) >= KILL_AT_PERCENT:
            self.kill = await self._kill(task, stage)
            what = (
                f"{self.kill.victim} killed with SIGKILL in the middle of the transfer; safely on storage: "
                f"{self.kill.safe}; what else it was at will be copied again"
            )
            screen.note(Text.assemble(("⚡ ", "bold red"), (what, "red")))
            screen.wait_for(f"the lease of {self.kill.victim} to run out", LEASE_S)
        elif self.kill and not self.heir and task.executor_id not in {"", self.kill.executor_id}:
            self.heir = await self._name_of(task.executor_id)
            started = (await self.client.attempts(task.task_id))[-1].start_time
            assert started
            self.taken_over_s = started.timestamp() - self.kill.time
            screen.wait_for("", 0)
            what = f"{self.heir} goes on from the checkpoint, {span(self.taken_over_s)} after the kill"
            screen.note(Text.assemble(("✔ ", "bold green"), (what, "green")))
        done = stage.progress.done if stage.progress else None
        if not self.heir:
            self.victims_done = done
        elif done != self.victims_done:
            self.resumed_percent = min(self.resumed_percent, stage_percent(stage))

    async def _kill(self, task: TaskInfo, stage: StageInfo) -> Kill:
        victim = await self._name_of(task.executor_id)
        # Read the checkpoint before the list: files that are done by then count by the list alone.
        proven = proven_of(await self.client.get(task.task_id))
        # No executor may copy a file again that is acknowledged as done now.
        done = [
            item
            async for item in self.client.manifest_items(task.task_id, manifest="items", states=("done",))
        ]
        files = await asyncio.to_thread(inodes, self.target, [os.fsdecode(item.key) for item in done])
        next(executor for executor in self.executors if executor.name == victim).kill()
        larger = sum(size for path, size in proven.items() if path not in {item.key for item in done})
        size = sum(item.size for item in done)
        return Kill(
            victim=victim,
            executor_id=task.executor_id,
            time=time.time(),
            percent=stage_percent(stage),
            total=stage.progress.total if stage.progress else 0,
            files=files,
            size=size,
            proven=larger,
        )

    async def _name_of(self, executor_id: str) -> str:
        return (await self.client.executor(executor_id)).display_name


def proven_of(task: TaskInfo) -> Mapping[bytes, int]:
    """Bytes on storage of each larger, unfinished file, according to the transfer's last checkpoint."""
    stage = stage_of(task)
    parts: list[dict[str, Any]] = stage.checkpoint["parts"] if stage and stage.checkpoint else []
    return {unquote_to_bytes(part["path"]): part["stored"] for part in parts}
