"""Errors of Postgres as errors of AsyncTask: no exception of the driver leaves the store.

| from Postgres                                   | becomes                                                    |
| ----------------------------------------------- | ---------------------------------------------------------- |
| class 22, 23, 54: it refuses the content        | `ContentRefused`; a batch is bisected for it               |
| 40001, 40P01: conflict with another transaction | `Conflict`; the transaction is repeated                    |
| away, shutting down, full, read-only, too slow  | STORE_UNAVAILABLE: nothing was committed                   |
| no answer to something that commits             | OUTCOME_UNKNOWN                                            |
| anything else                                   | a fault of AsyncTask, answered as INTERNAL                 |
"""

from __future__ import annotations

from typing import Final

import asyncpg

from asynctask_core.errors import OutcomeUnknown, StoreUnavailable

RETRY_AFTER_MS: Final = 500

# Data, constraints, and limits of Postgres itself, such as the size of an index row: other content could be stored.
_REFUSED_CLASSES: Final = frozenset({"22", "23", "54"})
_CONFLICTS: Final = frozenset({"40001", "40P01"})
_UNAVAILABLE: Final = frozenset({"25006", "55P03", "57014"})
_UNAVAILABLE_CLASSES: Final = frozenset({"08", "53", "57", "58"})
_WRITES_REFUSED: Final = {
    "25006": "it is read-only",
    "53100": "its disk is full",
    "53200": "it has no memory left",
    "58030": "its disk fails",
}
"""Errors with which Postgres answers but cannot write: operators must see them."""
# After these the connection is useless, or leads to a server that has become a standby.
_DEAD: Final = frozenset({"25006", "25P03", "57P01", "57P02", "57P03", "57P05"})


class ContentRefused(Exception):
    """Postgres refuses the content of a statement; it changed nothing. `sqlstate` says why."""

    def __init__(self, message: str, sqlstate: str) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


class Conflict(Exception):
    """The transaction lost against another one and changed nothing: repeat it."""


class StoreFault(Exception):
    """Postgres refuses a statement as such: a fault of AsyncTask, or a schema of another program."""


def translate(error: BaseException, *, may_have_committed: bool) -> Exception:
    """The exception of AsyncTask for one of the driver, of the network, or for a time-out."""
    if isinstance(error, asyncpg.PostgresError):
        return _from_postgres(error, may_have_committed)
    if isinstance(error, asyncpg.DataError | UnicodeEncodeError | OverflowError):
        return ContentRefused(str(error), "22000")  # refused by the driver before it was sent
    if isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError | asyncpg.InternalClientError):
        return _lost(error, may_have_committed)
    return StoreFault(f"{type(error).__name__}: {error}")


def is_dead(error: BaseException) -> bool:
    """True when the connection on which `error` came must not be used again."""
    if isinstance(error, asyncpg.PostgresError):
        sqlstate = _sqlstate(error)
        return sqlstate in _DEAD or sqlstate.startswith("08")
    return not isinstance(error, asyncpg.DataError | UnicodeEncodeError | OverflowError)


def write_refusal(error: BaseException) -> str:
    """Why Postgres refused to write, as a clause for people; empty when `error` has another cause."""
    if not isinstance(error, asyncpg.PostgresError) or not (cause := _WRITES_REFUSED.get(_sqlstate(error))):
        return ""
    return f"{cause} ({_sqlstate(error)}: {error})"


def _sqlstate(error: asyncpg.PostgresError) -> str:
    return str(getattr(error, "sqlstate", None) or "XX000")


def _from_postgres(error: asyncpg.PostgresError, may_have_committed: bool) -> Exception:
    sqlstate = _sqlstate(error)
    text = f"Postgres answered {sqlstate}: {error}"
    if sqlstate in _CONFLICTS:
        return Conflict(text)
    if sqlstate[:2] in _REFUSED_CLASSES:
        return ContentRefused(text, sqlstate)
    if sqlstate.startswith("08") or sqlstate in {"57P01", "57P02", "57P05"}:
        # The server went away; it may have executed a commit that was on its way.
        return _lost(error, may_have_committed)
    if refusal := write_refusal(error):
        return StoreUnavailable(f"Postgres refuses writes: {refusal}", retry_after_ms=RETRY_AFTER_MS)
    if sqlstate in _UNAVAILABLE or sqlstate[:2] in _UNAVAILABLE_CLASSES:
        return StoreUnavailable(text, retry_after_ms=RETRY_AFTER_MS)
    return StoreFault(text)


def _lost(error: BaseException, may_have_committed: bool) -> Exception:
    said = f": {error}" if str(error) else ""
    why = " in time" if isinstance(error, TimeoutError) and not said else f" ({type(error).__name__}{said})"
    text = f"Postgres did not answer{why}"
    if may_have_committed:
        return OutcomeUnknown(f"{text}; it may have been done, repeat with the same ids")
    return StoreUnavailable(text, retry_after_ms=RETRY_AFTER_MS)
