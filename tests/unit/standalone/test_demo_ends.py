"""After the demo's summary nobody waits: neither for orderly ends of what is thrown away, nor for a slow disk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest
from rich.console import Console

from asynctask_standalone.demo import story
from asynctask_standalone.demo.report import Check
from asynctask_standalone.demo.source import Folder
from asynctask_standalone.supervisor.cluster import Cluster
from asynctask_standalone.supervisor.plan import ClusterOptions
from tests.unit.standalone.test_keeper import Diary, ScriptedPart

WAITS = """
import os, sys
os.read(os.open(os.path.join(os.path.dirname(sys.argv[1]), "go on"), os.O_RDONLY), 1)
"""


def test_prompt_does_not_wait_for_a_folder_that_takes_long_to_delete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken once on purpose: with `wait()` without a bound it never comes back."""
    (tmp_path / "home" / "cluster").mkdir(parents=True)
    os.mkfifo(tmp_path / "go on")
    go_on = os.open(tmp_path / "go on", os.O_RDWR)
    monkeypatch.setattr(story, "REMOVER", WAITS + story.REMOVER)
    try:
        remover = story._remove(tmp_path / "home", 0.01)
        assert remover.returncode is None
        assert (tmp_path / "home" / "cluster").exists()
        os.write(go_on, b"!")
        assert remover.wait(60) == 0
        assert not (tmp_path / "home").exists()
    finally:
        os.close(go_on)


class StoppablePart(ScriptedPart):
    """Notes whether it had an end of its own before it was to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped_in_order: bool | None = None

    async def ended(self) -> str:
        return await asyncio.shield(self.end)  # somebody who waits no more is no end of it

    async def stop(self) -> None:
        self.stopped_in_order = not self.end.done()


class LazyClient:
    """A client that has nothing to say."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def close(self) -> None: ...

    async def attempts(self, task_id: str) -> list[Any]:
        return []


class PlayedBackup:
    """One that is over at once."""

    limit = 1

    def __init__(self, *_: object, **__: object) -> None: ...

    async def run(self, _console: Console) -> Any:
        return SimpleNamespace(task_id="0190")


@pytest.mark.parametrize("keep", [False, True], ids=["thrown away", "kept"])
async def test_cluster_is_stopped_in_order_only_if_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, keep: bool
) -> None:
    """Fails when people wait for drains and checkpoints of a cluster that is deleted next."""
    parts, killed, diary = [StoppablePart(), StoppablePart()], list[str](), Diary()

    async def cluster_of(stack: AsyncExitStack, data: Path, _console: Console) -> Cluster:
        cluster = Cluster(ClusterOptions(data=data), diary)
        for part in parts:
            await stack.enter_async_context(cluster._kept(part))
        return cluster

    @asynccontextmanager
    async def executor(name: str, *_: object) -> AsyncIterator[Any]:
        yield SimpleNamespace(name=name, kill=lambda: killed.append(name))

    async def at_once(*_: object) -> list[Check]:
        return [Check("it", kept=True, fact="was so")]

    monkeypatch.setattr("asynctask.Client", LazyClient)
    monkeypatch.setattr(story, "_cluster", cluster_of)
    monkeypatch.setattr(story, "executor_process", executor)
    monkeypatch.setattr(story, "_connected", at_once)
    monkeypatch.setattr(story, "Backup", PlayedBackup)
    monkeypatch.setattr(story, "checks", at_once)
    monkeypatch.setattr("tempfile.mkdtemp", lambda **_: str(tmp_path))
    removed = list[Path]()
    monkeypatch.setattr(story, "_remove", removed.append)

    said = StringIO()
    folder = Folder(tmp_path, 3, 10)
    assert await asyncio.wait_for(story.play(Console(file=said), folder, None, keep=keep), 60)
    assert "Promised, and kept" in said.getvalue()
    last = said.getvalue().splitlines()[-1]
    assert last.endswith("http://127.0.0.1:7680/tasks/0190") is keep
    assert ("./dev demo --keep" in said.getvalue()) is not keep
    assert [part.stopped_in_order for part in parts] == [keep, keep]
    assert [part.killed for part in parts] == [0 if keep else 1] * 2
    assert killed == ([] if keep else list(story.NAMES))
    assert removed == ([] if keep else [tmp_path])
    assert diary.delays == []  # none was to start again
