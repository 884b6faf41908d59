"""`asynctask executor MODULE:NAME`: run task types in this process."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from asynctask_standalone.cli.exits import Exit, Refused, errors_told
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address

if TYPE_CHECKING:
    from asynctask import Executor

_LEVELS = ("debug", "info", "warning", "error")


def executor(
    target: Annotated[
        str,
        typer.Argument(
            metavar="MODULE[:NAME]",
            help="NAME is a TaskType, a list of them or an Executor; without it, every TaskType of the module.",
        ),
    ],
    *,
    slots: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Most tasks at once.  [default: 16]")
    ] = None,
    queue: Annotated[
        list[str] | None,
        typer.Option("--queue", "-q", help="Serve these queues instead of the types' own; repeatable."),
    ] = None,
    name: Annotated[str, typer.Option(help="Name for people; else the host's.")] = "",
    grace: Annotated[
        str,
        typer.Option(
            metavar="DURATION", help="Time for checkpoints after Ctrl-C or SIGTERM.  [default: 30s]"
        ),
    ] = "",
    log_level: Annotated[
        str, typer.Option(help=f"Lowest level that is logged: {', '.join(_LEVELS)}.")
    ] = "info",
    address: Address = DEFAULT_ADDRESS,
) -> None:
    """Run tasks in this process until Ctrl-C; what it holds then goes on elsewhere from its checkpoints.

    Example: asynctask executor asynctask_nas:backup_file --slots 2
    """
    with errors_told(as_json=False):
        if log_level not in _LEVELS:
            raise Refused(
                Exit.USAGE, "INVALID_INPUT", f"log_level: {log_level!r} is none of {', '.join(_LEVELS)}"
            )
        logging.basicConfig(
            level=log_level.upper(),
            format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
            datefmt="%H:%M:%S",
        )
        # An Executor that the module makes itself, without an address, goes there too.
        os.environ["ASYNCTASK_ADDRESS"] = address
        options: dict[str, Any] = {"slots": slots, "queues": tuple(queue or ()), "name": name, "grace": grace}
        load(target, {key: value for key, value in options.items() if value}).run()


def load(target: str, options: dict[str, Any]) -> Executor:
    """The executor that `MODULE[:NAME]` stands for, with `options` of `asynctask.Executor`.

    Raises:
        Refused: it cannot be imported, or is none of what it may be; the message says what there is.
    """
    from asynctask import Executor, TaskType

    module_name, _, name = target.partition(":")
    module = _imported(module_name)
    known = {key: value for key, value in vars(module).items() if isinstance(value, TaskType)}
    if not name:
        if not known:
            raise Refused(Exit.USAGE, "INVALID_INPUT", f"module {module_name} has no TaskType")
        return Executor(list(known.values()), **options)
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if isinstance(found, Executor):
        if options:
            given = ", ".join(f"--{key.removesuffix('s') if key == 'queues' else key}" for key in options)
            raise Refused(
                Exit.USAGE,
                "INVALID_INPUT",
                f"{target} is an Executor with options of its own; leave out {given}",
            )
        return found
    if isinstance(found, TaskType):
        return Executor([found], **options)
    listed = cast("list[Any]", found) if isinstance(found, list | tuple) else []
    if listed and all(isinstance(one, TaskType) for one in listed):
        return Executor(list(listed), **options)
    kind: str = type(found).__name__  # pyright: ignore[reportUnknownArgumentType] - it may be anything
    there = f"it has {', '.join(sorted(known))}" if known else "it has none"
    wrong = f"it is a {kind}, not a TaskType, a list of them or an Executor"
    what = f"module {module_name} has no {name}" if found is None else f"{target}: {wrong}"
    raise Refused(Exit.USAGE, "INVALID_INPUT", f"{what}. As for TaskTypes, {there}")


def _imported(name: str) -> ModuleType:
    # As with `python -m`: what lies in the current folder can be named. The console script does not do this itself.
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise Refused(
                Exit.USAGE, "INVALID_INPUT", f"no module {name!r} here ({here}) or among the installed ones"
            ) from None
        raise Refused(
            Exit.USAGE, "INVALID_INPUT", f"module {name} needs {error.name}, which is not installed"
        ) from None
