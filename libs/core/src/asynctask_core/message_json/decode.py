"""Plain JSON values to messages. All mistakes are found at once, each named by the path of its field."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from asynctask_core.json_text import decode_json, digits_of, fault_of, json_utf8, show, too_deep
from asynctask_core.message_json.mistakes import MistakeCollector
from asynctask_core.message_json.naming import (
    BYTES_SUFFIX,
    FIELD_MASK,
    TIMESTAMP,
    enum_of,
    fields_of,
    form_of,
    is_list,
    is_map,
    message_of,
    numbers_of,
    value_of_map,
)

EXACT: Final = 2**53
"""Whole numbers beyond it change in programs whose numbers are floats, such as browsers'."""
FINITE: Final = re.compile(r"-?\d{1,200}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
"""A number that a float can hold."""
_INSTANT: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:?\d\d)",
    re.ASCII,
)
_RANGES: Final = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-EXACT, EXACT),
    FieldDescriptor.CPPTYPE_UINT64: (0, EXACT),
}


class ValueRefused(Exception):
    """What is allowed, and what came."""


class MessageReader(MistakeCollector):
    """Reads values into messages, and keeps the mistakes. Raises InvalidInput when there are too many."""

    def fill(
        self, message: Message, value: object, path: str = "", *, except_for: Iterable[str] = ()
    ) -> None:
        """Read an object into a message; the fields `except_for` are refused, since another place gives them."""
        if not isinstance(value, dict):
            self.refuse(path or "body", f"must be an object; got {kind_of(value)}")
            return
        known = fields_of(message.DESCRIPTOR)
        given = cast("dict[str, Any]", value)
        for name, one in given.items():
            at = f"{path}.{name}" if path else name
            field = known.get(name)
            if field is not None and name in except_for:
                self.refuse(at, "is in the path of the URL already: leave it out")
            elif field is not None:
                self._fill_field(message, field, one, at)
            elif (field := _bytes_field(known, name)) is not None:
                self._fill_base64(message, field, one, at)
            else:
                self.refuse_name(at, name, known, "field")

    def _fill_field(self, message: Message, field: FieldDescriptor, value: object, path: str) -> None:
        if value is None:
            return
        if is_map(field):
            self._fill_map(message, field, value, path)
        elif is_list(field):
            self._fill_list(message, field, value, path)
        elif field.type == FieldDescriptor.TYPE_MESSAGE and message_of(field).full_name not in _TEXTS:
            inner = getattr(message, field.name)
            inner.SetInParent()
            self.fill(inner, value, path)
        else:
            try:
                _set(message, field, value)
            except ValueRefused as refusal:
                self.refuse(path, str(refusal))

    def _fill_list(self, message: Message, field: FieldDescriptor, value: object, path: str) -> None:
        if not isinstance(value, list):
            self.refuse(path, f"must be a list; got {kind_of(value)}")
            return
        items = getattr(message, field.name)
        for number, one in enumerate(cast("list[object]", value)):
            at = f"{path}[{number}]"
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                self.fill(items.add(), one, at)
                continue
            try:
                items.append(plain_value(field, one))
            except ValueRefused as refusal:
                self.refuse(at, str(refusal))

    def _fill_map(self, message: Message, field: FieldDescriptor, value: object, path: str) -> None:
        if not isinstance(value, dict):
            self.refuse(path, f"must be an object; got {kind_of(value)}")
            return
        inner = value_of_map(field)
        found = getattr(message, field.name)
        for key, one in cast("dict[str, object]", value).items():
            try:
                found[_text(key)] = plain_value(inner, one)
            except ValueRefused as refusal:
                self.refuse(f"{path}.{key}", str(refusal))

    def _fill_base64(self, message: Message, field: FieldDescriptor, value: object, path: str) -> None:
        try:
            setattr(message, field.name, base64.b64decode(_text(value), validate=True))
        except (ValueRefused, binascii.Error, ValueError):
            self.refuse(path, f"must be base64; got {kind_of(value)}")


