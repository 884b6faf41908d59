"""The command watch, and what is said of a connection that is lost."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from asynctask_core.printable import indented
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import CommandRefused, Exit, end_unwritten, errors_told, told_anyway
from asynctask_standalone.cli.given import duration
from asynctask_standalone.cli.options import (
    DEFAULT_ADDRESS,
    Address,
    Json,
    TaskIds,
)
from asynctask_standalone.cli.output import failure_text, json_text, print_json, stderr, stdout
from asynctask_standalone.cli.streams import OutputFailed
from asynctask_standalone.cli.warned import warning_note
from asynctask_standalone.cli.wording import span

if TYPE_CHECKING:
    from asynctask import TaskInfo
    from asynctask.blocking import Client
    from asynctask.errors import AsyncTaskError

LOOK_S = 5.0
"""Seconds that the first read of the tasks may take, even if `--timeout` is shorter."""
SETTLED_S = 5.0
"""Seconds after an outage in which every executor connects again."""
_LONG = 1000
"""Characters of a result that are shown; `get` shows more, and --json all."""
_ENDED = "every task that was watched has ended; `get` shows it"


def watch(
    ids: TaskIds,
    timeout: Annotated[
        str | None, typer.Option(metavar="DURATION", help="Give up after this long.", show_default="never")
    ] = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Follow tasks until all have ended; the exit code tells whether all completed, and without warnings.

    With --json every change is one line, with config, result and warnings as `get --json` has them. It survives
    restarts of the cluster.
    """
    with errors_told(as_json=as_json):
        timeout_s = duration(timeout, "--timeout").total_seconds() if timeout else None
    with client(address, as_json=as_json) as connected:
        for task_id in ids:
            connected.get(task_id)  # fails at once if something is wrong; a watch would wait
        watch_until_final(connected, ids, as_json=as_json, timeout=timeout_s, address=address)


def watch_until_final(
    connected: Client, ids: list[str], *, as_json: bool, timeout: float | None, address: str
) -> None:
    """Show the tasks until each is final, then exit with the code for their outcome."""
    last: dict[str, TaskInfo] = {}
    try:
        _show_until_final(connected, ids, last, as_json=as_json, timeout=timeout, address=address)
    except (KeyboardInterrupt, OutputFailed) as stop:
        going_on = [one for one in dict.fromkeys(ids) if one not in last or not _has_ended(last[one])]
        said = stopped_words(going_on)
        if isinstance(stop, OutputFailed):  # the exit code would say that all completed
            raise typer.Exit(end_unwritten(stop, said or _ENDED, as_json=as_json)) from None
        if said:
            (note_in_json if as_json else stderr.print)(Text.assemble(("! ", "bold yellow"), said))
        raise
    if not as_json:
        with told_anyway(_ENDED, as_json=False):
            _tell_ends(connected, last.values())
    if any(str(task.state) != "completed" for task in last.values()):
        raise typer.Exit(Exit.TASK_FAILED)
    if any(task.warning_count for task in last.values()):
        raise typer.Exit(Exit.WARNINGS)


def _tell_ends(connected: Client, ended: Iterable[TaskInfo]) -> None:
    """Print the failure of each task and what can be done, or its result."""
    from asynctask_standalone.cli.show import what_to_do

    for task in ended:
        if task.failure and str(task.state) == "failed":
            stdout.print(
                Text.assemble(("✘ ", "red"), f"{task.task_id}: {indented(failure_text(task.failure))}")
            )
            for line in what_to_do(task, task.failure):
                stdout.print(Text(f"→ {line}", "cyan"))
        elif str(task.state) == "completed":
            _print_result(connected, task.task_id)
            if task.warning_count:
                stdout.print(warning_note(task))


def _show_until_final(
    connected: Client,
    ids: list[str],
    last: dict[str, TaskInfo],
    *,
    as_json: bool,
    timeout: float | None,
    address: str,
) -> None:
    """Show every change, and keep each task's last state in `last`."""
    outage = Outage(address)
    if as_json:
        from asynctask_standalone.cli.whole import WholeTasks

        whole = WholeTasks(connected)
        for task in updates(connected, ids, outage, say=note_in_json, timeout=timeout):
            last[task.task_id] = task
            print_json(whole(task))
        return
    from asynctask_standalone.cli.echo import interrupts_unechoed
    from asynctask_standalone.cli.live import task_screen
    from asynctask_standalone.cli.unserved import UnservedNotice

    notice = UnservedNotice(connected)
    with interrupts_unechoed(stdout.console.file), task_screen(stdout.console) as screen:

        def idle() -> None:
            """Report tasks that no executor runs, also while no change arrives: executors go, and delays end."""
            if outage.is_felt:  # a call would wait, or miss executors that are reconnecting
                return
            for task in last.values():
                if said := notice.of_silent(task):
                    screen.note(said)

        for task in updates(connected, ids, outage, say=screen.note, timeout=timeout, idle=idle):
            last[task.task_id] = task
            screen.show(task)
            if said := notice(task):
                screen.note(said)


