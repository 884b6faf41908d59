"""Messages to plain JSON values."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from asynctask_core.ids import id_text
from asynctask_core.json_text import finite, is_too_deep, refuse_constant
from asynctask_core.message_json.naming import (
    BYTES_SUFFIX,
    FIELD_MASK,
    STATUS,
    TIMESTAMP,
    enum_of,
    form_of,
    is_list,
    is_map,
    json_name,
    message_of,
    value_of_map,
    words_of,
)
from asynctask_core.status import from_status

if TYPE_CHECKING:
    from google.protobuf.timestamp_pb2 import Timestamp

Put = Callable[[dict[str, Any], Message], None]
"""Puts one field of a message into an object, unless it is absent."""
Shown = Callable[[Any], Any]
_decode: Final = json.JSONDecoder(parse_constant=refuse_constant, parse_float=finite).decode


def to_json(message: Message) -> dict[str, Any]:
    """A message as an object of plain JSON values; fields in the order of the contract."""
    found: dict[str, Any] = {}
    for put in _puts(message.DESCRIPTOR):
        put(found, message)
    return found


def time_text(timestamp: Timestamp) -> str:
    """RFC 3339 in UTC with milliseconds."""
    instant = datetime.fromtimestamp(timestamp.seconds, UTC)
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{timestamp.nanos // 1_000_000:03}Z"


@cache
def _puts(message: Descriptor) -> tuple[Put, ...]:
    return tuple(map(_put, message.fields))


def _put(field: FieldDescriptor) -> Put:
    name, json_key = field.name, json_name(field)
    if is_map(field):
        value_of = _shown(value_of_map(field))
        return lambda found, message: found.__setitem__(
            json_key, {str(key): value_of(value) for key, value in getattr(message, name).items()}
        )
    if is_list(field):
        shown = _shown(field)
        return lambda found, message: found.__setitem__(
            json_key, [shown(value) for value in getattr(message, name)]
        )
    if field.type == FieldDescriptor.TYPE_BYTES and not form_of(field).uuid:
        return lambda found, message: _put_bytes(found, json_key, getattr(message, name))
    shown = _shown(field)
    if field.has_presence:
        return lambda found, message: (
            found.__setitem__(json_key, shown(getattr(message, name))) if message.HasField(name) else None
        )
    if _is_absent_if_empty(field):
        return lambda found, message: (
            found.__setitem__(json_key, shown(value)) if (value := getattr(message, name)) else None
        )
    return lambda found, message: found.__setitem__(json_key, shown(getattr(message, name)))


def _is_absent_if_empty(field: FieldDescriptor) -> bool:
    """Enums at zero mean "not given", empty JSON text is no JSON, and no id is empty."""
    is_word = field.type == FieldDescriptor.TYPE_ENUM and 0 not in words_of(enum_of(field))
    return is_word or form_of(field).json_text or form_of(field).uuid


def _shown(field: FieldDescriptor) -> Shown:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _MESSAGES.get(message_of(field).full_name, to_json)
    if field.type == FieldDescriptor.TYPE_ENUM:
        words = words_of(enum_of(field))
        return lambda number: words.get(number, str(number))
    if form_of(field).json_text:
        return _json_value
    if field.type == FieldDescriptor.TYPE_BYTES:
        return id_text if form_of(field).uuid else (lambda value: value.decode("utf-8", "replace"))
    return lambda value: value


def _json_value(text: str) -> Any:
    """The value of a JSON text, or the text itself if it is no JSON or nested too deeply for some readers and writers.

    The stores do not check results: one of them must not prevent the reading of a list of tasks.
    """
    try:
        value = _decode(text)
        return text if is_too_deep(text) else value
    except (ValueError, RecursionError):
        return text


def _put_bytes(found: dict[str, Any], name: str, value: bytes) -> None:
    """Bytes as text; if they are no UTF-8, also as base64, so that nothing is lost."""
    try:
        found[name] = value.decode()
    except UnicodeDecodeError:
        found[name] = value.decode("utf-8", "replace")
        found[name + BYTES_SUFFIX] = base64.b64encode(value).decode("ascii")


def error_json(error: Any) -> dict[str, Any]:
    """The error of one item of a batch, in the words of a problem document."""
    said = from_status(error)
    found: dict[str, Any] = {"reason": said.reason, "detail": said.message}
    violations = getattr(said, "violations", ())
    if violations:
        found["violations"] = [{"field": one.field, "description": one.description} for one in violations]
    if said.retry_after_ms is not None:
        found["retry_after_ms"] = said.retry_after_ms
    return found


_MESSAGES: Final[Mapping[str, Shown]] = {
    TIMESTAMP: time_text,
    FIELD_MASK: lambda mask: list(mask.paths),
    STATUS: error_json,
}
"""Messages of Google that are no object of their fields in JSON."""
