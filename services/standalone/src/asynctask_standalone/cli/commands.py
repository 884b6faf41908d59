"""The commands by name: the function of each, its panel on the help page, its examples.

A command's module is imported when the command is called, completed or described, so `--version` and every command pay
for their own imports only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, get_type_hints

from asynctask_standalone.cli.lazy_typer import typed_by_typer, typer

_RUN = "Run"
_SUBMIT = "Submit and follow"
_STEER = "Steer"
_CLUSTER = "The cluster"


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """Where a command is written: `function` is `MODULE:NAME` below this package."""

    panel: str
    function: str
    examples: tuple[str, ...] = ()
    plain: tuple[str, ...] | None = None
    """The arguments of a command line that `plain_call` parses; None if Typer parses every line."""


COMMANDS: Mapping[str, CommandEntry] = {
    "up": CommandEntry(_RUN, "up:up", ("up", "up --data ~/tasks --address 0.0.0.0:7600")),
    "executor": CommandEntry(
        _RUN,
        "executor:executor",
        (
            "executor asynctask_nas:backup_file --slots 2",
            "executor my_module:my_task_type",
            "executor my_module my_other_module:its_task_type",
        ),
    ),
    "submit": CommandEntry(
        _SUBMIT,
        "submit:submit",
        (
            """submit backup_file --config '{"source_path": "/data", "destination_path": "/backup"}'""",
            "submit backup_file --config @backup.json --priority 1 --watch",
            "submit backup_file --config @backup.json --start-time 2026-01-31T22:00:00+08:00 --json",
        ),
    ),
    "get": CommandEntry(_SUBMIT, "tasks:get", ("get ID", "get ID --json"), plain=("task_id",)),
    "list": CommandEntry(
        _SUBMIT,
        "tasks:list_tasks",
        (
            "list --status running,queued",
            "list --type backup_file --since 24h --limit 0 --json",
            "list --label team=red --queue nas --text photos",
        ),
        plain=(),
    ),
    "watch": CommandEntry(_SUBMIT, "follow:watch", ("watch ID", "watch ID --timeout 3600 && echo done")),
    "logs": CommandEntry(_SUBMIT, "follow:logs", ("logs ID --follow --level warning",)),
    "attempts": CommandEntry(_SUBMIT, "tasks:attempts", plain=("task_id",)),
    "items": CommandEntry(
        _SUBMIT,
        "tasks:items",
        ("items ID --status skipped --limit 0", "items ID --manifest differences --status failed"),
    ),
    "explain": CommandEntry(
        _SUBMIT, "explain:explain", ("explain ID", "explain ID --json"), plain=("task_id",)
    ),
    "events": CommandEntry(_SUBMIT, "tasks:events", plain=("task_id",)),
    "pause": CommandEntry(_STEER, "control:pause", ("pause ID --reason 'the network is needed'",)),
    "resume": CommandEntry(_STEER, "control:resume"),
    "cancel": CommandEntry(_STEER, "control:cancel"),
    "restart": CommandEntry(_STEER, "control:restart", ("restart ID --from-checkpoint",)),
    "update": CommandEntry(_STEER, "control:update", ("update ID --priority 1",)),
    "delete": CommandEntry(_STEER, "control:delete"),
    "overview": CommandEntry(_CLUSTER, "overview:overview", ("overview", "overview --json"), plain=()),
    "failures": CommandEntry(
        _CLUSTER,
        "failures:failures",
        ("failures", "failures --type backup_file --since 24h --json"),
        plain=(),
    ),
    "types": CommandEntry(
        _CLUSTER, "cluster:types", ("types", "types backup_file", "types backup_file --delete"), plain=()
    ),
    "executors": CommandEntry(_CLUSTER, "cluster:executors", plain=()),
    "drain": CommandEntry(_CLUSTER, "cluster:drain"),
    "queues": CommandEntry(_CLUSTER, "cluster:queues", plain=()),
    "doctor": CommandEntry(_CLUSTER, "doctor:doctor", ("doctor", "doctor --fix")),
    "version": CommandEntry(_CLUSTER, "version:version", ("version --json",)),
}


class LazyCommands(Mapping[str, Any]):
    """`COMMANDS` as Typer's commands, each built at its first use."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            self._built[name] = _build(name, COMMANDS[name])
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS


def _build(name: str, entry: CommandEntry) -> Any:
    from asynctask_standalone.cli.help import HelpfulCommand, epilog

    module, _, function_name = entry.function.partition(":")
    function = getattr(import_module(f"asynctask_standalone.cli.{module}"), function_name)
    from inspect import getdoc

    paragraphs = (getdoc(function) or "").split("\n\n")
    # Typer turns an application with one command into that command.
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    alone.command(
        name,
        cls=HelpfulCommand,
        # One paragraph is one line: the help page breaks it where the terminal ends.
        help="\n\n".join(" ".join(part.split()) for part in paragraphs),
        epilog=epilog(entry.examples) if entry.examples else None,
        rich_help_panel=entry.panel,
    )(_for_typer(function))
    return typer.main.get_command(alone)


def _for_typer(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, annotated as Typer reads it."""
    hints = {name: typed_by_typer(one) for name, one in get_type_hints(function, include_extras=True).items()}
    from inspect import signature

    said = signature(function)
    parameters = [one.replace(annotation=hints[name]) for name, one in said.parameters.items()]

    def called(**values: Any) -> Any:
        return function(**values)

    called.__annotations__ = hints
    vars(called)["__signature__"] = said.replace(parameters=parameters)
    return called
