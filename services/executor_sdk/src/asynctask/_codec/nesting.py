"""How deep a value is nested, for an error. Counted without Python's stack, so any depth is possible."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, cast

from asynctask._argument_checks import shown
from asynctask._codec.shape import Mismatch
from asynctask_core import limits
from asynctask_core.json_text import cut_path, too_deep


def nesting(value: object) -> Mismatch | None:
    """Whether a value contains itself, or is nested too deeply, and where; None when it is neither.

    Takes time in proportion to the value.
    """
    levels: dict[int, int] = {}
    """Levels of each value that was fully visited, by its id; 0 if it has no values inside."""
    open_now = {id(value): ""}
    walk = [(value, _inside(value))]
    while walk:
        inner, rest = walk[-1]
        for part, item in rest:
            if id(item) in open_now:
                return Mismatch("contains itself").within(cut_path("".join([*open_now.values(), part])))
            if id(item) not in levels:
                open_now[id(item)] = part
                walk.append((item, _inside(item)))
                break
        else:
            walk.pop()
            del open_now[id(inner)]
            levels[id(inner)] = _levels(inner, levels)
    count = levels[id(value)]
    if count <= limits.JSON_LEVELS:
        return None
    path = ""
    for left in range(count - 1, count - 1 - limits.JSON_LEVELS, -1):
        for part, item in _inside(value):
            if levels.get(id(item)) == left:
                path, value = path + part, item
                break
    return Mismatch(too_deep(f"{count:,}")).within(cut_path(path))


def _levels(value: object, levels: Mapping[int, int]) -> int:
    if not _is_container(value):
        return 0
    return 1 + max((levels.get(id(item), 0) for _, item in _inside(value)), default=0)


def _is_container(value: object) -> bool:
    return isinstance(value, (dict, list, tuple, set, frozenset)) or (
        dataclasses.is_dataclass(value) and not isinstance(value, type)
    )


def _inside(value: object) -> Iterator[tuple[str, object]]:
    """The values directly inside a value, each with its part of the path."""
    if isinstance(value, dict):
        for key, item in cast("Mapping[object, object]", value).items():
            yield f".{key if isinstance(key, str) else shown(key)}", item
    elif isinstance(value, (list, tuple, set, frozenset)):
        for index, item in enumerate(cast("Sequence[object] | Set[object]", value)):
            yield f"[{index}]", item
    elif _is_container(value):
        for one in dataclasses.fields(cast("Any", value)):
            if hasattr(value, one.name):
                yield f".{one.name}", getattr(value, one.name)
