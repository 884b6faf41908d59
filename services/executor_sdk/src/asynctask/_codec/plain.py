"""Values inside plain JSON that JSON does not know: how they are written, and which of them cannot be."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from asynctask._argument_checks import shown
from asynctask._codec.build import shape_of
from asynctask._codec.containers import key_text
from asynctask._codec.nesting import nesting
from asynctask._codec.scalars import SCALARS
from asynctask._codec.shape import Mismatch, Shape, wrong
from asynctask_core import limits
from asynctask_core.json_text import digits_of, too_many_digits

_TOO_LARGE: Final = 10**limits.JSON_DIGITS
_TEXTS: Final = frozenset({str})
_LEAVES: Final = frozenset({str, int, float, bool, type(None)})
_NOT_IN_JSON: Final = (
    ((bytes, bytearray, memoryview), "bytes: give a text, or annotate what takes them as bytes"),
    ((set, frozenset), "sets: give a list, or annotate what takes it as a set"),
)
"""Classes whose values would be read back as something else, and what to do."""


def plain(value: object) -> object:
    """The JSON value for a value that JSON does not know, by its own class.

    Raises:
        Mismatch: it does not fit its own class, or is bytes or a set, which only an annotation distinguishes from texts
            and lists.
        TypeError: values of its class cannot be written.
    """
    for kinds, advice in _NOT_IN_JSON:
        if isinstance(value, kinds):
            raise Mismatch(f"must be JSON, which has no {advice}; got {shown(cast('object', value))}")
    found = _shape(type(value)).encode(value)
    if found is value:  # a bare object(), whose class says nothing
        raise TypeError(f"an object of type {type(value).__name__} cannot be written as JSON")
    return found


def _shape(kind: type) -> Shape:
    """The shape of a class, else of its nearest known base: a path is not a `Path` itself, but of a subclass."""
    try:
        return shape_of(kind)
    except TypeError:
        for base in kind.__mro__[1:]:
            if base in SCALARS and base is not object:
                return SCALARS[base]
        raise


def check_keys(value: object) -> None:
    """Refuse two keys that JSON writes alike: `json` would write both, and readers keep one of the two values.

    Raises:
        Mismatch: says which key, but not where; `unwritable` does.
        RecursionError: it is nested deeper than Python's stack, or contains itself.
    """
    if isinstance(value, dict):
        found = cast("Mapping[object, object]", value)
        if not _TEXTS.issuperset(map(type, found)):
            _check_names(found)
        inner = found.values()
    elif isinstance(value, (list, tuple)):
        inner = cast("Sequence[object]", value)
    else:
        return
    if not _LEAVES.issuperset(map(type, inner)):
        for item in inner:
            if type(item) not in _LEAVES:
                check_keys(item)


def _check_names(value: Mapping[object, object]) -> None:
    seen: set[str] = set()
    for key in value:
        if key is not None and not isinstance(key, (str, int, float)):
            continue  # refused by the encoder
        name = "null" if key is None else key_text(key)
        if name in seen:
            raise Mismatch(f"is the second key that is written as {shown(name)}").within(f".{name}")
        seen.add(name)


def unwritable(value: object) -> Mismatch | None:
    """The part of a value that cannot be written as JSON, with its path, which errors of `json` do not have.

    Checks the whole value, so only for the text of an error; None when it finds nothing.
    """
    try:
        return nesting(value) or _search(value)
    except RecursionError:
        return None


def _search(value: object) -> Mismatch | None:
    if isinstance(value, float) and not math.isfinite(value):
        return wrong("a finite number", value)
    if isinstance(value, int) and abs(value) >= _TOO_LARGE:
        return Mismatch(too_many_digits(digits_of(value)))
    if value is None or isinstance(value, (str, int, float)):
        return None
    if isinstance(value, dict):
        return _search_object(cast("Mapping[object, object]", value))
    if isinstance(value, (list, tuple)):
        return _search_list(cast("Iterable[object]", value))
    try:
        return _search(plain(value))
    except Mismatch as mismatch:
        return mismatch
    except (TypeError, ValueError) as error:
        return Mismatch(str(error))


def _search_object(value: Mapping[object, object]) -> Mismatch | None:
    for key, item in value.items():
        if key is not None and not isinstance(key, (str, int, float)):
            return Mismatch(f"must have texts or numbers as keys; got {shown(key)}")
        if isinstance(key, int) and (refused := _search(key)):
            return Mismatch(f"must have other keys: one {refused.message}")
        found = _search(item)
        if found is not None:
            return found.within(f".{key}")
    try:
        _check_names(value)
    except Mismatch as mismatch:
        return mismatch
    return None


def _search_list(value: Iterable[object]) -> Mismatch | None:
    for index, item in enumerate(value):
        found = _search(item)
        if found is not None:
            return found.within(f"[{index}]")
    return None
