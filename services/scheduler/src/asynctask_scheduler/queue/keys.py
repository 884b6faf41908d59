"""Every key of a cell, with its type. All share one hash tag, so one cell lives on one slot of a cluster.

No key has an expiry of Redis': what must go is dropped by the step that makes it useless.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = "at1"
"""Prefix of everything; a change of layout takes a new one, and the new keys are rebuilt from the registry."""

KEYS: Final = {
    "standings": "hash: task id → latest standing (records.lua); READY, near TIMED and LEASED ones",
    "tombstones": "zset: numbers of the hashes `tombstones:<n>` by last write, ms",
    "kinds": "set: every `queue\\x1ftype` that was ever ready or leased",
    "timers": "zset: task ids by due time, ms",
    "leases": "hash: task id → lease (records.lua)",
    "deadlines": "zset: task ids with a live lease by deadline, ms",
    "expiring": "zset: task ids whose lease ran out by when it was last taken up, ms",
    "limits": "hash: task type → most tasks running",
    "executors": "zset: executor ids by last sign of life, ms",
    "intents": "zset: entry of a call (time noted, nonce, task ids) by last look, ms",
    "progress": "hash: task id → latest progress of its attempt",
    "marker": "hash: identity of the store that was rebuilt, whether and how far its queued tasks are loaded",
    "reaper": "hash: last tick, identity of the store then, end of the grace after an outage",
    "duties": "hash: name of a duty → until when it is held, by whom",
}
"""Keys by the name that scripts use in `@keys`."""

DYNAMIC_KEYS: Final = {
    "ready:<queue>\\x1f<type>": "zset: task ids in line by score, µs",
    "running:<queue>\\x1f<type>": "set: task ids with a lease, `expiring` ones included",
    "held:<executor>": "set: task ids that the executor holds a lease of",
    "session:<executor>": "hash: number, info, slots, connected, draining",
    "tombstones:<n>": "hash: task id → version of tasks nowhere or due far ahead, of the n-th five minutes",
}
"""Keys below `root` that scripts name themselves."""

CHANNELS: Final = {
    "feed": "standings that changed: 25 bytes each, see hints.py",
    "wake": "lines of `queue\\x1ftype` that have something to hand out",
    "control": "one attempt: what is asked of it, or that it is lost",
    "drain": "an executor that was asked to end",
    "progress": "live progress, published by the dispatcher",
}
"""Pub/sub channels below `root`: hints, never the only way to learn something."""


class Keys:
    """The keys of one cell."""

    def __init__(self, cell: str) -> None:
        if not cell or "{" in cell or "}" in cell:
            raise ValueError(f"{cell!r} cannot name a cell: it must be a text without braces")
        self.root: str = f"{VERSION}:{{{cell}}}:"
        self._keys: dict[str, bytes] = {name: (self.root + name).encode() for name in KEYS}
        self._keys["root"] = self.root.encode()

    def __getitem__(self, name: str) -> bytes:
        """The key that scripts call `name`."""
        return self._keys[name]

    def below(self, name: str) -> bytes:
        """A key or channel that is not in the table."""
        return (self.root + name).encode()
