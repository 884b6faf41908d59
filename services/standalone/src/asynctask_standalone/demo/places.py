"""Checks the folders that the user gave, before anything is started.

The backup itself would refuse most wrong folders too, but half a minute later. It still checks what only it can see,
such as a folder that is mounted twice.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from asynctask_standalone.cli.exits import CommandRefused, Exit
from asynctask_standalone.cli.wording import amount
from asynctask_standalone.demo.source import Folder, measured

LEAST_BYTES = 1 << 20
"""A smaller folder is copied in a step or two, so that no executor can be killed in the middle."""


def given(source: Path, destination: Path | None) -> tuple[Folder, Path | None]:
    """The source, measured, and the destination if there is one, both as absolute paths.

    Raises:
        CommandRefused: the folders cannot be backed up, or are too small for a demo.
    """
    source = _absolute(source)
    _check_source(source)
    if destination is None:
        if Path(os.path.realpath(tempfile.gettempdir())).is_relative_to(os.path.realpath(source)):
            raise _refused(
                f"a temporary destination lies inside the source {source}: name a destination too",
                "DESTINATION_INSIDE_SOURCE",
            )
    else:
        destination = _absolute(destination)
        _check_apart(source, destination)
        _check_destination(destination)
    folder = measured(source)
    if folder.size < LEAST_BYTES:
        least = amount(LEAST_BYTES, "bytes")
        raise _refused(
            f"{source} holds {amount(folder.size, 'bytes')}; the demo wants {least} at least, "
            "to have a middle in which to kill"
        )
    return folder, destination


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise _refused(f"there is no home folder for {path}") from None


def _check_source(source: Path) -> None:
    if not source.is_dir():
        is_there = os.path.lexists(source)
        said = f"{source} is not a folder" if is_there else f"there is no folder {source}"
        raise _refused(said, "SOURCE_MISSING")
    if not _permits(source, os.R_OK):
        raise _refused(f"the folder {source} cannot be read", "SOURCE_MISSING")


def _check_apart(source: Path, destination: Path) -> None:
    # Unlike `Path.resolve` it accepts a loop of links, which a later check reports.
    one, other = Path(os.path.realpath(source)), Path(os.path.realpath(destination))
    if one == other:
        said = f"the source {source} and the destination {destination} are the same folder"
    elif other.is_relative_to(one):
        said = f"the destination {destination} lies inside the source {source}"
    elif one.is_relative_to(other):
        said = f"the source {source} lies inside the destination {destination}"
    else:
        return
    raise _refused(said, "DESTINATION_INSIDE_SOURCE")


def _check_destination(destination: Path) -> None:
    there = next(path for path in (destination, *destination.parents) if os.path.lexists(path))
    if not there.is_dir():
        raise _refused(f"the destination cannot be made: {there} is not a folder")
    if not _permits(there, os.R_OK | os.W_OK):
        raise _refused(f"the destination cannot be written: {there} does not permit it")
    if there == destination and any(destination.iterdir()):
        # Its content would differ from the source, or leave too little to copy for a kill in the middle.
        raise _refused(f"{destination} is not empty: name a folder that is, or one that is not there yet")


def _permits(folder: Path, what: int) -> bool:
    return os.access(folder, what | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def _refused(said: str, reason: str = "INVALID_INPUT") -> CommandRefused:
    return CommandRefused(Exit.USAGE, reason, said)
