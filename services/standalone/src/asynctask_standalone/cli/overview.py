"""The command about the whole cluster: how many tasks there are, which one waits longest, how many failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json
from asynctask_standalone.cli.output import print_json, stderr, stdout, table
from asynctask_standalone.cli.wording import age, amount, success_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asynctask import OverviewInfo, TaskState

_ALL = "all types"


def overview(address: Address = DEFAULT_ADDRESS, as_json: Json = False) -> None:
    """Show how many tasks there are by type and state, which one waits longest, and how many failed within a day.

    Deleted tasks do not count. It costs the same at ten tasks and at ten million.
    """
    with client(address, as_json=as_json) as connected:
        found = connected.overview()
        if as_json:
            print_json(found.to_json())
            return
        rows = [_row(one.task_type, one.states) for one in found.types]
        if len(rows) > 1:
            rows.append(_row(_ALL, found.states))
        columns = ("TYPE", *(state.value.upper() for state in found.states))
        stdout.print(table(*columns, rows=rows, right=columns[1:], empty="There are no tasks."))
        for line in _lines(found):
            stdout.print(line)
        if found.uncounted_types:
            counted = amount(found.uncounted_types, "types")
            stderr.print(
                f"! the tasks of {counted} are still being counted, since a release before 0.3 made them"
            )


def _row(name: str, states: Mapping[TaskState, int]) -> tuple[str, ...]:
    return (name, *(f"{tasks:,}" if tasks else "" for tasks in states.values()))


def _lines(found: OverviewInfo) -> list[str]:
    lines: list[str] = []
    if found.oldest_waiting_time is not None:
        task = f"{found.oldest_waiting_task_id} ({found.oldest_waiting_task_type})"
        lines.append(f"Waits longest: {task}, ready {age(found.oldest_waiting_time)}")
    if found.success_rate is not None:
        lines.append(f"Last 24 hours: {success_words(found.completed_last_day, found.failed_last_day)}")
    return lines
