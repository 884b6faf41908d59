"""Shapes of things with named fields: dataclasses, TypedDicts and NamedTuples become JSON objects."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from asynctask._codec.shape import Definitions, Mismatch, Schema, Shape, wrong

UNWRITTEN: Final = object()
"""Marks a field without a default, or with a default that cannot be written as JSON."""


@dataclass(frozen=True, slots=True)
class Field:
    """One named field."""

    name: str
    shape: Shape
    required: bool
    default: object = UNWRITTEN
    """Its default, where it is a plain value or an empty container."""
    more: Mapping[str, object] | None = None
    """What its author adds to its JSON Schema, such as `pattern` and `description`."""


class RecordShape(Shape):
    """A class with named fields. Fields are resolved on first use, because a record may contain itself."""

    __slots__ = ("_by_name", "_kind", "_read", "_resolve", "_schema_key")

    def __init__(
        self,
        kind: type[object],
        resolve: Callable[[], list[Field]],
        read: Callable[[object], Mapping[str, object]],
    ) -> None:
        self._kind = kind
        self._resolve = resolve
        self._read = read
        self._by_name: dict[str, Field] | None = None

    @property
    def fields(self) -> dict[str, Field]:
        """All fields by name."""
        if self._by_name is None:
            self._by_name = {field.name: field for field in self._resolve()}
        return self._by_name

    def decode(self, value: object) -> object:
        if not isinstance(value, dict):
            raise wrong(f"an object ({self._kind.__name__})", value)
        fields = self.fields
        given = cast("dict[str, object]", value)
        found: dict[str, object] = {}
        for name, item in given.items():
            field = fields.get(name)
            if field is None:
                raise Mismatch(f"has no field {name!r}; fields are {', '.join(map(repr, fields))}")
            try:
                found[name] = field.shape.decode(item)
            except Mismatch as mismatch:
                raise mismatch.within(f".{name}") from None
        missing = [field.name for field in fields.values() if field.required and field.name not in found]
        if missing:
            raise Mismatch(f"lacks {', '.join(map(repr, missing))}")
        try:
            return self._kind(**found)
        except (ValueError, TypeError) as error:
            # The class's own check of its fields (`__post_init__`).
            raise Mismatch(str(error)) from error

    def encode(self, value: object) -> object:
        if not self._accepts(value):
            raise wrong(f"a {self._kind.__name__}", value)
        given = self._read(value)
        found: dict[str, object] = {}
        for name, field in self.fields.items():
            if name not in given:
                if field.required:
                    raise Mismatch(f"lacks {name!r}")
                continue
            try:
                found[name] = field.shape.encode(given[name])
            except Mismatch as mismatch:
                raise mismatch.within(f".{name}") from None
        return found

    def _accepts(self, value: object) -> bool:
        # A TypedDict's values are plain dicts, and it refuses isinstance.
        kind = dict if issubclass(self._kind, dict) else self._kind
        return isinstance(value, kind)

    def schema(self, definitions: Definitions) -> Schema:
        return definitions.refer(self._kind, self._kind.__name__, lambda: self._describe(definitions))

    def _describe(self, definitions: Definitions) -> Schema:
        properties: Schema = {}
        for field in self.fields.values():
            described = field.shape.schema(definitions)
            if field.default is not UNWRITTEN:
                # A default that does not fit its own annotation works, but cannot be written as JSON.
                with contextlib.suppress(Mismatch):
                    described = {**described, "default": field.shape.encode(field.default)}
            properties[field.name] = {**described, **(field.more or {})}
        more: Mapping[str, object] = vars(self._kind).get("__json_schema__", {})
        return {
            "type": "object",
            "title": self._kind.__name__,
            "properties": properties,
            "required": [field.name for field in self.fields.values() if field.required],
            "additionalProperties": False,
            **more,
        }
