"""The types that a setting may have: how each is read, written and named.

Reading is strict: a text that is not exactly a value of the type is refused, with a message that says what is allowed.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from asynctask_chassis.quantities import (
    ByteSize,
    format_duration,
    format_size,
    parse_duration,
    parse_size,
    read_whole,
)
from asynctask_core.json_text import show


def parse_setting(kind: Any, text: str) -> object:
    """Read `text` as a value of type `kind`.

    Raises:
        ValueError: `text` is not a value of this type; the message continues after the variable's name.
    """
    if typing.get_origin(kind) is Literal:
        choices = typing.get_args(kind)
        if text not in choices:
            raise ValueError(f"is {text!r}, which is none of {', '.join(choices)}")
        return text
    try:
        return _TYPES[_without_none(kind)].parse(text)
    except ValueError as error:
        raise ValueError(f"is wrong: {error}") from None


def format_setting(kind: Any, value: Any) -> str:
    """Write `value` as `parse_setting` reads it; None becomes an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return format_duration(value)
    return format_size(value) if _without_none(kind) is ByteSize else str(value)


def type_name(kind: Any) -> str:
    """Name the type as the settings page does."""
    if typing.get_origin(kind) is Literal:
        return ", ".join(typing.get_args(kind))
    return _TYPES[_without_none(kind)].name


def mask(secret: str) -> str:
    """Hide the credentials and the query of a URL; hide any other secret completely, even its length."""
    if not secret:
        return ""
    try:
        url = urlsplit(secret)
        credentials, at, host = url.netloc.rpartition("@")
    except ValueError:
        return "********"
    if not (url.scheme and host):
        return "********"
    return f"{url.scheme}://{'********' if credentials else ''}{at}{host}{url.path}"


def _without_none(kind: Any) -> Any:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return next(option for option in typing.get_args(kind) if option is not types.NoneType)
    return kind


def _parse_bool(text: str) -> bool:
    if text.lower() in ("true", "yes", "on", "1"):
        return True
    if text.lower() in ("false", "no", "off", "0"):
        return False
    raise ValueError(f"{show(text)} is neither true nor false")


def _parse_int(text: str) -> int:
    # int() also accepts "1_000", " 7 " and Arabic digits; a setting has only one spelling.
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError(f"{show(text)} is not a whole number")
    return read_whole(text)


def _parse_float(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise ValueError(f"{show(text)} is not a number")
    return float(text)


class _Type(NamedTuple):
    name: str
    parse: Callable[[str], object]


_TYPES: Mapping[Any, _Type] = {
    str: _Type("text", str),
    int: _Type("whole number", _parse_int),
    float: _Type("number", _parse_float),
    bool: _Type("true, false", _parse_bool),
    timedelta: _Type("duration", parse_duration),
    ByteSize: _Type("size", parse_size),
    Path: _Type("path", Path),
}
