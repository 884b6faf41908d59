"""What `overview` prints."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask import OverviewInfo, TaskState, TypeCountsInfo
from asynctask_core.states import RESERVED
from asynctask_standalone.cli import overview

NONE = {state: 0 for state in TaskState if state not in RESERVED}
EMPTY = OverviewInfo(NONE, (), None, "", "", 0, 0, None, 0)


def shown(
    found: OverviewInfo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[list[str], str]:
    """Lines on stdout without repeated spaces, and stderr."""

    @contextmanager
    def client(address: str, *, as_json: bool) -> Any:
        yield SimpleNamespace(overview=lambda: found)

    monkeypatch.setattr(overview, "client", client)
    overview.overview("127.0.0.1:1", as_json=False)
    said = capsys.readouterr()
    return [" ".join(line.split()) for line in said.out.splitlines()], said.err


def counts(**tasks: int) -> Mapping[TaskState, int]:
    return NONE | {TaskState(word): number for word, number in tasks.items()}


def test_an_empty_cluster_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(EMPTY, monkeypatch, capsys) == (["There are no tasks."], "")


def test_types_have_a_line_each_and_a_sum(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = OverviewInfo(
        states=counts(queued=1, completed=1234),
        types=(
            TypeCountsInfo("backup_file", counts(queued=1)),
            TypeCountsInfo("scan", counts(completed=1234)),
        ),
        oldest_waiting_time=datetime.now(UTC) - timedelta(minutes=5),
        oldest_waiting_task_id="0199",
        oldest_waiting_task_type="backup_file",
        completed_last_day=9999,
        failed_last_day=1,
        success_rate=0.9999,
        uncounted_types=1,
    )
    lines, said = shown(found, monkeypatch, capsys)
    assert lines == [
        "TYPE PENDING QUEUED RUNNING PAUSED COMPLETED FAILED CANCELLED",
        "backup_file 1",
        "scan 1,234",
        "all types 1 1,234",
        "Waits longest: 0199 (backup_file), ready 5 min ago",
        "Last 24 hours: 9,999 completed, 1 failed, 99.9 % succeeded",
    ]
    assert said == "! the tasks of 1 type are still being counted, since a release before 0.3 made them\n"
