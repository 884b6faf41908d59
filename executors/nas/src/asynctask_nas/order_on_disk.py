"""Sorts changes with SQLite if they are too many for memory, or if some files have several names.

The changes are in an SQLite file without a journal, in the folder for temporary files, so that 200,000 changes need a
few MiB of memory.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from asynctask_nas.changes import Action, Change, plain_change
from asynctask_nas.looks import Look, no_look
from asynctask_nas.paths import parent
from asynctask_nas.phases import PHASES, depth, touched_by

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8192;
PRAGMA temp_store = FILE;
CREATE TABLE changes (
    path BLOB, is_skip INTEGER, action TEXT, phase INTEGER, size INTEGER, mtime_ns TEXT, is_new INTEGER,
    holes INTEGER, allocated INTEGER, frees INTEGER, device TEXT, inode TEXT, existing TEXT, existing_device TEXT,
    leader BLOB, spelled BLOB, may_be_same INTEGER, renews INTEGER, shares INTEGER, reason TEXT, displaces INTEGER,
    depth INTEGER, goes_first INTEGER,
    PRIMARY KEY (path, is_skip)
) WITHOUT ROWID;
CREATE TABLE leads (
    device TEXT, inode TEXT, path BLOB, existing TEXT, existing_device TEXT, renews INTEGER,
    PRIMARY KEY (device, inode)
) WITHOUT ROWID;
CREATE TABLE wholes (
    device TEXT, inode TEXT, existing TEXT, PRIMARY KEY (device, inode, existing)
) WITHOUT ROWID;
CREATE TABLE touched (path BLOB PRIMARY KEY, depth INTEGER) WITHOUT ROWID;
"""
# Copies all of whose names are copies of names of one file: their attributes can be set, since no one else uses them.
_WHOLES = """
INSERT INTO wholes
SELECT device, inode, existing FROM changes
WHERE inode IS NOT NULL AND existing IS NOT NULL
GROUP BY device, inode, existing
HAVING max(shares) > 0 AND count(*) = max(shares)
"""
_KEEP = """
UPDATE changes
SET action = 'attributes', phase = 3, size = 0, holes = 0, allocated = 0, frees = 0
WHERE shares > 0 AND EXISTS (
    SELECT 1 FROM wholes
    WHERE wholes.device = changes.device AND wholes.inode = changes.inode AND wholes.existing = changes.existing
)
"""
# For each file with several names: the first name that is to be renewed, else the first that the backup has unchanged,
# else the first whose content it has, else the first of those to copy.
_LEAD = """
INSERT INTO leads
SELECT
    device, inode, path, CASE WHEN action IN ('same', 'attributes') THEN existing END, existing_device, renews
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY device, inode ORDER BY renews DESC, action = 'same' DESC, action = 'attributes' DESC, path
    ) AS place
    FROM changes
    WHERE inode IS NOT NULL
)
WHERE place = 1
"""
_FOLLOW = """
UPDATE changes
SET action = 'link', phase = 2, size = 0, holes = 0, allocated = 0, frees = 0, (leader, renews) = (
    SELECT leads.path, leads.renews FROM leads
    WHERE leads.device = changes.device AND leads.inode = changes.inode
)
WHERE inode IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM leads
    WHERE leads.device = changes.device AND leads.inode = changes.inode
        AND (
            leads.path = changes.path
            OR (
                changes.action IN ('same', 'attributes') AND (
                    leads.existing = changes.existing
                    -- A copy on another file system, mounted inside the destination, cannot be linked.
                    OR (leads.existing IS NOT NULL AND leads.existing_device <> changes.existing_device)
                )
            )
        )
)
"""
_TOUCH_LINKS = """
INSERT OR IGNORE INTO touched
SELECT parent_of(path), depth_of(parent_of(path)) FROM changes WHERE action = 'link'
"""
_TOUCH = """
INSERT OR IGNORE INTO changes
SELECT path, 0, 'folder', 5, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, x'', 0, 0, 0, '', 0, depth, 0
FROM touched
"""
_ORDERED = """
SELECT
    path, action, size, mtime_ns, is_new, holes, allocated, frees, leader, spelled, may_be_same, reason,
    action = 'link' AND renews, displaces
FROM changes
WHERE action <> 'same'
ORDER BY
    phase, is_new AND phase = 1 DESC, goes_first DESC,
    CASE WHEN goes_first THEN 0 WHEN phase = 5 THEN -depth ELSE size END, path
"""
_STEPS = 1_000_000
"""Steps of SQLite's virtual machine between two calls of `look`: about a tenth of a second."""


