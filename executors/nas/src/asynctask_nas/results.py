"""What each stage of a backup hands to the next, and the result of the task."""

from __future__ import annotations

from dataclasses import dataclass

from asynctask_nas.roots import KnownRoots


@dataclass(frozen=True)
class Comparison:
    """What compare found: the source's size, and how many changes the manifest lists."""

    files: int
    folders: int
    bytes: int
    changes: int
    skipped: int
    parts: int = 0
    part_bytes: int = 0
    """Storage of `parts`: unfinished copies of other tasks that may go on, which stay."""
    roots: KnownRoots | None = None
    content: int = 0
    plan: Plan | None = None
    """What transfer will do, where the comparison was short enough to write its list by itself."""


@dataclass(frozen=True)
class Plan:
    """What transfer will do: `files` of its `items` are files and links, which come first."""

    items: int
    files: int
    bytes: int
    needs_bytes: int
    needs_entries: int
    roots: KnownRoots | None = None
    all_files: int = 0
    all_bytes: int = 0
    """All that the source has, holes left out."""


@dataclass(frozen=True)
class Report:
    """What transfer did: `files` and `bytes` are copied, linked or corrected, `skipped` could not be.

    Bytes are content: holes are not counted. `grown` files were appended to all the while; they are copied as far as
    they went.
    """

    items: int
    files: int
    bytes: int
    skipped: int
    grown: int = 0
    roots: KnownRoots | None = None
    all_files: int = 0
    all_bytes: int = 0


@dataclass(frozen=True)
class Result:
    """What became of a backup.

    `changed_since` are files whose source changed during it; the next run takes them. `unreadable` are files whose
    source could not be read to be compared. Neither counts as verified, nor do their bytes.

    `files` and `verified` count every name of a file with several (hard links). `bytes` counts its content once, as it
    is copied. `verified_bytes` counts it once too, but with "all" for each name, as it is read.
    """

    files: int
    bytes: int
    skipped: int
    verify: str
    verified: int = 0
    verified_bytes: int = 0
    changed_since: int = 0
    grown: int = 0
    repaired: int = 0
    unreadable: int = 0
