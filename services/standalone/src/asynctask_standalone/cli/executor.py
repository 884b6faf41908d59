"""`asynctask executor MODULE[:NAME]...`: run task types in this process."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from asynctask_standalone.cli.completion import queue_names, words
from asynctask_standalone.cli.exits import CommandRefused, Exit, errors_told
from asynctask_standalone.cli.given import duration
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, listed, one_of
from asynctask_standalone.cli.submit import is_file
from asynctask_standalone.cli.wording import as_called_here, sent_to, up_command

if TYPE_CHECKING:
    from asynctask import Executor, TaskType

_LEVELS = ("debug", "info", "warning", "error")


def executor(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="MODULE[:NAME]...",
            help="NAME is a TaskType, a list of them or an Executor; without it, every TaskType of the module.",
            show_default=False,
        ),
    ],
    *,
    slots: Annotated[
        int | None,
        typer.Option(min=1, max=10_000, metavar="N", help="Most tasks at once.", show_default="16"),
    ] = None,
    queue: Annotated[
        list[str] | None,
        typer.Option(
            "--queue",
            "-q",
            metavar="QUEUE",
            help="Serve these queues; repeatable, or with commas.",
            show_default="the types' own",
            autocompletion=queue_names,
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name for people.", show_default="the host's")
    ] = None,
    grace: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Time for checkpoints after Ctrl-C, SIGTERM or SIGHUP.",
            show_default="30s",
        ),
    ] = None,
    log_level: Annotated[
        str,
        typer.Option(
            metavar="LEVEL",
            help=f"Lowest level that is logged: {', '.join(_LEVELS)}.",
            autocompletion=words(_LEVELS),
        ),
    ] = "info",
    address: Address = DEFAULT_ADDRESS,
) -> None:
    """Run tasks in this process until Ctrl-C; what it holds then goes on elsewhere from its checkpoints.

    Types of several modules can be run by one executor: name each.
    """
    with sent_to(address), errors_told(as_json=False):
        one_of("--log-level", log_level, _LEVELS)
        from asynctask._executor.terminal import terminal_handler
        from asynctask._grpc import load_for_executor

        load_for_executor()  # before a module of the user's does

        handler = terminal_handler("%Y-%m-%d %H:%M:%S")
        handler.setFormatter(_CalledHere(handler.formatter))
        logging.basicConfig(level=log_level.upper(), handlers=[handler])
        if log_level == "debug":
            for others in ("grpc", "asyncio"):
                logging.getLogger(others).setLevel(logging.INFO)
        # An Executor that the module itself makes without an address connects to this one too.
        os.environ["ASYNCTASK_ADDRESS"] = address
        options: dict[str, Any] = {
            "slots": slots,
            "queues": tuple(listed("--queue", queue)),
            "name": name,
            "grace": duration(grace, "--grace") if grace else None,
        }
        load(targets, {key: value for key, value in options.items() if value not in (None, ())}).run()


class _CalledHere(logging.Formatter):
    """Shows commands in log lines as they can be typed here. Log lines stored with a task are not changed."""

    def __init__(self, lines: logging.Formatter | None) -> None:
        super().__init__()
        self._lines = lines or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        from asynctask._options import ADDRESS_HINT

        hint = f". Start a cluster with `{up_command()}`, or name another address with --address or ASYNCTASK_ADDRESS"
        return as_called_here(self._lines.format(record)).replace(ADDRESS_HINT, hint)


def load(targets: Sequence[str], options: dict[str, Any]) -> Executor:
    """The executor for all `MODULE[:NAME]` targets, with `options` of `asynctask.Executor`.

    Raises:
        CommandRefused: a target cannot be imported, or is no task type, list or executor; the message says what there
            is.
    """
    from asynctask import Executor
    from asynctask.errors import InvalidInput

    types: list[TaskType] = []
    named_by: dict[str, str] = {}
    for target in targets:
        found = _named(target)
        if isinstance(found, Executor):
            if len(targets) > 1:
                raise _refused(f"{target} is an Executor with types of its own; name it alone")
            if options:
                given = ", ".join(f"--{key.removesuffix('s') if key == 'queues' else key}" for key in options)
                raise _refused(f"{target} is an Executor with options of its own; leave out {given}")
            return found
        # The same object twice is no mistake: a module may also import types that it submits.
        found = [one for one in dict.fromkeys(found) if one not in types]
        for one in found:
            if before := named_by.get(one.name):
                raise _refused(
                    f"task type {one.name!r} is named by {before} and again by {target}; leave one out"
                )
        types += found
        named_by |= {one.name: target for one in found}
    try:
        return Executor(types, **options)
    except TypeError as error:  # the SDK refuses what the module declares
        raise _refused(str(error)) from None
    except InvalidInput as error:
        # No option of the command names the types. Mistakes in options are reported under the options' names.
        if declared := [one for one in error.violations if one.field.startswith("task_types[")]:
            raise _refused(str(InvalidInput(declared))) from None
        raise


def _named(target: str) -> list[TaskType] | Executor:
    """The task types or the executor that one `MODULE[:NAME]` names."""
    from asynctask import Executor, TaskType

    module_name, colon, name = target.partition(":")
    if colon and not name.strip():
        raise _refused(
            f"{target!r} names nothing after the colon: write MODULE:NAME, or MODULE alone for all of it"
        )
    module = _imported(module_name)
    # A module may load its exports lazily (`__getattr__`).
    exported = [*vars(module), *(one for one in getattr(module, "__all__", ()) if isinstance(one, str))]
    known = {key: value for key in exported if isinstance(value := getattr(module, key, None), TaskType)}
    if not name:
        if not known:
            hint = "declare one with asynctask.TaskType, or name the module that does"
            raise _refused(f"module {module_name} has no TaskType: {hint}")
        return list(known.values())
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if isinstance(found, Executor):
        return found
    listed = cast("list[Any]", found) if isinstance(found, list | tuple) else [found]
    if listed and all(isinstance(one, TaskType) for one in listed):
        return list(listed)
    kind: str = type(found).__name__  # pyright: ignore[reportUnknownArgumentType] - it may be anything
    there = f"it has {', '.join(sorted(known))}" if known else "it has none"
    wrong = f"it is a {kind}, not a TaskType, a list of them or an Executor"
    what = f"module {module_name} has no TaskType {name!r}" if found is None else f"{target}: {wrong}"
    raise _refused(f"{what}; {there}")


def _refused(message: str) -> CommandRefused:
    return CommandRefused(Exit.USAGE, "INVALID_INPUT", message)


def _imported(name: str) -> ModuleType:
    is_path = "/" in name or (name.endswith(".py") and is_file(name))
    if is_path or not all(map(str.isidentifier, name.split("."))):
        raise _refused(f"{name!r} is no module's name: write it as `import` does, such as {_module_at(name)}")
    # As with `python -m`: modules in the current folder can be imported. The console script does not do this itself.
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise _refused(_no_module(name, error.name, here)) from None
        raise _refused(f"module {name} needs {error.name}, which is not installed") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - every error is shown to the module's author
        raise _refused(f"module {name} cannot be loaded:{_mistake(error)}") from None


def _no_module(name: str, missing: str, here: str) -> str:
    """What is missing, and what to do about it."""
    outer, _, inner = missing.rpartition(".")
    if outer:  # Python has found and loaded what is named before it
        return f"module {outer} has no module {inner!r} inside; a task type of it is written {outer}:{inner}"
    hint = f"run this in the folder that has {missing}.py, or name that folder in PYTHONPATH"
    return f"no module {name!r} here ({here}) or among the installed ones: {hint}"


def _module_at(path: str) -> str:
    """The name of the module in a file here, or an example where it has none."""
    parts = Path(path.removesuffix(".py")).parts
    return ".".join(parts) if parts and all(map(str.isidentifier, parts)) else "my_folder.my_module"


def _mistake(error: BaseException) -> str:
    """Where and why a module failed: the traceback from its own code on, or only the line that the SDK refused."""
    trace = error.__traceback__
    while trace is not None and _is_import_machinery(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    frames = list(traceback.walk_tb(trace))
    theirs = [(frame, line) for frame, line in frames if not _is_of_the_sdk(frame)]
    if theirs and _is_of_the_sdk(frames[-1][0]):
        frame, line = theirs[-1]
        return f" in {frame.f_code.co_filename}, line {line}\n{error}"
    return "\n" + "".join(traceback.format_exception(type(error), error, trace)).rstrip()


def _is_import_machinery(filename: str) -> bool:
    return filename in (__file__, importlib.__file__) or filename.startswith("<frozen importlib")


def _is_of_the_sdk(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] in ("asynctask", "asynctask_core")
