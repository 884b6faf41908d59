"""The command that starts an executor for a type, ready to be pasted here.

The cluster does not know which module declares a type. So this module searches where `asynctask executor` would find
it: in the modules of the current folder and its `examples` (parsed, not run), and in the package of ready-made types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from asynctask_standalone.cli.wording import command, command_name

if TYPE_CHECKING:
    from pathlib import Path

READY_MADE: Mapping[str, str] = {"backup_file": "asynctask_nas:backup_file"}
"""Types of our own executors, by name."""
_MOST_MODULES, _MOST_BYTES = 200, 1 << 18


def start_words(task_type: str, queue: str = "") -> str:
    """How to start an executor for the type, and for the queue if one is named: a command, if it is known."""
    if target := target_of(task_type):
        option = f" --queue {queue}" if queue else ""
        return f"start one with `{command(f'executor {target}{option}')}`"
    served = f" and `--queue {queue}`" if queue else ""
    return f"start one with the module that declares the type{served}; `{_help()}` says how"


def target_of(task_type: str) -> str:
    """The `MODULE:NAME` of a type that can be run here; empty if not known."""
    from pathlib import Path

    return _declared(Path.cwd()).get(task_type) or _ready_made().get(task_type, "")


def start_any() -> str:
    """A command that starts an executor of a ready-made type; if none is installed, the one that shows the help."""
    return next((command(f"executor {one}") for one in _ready_made().values()), _help())


def _help() -> str:
    return f"{command_name()} executor --help"


@cache
def _ready_made() -> Mapping[str, str]:
    from importlib.util import find_spec

    return {name: one for name, one in READY_MADE.items() if find_spec(one.partition(":")[0]) is not None}


@cache
def _declared(folder: Path) -> Mapping[str, str]:
    """Task types of the modules in a folder, each with the `MODULE:NAME` for `asynctask executor`."""
    found: dict[str, str] = {}
    for inside in ("", "examples"):
        prefix = f"{inside}." if inside else ""
        for file in islice((folder / inside).glob("*.py"), _MOST_MODULES):
            if file.stem.isidentifier():
                for task_type, name in _types_in(file):
                    found.setdefault(task_type, f"{prefix}{file.stem}:{name}")
    return found


def _types_in(file: Path) -> Iterator[tuple[str, str]]:
    """Name of each `name = TaskType("name", …)` of a module, and of its variable."""
    import ast

    with suppress(OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return
        source = file.read_bytes()
        if b"TaskType(" not in source:
            return
        for line in ast.parse(source).body:
            match line:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=made, args=[first, *_]))
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(func=made, args=[first, *_]))
                ):
                    called = made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")
                    if (
                        called == "TaskType"
                        and isinstance(first, ast.Constant)
                        and isinstance(first.value, str)
                    ):
                        yield first.value, name
                case _:
                    pass
