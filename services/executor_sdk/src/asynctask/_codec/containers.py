"""Shapes of lists, tuples, sets, dicts and unions."""

from collections.abc import Callable, Iterable, Mapping
from typing import cast

from asynctask._codec.shape import Definitions, Mismatch, Schema, Shape, wrong


class ListShape(Shape):
    """list, set, frozenset and `tuple[X, ...]`: any number of one shape."""

    __slots__ = ("_item", "_kind", "_unique")

    def __init__(self, item: Shape, kind: Callable[[Iterable[object]], object]) -> None:
        self._item = item
        self._kind = kind
        self._unique = kind in {set, frozenset}

    def decode(self, value: object) -> object:
        if not isinstance(value, list):
            raise wrong("a list", value)
        return self._kind(_each(self._item.decode, cast("list[object]", value)))

    def encode(self, value: object) -> object:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise wrong("a list", cast("object", value))
        return _each(self._item.encode, cast("Iterable[object]", value))

    def schema(self, definitions: Definitions) -> Schema:
        found: Schema = {"type": "array", "items": self._item.schema(definitions)}
        if self._unique:
            found["uniqueItems"] = True
        return found


class TupleShape(Shape):
    """`tuple[A, B]`: a fixed number of shapes."""

    __slots__ = ("_items",)

    def __init__(self, items: list[Shape]) -> None:
        self._items = items

    def _apply(
        self, value: object, kind: type[list[object]] | type[tuple[object, ...]], decode: bool
    ) -> list[object]:
        given = cast("list[object]", value)
        if not isinstance(value, kind) or len(given) != len(self._items):
            raise wrong(f"a list of {len(self._items)}", given)
        found: list[object] = []
        for index, (shape, item) in enumerate(zip(self._items, given, strict=True)):
            try:
                found.append(shape.decode(item) if decode else shape.encode(item))
            except Mismatch as mismatch:
                raise mismatch.within(f"[{index}]") from None
        return found

    def decode(self, value: object) -> object:
        return tuple(self._apply(value, list, decode=True))

    def encode(self, value: object) -> object:
        return self._apply(value, tuple, decode=False)

    def schema(self, definitions: Definitions) -> Schema:
        return {
            "type": "array",
            "prefixItems": [item.schema(definitions) for item in self._items],
            "minItems": len(self._items),
            "maxItems": len(self._items),
        }


class DictShape(Shape):
    """dict: JSON's keys are texts, so keys must be of a type that is written as text."""

    __slots__ = ("_key", "_value")

    def __init__(self, key: Shape, value: Shape) -> None:
        self._key = key
        self._value = value

    def decode(self, value: object) -> object:
        if not isinstance(value, dict):
            raise wrong("an object", value)
        found: dict[object, object] = {}
        for key, item in cast("dict[str, object]", value).items():
            try:
                name = self._key.key(key)
                found[name] = self._value.decode(item)
            except Mismatch as mismatch:
                raise mismatch.within(f"[{key!r}]") from None
        return found

    def encode(self, value: object) -> object:
        if not isinstance(value, Mapping):
            raise wrong("an object", value)
        found: dict[str, object] = {}
        for key, item in cast("Mapping[object, object]", value).items():
            try:
                text = key_text(self._key.encode(key))
                if text in found:
                    raise Mismatch(f"is the second key that is written as {text!r}")
                found[text] = self._value.encode(item)
            except Mismatch as mismatch:
                raise mismatch.within(f"[{key!r}]") from None
        return found

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "object", "additionalProperties": self._value.schema(definitions)}


class UnionShape(Shape):
    """A union: the first member that fits, in the order of the annotation; an exact class goes before others."""

    __slots__ = ("_members",)

    def __init__(self, members: list[tuple[object, Shape]]) -> None:
        self._members = members

    @property
    def members(self) -> list[Shape]:
        """The shapes of its members."""
        return [shape for _, shape in self._members]

    def decode(self, value: object) -> object:
        # 1 is an int before it is a float, whichever the annotation names first.
        for kind, shape in self._members:
            if kind is type(value):
                return shape.decode(value)
        return self._first("decode", value)

    def encode(self, value: object) -> object:
        for kind, shape in self._members:
            if kind is type(value):
                return shape.encode(value)
        return self._first("encode", value)

    def _first(self, direction: str, value: object) -> object:
        reasons: list[str] = []
        for _, shape in self._members:
            try:
                return shape.decode(value) if direction == "decode" else shape.encode(value)
            except Mismatch as mismatch:
                reasons.append(mismatch.describe("").removeprefix(": ").replace("\n", "; "))
        raise Mismatch("fits no member of the union (" + "; or ".join(reasons) + ")")

    def key(self, text: str) -> object:
        for _, shape in self._members:
            try:
                return shape.key(text)
            except Mismatch:
                continue
        raise wrong("a key of the union", text)

    def schema(self, definitions: Definitions) -> Schema:
        return {"anyOf": [shape.schema(definitions) for _, shape in self._members]}


def _each(convert: Callable[[object], object], values: Iterable[object]) -> list[object]:
    found: list[object] = []
    try:
        for value in values:
            found.append(convert(value))  # noqa: PERF401 - its length names the index of a mismatch
    except Mismatch as mismatch:
        raise mismatch.within(f"[{len(found)}]") from None
    return found


def key_text(key: object) -> str:
    """A key as JSON writes it. Raises Mismatch when it is no text or number."""
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, (int, float)):
        return str(key)
    raise wrong("a key that is a text or a number", key)
