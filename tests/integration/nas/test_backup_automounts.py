"""`backup_file` and what is mounted on demand inside its roots. The automounter is played: a real one is a daemon."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from asynctask_nas import mounts
from asynctask_nas.mounts import Mount
from asynctask_protos.task.v1 import state_pb2
from tests.integration.nas.hosts import Host
from tests.support.mounts import Mounted, unmount

NUMBER = 10**9


class Automounter:
    """Shows a mount of its own at `point` where nothing is mounted, and mounts there when somebody looks."""

    def __init__(self, point: Path, mount: Callable[[], object], patch: pytest.MonkeyPatch) -> None:
        self.is_broken = False
        self.looks = 0
        self._point = os.fsencode(point)
        self._mount = mount
        self._read = mounts.read
        self._stat = os.stat
        patch.setattr(mounts, "read", self.read)
        patch.setattr(os, "stat", self.stat)

    def read(self, lines: bytes) -> list[Mount]:
        found = self._read(lines)
        if all(one.point != self._point for one in found):
            holders = [one for one in found if self._point.startswith(one.point.rstrip(b"/") + b"/")]
            holder = max(holders, key=lambda one: (len(one.point), one.number))
            found.append(Mount(NUMBER, holder.number, b"/", self._point, "autofs", "auto.nas"))
        return found

    def stat(self, path: object, **more: object) -> os.stat_result:
        if path == self._point + b"/." and not os.path.ismount(self._point):
            self.looks += 1
            if not self.is_broken:
                self._mount()
        return self._stat(path, **more)  # type: ignore[arg-type]


async def run(source: Path, destination: Path) -> Host:
    host = Host(source_path=source, destination_path=destination, delete_extra="mark")
    await host.run()
    return host


@pytest.fixture
def patch() -> Iterator[pytest.MonkeyPatch]:
    """One of its own: what other fixtures have patched stays when it is undone."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture
def copied(mounted: Mounted, source: Path) -> Callable[[], Path]:
    """Mounts the disk with its content inside the source."""

    def at() -> Path:
        inner = mounted("source/inner")
        (inner / "file").write_text("inner")
        os.utime(inner / "file", (1, 1))
        return inner

    (source / "outer").write_text("outer")
    at()
    return at


async def test_automount_that_has_expired_is_mounted_again(
    copied: Callable[[], Path], source: Path, destination: Path, patch: pytest.MonkeyPatch
) -> None:
    """Fails when a backup waits for it for ever, since nobody looks at what is mounted only when somebody looks."""
    (await run(source, destination)).result()
    automounter = Automounter(source / "inner", copied, patch)
    unmount(source / "inner")
    (source / "new").touch()
    host = await run(source, destination)
    assert host.result()["files"] == 1
    assert automounter.looks == 1
    assert host.task.warnings.by_code() == {}
    # Also when it expires while the backup is at work.
    (source / "newer").touch()
    host = Host(source_path=source, destination_path=destination)
    host.on_call = lambda _, call: unmount(source / "inner") if call == "prepare: stage_finished" else None
    await host.run()
    assert host.result()["files"] == 1


async def test_automount_that_cannot_be_mounted_is_left_out_and_nothing_of_it_is_marked(
    copied: Callable[[], Path], source: Path, destination: Path, patch: pytest.MonkeyPatch
) -> None:
    (await run(source, destination)).result()
    automounter = Automounter(source / "inner", copied, patch)
    automounter.is_broken = True
    unmount(source / "inner")
    (source / "outer").unlink()
    (source / "new").touch()
    for _ in range(2):
        host = await run(source, destination)
        assert host.result()["skipped"] == 1
        assert host.items()[b"inner"] == "its file system is not mounted"
        assert dict(host.task.warnings)["compare", "NOT_MOUNTED"].total == 1
        assert sorted(os.listdir(destination)) == [".asynctask-backup", ".asynctask-removed", "inner", "new"]
        assert (destination / "inner/file").read_text() == "inner"
        known = json.loads((destination / ".asynctask-backup/marker.json").read_text())
        assert list(known["inside"]) == ["inner"]
    # Without the automounter it is missed as before.
    patch.undo()
    host = await run(source, destination)
    assert host.task.outcome is not None
    assert host.task.outcome.result == state_pb2.ATTEMPT_RESULT_RELEASED
    copied()
    assert (await run(source, destination)).result()["skipped"] == 0


async def test_expired_automount_of_a_destination_is_mounted_again(
    mounted: Mounted, source: Path, destination: Path, patch: pytest.MonkeyPatch
) -> None:
    (source / "inner").mkdir()
    inner = mounted("destination/inner")
    (await run(source, destination)).result()
    Automounter(inner, lambda: mounted("destination/inner"), patch)
    unmount(inner)
    (source / "inner/file").touch()
    (await run(source, destination)).result()
    assert os.path.ismount(inner)
    assert (inner / "file").exists()
