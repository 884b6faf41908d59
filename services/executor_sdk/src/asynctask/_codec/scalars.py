"""Shapes of single values. Strict: no number is read from a text, no bool taken for an int."""

import base64
import binascii
import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from pathlib import Path, PurePath
from typing import cast
from uuid import UUID

from asynctask._codec.shape import Definitions, Schema, Shape, wrong


class NoneShape(Shape):
    """None."""

    __slots__ = ()

    def decode(self, value: object) -> object:
        if value is not None:
            raise wrong("null", value)
        return None

    encode = decode

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "null"}


class BoolShape(Shape):
    """bool."""

    __slots__ = ()

    def decode(self, value: object) -> object:
        if not isinstance(value, bool):
            raise wrong("true or false", value)
        return value

    encode = decode

    def key(self, text: str) -> object:
        if text not in {"true", "false"}:
            raise wrong("true or false", text)
        return text == "true"

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "boolean"}


class IntShape(Shape):
    """int."""

    __slots__ = ()

    def decode(self, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return int(value)
        if isinstance(value, float) and value.is_integer():
            return int(value)  # JSON knows one kind of number: 3.0 is 3
        raise wrong("a whole number", value)

    encode = decode

    def key(self, text: str) -> object:
        try:
            return int(text)
        except ValueError:
            raise wrong("a whole number", text) from None

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "integer"}


class FloatShape(Shape):
    """float."""

    __slots__ = ()

    def decode(self, value: object) -> object:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                raise wrong("a number that fits a float", value) from None
            if math.isfinite(number):
                return number
        raise wrong("a finite number", value)

    encode = decode

    def key(self, text: str) -> object:
        try:
            return self.decode(float(text))
        except ValueError:
            raise wrong("a number", text) from None

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "number"}


class TextShape(Shape):
    """str."""

    __slots__ = ()

    def decode(self, value: object) -> object:
        if not isinstance(value, str):
            raise wrong("a text", value)
        return value

    encode = decode

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "string"}


class BytesShape(Shape):
    """bytes, as base64."""

    __slots__ = ()

    def decode(self, value: object) -> object:
        try:
            return base64.b64decode(cast("str", value), validate=True)
        except (binascii.Error, ValueError, TypeError):
            raise wrong("base64", value) from None

    def encode(self, value: object) -> object:
        if not isinstance(value, (bytes, bytearray)):
            raise wrong("bytes", value)
        return base64.b64encode(value).decode()

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "string", "contentEncoding": "base64"}


class WrittenShape(Shape):
    """A class whose values are written as text: dates, times, paths, UUIDs, decimals."""

    __slots__ = ("_kind", "_parse", "_schema", "_what", "_write")

    def __init__(
        self,
        kind: type[object],
        what: str,
        parse: Callable[[str], object],
        write: Callable[[object], str] = str,
        format: str | None = None,
    ) -> None:
        self._kind = kind
        self._what = what
        self._parse = parse
        self._write = write
        self._schema: Schema = {"type": "string"}
        if format:
            self._schema["format"] = format

    def decode(self, value: object) -> object:
        if isinstance(value, str):
            try:
                return self._parse(value)
            except (ValueError, InvalidOperation):
                pass
        raise wrong(self._what, value)

    def encode(self, value: object) -> object:
        if not isinstance(value, self._kind) or (self._kind is date and isinstance(value, datetime)):
            raise wrong(self._what, value)
        return self._write(value)

    def schema(self, definitions: Definitions) -> Schema:
        return dict(self._schema)


class DurationShape(Shape):
    """timedelta, as seconds: exact to the microsecond up to a century."""

    __slots__ = ()

    def decode(self, value: object) -> object:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                # Through microseconds: a float of seconds alone would lose some of long durations.
                return timedelta(microseconds=round(Decimal(str(value)) * 1_000_000))
            except (OverflowError, InvalidOperation, ValueError):
                pass
        raise wrong("seconds", value)

    def encode(self, value: object) -> object:
        if not isinstance(value, timedelta):
            raise wrong("a timedelta", value)
        microseconds = value // timedelta(microseconds=1)
        return microseconds // 1_000_000 if microseconds % 1_000_000 == 0 else microseconds / 1_000_000

    def key(self, text: str) -> object:
        try:
            return self.decode(float(text))
        except ValueError:
            raise wrong("seconds", text) from None

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "number"}


class ChoiceShape(Shape):
    """An Enum (by value) or a Literal."""

    __slots__ = ("_by_json", "_members", "_what")

    def __init__(self, members: list[tuple[object, object]]) -> None:
        self._members = members
        # Keyed by class too: 1, 1.0 and True are equal in Python but not the same choice.
        self._by_json = {(type(json), json): value for value, json in members}
        self._what = "one of " + ", ".join(repr(json) for _, json in members)

    @classmethod
    def of_enum(cls, kind: type[Enum]) -> "ChoiceShape":
        """All members of an enum."""
        return cls([(member, member.value) for member in kind])

    def decode(self, value: object) -> object:
        try:
            return self._by_json[type(value), value]
        except (KeyError, TypeError):
            raise wrong(self._what, value) from None

    def encode(self, value: object) -> object:
        for member, json in self._members:
            if type(member) is type(value) and member == value:
                return json
        raise wrong(self._what, value)

    def key(self, text: str) -> object:
        for member, json in self._members:
            if str(json) == text:
                return member
        raise wrong(self._what, text)

    def schema(self, definitions: Definitions) -> Schema:
        return {"enum": [json for _, json in self._members]}


def _iso(value: object) -> str:
    return cast("date | time", value).isoformat()


def _uuid(text: str) -> UUID:
    return UUID(text)


ANY_SHAPE = Shape()

SCALARS: dict[object, Shape] = {
    object: ANY_SHAPE,
    type(None): NoneShape(),
    bool: BoolShape(),
    int: IntShape(),
    float: FloatShape(),
    str: TextShape(),
    bytes: BytesShape(),
    datetime: WrittenShape(datetime, "a date and time (RFC 3339)", datetime.fromisoformat, _iso, "date-time"),
    date: WrittenShape(date, "a date (YYYY-MM-DD)", date.fromisoformat, _iso, "date"),
    time: WrittenShape(time, "a time of day (HH:MM:SS)", time.fromisoformat, _iso),
    timedelta: DurationShape(),
    Path: WrittenShape(PurePath, "a path", Path),
    PurePath: WrittenShape(PurePath, "a path", PurePath),
    UUID: WrittenShape(UUID, "a UUID", _uuid, format="uuid"),
    Decimal: WrittenShape(Decimal, "a decimal number as text", Decimal),
}
