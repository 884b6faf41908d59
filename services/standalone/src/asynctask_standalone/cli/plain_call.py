"""Command lines that need no parser: loading Typer takes longer than running them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from asynctask_standalone.cli.commands import COMMANDS
from asynctask_standalone.cli.options import DEFAULT_ADDRESS
from asynctask_standalone.cli.wording import is_unicode

COMPLETION = "_ASYNCTASK_COMPLETE"
"""Set when the shell asks for completions."""


@dataclass(frozen=True, slots=True)
class PlainCall:
    """One call of a command."""

    function: Callable[..., object]
    values: dict[str, Any]

    def __call__(self) -> None:
        """Run the command; ends the process as Typer would."""
        try:
            self.function(**self.values)
        except Exception as error:
            import typer

            if isinstance(error, typer.Exit):
                sys.exit(error.exit_code)
            raise


def plain_call(line: Sequence[str]) -> PlainCall | None:
    """The call for a command line that has only a command, its arguments, `--address` and `--json`.

    None for every other command line: Typer parses it, or explains what is wrong.
    """
    if COMPLETION in os.environ or not all(map(is_unicode, line)):
        return None
    words, values = _split(line)
    entry = COMMANDS.get(words[0]) if words else None
    if entry is None or entry.plain is None or len(words) - 1 != len(entry.plain):
        return None
    values.update(zip(entry.plain, words[1:], strict=True))
    module, _, name = entry.function.partition(":")
    return PlainCall(getattr(import_module(f"asynctask_standalone.cli.{module}"), name), values)


def _split(line: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """The words and the two options; no words if the line has anything else."""
    words: list[str] = []
    values: dict[str, Any] = {"address": os.environ.get("ASYNCTASK_ADDRESS") or DEFAULT_ADDRESS}
    places: set[bool] = set()
    rest = iter(line)
    for word in rest:
        if word in ("--address", "-a"):
            address = next(rest, "")
            if address.startswith("-") or bool(words) in places:
                return (
                    [],
                    {},
                )  # Typer refuses it: twice is allowed only once before and once after the command
            values["address"] = address
            places.add(bool(words))
        elif word == "--json" and words:
            values["as_json"] = True
        elif word.startswith("-"):
            return [], {}
        else:
            words.append(word)
    # Typer refuses empty values and names them.
    return (words, values) if all(map(str.strip, (*words, values["address"]))) else ([], {})
