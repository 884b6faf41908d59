"""The base of all shapes. A shape converts the values of one annotation from JSON to Python and back."""

from collections.abc import Callable, Sequence

from asynctask._argument_checks import shown

Schema = dict[str, object]
"""One JSON Schema (draft 2020-12) as JSON values."""


class Mismatch(Exception):
    """A value does not fit its shape. `path` grows from the inside out: `files[3].size`.

    `others` are further violations in the same value, found together with this one.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message: str = message
        self.path: str = ""
        self.others: Sequence[Mismatch] = ()

    def within(self, part: str) -> "Mismatch":
        """The same, with its path from one level further out; `part` is `.name` or `[3]`."""
        for one in (self, *self.others):
            one.path = part + one.path
        return self

    def describe(self, root: str) -> str:
        """`root.path: message`, one line per violation."""
        return "\n".join(f"{root}{one.path}: {one.message}" for one in (self, *self.others))


def wrong(expected: str, value: object) -> Mismatch:
    """The usual mismatch: what is allowed, and what was given."""
    return Mismatch(f"must be {expected}; got {shown(value)}")


class Definitions:
    """The named schemas (`$defs`) that one schema refers to; a record is described once, however often it is used."""

    __slots__ = ("_names", "schemas")

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}
        self._names: dict[object, str] = {}

    def refer(self, key: object, name: str, describe: Callable[[], Schema]) -> Schema:
        """A reference to the schema of `key`, described on first use under `name` or the next free variant of it."""
        taken = self._names.get(key)
        if taken is None:
            taken, count = name, 1
            while taken in self.schemas:
                count += 1
                taken = f"{name}{count}"
            self._names[key] = taken
            # Reserved first: a record may contain itself.
            self.schemas[taken] = {}
            self.schemas[taken] = describe()
        return {"$ref": f"#/$defs/{taken}"}


class Shape:
    """Base of all shapes: any JSON value, taken as it is."""

    __slots__ = ()

    def decode(self, value: object) -> object:
        """The Python value of a JSON value. Raises Mismatch."""
        return value

    def encode(self, value: object) -> object:
        """The JSON value of a Python value; values inside that JSON does not know are encoded later.

        Raises Mismatch.
        """
        return value

    def key(self, text: str) -> object:
        """The Python value of an object's key. Raises Mismatch."""
        return self.decode(text)

    def schema(self, definitions: Definitions) -> Schema:
        """Its JSON Schema."""
        del definitions
        return {}
