"""Every key of a cell, with its type. All share one hash tag, so a cell is in one slot of a Redis cluster.

No key has a TTL: the script that makes an entry useless deletes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

VERSION: Final = "at2"
"""Prefix of all keys. A change of layout gets a new prefix, and the new keys are rebuilt from the registry. Keys of an
older release, under its own prefix, are not read and may be deleted once none of its schedulers runs."""
FORMER_VERSION: Final = "at1"
"""The previous prefix. Schedulers of both must not work in one cell, so those of this layout check for the others."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, or a family of keys, below `at2:{<cell>}:`."""

    pattern: str
    kind: Literal["hash", "set", "zset", "channel"]
    holds: str

    @property
    def is_single(self) -> bool:
        """Whether scripts name it in `@keys`; they build the names of a family's members themselves."""
        return self.kind != "channel" and "<" not in self.pattern


TABLE: Final = (
    Key("standings", "hash", "task id → latest standing (records.lua) of tasks ready, due soon, or leased"),
    Key("tombstones", "zset", "numbers of the hashes below, by their last write in ms"),
    Key(
        "tombstones:<n>",
        "hash",
        "task id → standing of tasks nowhere, being created, or due far ahead, of the n-th five minutes",
    ),
    Key("kinds", "set", "every `<queue>␟<type>` that has a ready task or a lease"),
    Key("ready:<queue>␟<type>", "zset", "ready task ids, by score in µs"),
    Key("timers", "zset", "task ids by due time in ms"),
    Key("leases", "hash", "task id → lease (records.lua)"),
    Key("deadlines", "zset", "task ids with a live lease, by its deadline in ms"),
    Key("expiring", "zset", "task ids whose lease ran out, by when that was last taken up in ms"),
    Key("running:<queue>␟<type>", "set", "task ids with a lease, expiring ones included"),
    Key(
        "running:<type>",
        "set",
        "task ids with a lease in any queue: what the limit of the type is counted from",
    ),
    Key("held:<executor>", "set", "task ids of which the executor holds a lease, expiring ones included"),
    Key("limits", "hash", "task type → most tasks running"),
    Key("versions", "hash", "task type → version of the definition that its limit is from"),
    Key("executors", "zset", "executor ids, by last sign of life in ms"),
    Key("session:<executor>", "hash", "number, info, slots, connected (1, 0, or `stopped`), draining"),
    Key("intents", "zset", "one entry a call (time noted, nonce, task ids), by last look in ms"),
    Key("progress", "hash", "task id → latest progress of its attempt"),
    Key(
        "marker",
        "hash",
        "identity of the store that was rebuilt, token of that rebuild; how far its queued tasks are loaded",
    ),
    Key(
        "rebuilds",
        "zset",
        "rebuilds under way, by when they began in ms: a store that was emptied under one does not know it",
    ),
    Key(
        "reaper",
        "hash",
        "last tick, how much earlier deadlines were judged, identity of the store then, end of the grace",
    ),
    Key("duties", "hash", "name of a duty → until when it is held, by whom"),
    Key(
        "replicas", "hash", "live scheduler → when last seen in ms, and what all of a cell must be told alike"
    ),
    Key(
        "health",
        "hash",
        "scheduler that has not left → when it noted this in ms, and how it is (a ReplicaState)",
    ),
    Key("feed", "channel", "standings that changed, 25 bytes each (hints.py)"),
    Key(
        "wake",
        "channel",
        "lanes `<queue>␟<type>` that have something to hand out; `␟<type>` for all of a type",
    ),
    Key("control", "channel", "one attempt: what is asked of it, or that it is lost"),
    Key("drain", "channel", "an executor that was asked to end"),
    Key("progress", "channel", "live progress, published by the dispatcher"),
)
"""All keys and channels. ␟ is the unit separator, byte 31. Channels carry only hints, which may be lost."""

CHANNELS: Final = frozenset(key.pattern for key in TABLE if key.kind == "channel")


class Keys:
    """The keys of one cell."""

    def __init__(self, cell: str) -> None:
        if not cell or "{" in cell or "}" in cell:
            raise ValueError(f"{cell!r} cannot name a cell: it must be a text without braces")
        self.root: str = f"{VERSION}:{{{cell}}}:"
        self._keys: dict[str, bytes] = {
            key.pattern: self.below(key.pattern) for key in TABLE if key.is_single
        }
        self._keys["root"] = self.root.encode()
        former = f"{FORMER_VERSION}:{{{cell}}}:"
        self._keys["former_replicas"] = f"{former}replicas".encode()
        self._keys["former_reaper"] = f"{former}reaper".encode()

    def __getitem__(self, name: str) -> bytes:
        """The key that scripts call `name`."""
        return self._keys[name]

    def below(self, name: str) -> bytes:
        """A member of a family, or a channel."""
        return (self.root + name).encode()
