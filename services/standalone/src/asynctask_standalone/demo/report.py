"""Prints every promise with its result, and what to try next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from asynctask_standalone.cli.options import DEFAULT_GATEWAY_ADDRESS

WIDEST = 130


@dataclass(frozen=True, slots=True)
class Check:
    """One promise, and what happened."""

    promise: str
    kept: bool
    fact: str


def print_checks(console: Console, checks: Sequence[Check], attempts: RenderableType) -> None:
    """A line for each promise, then the attempts."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_column(style="bright_black")
    for check in checks:
        grid.add_row(
            Text("✔", "bold green") if check.kept else Text("✘", "bold red"), check.promise, check.fact
        )
    kept = all(check.kept for check in checks)
    title = "[bold]Promised, and kept" if kept else "[bold]Not as promised"
    body = Group(grid, Text("\nIts attempts, as Postgres keeps them:", style="bright_black"), attempts)
    style = "green" if kept else "red"
    panel = Panel(body, title=title, title_align="left", border_style=style, expand=False, padding=(1, 2))
    # Outside a terminal the console has unlimited width, which suits tables but not a panel.
    console.print(panel, width=min(console.width, WIDEST))


def print_further(console: Console, task_id: str, kept_in: Path | None) -> None:
    """What to try next."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(style="bright_black")
    if kept_in:
        grid.add_row(f"./dev up --data {kept_in / 'cluster'}", "this cluster again, with this task in it")
        grid.add_row(f"./dev cli get {task_id}", "everything about it; also: attempts, items, logs, events")
        grid.add_row(f"rm -r {kept_in}", "when you have seen enough")
    else:
        grid.add_row("./dev demo --keep", "keeps cluster and copy, and ends with a link to the task")
        grid.add_row("./dev up", "a cluster of your own, with a web console; its data survives everything")
        grid.add_row(
            "./dev cli executor asynctask_nas:backup_file", "an executor for it; start as many as you like"
        )
        grid.add_row("./dev cli --help", "submit, watch, pause, resume, cancel, …")
    grid.add_row(
        "examples/, ARCHITECTURE.md", "write a task type of your own; follow a task through the code"
    )
    console.print(Text("\nTo look further:", style="bright_black"), grid, sep="\n")
    if kept_in:
        link = f"http://{DEFAULT_GATEWAY_ADDRESS}/tasks/{task_id}"
        console.print(
            Text.assemble(("\nThe task in a browser, while that cluster runs: ", "bright_black"), link)
        )
