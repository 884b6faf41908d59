"""What a backup warns of, and what its log says beside that: a warning is a line of the log by itself."""

from __future__ import annotations

import logging
from typing import Any, cast

import pytest

from asynctask import ThreadContext
from asynctask_nas.identity import FolderIdentity
from asynctask_nas.warned import (
    warn_of_keeping_less,
    warn_of_leftovers,
    warn_of_names_apart,
    warn_of_unmounted,
)


class Told:
    """A context whose warnings are lines of the log, as those of a task are."""

    def __init__(self) -> None:
        self.log = logging.getLogger("asynctask.task.told")

    def warn(self, code: str, text: str, count: int) -> None:
        self.log.warning("%s: %s (%d)", code, text, count)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    "warn", [warn_of_unmounted, warn_of_keeping_less, warn_of_leftovers, warn_of_names_apart]
)
def test_log_names_every_entry_of_a_warning_once(
    warn: Any, count: int, caplog: pytest.LogCaptureFixture
) -> None:
    names = [f"entry-{number}" for number in range(count)]
    kinds: dict[Any, list[Any]] = {
        warn_of_unmounted: [FolderIdentity(path=name, mount_point="/mounted", kind="nfs") for name in names],
        warn_of_keeping_less: [(name.encode(), ["times"]) for name in names],
    }
    warn(cast("ThreadContext[Any]", Told()), kinds.get(warn, names))
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert [said.count(name) for name in names] == [1] * count
