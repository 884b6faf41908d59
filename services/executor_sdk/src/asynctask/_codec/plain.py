"""Values inside plain JSON: how those that JSON does not know are written, and which of them cannot be."""

import math
from collections.abc import Iterable, Mapping
from typing import cast

from asynctask._codec.build import shape_of
from asynctask._codec.scalars import SCALARS
from asynctask._codec.shape import Mismatch, Shape, wrong


def plain(value: object) -> object:
    """What is written for a value that JSON does not know: as its own class says.

    Raises:
        Mismatch: it does not fit its own class.
        TypeError: values of its class cannot be written.
    """
    found = _shape(type(value)).encode(value)
    if found is value:  # a bare object(), whose class says nothing
        raise TypeError(f"an object of type {type(value).__name__} cannot be written as JSON")
    return found


def _shape(kind: type) -> Shape:
    """That of the class, else of what it is a kind of: no path is a `Path` itself, but one of its system's class."""
    try:
        return shape_of(kind)
    except TypeError:
        for base in kind.__mro__[1:]:
            if base in SCALARS and base is not object:
                return SCALARS[base]
        raise


def unwritable(value: object) -> Mismatch | None:
    """What in a value cannot be written as JSON, with its path: `json` refuses without one.

    Looks at everything, so only for the text of an error; None when it finds nothing.
    """
    try:
        return _search(value, frozenset())
    except RecursionError:
        return None


def _search(value: object, around: frozenset[int]) -> Mismatch | None:
    if isinstance(value, float) and not math.isfinite(value):
        return wrong("a finite number", value)
    if value is None or isinstance(value, (str, int, float)):
        return None
    if id(value) in around:
        return Mismatch("contains itself")
    around |= {id(value)}
    if isinstance(value, dict):
        return _search_object(cast("Mapping[object, object]", value), around)
    if isinstance(value, (list, tuple)):
        return _search_list(cast("Iterable[object]", value), around)
    try:
        return _search(plain(value), around)
    except Mismatch as mismatch:
        return mismatch
    except (TypeError, ValueError) as error:
        return Mismatch(str(error))


def _search_object(value: Mapping[object, object], around: frozenset[int]) -> Mismatch | None:
    for key, item in value.items():
        if key is not None and not isinstance(key, (str, int, float)):
            return Mismatch(f"must have texts or numbers as keys; got {key!r}")
        found = _search(item, around)
        if found is not None:
            return found.within(f".{key}")
    return None


def _search_list(value: Iterable[object], around: frozenset[int]) -> Mismatch | None:
    for index, item in enumerate(value):
        found = _search(item, around)
        if found is not None:
            return found.within(f"[{index}]")
    return None
