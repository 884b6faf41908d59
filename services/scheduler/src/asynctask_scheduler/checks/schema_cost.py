"""Computes an upper bound of the cost of checks by a config schema, from the schema alone.

The unit is one schema applied to one value. `$ref`, `allOf`, `anyOf` and the like apply more schemas to the same value;
`properties`, `items` and the like apply schemas to the values inside. The set of all schemas at one value is a *place*.
Each place has an edge to one place for every property that a schema names, to one for all other properties, and
likewise for items. A recursive schema leads back to places that were seen before, so an ordinary schema has few of
them. The most costly place times the number of values bounds the whole check.

Some schemas have no such bound: a recursion that adds schemas each time, references that only a value resolves,
patterns that may backtrack, `unevaluated…`. Their configs are checked in a process that can be killed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import unquote

Json = Any

MOST_SCHEMAS: Final = 10_000
"""Most schemas at one value; more are refused."""
_MOST_PLACES: Final = 50_000
_MOST_WORK: Final = 500_000
FEW_STEPS: Final = 20_000
"""Most steps of finding the bound in the event loop: they take some milliseconds."""

_IN_PLACE_LISTS: Final = ("allOf", "anyOf", "oneOf")
_IN_PLACE: Final = ("not", "if", "then", "else")
_UNBOUNDED: Final = ("unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef")
_ARITHMETIC: Final = 1_000
"""A division of large numbers, in units."""
_CONTENT: Final = 50
"""Units per character for checking the content of a text, at most."""
_REPEATED: Final = re.compile(r"\{(\d*)(?:,(\d*))?\}")
_CLASS: Final = re.compile(r"\\[wWdDsSpP]|\.")
_WIDE_CLASS: Final = 20
_STEPS_A_UNIT: Final = 10
_PATTERN_STEPS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SchemaCost:
    """`units` of the most costly value and the most `schemas` at one; without a bound `units` is None, see `reason`.

    A schema that `is_too_much` has a bound that is too high, and must be refused.
    """

    units: int | None
    schemas: int = 0
    reason: str = ""
    is_too_much: bool = False


class _NoBound(Exception):
    """There is no bound."""


class _TooMuch(Exception):
    """There is a bound, and it is too high."""


def cost_of(schema: Json, most_steps: int = _MOST_WORK) -> SchemaCost:
    """Find the bound of a schema that was decoded from JSON, in at most `most_steps`."""
    try:
        return SchemaCost(*_Walk(schema, most_steps).most())
    except RecursionError:
        return SchemaCost(None, reason="its parts refer to one another too deeply")
    except _NoBound as no_bound:
        return SchemaCost(None, reason=str(no_bound))
    except _TooMuch as too_much:
        return SchemaCost(None, reason=str(too_much), is_too_much=True)


class _Walk:
    """One walk over all the places of a schema."""

    def __init__(self, root: Json, most_steps: int) -> None:
        self._root = root
        self._left = most_steps
        self._nodes: dict[int, Json] = {}
        self._closures: dict[int, Counter[int]] = {}
        self._weights: dict[int, int] = {}
        self._open: set[int] = set()
        self._anchors: dict[str, Json] | None = None

    def most(self) -> tuple[int, int]:
        """The units of the most costly place, and the schemas of the place with the most."""
        first = self._closure(self._root)
        if (schemas := sum(first.values())) > MOST_SCHEMAS:
            raise _TooMuch(_many(schemas))
        places = {frozenset(first.items()): None}
        left = [first]
        units = count = 0
        while left:
            place = left.pop()
            units = max(units, sum(times * self._weight(node) for node, times in place.items()))
            count = max(count, sum(place.values()))
            for inner in self._inside(place):
                if sum(inner.values()) > MOST_SCHEMAS:
                    if self._is_recursive():
                        raise _NoBound(
                            "it contains itself several times, so its cost grows with the depth of a config"
                        )
                    raise _TooMuch(_many(sum(inner.values())))
                key = frozenset(inner.items())
                if key not in places:
                    places[key] = None
                    left.append(inner)
            if len(places) > _MOST_PLACES:
                raise _NoBound("its parts can meet in too many ways")
        return units, count

    # --- schemas at the same value ------------------------------------------------------------------------------------

    def _closure(self, schema: Json) -> Counter[int]:
        """How often each schema is applied to a value to which `schema` is applied."""
        if not isinstance(schema, Mapping):
            return Counter()
        node = id(cast("object", schema))
        known = self._closures.get(node)
        if known is not None:
            return known
        if node in self._open:
            raise _NoBound("it refers to itself at the same value")
        self._spend(1)
        self._open.add(node)
        self._nodes[node] = schema
        found: Counter[int] = Counter({node: 1})
        for inner in self._in_place(_mapping(schema)):
            closure = self._closure(inner)
            self._spend(len(closure))
            found.update(closure)
        self._open.discard(node)
        self._closures[node] = found
        return found

    def _in_place(self, schema: Mapping[str, Json]) -> Iterator[Json]:
        for word in _UNBOUNDED:
            if word in schema:
                raise _NoBound(f"it uses {word}")
        for word in _IN_PLACE_LISTS:
            yield from _list(schema.get(word))
        for word in _IN_PLACE:
            if word in schema:
                yield schema[word]
        for word in ("dependentSchemas", "dependencies"):
            yield from _mapping(schema.get(word)).values()
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield self._resolved(reference)

    def _resolved(self, reference: str) -> Json:
        base = str(_mapping(self._root).get("$id", ""))
        if base and reference.startswith(base):
            reference = reference[len(base) :] or "#"
        if not reference.startswith("#"):
            raise _NoBound(f"it refers to {reference[:80]!r}")
        fragment = unquote(reference[1:])
        if fragment and not fragment.startswith("/"):
            return self._anchored(fragment)
        found = self._root
        for part in fragment.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            try:
                found = cast("Json", found[int(key)] if isinstance(found, list) else found[key])
            except (KeyError, IndexError, ValueError, TypeError):
                raise _NoBound(f"it refers to {reference[:80]!r}") from None
            if "$id" in _mapping(found):
                raise _NoBound("it holds a schema with an $id of its own")
        return found

    def _anchored(self, name: str) -> Json:
        if self._anchors is None:
            self._anchors = {}
            left: list[Json] = [self._root]
            while left:
                schema = left.pop()
                self._spend(1)
                words = _mapping(schema)
                anchor = words.get("$anchor")
                if isinstance(anchor, str):
                    self._anchors[anchor] = schema
                left.extend((*words.values(), *_list(schema)))
        if name not in self._anchors:
            raise _NoBound(f"it refers to {'#' + name[:80]!r}")
        return self._anchors[name]

    # --- schemas at the values inside ---------------------------------------------------------------------------------

    def _inside(self, place: Counter[int]) -> Iterator[Counter[int]]:
        schemas = [(self._nodes[node], count) for node, count in place.items()]
        names = {name for schema, _ in schemas for name in _mapping(schema.get("properties"))}
        for name in (*sorted(names), None):
            yield self._sum((self._at_property(schema, name), count) for schema, count in schemas)
        depth = max((len(_positions(schema)) for schema, _ in schemas), default=0)
        for position in range(depth + 1):
            yield self._sum((_at_item(schema, position), count) for schema, count in schemas)
        yield self._sum(([schema["propertyNames"]], n) for schema, n in schemas if "propertyNames" in schema)

    def _at_property(self, schema: Mapping[str, Json], name: str | None) -> list[Json]:
        named = _mapping(schema.get("properties"))
        found = list(_mapping(schema.get("patternProperties")).values())
        if name is not None and name in named:
            return [*found, named[name]]
        return [*found, schema["additionalProperties"]] if "additionalProperties" in schema else found

    def _sum(self, parts: Iterable[tuple[Sequence[Json], int]]) -> Counter[int]:
        found: Counter[int] = Counter()
        for schemas, count in parts:
            for schema in schemas:
                closure = self._closure(schema)
                self._spend(1 + len(closure))
                for node, times in closure.items():
                    found[node] += times * count
        return found

    # ------------------------------------------------------------------------------------------------------------------

    def _weight(self, node: int) -> int:
        """Units of one schema at one value, without those inside."""
        known = self._weights.get(node)
        if known is None:
            known = self._weights[node] = _units(self._nodes[node])
            # Patterns with many states also take long to build.
            self._spend(known)
        return known

    def _is_recursive(self) -> bool:
        """Whether some schema leads back to itself."""
        edges = {
            node: {inner for schemas in _below(schema) for inner in self._closure(schemas)}
            for node, schema in list(self._nodes.items())
        }
        waiting = Counter(inner for inners in edges.values() for inner in inners)
        free = [node for node in edges if not waiting[node]]
        seen = 0
        while free:
            seen += 1
            for inner in edges.get(free.pop(), ()):
                waiting[inner] -= 1
                if not waiting[inner]:
                    free.append(inner)
        return seen < len(edges)

    def _spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise _NoBound("it is too large to say what it costs")


def _units(schema: Mapping[str, Json]) -> int:
    units = 1 + len(_list(schema.get("required"))) // 8 + len(_mapping(schema.get("properties"))) // 8
    units += sum(len(_list(one)) for one in _mapping(schema.get("dependentRequired")).values())
    units += _ARITHMETIC * ("multipleOf" in schema)
    patterns = [
        *_mapping(schema.get("patternProperties")),
        *([schema["pattern"]] if "pattern" in schema else ()),
    ]
    units += sum(_pattern_units(str(pattern)) for pattern in patterns)
    if schema.get("format") == "regex":
        raise _NoBound("a config may hold patterns of its own (format: regex)")
    units += _CONTENT * any(word in schema for word in ("format", "contentEncoding", "contentMediaType"))
    return units + _length(schema.get("enum")) + _length(schema.get("const"))


def _length(value: Json) -> int:
    """The number of values to compare: lists and objects are compared one by one, other values are looked up."""
    if isinstance(value, list):
        return sum(1 for one in cast("list[Json]", value) if isinstance(one, (dict, list)))
    return 0


def _pattern_units(pattern: str) -> int:
    """Steps that a character of a value may take, in units: the states that the pattern may be in at once."""
    states = len(pattern) + _WIDE_CLASS * len(_CLASS.findall(pattern))
    for low, high in _REPEATED.findall(pattern):
        states *= max(int(number[:9]) if number else 1 for number in (low, high))
        if states > _PATTERN_STEPS:
            raise _NoBound("it has a pattern that repeats too much")
    return 1 + states // _STEPS_A_UNIT


def _at_item(schema: Mapping[str, Json], position: int) -> list[Json]:
    positions = _positions(schema)
    found = [schema["contains"]] if "contains" in schema else []
    if position < len(positions):
        return [*found, positions[position]]
    rest = schema.get("additionalItems") if isinstance(schema.get("items"), list) else schema.get("items")
    return found if rest is None else [*found, rest]


def _positions(schema: Mapping[str, Json]) -> Sequence[Json]:
    items = schema.get("items")
    return cast("list[Json]", items) if isinstance(items, list) else _list(schema.get("prefixItems"))


def _below(schema: Mapping[str, Json]) -> Iterator[Json]:
    for word in ("properties", "patternProperties"):
        yield from _mapping(schema.get(word)).values()
    for word in ("additionalProperties", "propertyNames", "contains", "additionalItems"):
        if word in schema:
            yield schema[word]
    yield from _positions(schema)
    if "items" in schema and not isinstance(schema["items"], list):
        yield schema["items"]


def _list(value: Json) -> Sequence[Json]:
    return cast("list[Json]", value) if isinstance(value, list) else ()


def _mapping(value: Json) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", value) if isinstance(value, Mapping) else {}


def _many(schemas: int) -> str:
    count = f"{schemas:,}" if schemas < 10**12 else f"about 10^{len(str(schemas)) - 1}"
    return (
        f"its $ref, allOf, anyOf and the like come to {count} schemas for one value of a config, "
        f"and at most {MOST_SCHEMAS:,} are allowed"
    )
