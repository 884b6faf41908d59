"""Whether what one annotation writes can ever be read by another: wrong annotations show before the first task.

Only certain misfits are reported: a value of another JSON type, or a field that one of two records always has and the
other never has. pydantic models are not checked, since they may read other values than they write.
"""

from collections.abc import Mapping
from typing import Final, cast

from asynctask._codec.containers import UnionShape
from asynctask._codec.foreign import ModelShape
from asynctask._codec.records import RecordShape
from asynctask._codec.shape import Definitions, Shape

_TYPES: Final[Mapping[type[object], str]] = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    type(None): "null",
}


def misfit(written: Shape, read: Shape) -> str | None:
    """Why no value that `written` writes can be read by `read`; None when one may be."""
    if isinstance(written, RecordShape) and isinstance(read, RecordShape):
        return _fields_misfit(written, read)
    writes, reads = _types(written), _types(read)
    if writes is None or reads is None or writes & reads:
        return None
    return f"one is written as a JSON {' or '.join(sorted(writes))}, the other read from a {' or '.join(sorted(reads))}"


def _fields_misfit(written: RecordShape, read: RecordShape) -> str | None:
    unknown = [one.name for one in written.fields.values() if one.required and one.name not in read.fields]
    if unknown:
        return f"the one that is read has no field {unknown[0]!r}"
    missing = [one.name for one in read.fields.values() if one.required and one.name not in written.fields]
    return f"the one that is read needs a field {missing[0]!r}" if missing else None


def _types(shape: Shape) -> set[str] | None:
    """The JSON types of a shape's values; None when any is possible."""
    if isinstance(shape, UnionShape):
        found: set[str] = set()
        for member in shape.members:
            types = _types(member)
            if types is None:
                return None
            found |= types
        return found
    if isinstance(shape, ModelShape):
        return None
    if isinstance(shape, RecordShape):
        return {"object"}
    schema = shape.schema(Definitions())
    choices = schema.get("enum")
    if isinstance(choices, list):
        types = {_TYPES.get(type(choice)) for choice in cast("list[object]", choices)}
        return None if None in types else {one for one in types if one is not None}
    kind = schema.get("type")
    return {"number" if kind == "integer" else kind} if isinstance(kind, str) else None
