"""Timestamps and text between Python and protobuf."""

import time
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from asynctask_core.printable import utf8

_ELLIPSIS = "… [cut]"


def to_timestamp(us: int) -> Timestamp:
    """Microseconds since the epoch as a protobuf timestamp."""
    seconds, rest = divmod(us, 1_000_000)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def from_timestamp(timestamp: Timestamp) -> int:
    """Microseconds since the epoch of a protobuf timestamp."""
    return timestamp.seconds * 1_000_000 + timestamp.nanos // 1000


def to_datetime(timestamp: Timestamp) -> datetime:
    """An aware datetime in UTC of a protobuf timestamp."""
    return datetime.fromtimestamp(timestamp.seconds, UTC).replace(microsecond=timestamp.nanos // 1000)


def now_us() -> int:
    """Microseconds since the epoch by this machine's wall clock: for display, never for deciding."""
    return time.time_ns() // 1000


def escape_nul(text: str) -> str:
    r"""Replace NUL characters, which Postgres refuses, by the visible two characters `\0`; and lone surrogates, which
    UTF-8 refuses, by `\xe9` where they mark bytes, as in file names that are not UTF-8.
    """
    if "\x00" in text:
        text = text.replace("\x00", "\\0")
    try:
        text.encode()
    except UnicodeEncodeError:
        return utf8(text).decode()
    return text


def cut_text(text: str, limit_bytes: int) -> str:
    """At most `limit_bytes` of UTF-8 of `text`, marked where it was cut."""
    raw = utf8(text)
    if len(raw) <= limit_bytes:
        return text
    mark = _ELLIPSIS.encode()
    return raw[: limit_bytes - len(mark)].decode("utf-8", "ignore") + _ELLIPSIS


def cut_middle(text: str, limit_bytes: int) -> str:
    """At most `limit_bytes` of UTF-8 of `text`, leaving out its middle: both ends of a stack trace matter."""
    raw = utf8(text)
    if len(raw) <= limit_bytes:
        return text
    gap = "\n… [cut] …\n"
    half = (limit_bytes - len(gap.encode())) // 2
    return raw[:half].decode("utf-8", "ignore") + gap + raw[-half:].decode("utf-8", "ignore")
