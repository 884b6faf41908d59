"""Query strings to messages: each parameter is a field, under its name or the one that its form gives it.

A list is a parameter that comes several times; a label is `label=key=value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from asynctask_core.json_text import show
from asynctask_core.message_json.decode import (
    FINITE,
    MessageReader,
    ValueRefused,
    instant,
    mask,
    plain_value,
)
from asynctask_core.message_json.naming import (
    FIELD_MASK,
    TIMESTAMP,
    form_of,
    is_list,
    is_map,
    json_name,
    message_of,
)

_WHOLE: Final = re.compile(r"[+-]?\d{1,40}")
_PLUS: Final = re.compile(r" (?=\d\d:?\d\d$)")
"""A `+` before a time zone that was not written as `%2B` arrives as a space."""
_BOOLS: Final = {"true": True, "false": False}
_FLOATS: Final = frozenset({FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT})
_INTS: Final = frozenset(
    {
        FieldDescriptor.CPPTYPE_INT32,
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT32,
        FieldDescriptor.CPPTYPE_UINT64,
    }
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field that a query string may give: its messages from the outermost, and itself."""

    outer: tuple[FieldDescriptor, ...]
    field: FieldDescriptor


@cache
def parameters(message: Descriptor) -> dict[str, Parameter]:
    """What a query string may give of a message, by name."""
    named: dict[str, Parameter] = {}
    plain: dict[str, Parameter] = {}
    for name, parameter, is_chosen in _walk(message, (), ""):
        (named if is_chosen else plain).setdefault(name, parameter)
    return {**plain, **named}


def _walk(
    message: Descriptor, outer: tuple[FieldDescriptor, ...], before: str
) -> Iterable[tuple[str, Parameter, bool]]:
    for field in message.fields:
        form = form_of(field)
        is_message = field.type == FieldDescriptor.TYPE_MESSAGE and not is_map(field)
        if is_message and message_of(field).full_name not in (TIMESTAMP, FIELD_MASK):
            if not field.is_repeated:  # lists of messages have no form in a URL
                inner = before if form.flat else f"{before}{field.name}."
                yield from _walk(message_of(field), (*outer, field), inner)
        else:
            yield (before + (form.query or json_name(field)), Parameter(outer, field), bool(form.query))


def read_query(
    reading: MessageReader,
    message: Message,
    given: Sequence[tuple[str, str]],
    *,
    except_for: Iterable[str] = (),
) -> None:
    """Read the parameters of a query string into a message; mistakes are kept in `reading`."""
    known = {name: one for name, one in parameters(message.DESCRIPTOR).items() if name not in except_for}
    seen: set[str] = set()
    for name, text in given:
        parameter = known.get(name)
        if parameter is None:
            reading.refuse_name(show_name(name), name, known, "parameter")
        elif name in seen and not parameter.field.is_repeated:
            reading.refuse(name, "must be given once; got it more than once")
        else:
            seen.add(name)
            try:
                _put(message, parameter, text)
            except ValueRefused as refusal:
                reading.refuse(name, str(refusal))


def show_name(name: str) -> str:
    """A name that somebody sent, short enough for an answer."""
    return name if len(name) <= 80 and name.isprintable() else show(name)


def _put(message: Any, parameter: Parameter, text: str) -> None:
    field = parameter.field
    for outer in parameter.outer:
        message = getattr(message, outer.name)
    if is_map(field):
        key, equals, value = text.partition("=")
        if not equals:
            raise ValueRefused(f"must be `key=value`; got {show(text)}")
        found = getattr(message, field.name)
        if key in found:
            raise ValueRefused(f"must have each key once; got {show(key)} more than once")
        found[key] = value
    elif field.message_type is not None and field.message_type.full_name == TIMESTAMP:
        inner = getattr(message, field.name)
        inner.seconds, inner.nanos = instant(_PLUS.sub("+", text))
        inner.SetInParent()
    elif field.message_type is not None:
        getattr(message, field.name).paths.extend(mask(text))
    elif is_list(field):
        getattr(message, field.name).append(_value(field, text))
    else:
        setattr(message, field.name, _value(field, text))


def _value(field: FieldDescriptor, text: str) -> Any:
    kind = field.cpp_type
    if field.type == FieldDescriptor.TYPE_ENUM:
        return plain_value(field, text)
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return plain_value(field, _BOOLS.get(text, text))
    if kind in _INTS:
        return plain_value(field, int(text) if _WHOLE.fullmatch(text) and text.isascii() else text)
    if kind in _FLOATS:
        return plain_value(field, float(text) if FINITE.fullmatch(text) else text)
    return plain_value(field, text)
