"""Hostile requests, the same ones for the same seed: over their bounds, of random bytes, of random fields."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

from asynctask_core.bounds import kinds
from asynctask_core.bounds.checker import plan_of
from tests.support import requests

LARGEST = 4 << 20
"""Bytes of the largest random request."""
DEPTH = 3


@dataclass(frozen=True, slots=True)
class HostileRequest:
    """One request: what it is, for people, and its bytes."""

    method: MethodDescriptor
    what: str
    data: bytes

    @property
    def call(self) -> str:
        """The full name of the method."""
        return requests.call_of(self.method)


def hostile_requests(draw: random.Random) -> Iterator[HostileRequest]:
    """Requests for every method of both packages, without end."""
    methods = sorted(requests.methods(), key=requests.call_of)
    while True:
        method = draw.choice(methods)
        kind = draw.choice(("bound", "bound", "bound", "fields", "bytes", "unknown"))
        yield HostileRequest(method, kind, _data(kind, method.input_type, draw))


def _data(kind: str, descriptor: Descriptor, draw: random.Random) -> bytes:
    match kind:
        case "bound":
            return _over_somewhere(descriptor, draw).SerializeToString()
        case "fields":
            return _random_message(descriptor, draw, DEPTH).SerializeToString()
        case "bytes":
            return draw.randbytes(draw.choice((1, 20, 1000, 100_000)))
        case _:
            many = b"\x9a\x06\xa0\x8d\x06" + bytes(100_000)  # a field that nobody knows
            return requests.valid(descriptor).SerializeToString() + many * draw.randrange(
                1, LARGEST // len(many)
            )


def _over_somewhere(descriptor: Descriptor, draw: random.Random) -> Any:
    """A message with one field at or over its bound, here or in a part of it."""
    message: Any = requests.valid(descriptor)
    fields = [
        (descriptor.fields_by_number[number], bound)
        for number, (_, bound) in plan_of(descriptor).fields.items()
    ]
    if not fields:
        return message
    field, bound = draw.choice(fields)
    message.ClearField(field.name)
    if field.message_type is not None and not requests.is_map(field) and draw.random() < 0.8:
        part = _over_somewhere(field.message_type, draw)
        requests.put(message, field, [part] if requests.is_repeated(field) else part)
        return message
    if isinstance(bound, kinds.OutputOnly):
        return message
    values = list(requests.over(bound, field))
    requests.put(
        message, field, draw.choice(values) if values and draw.random() < 0.8 else requests.at(bound, field)
    )
    return message


def _random_message(descriptor: Descriptor, draw: random.Random, depth: int) -> Any:
    message: Any = requests.new_message(descriptor)
    for field in descriptor.fields:
        if draw.random() < 0.5:
            continue
        if requests.is_map(field):
            requests.put(message, field, {_text(draw): _text(draw) for _ in range(draw.randrange(40))})
            continue
        count = draw.choice((1, 2, 50)) if requests.is_repeated(field) else 1
        if field.message_type is not None:
            values = (
                [_random_message(field.message_type, draw, depth - 1) for _ in range(count)] if depth else []
            )
        else:
            values = [_random_value(field, draw) for _ in range(count)]
        if values:
            requests.put(message, field, values if requests.is_repeated(field) else values[0])
    return message


def _random_value(field: FieldDescriptor, draw: random.Random) -> Any:
    match field.type:
        case FieldDescriptor.TYPE_STRING:
            return _text(draw)
        case FieldDescriptor.TYPE_BYTES:
            return draw.randbytes(draw.choice((0, 1, 16, 16, 20_000)))
        case FieldDescriptor.TYPE_BOOL:
            return draw.random() < 0.5
        case FieldDescriptor.TYPE_DOUBLE:
            return draw.choice((0.0, -1.0, 1e308, 5e-324, float("nan"), float("inf"), draw.random()))
        case FieldDescriptor.TYPE_INT64:
            return draw.choice((0, 1, -1, 2**53, 2**63 - 1, -(2**63)))
        case FieldDescriptor.TYPE_UINT64:
            return draw.choice((0, 1, 2**64 - 1))
        case _:
            return draw.choice((0, 1, -1, 7, 2**31 - 1, -(2**31)))


def _text(draw: random.Random) -> str:
    size = draw.choice((0, 1, 8, 64, 300, 20_000))
    letters = draw.choice(("a", "aZ9-_.", "\x00", "\u202e\u2028\n", "ä€𝄞", '{"a": [1]}'))
    return "".join(draw.choice(letters) for _ in range(min(size, 300))) * (1 if size <= 300 else size // 300)
