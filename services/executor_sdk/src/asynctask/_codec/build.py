"""The shape of an annotation. Built once for each annotation and kept."""

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping, MutableMapping, MutableSequence, Sequence, Set
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from asynctask._codec.containers import DictShape, ListShape, TupleShape, UnionShape
from asynctask._codec.foreign import ModelShape, is_model
from asynctask._codec.records import UNWRITTEN, Field, RecordShape
from asynctask._codec.scalars import ANY_SHAPE, SCALARS, ChoiceShape
from asynctask._codec.shape import Shape

_LISTS: dict[object, Any] = {
    list: list,
    Sequence: list,
    MutableSequence: list,
    Iterable: list,
    set: set,
    Set: frozenset,
    frozenset: frozenset,
}
_DICTS: set[object] = {dict, Mapping, MutableMapping}

_built: dict[object, Shape] = {}


def shape_of(annotation: object) -> Shape:
    """The shape of an annotation.

    Raises:
        TypeError: values of this annotation cannot be written as JSON; the message lists those that can.
    """
    try:
        found = _built.get(annotation)
    except TypeError:  # unhashable, such as Annotated with a list
        return _build(annotation)
    if found is None:
        found = _built[annotation] = _build(annotation)
    return found


def _build(annotation: object) -> Shape:
    origin = get_origin(annotation)
    if origin is Annotated:
        return shape_of(get_args(annotation)[0])
    if annotation is Any or isinstance(annotation, TypeVar):
        return ANY_SHAPE
    if annotation is None:
        annotation = type(None)
    supertype = getattr(annotation, "__supertype__", None)  # NewType
    if supertype is not None:
        return shape_of(supertype)
    value = getattr(annotation, "__value__", None)  # `type X = …` of Python 3.12
    if value is not None and type(annotation).__name__ == "TypeAliasType":
        return shape_of(value)
    scalar = SCALARS.get(annotation)
    if scalar is not None:
        return scalar
    return _container(origin or annotation, get_args(annotation)) or _class(annotation)


def _container(origin: object, arguments: tuple[Any, ...]) -> Shape | None:
    if origin is Union or origin is types.UnionType:
        return UnionShape([(get_origin(member) or member, shape_of(member)) for member in arguments])
    if origin is Literal:
        return ChoiceShape(
            [(choice, choice.value if isinstance(choice, Enum) else choice) for choice in arguments]
        )
    if origin is tuple:
        if not arguments:
            return ListShape(ANY_SHAPE, tuple)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return ListShape(shape_of(arguments[0]), tuple)
        return TupleShape([] if arguments == ((),) else [shape_of(argument) for argument in arguments])
    if origin in _LISTS:
        return ListShape(shape_of(arguments[0]) if arguments else ANY_SHAPE, _LISTS[origin])
    if origin in _DICTS:
        key, value = arguments or (str, Any)
        return DictShape(shape_of(key), shape_of(value))
    return None


def _class(annotation: object) -> Shape:
    found = get_origin(annotation) or annotation
    if isinstance(found, type):
        kind = cast("type[Any]", found)
        if issubclass(kind, Enum):
            return ChoiceShape.of_enum(kind)
        if is_model(kind):
            return ModelShape(kind)
        if dataclasses.is_dataclass(kind):
            return RecordShape(kind, lambda: _dataclass_fields(kind), _read_attributes)
        if typing.is_typeddict(kind):
            return RecordShape(
                kind, lambda: _typed_dict_fields(kind), lambda value: cast("dict[str, object]", value)
            )
        if hasattr(kind, "_fields") and hasattr(kind, "_asdict"):
            return RecordShape(kind, lambda: _named_tuple_fields(kind), _read_named_tuple)
    raise TypeError(
        f"{annotation!r} cannot be written as JSON: use dataclasses, pydantic models, enums, str, int, float, bool,"
        " None, bytes, datetime, date, time, timedelta, Path, UUID, Decimal, list, tuple, set, dict, Literal,"
        " TypedDict, NamedTuple or unions of these"
    )


def _dataclass_fields(kind: type[Any]) -> list[Field]:
    hints = get_type_hints(kind, include_extras=True)
    found: list[Field] = []
    for field in dataclasses.fields(kind):
        if not field.init:
            continue
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        default = _default(field)
        more: Mapping[str, object] | None = field.metadata.get("json_schema")
        found.append(Field(field.name, shape_of(hints[field.name]), required, default, more))
    return found


def _default(field: "dataclasses.Field[Any]") -> object:
    """A field's default that can be written as JSON; of factories only those that make an empty container."""
    factory: Any = field.default_factory
    if (typing.get_origin(factory) or factory) in _CONTAINERS:
        return factory()
    return UNWRITTEN if field.default is dataclasses.MISSING else field.default


_CONTAINERS = (list, dict, set, frozenset, tuple)


def _typed_dict_fields(kind: type[Any]) -> list[Field]:
    required = cast("frozenset[str]", kind.__required_keys__)
    return [Field(name, shape_of(hint), name in required) for name, hint in get_type_hints(kind).items()]


def _named_tuple_fields(kind: type[Any]) -> list[Field]:
    hints = get_type_hints(kind, include_extras=True)
    defaults = cast("dict[str, object]", kind._field_defaults)
    return [
        Field(
            name,
            shape_of(hints.get(name, Any)),
            name not in defaults,
            defaults.get(name, UNWRITTEN),
        )
        for name in cast("tuple[str, ...]", kind._fields)
    ]


class _Attributes(Mapping[str, object]):
    """A dataclass's fields as a mapping, without copying what is inside (`asdict` would)."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __getitem__(self, name: str) -> object:
        try:
            return getattr(self._value, name)
        except AttributeError:
            raise KeyError(name) from None

    def __iter__(self) -> "typing.Iterator[str]":
        return iter(())

    def __len__(self) -> int:
        return 0


def _read_attributes(value: object) -> Mapping[str, object]:
    return _Attributes(value)


def _read_named_tuple(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", cast("Any", value)._asdict())