class DiskOrder:
    """The same as `Order`, for any changes. `folder` is where the temporary file is made; `drop` deletes it.

    It calls `look` now and then, which may raise; after that the order cannot be used.
    """

    def __init__(self, folder: str | None = None, look: Look = no_look) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix="asynctask-order-", dir=folder)  # noqa: SIM115 - closed by us
        self._db = sqlite3.connect(self._file.name, isolation_level=None)
        self._look = look
        self._stopped: BaseException | None = None
        self._db.set_progress_handler(self._look_up, _STEPS)
        self._db.executescript(_SCHEMA)
        self._db.create_function("parent_of", 1, parent, deterministic=True)
        self._db.create_function("depth_of", 1, depth, deterministic=True)

    def drop(self) -> None:
        """Delete the file."""
        self._db.close()
        self._file.close()

    def add(self, changes: Sequence[Change]) -> None:
        """Take some more changes."""
        marks = ",".join("?" * 23)
        touched = ((folder, depth(folder)) for folder in touched_by(changes))
        with self._stopping():
            self._db.execute("BEGIN")
            self._db.executemany(f"INSERT OR REPLACE INTO changes VALUES ({marks})", map(_row, changes))  # noqa: S608
            self._db.executemany("INSERT OR IGNORE INTO touched VALUES (?, ?)", touched)
            self._db.execute("COMMIT")

    def close(self) -> int:
        """End the input: decide which names are linked to which, and which folders are touched.

        Returns how many changes go first.
        """
        with self._stopping():
            for statement in (_WHOLES, _KEEP, _LEAD, _FOLLOW, _TOUCH_LINKS, _TOUCH):
                self._db.execute(statement)
            (count,) = self._db.execute("SELECT count(*) FROM changes WHERE goes_first").fetchone()
        return count

    def __iter__(self) -> Iterator[Change]:
        """The changes in order, after `close`."""
        for row in self._rows():
            path, action, size, mtime_ns, is_new, holes, allocated, *more = row
            if action == "copy" and is_new and not holes and more == _PLAIN:
                yield plain_change(path, size, int(mtime_ns), allocated)
                continue
            frees, leader, spelled, may_be_same, reason, renews, displaces = more
            yield Change(
                path=path,
                action=Action(action),
                size=size,
                mtime_ns=int(mtime_ns),
                is_new=bool(is_new),
                holes=holes,
                allocated=allocated,
                frees=frees,
                leader=leader if action == Action.LINK else None,
                spelled=spelled,
                may_be_same=bool(may_be_same),
                renews=bool(renews),
                reason=reason,
                displaces=displaces,
            )

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        with self._stopping():
            yield from self._db.execute(_ORDERED)

    def _look_up(self) -> int:
        """SQLite calls this during a statement, and ends the statement with an error if the result is not 0."""
        try:
            self._look()
        except BaseException as error:  # noqa: BLE001 - raised where the statement ends
            self._stopped = error
            return 1
        return 0

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError:
            if self._stopped is not None:
                raise self._stopped from None
            raise


_PLAIN = [0, None, b"", 0, "", 0, 0]
"""The last columns of a plain change."""


def _row(one: Change) -> tuple[object, ...]:
    # As text: times after 2262, and device and inode numbers of some file systems, do not fit SQLite's integers.
    device, inode = (str(one.inode[0]), str(one.inode[1])) if one.inode else (None, None)
    existing = existing_device = None
    if one.existing:
        # With the device, since other file systems may be mounted inside the destination.
        existing = f"{one.existing[0]}:{one.existing[1]}"
        existing_device = str(one.existing[0]) if one.existing[0] else None
    phase = PHASES.get(one.action, 0)
    return (
        *(one.path, one.action is Action.SKIP, one.action.value, phase, one.size, str(one.mtime_ns)),
        *(
            one.is_new,
            one.holes,
            one.allocated,
            one.frees,
            device,
            inode,
            existing,
            existing_device,
            one.leader,
            one.spelled,
            one.may_be_same,
            one.renews,
            one.shares,
            one.reason,
            one.displaces,
            depth(one.path),
            one.goes_first,
        ),
    )