def stopped_words(going_on: list[str]) -> str:
    """A sentence that the tasks go on although the command ends; empty if all have ended."""
    if not going_on:
        return ""
    whose = f"task {going_on[0]} goes" if len(going_on) == 1 else f"{len(going_on)} tasks go"
    return f"stopped watching; {whose} on"


def _has_ended(task: TaskInfo) -> bool:
    return task.is_final or task.deleted


def note_in_json(text: Text) -> None:
    """Print a notice as JSON on stderr, under another key than errors, without its sign."""
    print_json({"notice": text.plain.partition(" ")[2]}, to_stderr=True)


def _print_result(connected: Client, task_id: str) -> None:
    """Print the result of a completed task, which changes lack. Errors are ignored, since the task has completed."""
    from asynctask.errors import AsyncTaskError

    with suppress(AsyncTaskError):
        result = connected.get(task_id).result
        if result is not None:
            text = json_text(result)
            cut = f"{text[:_LONG]}…" if len(text) > _LONG else text
            stdout.print(Text.assemble(("✔ ", "green"), f"{task_id}: {cut}"))


class Outage:
    """Says in words when the connection to the scheduler is lost and when it is back."""

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self._since = 0.0
        self._felt_until = 0.0

    @property
    def is_felt(self) -> bool:
        """Whether the scheduler is away, or so recently back that executors may not have reconnected."""
        return self._clock() < self._felt_until

    def __call__(self, error: AsyncTaskError | None) -> Text:
        """What to say when an outage begins, or when it ends (`error` is None)."""
        now = self._clock()
        self._felt_until = now + SETTLED_S if error is None else math.inf
        if error is not None:
            self._since = now
            return Text.assemble(("! ", "bold yellow"), f"connection to {self._address} lost, trying again")
        took = span(now - self._since)
        return Text.assemble(("✔ ", "bold green"), f"connection to {self._address} is back, after {took}")


def updates(
    connected: Client,
    ids: list[str],
    outage: Outage,
    *,
    say: Callable[[Text], object],
    timeout: float | None = None,
    idle: Callable[[], object] = lambda: None,
) -> Iterator[TaskInfo]:
    """Every change of the tasks until each is final or deleted. Calls `say` when the connection is lost or back, and
    `idle` twice a second while nothing changes.

    A separate thread reads the stream, so that the deadline and Ctrl-C work while nothing changes.

    Raises:
        CommandRefused: `timeout` seconds have passed.
    """
    arrived: queue.SimpleQueue[TaskInfo | Text | Exception] = queue.SimpleQueue()

    def read() -> None:
        try:
            for task in connected.watch(*ids, on_outage=lambda error: arrived.put(outage(error))):
                arrived.put(task)
        except Exception as error:  # noqa: BLE001 - raised again in the thread that reads `arrived`
            arrived.put(error)

    threading.Thread(target=read, name="watch", daemon=True).start()
    began = time.monotonic()
    left, unseen = set(ids), set(ids)
    while left:
        deadline = None if timeout is None else began + (max(timeout, LOOK_S) if unseen else timeout)
        try:
            # On some systems Ctrl-C does not interrupt a wait without a timeout.
            news = arrived.get(
                timeout=0.5 if deadline is None else max(0.0, min(0.5, deadline - time.monotonic()))
            )
        except queue.Empty:
            if deadline is not None and time.monotonic() >= deadline:
                raise CommandRefused(
                    Exit.TIMEOUT, "TIMEOUT", f"not ended within {timeout:g} s: {', '.join(sorted(left))}"
                ) from None
            idle()
            continue
        if isinstance(news, Exception):
            raise news
        if isinstance(news, Text):
            say(news)
            continue
        yield news
        unseen.discard(news.task_id)
        if _has_ended(news):
            left.discard(news.task_id)
