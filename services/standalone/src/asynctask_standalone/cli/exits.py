"""What exit codes mean, and how errors are printed: one table for the help text and the code."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from asynctask_standalone.cli.lazy_typer import typer
from asynctask_standalone.cli.streams import OutputFailed

if TYPE_CHECKING:
    from asynctask_core.errors import AsyncTaskError


class Exit(IntEnum):
    """Exit codes; scripts may rely on them."""

    OK = 0
    TASK_FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    WRONG_STATE = 4
    UNAVAILABLE = 5
    TIMEOUT = 6
    WARNINGS = 7
    FAULT = 70
    OUTPUT = 74
    INTERRUPTED = 130


MEANINGS: Mapping[Exit, str] = {
    Exit.OK: "done",
    Exit.TASK_FAILED: "the task failed or was cancelled (watch), something needs attention (health, doctor)",
    Exit.USAGE: "wrong usage or invalid input",
    Exit.NOT_FOUND: "not found",
    Exit.WRONG_STATE: "the present state does not allow it",
    Exit.UNAVAILABLE: "the cluster does not answer or is too busy, try again",
    Exit.TIMEOUT: "not within the time, or outcome unknown",
    Exit.WARNINGS: "completed, but with warnings, such as skipped items (watch)",
    Exit.FAULT: "an internal error of AsyncTask",
    Exit.OUTPUT: "stdout cannot be written, stderr says what is done",
    Exit.INTERRUPTED: "Ctrl-C",
}

_BY_CODE = {
    "INVALID_ARGUMENT": Exit.USAGE,
    "OUT_OF_RANGE": Exit.USAGE,
    "NOT_FOUND": Exit.NOT_FOUND,
    "ALREADY_EXISTS": Exit.WRONG_STATE,
    "FAILED_PRECONDITION": Exit.WRONG_STATE,
    "ABORTED": Exit.WRONG_STATE,
    "UNAVAILABLE": Exit.UNAVAILABLE,
    "RESOURCE_EXHAUSTED": Exit.UNAVAILABLE,
    "DEADLINE_EXCEEDED": Exit.TIMEOUT,
}

_WITH_REMEDY = frozenset({"EXECUTOR_NOT_FOUND", "QUEUE_NOT_FOUND", "STORE_UNAVAILABLE", "TASK_NOT_FOUND"})
"""Reasons whose messages come from services, which do not know which commands can be typed here."""


def exit_of(error: AsyncTaskError) -> Exit:
    """The exit code of an error of the catalogue, by its gRPC code."""
    return _BY_CODE.get(error.code.name, Exit.FAULT)


class CommandRefused(Exception):
    """The command line itself refuses; the same look as an error from the cluster."""

    def __init__(self, exit_code: Exit, reason: str, message: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.reason = reason


@contextmanager
def errors_told(*, as_json: bool) -> Iterator[None]:
    """Turn every error inside the block into text or JSON on stderr and an exit code, never into a traceback."""
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        raise typer.Exit(Exit.INTERRUPTED) from None
    except OutputFailed as error:
        raise typer.Exit(end_unwritten(error, as_json=as_json)) from None
    except Exception as error:  # noqa: BLE001 - a fault of ours has an exit code of its own
        raise typer.Exit(told(error, as_json=as_json)) from None


@contextmanager
def told_anyway(what: str, *, as_json: bool, task_id: str = "") -> Iterator[None]:
    """Say on stderr `what` was done if the block cannot write it to stdout, and end the command.

    For commands that change something: there a broken pipe is an error too, although a command that only reads ends
    with success.
    """
    try:
        yield
    except OutputFailed as error:
        raise typer.Exit(end_unwritten(error, what, as_json=as_json, task_id=task_id)) from None


def end_unwritten(error: OutputFailed, what: str = "", *, as_json: bool, task_id: str = "") -> Exit:
    """Print that stdout cannot be written but `what` is done; return the exit code."""
    if error.has_no_reader and not what:  # the reader, such as `head`, has seen enough
        return Exit.OK
    message = f"{error}; {what}" if what else str(error)
    return told(CommandRefused(Exit.OUTPUT, "OUTPUT_FAILED", message), as_json=as_json, task_id=task_id)


def told(error: Exception, *, as_json: bool, task_id: str = "") -> Exit:
    """Print one error (of the task `task_id`, if several are named) as text or JSON on stderr; return its exit code."""
    from asynctask_core.errors import AsyncTaskError

    if isinstance(error, CommandRefused):
        _tell(as_json, task_id, error.reason, str(error), {})
        return error.exit_code
    if not isinstance(error, AsyncTaskError):
        traceback.print_exception(error)
        _tell(as_json, task_id, "INTERNAL", f"{type(error).__name__}: {error}", {})
        return Exit.FAULT
    facts: dict[str, Any] = {}
    if error.violations:
        facts["violations"] = [{"field": v.field, "description": v.description} for v in error.violations]
    if error.metadata:
        facts["metadata"] = dict(error.metadata)
    if error.retry_after_ms is not None:
        facts["retry_after_ms"] = error.retry_after_ms
    _tell(as_json, task_id, error.reason, error.message, facts)
    return exit_of(error)


def _tell(as_json: bool, task_id: str, reason: str, message: str, facts: Mapping[str, Any]) -> None:
    from asynctask_standalone.cli.output import print_json, stderr

    if as_json:
        whose = {"task_id": task_id} if task_id else {}
        said = {**whose, "error": {"reason": reason, "message": message, **facts}}
        print_json(said, to_stderr=True)
        return
    if task_id not in message:
        message = f"{task_id}: {message}"
    from asynctask_core.printable import indented, one_line
    from asynctask_standalone.cli.plain import StyledText
    from asynctask_standalone.cli.typed import typed_message, typed_violations

    wrong = facts.get("violations", ())
    message, violations = typed_message(message, wrong), typed_violations(wrong)
    # Several violations are listed one per line, below their number; a single one is in the message.
    are_listed = len(violations) > 1 and all(one["description"] in message for one in violations)
    if are_listed:
        whose = f"{task_id}: " if task_id else ""
        message = f"{whose}{len(violations)} fields are wrong"
    stderr.print(StyledText(("error ", "bold red"), (reason, "red")), indented(message), sep=": ")
    if remedy := _remedy(reason, facts):
        stderr.print(StyledText((f"→ {remedy}", "cyan")))
    for violation in violations:
        if are_listed or violation["description"] not in message:
            field, said = one_line(violation["field"]), one_line(violation["description"])
            stderr.print(StyledText("  ", (field, "bold"), f": {said}"))


def _remedy(reason: str, facts: Mapping[str, Any]) -> str:
    """The command that helps here with an error of a service; empty if the message needs no addition."""
    if reason in _WITH_REMEDY:
        from asynctask_core.remedies import REMEDIES
        from asynctask_standalone.cli.wording import commands_as_called_here

        return commands_as_called_here(REMEDIES[reason])
    task_type = facts.get("metadata", {}).get("task_type", "")
    if task_type and reason in ("TASK_TYPE_DELETED", "UNKNOWN_TASK_TYPE"):
        from asynctask_standalone.cli.starting import start_words, target_of

        # If no executor ever declared the type, the message says so, and the name may also be a typing mistake.
        if reason == "TASK_TYPE_DELETED" or target_of(task_type):
            return f"An executor declares the type when it starts: {start_words(task_type)}."
    return ""
