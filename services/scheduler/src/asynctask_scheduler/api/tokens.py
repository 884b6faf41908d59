"""Page and resume tokens: the position to continue from, bound to the request they were made for. Opaque to callers."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from google.protobuf.message import Message

from asynctask_core.errors import FieldViolation, TokenExpired
from asynctask_core.json_text import show

PAGE_TOKEN, RESUME_TOKEN = "page_token", "resume_token"
"""The fields of requests that hold tokens."""


def make_token(kind: str, bound_to: bytes, position: str) -> str:
    """Make a token of `kind` that is valid for `bound_to` only."""
    text = f"{kind}:{zlib.crc32(bound_to):08x}:{position}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(token: str, kind: str, bound_to: bytes, *, field: str = PAGE_TOKEN) -> str:
    """Return the position in a token, which is in this field of the request.

    Raises:
        TokenExpired: the token is of another kind, or was made for another request.
    """
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        raise invalid_token(token, field) from None
    found_kind, _, rest = text.partition(":")
    binding, _, position = rest.partition(":")
    if found_kind != kind or binding != f"{zlib.crc32(bound_to):08x}":
        raise _refused(field, "the token was made for another call or filter; begin without one")
    return position


def invalid_token(token: str, field: str) -> TokenExpired:
    """The error for a token that no answer has had."""
    return _refused(field, f"{show(token)} is not a valid token; begin without one")


@contextmanager
def registry_reads(token: str, field: str) -> Iterator[None]:
    """Name the field of the token whose position only the registry can read, if the registry refuses it."""
    try:
        yield
    except TokenExpired:
        raise invalid_token(token, field) from None


def fingerprint(*parts: Message | str | int) -> bytes:
    """Encode the fields of a request that a token is bound to."""
    return b"\x00".join(
        part.SerializeToString(deterministic=True) if isinstance(part, Message) else str(part).encode()
        for part in parts
    )


def _refused(field: str, said: str) -> TokenExpired:
    return TokenExpired(f"{field}: {said}", violations=[FieldViolation(field, said)])
