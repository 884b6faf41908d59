"""A store that cannot start for want of room says so, with its folder and what is free."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from asynctask_standalone.supervisor.part import StartFailed
from asynctask_standalone.supervisor.ports import PortBook
from asynctask_standalone.supervisor.store import redis_part
from tests.support.mounts import Mounted, fill, mounted

__all__ = ["mounted"]


async def test_store_that_cannot_start_names_its_folder_and_what_is_free(mounted: Mounted, tmp_path: Path):
    disk = mounted("disk", size="1m")
    fill(disk / "ballast")
    part = redis_part(disk / "redis", PortBook(tmp_path / "ports.json"), tmp_path, None)
    told = re.escape(f"redis did not start: its disk is full, 0 KiB are free in {disk}")
    with pytest.raises(StartFailed, match=told):
        await part.start()
