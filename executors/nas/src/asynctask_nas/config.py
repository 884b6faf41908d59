"""What a backup is told: `task_config` of `backup_file`, checked as a whole before anything is read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from asynctask_core.errors import ConfigInvalid, FieldViolation
from asynctask_nas.exclude import Exclude

_RATE = re.compile(r"(\d+)\s*(B|KiB|MiB|GiB|kB|KB|MB|GB)?(?:/s)?")
_UNITS = {
    "": 1,
    "B": 1,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
}

_SPELLED = "must be a name that file systems can spell"

# Read by the scheduler's JSON Schema, which knows ^ and $ as the ends of the whole text.
_ABSOLUTE = r"^/[^\u0000]*$"
_ABOVE_ZERO = rf"^\s*0*[1-9][0-9]*\s*({'|'.join(unit for unit in _UNITS if unit)})?(/s)?\s*$"


def _said(description: str, **schema: object) -> dict[str, Any]:
    """What a field's JSON Schema says beside its type: people read it in `asynctask types`, submits are held to it."""
    return {"json_schema": {"description": description, **schema}}


@dataclass(frozen=True)
class BackupConfig:
    """What to copy where. Both folders are absolute paths that every executor of the type has mounted.

    Attributes:
        source_path: The folder whose content is backed up. It must exist.
        destination_path: The folder that becomes its copy; made when absent. Neither may lie inside the other.
        exclude: Patterns in the manner of gitignore, relative to the source (`asynctask_nas.exclude`). What they
            match is neither copied nor marked.
        bandwidth_limit: Most bytes a second over all files of the task, as a number or a text such as "20MiB".
            None is no limit. It holds for copying, and for both sides that a checksum reads.
        verify: What to compare after the transfer: "none", "size" (and time), or "checksum" (both sides read in full).
        delete_extra: What to do with what only the destination has: "keep" it, or "mark" it, which moves it to
            `.asynctask-removed/<start of the task>/` in the destination.
    """

    source_path: str = field(metadata=_said("Folder to copy: an absolute path.", pattern=_ABSOLUTE))
    destination_path: str = field(
        metadata=_said("Folder that becomes its copy: an absolute path.", pattern=_ABSOLUTE)
    )
    exclude: list[str] = field(
        default_factory=list[str],
        metadata=_said("Patterns as in gitignore, relative to the source: not copied, not marked."),
    )
    bandwidth_limit: int | str | None = field(
        default=None,
        metadata=_said(
            'Most bytes a second: above 0, as a number or a text such as "20MiB". '
            "What a checksum reads counts too, on both sides.",
            pattern=_ABOVE_ZERO,
            exclusiveMinimum=0,
        ),
    )
    verify: Literal["none", "size", "checksum"] = field(
        default="size", metadata=_said("What to compare after the transfer.")
    )
    delete_extra: Literal["keep", "mark"] = field(
        default="keep", metadata=_said("What to do with what only the destination has.")
    )

    @property
    def source(self) -> bytes:
        """The source as the file system spells it."""
        return os.fsencode(os.path.normpath(self.source_path))

    @property
    def destination(self) -> bytes:
        """The destination as the file system spells it."""
        return os.fsencode(os.path.normpath(self.destination_path))

    @property
    def bytes_per_s(self) -> int | None:
        """The bandwidth limit as a number."""
        return None if self.bandwidth_limit is None else parse_rate(self.bandwidth_limit)

    def check(self) -> None:
        """Refuse what no run could make sense of.

        Raises:
            ConfigInvalid: with a violation for every wrong field.
        """
        wrong: list[FieldViolation] = []
        for name in ("source_path", "destination_path"):
            path: str = getattr(self, name)
            if "\0" in path:
                wrong.append(FieldViolation(name, "must not contain a NUL character"))
            elif not os.path.isabs(path):
                wrong.append(FieldViolation(name, f"must be an absolute path; got {path!r}"))
            elif not _can_be_spelled(path):
                wrong.append(FieldViolation(name, f"{_SPELLED}; got {path!r}"))
        for number, pattern in enumerate(self.exclude):
            try:
                Exclude([pattern])
            except UnicodeEncodeError:
                wrong.append(FieldViolation(f"exclude[{number}]", f"{_SPELLED}; got {pattern!r}"))
            except ValueError as error:
                wrong.append(FieldViolation(f"exclude[{number}]", str(error)))
        try:
            _ = self.bytes_per_s
        except ValueError as error:
            wrong.append(FieldViolation("bandwidth_limit", str(error)))
        if wrong:
            raise ConfigInvalid(wrong)


def _can_be_spelled(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def parse_rate(value: int | str) -> int:
    """Read bytes a second: a number, or a text with a unit such as "20MiB", "20 MiB/s" or "500kB".

    Raises:
        ValueError: it is not one, or is not above zero.
    """
    if isinstance(value, str):
        found = _RATE.fullmatch(value.strip())
        if found is None:
            raise ValueError(f"{value!r} is not a rate: write bytes a second, or a text such as 20MiB")
        value = int(found[1]) * _UNITS[found[2] or ""]
    if value <= 0:
        raise ValueError(f"a rate must be above 0 bytes a second; got {value}")
    return value
