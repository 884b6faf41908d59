"""The command explain: why a task does not run now. `get` shows what holds a task up by the same sentences."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json, TaskId
from asynctask_standalone.cli.output import print_json, state_words, stdout
from asynctask_standalone.cli.plain import HintText, StyledText
from asynctask_standalone.cli.starting import start_words
from asynctask_standalone.cli.unserved import waits_for_an_executor

if TYPE_CHECKING:
    from asynctask import ExplanationInfo, ReasonInfo, TaskInfo
    from asynctask.blocking import Client

NO_EXECUTOR = "no_executor"
_HINDRANCES = frozenset({NO_EXECUTOR, "limit_full", "slots_full", "behind_others", "executor_lost"})
"""Reasons that `get` adds to what it shows of every task."""


def explain(task_id: TaskId, address: Address = DEFAULT_ADDRESS, as_json: Json = False) -> None:
    """Say why a task does not run now: every reason that holds, the one to act on first.

    It goes by the rules that hand tasks to executors: start and retry times, connected executors, limits of types, free
    slots, and the tasks that go first. Of a running task it says when its executor was last heard of; of one that is
    paused, who paused it.
    """
    with client(address, as_json=as_json) as connected:
        told = connected.explain(task_id)
        if as_json:
            print_json(told.to_json())
            return
        stdout.print(state_words(str(told.state)))
        for reason in told.reasons:
            sign = "→" if reason is told.reasons[0] else "·"
            stdout.print(StyledText((f"{sign} ", "yellow"), reason.summary))
        if needs_executor(told):
            task = connected.get(task_id)
            stdout.print(HintText(_start(task, told.reasons[0])))


def explained(connected: Client, task: TaskInfo) -> ExplanationInfo | None:
    """Why a task that could run does not, or what its executor does.

    It is a hint for people and never fails: None for other tasks, and if the cluster does not answer.
    """
    from asynctask.errors import AsyncTaskError

    if waits_for_an_executor(task) or str(task.state) == "running":
        with suppress(AsyncTaskError):
            return connected.explain(task.task_id)
    return None


def needs_executor(told: ExplanationInfo | None) -> bool:
    """Whether an executor must be started first."""
    return told is not None and told.reasons[0].kind == NO_EXECUTOR


def hindrances(told: ExplanationInfo | None, task: TaskInfo) -> list[HintText]:
    """What holds a task up, for people."""
    found: list[HintText] = []
    for reason in told.reasons if told else ():
        if reason.kind == NO_EXECUTOR:
            found.append(HintText(f"{reason.summary} {_start(task, reason)}"))
        elif reason.kind in _HINDRANCES or _is_cut_off(reason):
            found.append(HintText(reason.summary))
    return found


def _is_cut_off(reason: ReasonInfo) -> bool:
    """Whether its executor has no connection now."""
    return reason.kind == "running" and not reason.facts["attempt"].get("connected", True)


def _start(task: TaskInfo, reason: ReasonInfo) -> str:
    """What starts an executor for the task. Its queue matters if others are served for its type."""
    queue = task.queue if reason.facts["executors"]["connected_queues"] else ""
    return f"To run it, {start_words(task.task_type, queue)}."
