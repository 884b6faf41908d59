"""UUIDv7 ids (RFC 9562): 16 bytes between services, text for people."""

import os
import threading
import time
from typing import TYPE_CHECKING

from asynctask_core.errors import FieldViolation, InvalidInput

if TYPE_CHECKING:
    from uuid import UUID

RECENT_MS = 5 * 60 * 1000
"""How far the time of a new id may be from now: the registry partitions tasks by that time."""
EDGE_MS = 60 * 1000
"""An id that is closer than this to the end of `RECENT_MS` is taken as new, and also remembered as a text."""

_HELD_MS = 60 * 1000
"""If the clock is set back further than this, ids follow it: else they would soon be too far ahead to be new."""
_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
_COUNTER_BITS = 74
_COUNTER_MASK = (1 << _COUNTER_BITS) - 1

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def new_id() -> bytes:
    """Make a UUIDv7 of 16 bytes, larger than every earlier one of this process.

    Within one millisecond the random tail counts upwards by a random step (RFC 9562 §6.2, method 2). When the wall
    clock steps back, ids keep its highest value, unless that was a minute ahead: then ids follow the clock.
    """
    global _last_ms, _counter  # noqa: PLW0603 - the monotonic state of the process, guarded by the lock
    now_ms = time.time_ns() // 1_000_000
    with _lock:
        if now_ms > _last_ms or now_ms < _last_ms - _HELD_MS:
            _last_ms = now_ms
            _counter = int.from_bytes(os.urandom(10), "big") & (_COUNTER_MASK >> 1)
        else:
            _counter += 1 + int.from_bytes(os.urandom(4), "big")
            if _counter > _COUNTER_MASK:
                _last_ms += 1
                _counter = int.from_bytes(os.urandom(10), "big") & (_COUNTER_MASK >> 1)
        value = _last_ms << 80 | _VERSION | _VARIANT | (_counter >> 62) << 64 | (_counter & ((1 << 62) - 1))
    return value.to_bytes(16, "big")


def id_text(value: bytes) -> str:
    """Give the usual text form of 16 id bytes."""
    digits = value.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def parse_id(text: str, field: str = "task_id") -> bytes:
    """Read an id from its text form.

    Raises:
        InvalidInput: the text is not a UUID; the violation names `field`.
    """
    digits = text.replace("-", "")
    try:
        if len(digits) == 32 and digits.isascii() and digits.isalnum():
            return bytes.fromhex(digits)  # the usual form
        return _any_uuid(text).bytes
    except ValueError:
        shown = text if len(text) <= 80 else text[:80] + "…"
        description = f"must be a UUID such as 0192f0c1-…; got {shown!r}"
        raise InvalidInput([FieldViolation(field, description)]) from None


def id_time_ms(value: bytes) -> int:
    """Milliseconds since the epoch at which a UUIDv7 was made."""
    return int.from_bytes(value[:6], "big")


def lowest_id(ms: int) -> bytes:
    """The lowest id that a UUIDv7 of this millisecond may have."""
    return min(max(ms, 0), (1 << 48) - 1).to_bytes(6, "big") + bytes(10)


def parse_uuid7(text: str) -> bytes | None:
    """The 16 bytes of `text` if it is a UUIDv7, else None."""
    if len(text) != 36:
        return None
    digits = text.replace("-", "")
    if (
        len(digits) == 32 and digits.isalnum()
    ):  # the usual form of an id, for which uuid.UUID takes eight times as long
        try:
            plain = bytes.fromhex(digits)
        except ValueError:
            return None
        return plain if plain[6] >> 4 == 7 and plain[8] >> 6 == 2 else None
    try:
        value = _any_uuid(text)
    except ValueError:
        return None
    return value.bytes if value.version == 7 else None


def _any_uuid(text: str) -> "UUID":
    """A UUID in any of its forms, such as with braces. Raises ValueError."""
    from uuid import UUID  # imported here, since it loads slowly and this form is rare

    return UUID(text)
