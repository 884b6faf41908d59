"""Reasons that only the command line gives: no service ever sends them. The others are in `asynctask_core.errors`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asynctask_standalone.cli.exits import Exit


@dataclass(frozen=True, slots=True)
class OwnReason:
    """Why the command line itself refuses or gives up, and what a person can do."""

    exit_code: Exit
    cause: str
    remedy: str


OWN_REASONS: Mapping[str, OwnReason] = {
    "ADDRESS_TAKEN": OwnReason(
        Exit.WRONG_STATE,
        "`up`: another program listens on the address that was asked for.",
        "Stop that program, or take the address that the message proposes.",
    ),
    "DATA_FOLDER_IN_USE": OwnReason(
        Exit.WRONG_STATE,
        "`up`: another `up` runs with this data folder.",
        "Use the one that runs, stop it, or name another folder with `--data`.",
    ),
    "DEMO_FAILED": OwnReason(
        Exit.TASK_FAILED,
        "`demo`: it could not be played to its end; the message says why.",
        "Read the log that the message names; the demo's folder is kept.",
    ),
    "OUTPUT_FAILED": OwnReason(
        Exit.OUTPUT,
        "Stdout cannot be written: its disk is full, its terminal is gone, or the reader of its pipe is gone while a "
        "command changes something or its exit code tells more. The message says what is done.",
        "Make room, or read the output to its end; look at the task with `get`, and do not submit it again.",
    ),
    "START_FAILED": OwnReason(
        Exit.UNAVAILABLE,
        "`up`: a store or a service did not start; the message has the end of its log.",
        "Mend what the log says: mostly a full disk, a port, or the rights of the data folder.",
    ),
    "TIMEOUT": OwnReason(
        Exit.TIMEOUT,
        "`watch` and `submit --watch`: a task had not ended within `--timeout`. It goes on.",
        "Watch it again, or look at why it waits with `explain`.",
    ),
}
