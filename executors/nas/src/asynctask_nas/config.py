"""The `task_config` of `backup_file`, checked as a whole before any folder is read."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from asynctask_core.errors import ConfigInvalid, FieldViolation
from asynctask_nas.exclude import Exclude
from asynctask_nas.glob import SPELLING, PatternInvalid

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
_DIGITS = "the eight hexadecimal digits that SOURCE_REPLACED or NOT_MOUNTED named, such as 1f0c9a7e"

# The scheduler checks these as JSON Schema, where ^ and $ are the ends of the whole text.
# Each has its own description, for the error of a refused submit: "must be an absolute path".
_PATH = (
    {"pattern": "^/", "description": "An absolute path."},
    {"pattern": r"^[^\u0000]*$", "description": "A path without NUL characters."},
)
_ACCEPTED = r"^([0-9a-f]{8}([ ,]+|$))*$"
_ABOVE_ZERO = rf"^\s*0*[1-9][0-9]*\s*({'|'.join(unit for unit in _UNITS if unit)})?(/s)?\s*$"


def _said(description: str, **schema: object) -> dict[str, Any]:
    """A field's JSON Schema besides its type: `asynctask types` shows it to people, and submits must satisfy it."""
    return {"json_schema": {"description": description, **schema}}


@dataclass(frozen=True)
class BackupConfig:
    """What to copy where. Both folders are absolute paths that every executor of the type has mounted.

    Attributes:
        source_path: The folder whose content is backed up. It must exist.
        destination_path: The folder that becomes its copy; made when absent. Neither may lie inside the other.
        exclude: Patterns as in gitignore, relative to the source (`asynctask_nas.exclude`). Entries that match are
            neither copied nor marked.
        bandwidth_limit: Most bytes per second for all files of the task together, as a number or a text such as
            "20MiB". None is no limit. It counts copying, and both sides that a checksum reads.
        verify: What to compare after the transfer: "none", "size" (and time), "checksum" (both sides read in full), or
            "all": checksums of everything that the source has, also of files that this run did not copy.
        repair: Copy files that differ once more; the copies that differed are set aside.
        delete_extra: What to do with entries that only the destination has: "keep" them, or "mark" them, which moves
            them to `.asynctask-removed/<time of the task>-<end of its id>/` in the destination.
        most_marked_percent: Largest share of the destination's entries that a run may mark, or replace with entries of
            another kind, from 100 entries on. If there are more, the task fails before it changes anything.
        allow_empty_source: Mark everything if the source is empty. Without it such a task fails.
        accept_source: The hexadecimal digits in the message of a task that failed as SOURCE_REPLACED, or waits as
            NOT_MOUNTED: go on with exactly that source. Several, separated by blanks, if executors see one source by
            different mounts.
        one_file_system: Stay on the source's own file system: folders where another one is mounted are made, and
            their content is neither copied nor marked.
        must_be_mounted: True: neither folder may be on the system's own disk. A list: paths where something must be
            mounted. Otherwise the task waits.
    """

    __json_schema__: ClassVar[Mapping[str, object]] = {
        "if": {"properties": {"repair": {"const": True}}, "required": ["repair"]},
        "then": {"properties": {"verify": {"enum": ["size", "checksum", "all"]}}},
    }
    """`repair` needs `verify`, which finds what differs. The schema makes a submit without it fail at once."""

    source_path: str = field(metadata=_said("Folder to copy: an absolute path.", allOf=_PATH))
    destination_path: str = field(
        metadata=_said("Folder that becomes its copy: an absolute path.", allOf=_PATH)
    )
    exclude: list[str] = field(
        default_factory=list[str],
        metadata=_said(
            "Patterns as in gitignore, relative to the source: not copied, not marked.",
            items={
                "type": "string",
                "pattern": SPELLING,
                "description": "A pattern as in gitignore: every [ has its ], and a name that begins with # is "
                "written \\#.",
            },
        ),
    )
    bandwidth_limit: int | str | None = field(
        default=None,
        metadata=_said(
            'Most bytes a second: above 0, as a number or a text such as "20MiB". '
            "What a checksum reads counts too, on both sides. null is no limit.",
            allOf=(
                {
                    "pattern": _ABOVE_ZERO,
                    "description": 'A rate above 0 such as 5000000, "20MiB" or "500kB".',
                },
            ),
            exclusiveMinimum=0,
        ),
    )
    verify: Literal["none", "size", "checksum", "all"] = field(
        default="size",
        metadata=_said(
            "What to compare after the transfer: size (and time) or checksum of what was copied, or checksums of all "
            "that the source has."
        ),
    )
    repair: bool = field(
        default=False,
        metadata=_said("Copy what differs once more; the copy that differed is set aside. Needs verify."),
    )
    delete_extra: Literal["keep", "mark"] = field(
        default="keep", metadata=_said("What to do with entries that only the destination has.")
    )
    most_marked_percent: int = field(
        default=50,
        metadata=_said(
            "Largest share of the destination that may be marked or displaced, from 100 entries on: 0 to 100.",
            minimum=0,
            maximum=100,
        ),
    )
    allow_empty_source: bool = field(
        default=False, metadata=_said("Mark everything if the source is empty; otherwise the task fails.")
    )
    accept_source: str = field(
        default="",
        metadata=_said(
            "Hexadecimal digits that SOURCE_REPLACED or NOT_MOUNTED named: go on with exactly that source. Separate "
            "several by blanks.",
            allOf=({"pattern": _ACCEPTED, "description": f"{_DIGITS.replace('the', 'The', 1)}."},),
        ),
    )
    one_file_system: bool = field(
        default=False, metadata=_said("Leave out what is mounted inside the source.")
    )
    must_be_mounted: bool | list[str] = field(
        default=False,
        metadata=_said(
            "True: neither folder may be on the system's own disk. A list of absolute paths: something must be mounted "
            "at each of them. Otherwise the task waits.",
            items={"allOf": _PATH},
        ),
    )

    @property
    def source(self) -> bytes:
        """The source's path as bytes."""
        return os.fsencode(os.path.normpath(self.source_path))

    @property
    def destination(self) -> bytes:
        """The destination's path as bytes."""
        return os.fsencode(os.path.normpath(self.destination_path))

    @property
    def accepted_sources(self) -> list[str]:
        """Digits of sources that are accepted."""
        return self.accept_source.replace(",", " ").split()

    @property
    def mount_points(self) -> list[bytes]:
        """Paths where something must be mounted."""
        named = self.must_be_mounted if isinstance(self.must_be_mounted, list) else []
        return [os.fsencode(os.path.normpath(path)) for path in named]

    @property
    def bytes_per_s(self) -> int | None:
        """The bandwidth limit as a number."""
        return None if self.bandwidth_limit is None else parse_rate(self.bandwidth_limit)

    def check(self) -> None:
        """Refuse a config that no run could follow.

        Raises:
            ConfigInvalid: with a violation for every wrong field.
        """
        wrong: list[FieldViolation] = []
        for name in ("source_path", "destination_path"):
            wrong += _wrong_path(name, getattr(self, name))
        for number, pattern in enumerate(self.exclude):
            try:
                Exclude([pattern])
            except UnicodeEncodeError:
                wrong.append(FieldViolation(f"exclude[{number}]", f"{_SPELLED}; got {pattern!r}"))
            except PatternInvalid as error:
                wrong.append(FieldViolation(f"exclude[{number}]", str(error)))
        wrong += self._unsafe()
        try:
            _ = self.bytes_per_s
        except ValueError as error:
            wrong.append(FieldViolation("bandwidth_limit", str(error)))
        if self.repair and self.verify == "none":
            wrong.append(
                FieldViolation("repair", 'needs verify to be "size", "checksum" or "all"; got verify "none"')
            )
        if wrong:
            raise ConfigInvalid(wrong)

    def _unsafe(self) -> list[FieldViolation]:
        """Violations of the options that protect both sides."""
        wrong: list[FieldViolation] = []
        for number, path in enumerate(self.must_be_mounted if isinstance(self.must_be_mounted, list) else ()):
            wrong += _wrong_path(f"must_be_mounted[{number}]", path)
        if re.fullmatch(_ACCEPTED, self.accept_source) is None:
            said = f"must be {_DIGITS}; got {self.accept_source!r}"
            wrong.append(FieldViolation("accept_source", said))
        if not 0 <= self.most_marked_percent <= 100:
            said = f"must be from 0 to 100; got {self.most_marked_percent}"
            wrong.append(FieldViolation("most_marked_percent", said))
        return wrong


def _wrong_path(name: str, path: str) -> list[FieldViolation]:
    said = ""
    if not os.path.isabs(path):
        said = "must be an absolute path"
    elif "\0" in path:
        said = "must be a path without NUL characters"
    else:
        try:
            os.fsencode(path)
        except UnicodeEncodeError:
            said = _SPELLED
    return [FieldViolation(name, f"{said}; got {path!r}")] if said else []


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
