"""What `list` says of how far it looked, and what `failures` prints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from asynctask import FailureGroupInfo, FailuresInfo, TaskInfo, TaskInfoPage
from asynctask._client.info_wire import failures_of, task_of
from asynctask_core.wire import to_timestamp
from asynctask_protos.scheduler.v1.overview_service_pb2 import ListFailuresResponse
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_protos.task.v1.overview_pb2 import FailureGroup
from asynctask_standalone.cli import failures, tasks
from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.task_pages import TaskPages
from asynctask_standalone.cli.wording import local

LOOKED = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)


def a_task(number: int = 1) -> TaskInfo:
    state = state_pb2.TASK_STATE_COMPLETED
    return task_of(task_pb2.Task(task_id=f"t{number}", task_type="count", task_status=state))


def pages_of(*found: int) -> Callable[[int, str], TaskInfoPage]:
    """Pages with so many tasks each; all but the last say how far they looked."""

    def read(size: int, token: str) -> TaskInfoPage:
        number = int(token or 0)
        is_last = number + 1 == len(found)
        listed = [a_task(n) for n in range(min(size, found[number]))]
        looked_back_to = None if is_last else LOOKED - timedelta(minutes=number)
        return TaskInfoPage(listed, "" if is_last else str(number + 1), looked_back_to)

    return read


def test_pages_are_read_until_there_are_enough_tasks() -> None:
    pages = TaskPages(pages_of(0, 2, 0, 5, 9), 4)
    assert len(list(pages)) == 4
    assert pages.note == f"The newest 4, back to {local(LOOKED - timedelta(minutes=3))}; --limit 0 lists all."


def test_list_that_has_all_says_nothing() -> None:
    for limit in (0, 2, 9):
        pages = TaskPages(pages_of(0, 2), limit)
        assert (len(list(pages)), pages.note) == (2, "")


def test_list_with_a_limit_that_takes_long_ends_and_says_how_to_go_on() -> None:
    clock = iter([0.0, *[1.0] * 2, *[100.0] * 10])
    pages = TaskPages(pages_of(0, 0, 0, 3), 5, patience_s=10, clock=lambda: next(clock))
    assert list(pages) == []
    back = LOOKED - timedelta(minutes=2)
    stamp = back.astimezone().isoformat(timespec="milliseconds")
    assert pages.note == (
        f"Looked back to {local(back)}: --until {stamp} goes on from there, --limit 0 looks at all."
    )
    assert len(list(TaskPages(pages_of(0, 0, 0, 3), 0, patience_s=0))) == 3


def connected(monkeypatch: pytest.MonkeyPatch, module: Any, **double: Any) -> None:
    @contextmanager
    def client(address: str, *, as_json: bool) -> Iterator[Any]:
        yield SimpleNamespace(**double)

    monkeypatch.setattr(module, "client", client)


def test_conditions_are_given_to_the_list_and_named_where_it_is_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict[str, Any]] = []

    def listed(**conditions: Any) -> TaskInfoPage:
        asked.append(conditions)
        return TaskInfoPage([], "")

    connected(monkeypatch, tasks, list_page=listed)
    line = "list --error 00ff00ff00ff00ff --text red --label a=b --queue nas"
    said = CliRunner().invoke(app, line.split()).output
    expected = "No tasks in queue 'nas' with label a=b with error 00ff00ff00ff00ff with text 'red'."
    assert " ".join(said.split()) == expected
    (conditions,) = asked
    assert (conditions["error_fingerprint"], conditions["text"]) == ("00ff00ff00ff00ff", "red")
    assert (conditions["labels"], conditions["queue"]) == ({"a": "b"}, "nas")


@pytest.mark.parametrize(("limit", "gave_up"), [(2, False), (5, True)])
def test_json_of_a_list_that_took_too_long_says_so_on_stderr(
    monkeypatch: pytest.MonkeyPatch, limit: int, gave_up: bool
) -> None:
    read = pages_of(3, 3)
    connected(monkeypatch, tasks, list_page=lambda page_size, page_token, **_: read(page_size, page_token))
    monkeypatch.setattr(tasks, "TaskPages", partial(TaskPages, patience_s=0))
    done = CliRunner().invoke(app, ["list", "--limit", str(limit), "--json"])
    assert len(done.stdout.splitlines()) == min(limit, 3)
    assert "notice" in json.loads(done.stderr) if gave_up else done.stderr == ""


def a_group(**fields: Any) -> FailureGroup:
    group = FailureGroup(
        fingerprint="00ff00ff00ff00ff",
        task_type="backup_file",
        reason="HANDLER_ERROR",
        error_type="OSError",
        message="disk 7 is full",
        count=1200,
        last_task_id="0199",
        **fields,
    )
    now_us = int(datetime.now(UTC).timestamp() * 1e6)
    group.first_time.CopyFrom(to_timestamp(now_us - 7_200_000_000))
    group.last_time.CopyFrom(to_timestamp(now_us - 300_000_000))
    return group


def test_failures_have_a_line_for_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ListFailuresResponse(failures=[a_group()])
    answer.looked_back_to.CopyFrom(to_timestamp(int(LOOKED.timestamp() * 1e6)))
    found = failures_of(answer)
    connected(monkeypatch, failures, failures=lambda *_, **__: found)
    lines = [" ".join(line.split()) for line in CliRunner().invoke(app, ["failures"]).output.splitlines()]
    assert lines[:3] == [
        "ERROR TASKS LAST TYPE WHY",
        "00ff00ff00ff00ff 1,200 5 min ago backup_file OSError: disk 7 is full",
        f"Looked at tasks submitted since {local(LOOKED)}.",
    ]
    assert "list --error ERROR" in lines[3]
    printed = json.loads(CliRunner().invoke(app, ["failures", "--json"]).stdout)
    assert printed["failures"][0]["fingerprint"] == "00ff00ff00ff00ff"
    assert printed["looked_back_to"].startswith("2026-11-29T08:30:00")


def test_where_nothing_failed_failures_say_of_what(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def none(*given: Any, **options: Any) -> FailuresInfo:
        asked.append((given, options))
        return FailuresInfo((), None)

    connected(monkeypatch, failures, failures=none)
    said = CliRunner().invoke(app, ["failures", "--type", "copy", "--since", "2h", "--limit", "3"]).output
    assert " ".join(said.split()) == "No failed tasks of type 'copy' submitted since 2h."
    ((given, options),) = asked
    assert (given, options["limit"]) == (("copy",), 3)
    assert CliRunner().invoke(app, ["failures"]).output == "No failed tasks of the last seven days.\n"
    assert CliRunner().invoke(app, ["failures", "--limit", "101"]).exit_code == 2


def test_groups_of_failures_are_values() -> None:
    (group,) = failures_of(ListFailuresResponse(failures=[a_group()])).failures
    assert isinstance(group, FailureGroupInfo)
    assert (group.count, group.last_task_id) == (1200, "0199")


def test_list_for_a_program_has_titles_in_a_last_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a script that reads columns finds another one in its place, or a title that is cut."""
    title = f"/mnt/{'photos/' * 30} → /backup"
    titled = task_of(
        task_pb2.Task(
            task_id="t9",
            task_type="count",
            labels={"title": title},
            task_status=state_pb2.TASK_STATE_COMPLETED,
        )
    )
    for found in ([a_task(), titled], [a_task()]):
        connected(monkeypatch, tasks, list_page=lambda found=found, **asked: TaskInfoPage(found, "", None))
        head, *rows = CliRunner().invoke(app, ["list"]).stdout.splitlines()
        assert head.endswith("TITLE") == (len(found) == 2)
        assert len(rows) == len(found)
        assert head.endswith("SUBMITTED") or rows[1].endswith(f"  {title}")
