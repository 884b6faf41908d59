"""pydantic models, for users who have pydantic: recognised by their methods, never imported."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from asynctask._codec.shape import Definitions, Mismatch, Schema, Shape, wrong


class Model(Protocol):
    """The methods of a pydantic model class that are used here."""

    __name__: str

    def model_validate_json(self, json_data: str) -> object:
        """Decode."""
        ...

    def model_json_schema(self, *, ref_template: str) -> dict[str, Any]:
        """Describe."""
        ...


def is_model(annotation: object) -> bool:
    """Whether an annotation is a pydantic model class."""
    return (
        isinstance(annotation, type)
        and hasattr(annotation, "model_validate_json")
        and hasattr(annotation, "model_json_schema")
    )


class ModelShape(Shape):
    """A pydantic model: it validates, dumps and describes itself."""

    __slots__ = ("_kind", "_model")

    def __init__(self, kind: type[object]) -> None:
        self._kind = kind
        self._model = cast("Model", kind)

    def decode(self, value: object) -> object:
        try:
            return self._model.model_validate_json(json.dumps(value))
        except ValueError as error:
            raise _mismatch(error) from error

    def encode(self, value: object) -> object:
        if not isinstance(value, self._kind):
            raise wrong(f"a {self._kind.__name__}", value)
        try:
            return cast("Any", value).model_dump(mode="json")
        except ValueError as error:
            raise Mismatch(str(error)) from error

    def schema(self, definitions: Definitions) -> Schema:
        return definitions.refer(self._kind, self._kind.__name__, lambda: self._describe(definitions))

    def _describe(self, definitions: Definitions) -> Schema:
        found = self._model.model_json_schema(ref_template="#/$defs/{model}")
        for name, inner in cast("dict[str, Schema]", found.pop("$defs", {})).items():
            definitions.schemas.setdefault(name, inner)
        return found


def _mismatch(error: ValueError) -> Mismatch:
    """All violations that the model found, each with its path."""
    errors = cast("Callable[[], list[Mapping[str, Any]]] | None", getattr(error, "errors", None))
    found = errors() if errors is not None else []
    if not found:
        return Mismatch(str(error))
    first, *others = map(_violation, found)
    first.others = others
    return first


def _violation(error: Mapping[str, Any]) -> Mismatch:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    return Mismatch(str(error["msg"])).within("".join(parts))