def _bytes_field(known: Mapping[str, FieldDescriptor], name: str) -> FieldDescriptor | None:
    field = known.get(name.removesuffix(BYTES_SUFFIX)) if name.endswith(BYTES_SUFFIX) else None
    return field if field is not None and field.type == FieldDescriptor.TYPE_BYTES else None


def _set(message: Message, field: FieldDescriptor, value: object) -> None:
    if field.message_type is None:
        setattr(message, field.name, plain_value(field, value))
        return
    inner = getattr(message, field.name)
    if field.message_type.full_name == TIMESTAMP:
        seconds, nanos = instant(value)
        inner.seconds, inner.nanos = seconds, nanos
        inner.SetInParent()
    else:
        inner.paths.extend(mask(value))


def plain_value(field: FieldDescriptor, value: object) -> Any:
    """The value of a field that is no message. Raises ValueRefused."""
    if field.type == FieldDescriptor.TYPE_ENUM:
        return _number_of(field, value)
    if form_of(field).json_text:
        return _json_text(value)
    kind = field.cpp_type
    if kind == FieldDescriptor.CPPTYPE_STRING:
        text = _text(value)
        return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        if isinstance(value, bool):
            return value
        raise ValueRefused(f"must be true or false; got {kind_of(value)}")
    if kind in _RANGES:
        return _whole(value, *_RANGES[kind])
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise ValueRefused(f"must be a number of at most 308 digits; got {kind_of(value)}") from None
    raise ValueRefused(f"must be a number; got {kind_of(value)}")


def _number_of(field: FieldDescriptor, value: object) -> int:
    numbers = numbers_of(enum_of(field))
    if isinstance(value, str) and value in numbers:
        return numbers[value]
    raise ValueRefused(f"must be one of {', '.join(numbers)}; got {kind_of(value)}")


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueRefused(f"must be a whole number; got {kind_of(value)}")
    if least <= value <= most:
        return value
    said = f"a number of {digits_of(value)} digits" if abs(value) > 10**20 else str(value)
    raise ValueRefused(f"must be a whole number from {least} to {most}; got {said}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueRefused(f"must be a text; got {kind_of(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueRefused(
            f"must be valid Unicode; got {show(value)} with half of a surrogate pair"
        ) from None
    return value


def _json_text(value: object) -> str:
    """The text of a JSON value; text that holds JSON stays as it is."""
    if not isinstance(value, str):
        try:
            return json_utf8(value).decode()
        except RecursionError:
            raise ValueRefused(too_deep("more than can be written")) from None
    text = _text(value)
    if not text:
        return text
    try:
        decode_json(text)
    except (ValueError, RecursionError) as error:
        fault = fault_of(text, error)
        raise ValueRefused(f"{fault.path} {fault.said}".strip()) from None
    return text


def instant(value: object) -> tuple[int, int]:
    """Seconds and nanoseconds since the epoch of an RFC 3339 text. Raises ValueRefused."""
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueRefused(
            f"must be an instant such as 2026-01-31T08:00:00Z or …+08:00; got {kind_of(value)}"
        )
    *parts, fraction, zone = found.groups()
    try:
        local = datetime(*map(int, parts), tzinfo=UTC)
        seconds = int(local.timestamp()) - _offset_s(zone)
        datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueRefused(
            f"must be an instant that exists, from year 1 to 9999; got {show(str(value))}"
        ) from None
    return seconds, int((fraction or "0").ljust(9, "0"))


def _offset_s(zone: str) -> int:
    if zone in "Zz":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError
    return (hours * 3600 + minutes * 60) * (-1 if zone[0] == "-" else 1)


def mask(value: object) -> list[str]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(one, str) for one in cast("list[object]", names)):
        raise ValueRefused(f"must be a list of names of fields; got {kind_of(value)}")
    return [_text(one).strip() for one in cast("list[str]", names)]


def kind_of(value: object) -> str:
    """A value of the wrong kind, for people: its kind, and short ones themselves."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return show(value)
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            return str(value) if not isinstance(value, int) or digits_of(value) < 40 else "a huge number"


_TEXTS: Final = frozenset({TIMESTAMP, FIELD_MASK})
"""Messages that are one value in JSON."""
