"""The kinds of bounds of a field. Lengths are checked first, and content only if the lengths are right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from asynctask_core import limits
from asynctask_core.json_text import show
from asynctask_core.states import marked
from asynctask_core.validate import NAME, STAGE, Violations
from asynctask_core.warning_tally import CODE_PATTERN

MOST_VIOLATIONS: Final = 20
"""The most wrong fields that an error names; a request may have thousands."""
ID_BYTES: Final = 16

FieldsCheck = Callable[[Message, Violations, str], None]
"""Notes the wrong fields of a message below a path."""


def is_enough(violations: Violations) -> bool:
    """Whether there are so many violations that more would not help the caller."""
    return len(violations.found) >= MOST_VIOLATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The bound of one field. A field that is not set is only checked if it is `required`."""

    required: bool = False

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Note what is wrong with `value`, which is not the field's default."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        raise NotImplementedError

    def bind(self, described: FieldDescriptor, check_fields: FieldsCheck) -> Bound:
        """The bound for one field of a message; `check_fields` checks a message in that field."""
        return self


class Form(Enum):
    """Which characters a text may have."""

    ANY = "text without NUL"
    """Anything but NUL, which Postgres refuses."""
    ESCAPED = "text, in which NUL is made visible"
    """Anything; the service escapes NUL itself."""
    NAME = "letters, digits, '_', '-' or '.', beginning with a letter or digit"
    STAGE = "letters, digits, '_' or '-'"
    CODE = "capital letters, digits and _, beginning with a letter"
    PRINTABLE = "printable characters"


_PATTERNS: Final[Mapping[Form, re.Pattern[str]]] = {
    Form.NAME: NAME,
    Form.STAGE: STAGE,
    Form.CODE: CODE_PATTERN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Bound):
    """A text of at most `chars` characters, or `size` bytes of UTF-8; not shorter than `least` characters."""

    least: int = 0
    chars: int = 0
    size: int = 0
    form: Form = Form.ANY

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check the length, then the characters."""
        length = len(value)
        if self.form in _PATTERNS:
            if length > self.chars or _PATTERNS[self.form].fullmatch(value) is None:
                violations.add(path, f"must be up to {self.chars} {self.form.value}; got {show(value)}")
        elif length < self.least:
            allowed = f"must be {self.least} to {self.chars} characters"
            violations.add(path, f"{allowed}; got {length}: {show(value)}")
        elif self.chars and length > self.chars:
            violations.add(path, f"must be at most {self.chars} characters; got {length}: {show(value)}")
        elif self.size and length > self.size // 4 and (nbytes := len(value.encode())) > self.size:
            violations.add(path, f"must be at most {self.size} bytes; got {nbytes}")
        elif not self._has_form(value):
            violations.add(path, f"must be {self.form.value}; got {show(value)}")

    def _has_form(self, value: str) -> bool:
        if self.form is Form.PRINTABLE:
            return value.isprintable()
        return self.form is Form.ESCAPED or "\x00" not in value

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        if self.form in _PATTERNS:
            return f"up to {self.chars:,} {self.form.value}"
        most = f"{self.chars:,} characters" if self.chars else f"{self.size:,} bytes"
        return f"{f'{self.least} to' if self.least else 'at most'} {most}: {self.form.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutText(Bound):
    """A text that is cut to its limit, since it is for people and a part of it is better than none."""

    size: int = 0
    chars: int = 0

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Nothing to check: the service that stores a long text cuts it. The size of the whole message is bounded."""

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        most = f"{self.chars:,} characters" if self.chars else f"{self.size:,} bytes"
        return f"cut to {most}; NUL is made visible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Data(Bound):
    """Bytes."""

    size: int

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check the length."""
        if len(value) > self.size:
            violations.add(path, f"must be at most {self.size} bytes; got {len(value)}")

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        return f"at most {self.size:,} bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Id(Bound):
    """16 bytes of a UUID. With `skipped`, ids of other lengths are left out, since no task has them."""

    skipped: bool = False

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check the length."""
        if len(value) != ID_BYTES and not self.skipped:
            violations.add(path, f"must be an id of {ID_BYTES} bytes; got {len(value)}")

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        return f"an id of {ID_BYTES} bytes" + ("; others are left out" if self.skipped else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Bound):
    """A finite number in a closed range, or one that is larger than `above`.

    With `cut`, a number above `high` counts as `high`.
    """

    low: float = 0
    high: float = limits.LARGEST_NUMBER
    above: float | None = None
    cut: bool = False
    ends: tuple[str, str] | None = None
    """What the lowest and the highest number mean."""
    unset: str = ""
    """What 0 means, as in a message whose sender left the field out."""

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check the range; NaN is out of every range."""
        if self.cut and value > self.high:
            return
        if not self.low <= value <= self.high or (self.above is not None and value <= self.above):
            came = f"{value:g}" if isinstance(value, float) else f"{value}"
            violations.add(path, f"must be {self._range}; got {came}")

    @property
    def _range(self) -> str:
        if self.above is not None:
            return f"above {self.above} and at most {self.high}"
        if self.ends is not None:
            return f"from {self.low} ({self.ends[0]}) to {self.high} ({self.ends[1]})"
        return f"from {self.low} to {self.high}"

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        larger = "; a larger one counts as that" if self.cut else ""
        return self._range + larger + (f"; 0 means {self.unset}" if self.unset else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Bound):
    """A number of an enum that this version knows; if `only` is given, of those names."""

    only: Set[str] = frozenset()
    names: Mapping[int, str] = field(default_factory=dict[int, str])

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check that the number has a name."""
        if value not in self.names:
            allowed = ", ".join(marked(name, name) for name in self.names.values())
            violations.add(path, f"must be one of {allowed}; got {value}")

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        return "one of " + ", ".join(marked(f"`{name}`", name) for name in self.names.values())

    def bind(self, described: FieldDescriptor, check_fields: FieldsCheck) -> Bound:
        """Add the names of the field's enum."""
        enum = described.enum_type
        assert enum is not None, described.full_name
        unknown = self.only - {value.name for value in enum.values}
        assert not unknown, (described.full_name, unknown)
        values = [value for value in enum.values if value.name in self.only or not self.only]
        if self.required:
            values = [value for value in values if value.number]
        return Choice(
            required=self.required, only=self.only, names={value.number: value.name for value in values}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Bound):
    """True or false."""

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Nothing to check."""

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        return "true or false"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOnly(Bound):
    """A field that only the service sets: it is dropped from requests."""

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Nothing to check: the field was dropped."""

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        return "output only: dropped on input"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBound(Bound):
    """A message, each of whose fields has its own bound."""

    name: str = ""
    check_fields: FieldsCheck | None = None

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check every field that is set."""
        assert self.check_fields is not None, "bound to a field"
        self.check_fields(value, violations, f"{path}.")

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        return f"a `{self.name}`"

    def bind(self, described: FieldDescriptor, check_fields: FieldsCheck) -> Bound:
        """Add the message's name."""
        assert described.message_type is not None, described.full_name
        return MessageBound(
            required=self.required, name=described.message_type.name, check_fields=check_fields
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(Bound):
    """A list of at most `most` items."""

    most: int
    of: Bound

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check the count, then the items."""
        items: Sequence[Any] = value
        if len(items) > self.most:
            violations.add(path, f"must have at most {self.most} entries; got {len(items)}")
            return
        if isinstance(self.of, Flag | CutText):
            return
        for position, item in enumerate(items):
            # In a list, an empty item counts as set.
            if self.of.required and not item and not isinstance(self.of, MessageBound):
                violations.add(f"{path}[{position}]", "is required")
            else:
                self.of.check(f"{path}[{position}]", item, violations)
            if is_enough(violations):
                return

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        return f"at most {self.most:,} entries, each {self.of.words}"

    def bind(self, described: FieldDescriptor, check_fields: FieldsCheck) -> Bound:
        """Bind the bound of the items."""
        return Many(required=self.required, most=self.most, of=self.of.bind(described, check_fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges(Many):
    """A list of messages about positions, or about ranges with `last_position`: at most `most` positions in all."""

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check the items, then the ranges and their number of positions."""
        Many.check(self, path, value, violations)
        if violations.found:
            return
        positions = 0
        for number, item in enumerate(value):
            first, last = item.position, item.last_position
            if last and last < first:
                text = f"must be 0 or from {first} (position) on; got {last}"
                violations.add(f"{path}[{number}].last_position", text)
            elif last and item.error:
                violations.add(f"{path}[{number}].error", "must be empty with last_position")
            if is_enough(violations):
                return
            positions += (last or first) - first + 1
        if positions > self.most and not violations.found:
            violations.add(path, f"must be about at most {self.most} positions in all; got {positions}")

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        most = f"{self.most:,}"
        return (
            f"at most {most} entries, each {self.of.words}; their ranges have at most {most} positions in all"
        )

    def bind(self, described: FieldDescriptor, check_fields: FieldsCheck) -> Bound:
        """Bind the bound of the items."""
        return Ranges(required=self.required, most=self.most, of=self.of.bind(described, check_fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs(Bound):
    """A map of texts of at most `most` entries; keys are never empty."""

    most: int
    key: Text
    value: Text

    def check(self, path: str, value: Any, violations: Violations) -> None:
        """Check the count, then keys and values."""
        if len(value) > self.most:
            violations.add(path, f"must have at most {self.most} entries; got {len(value)}")
            return
        for key, text in value.items():
            entry = f"{path}[{show(key)}]"
            if key:
                self.key.check(entry, key, violations)
            else:
                violations.add(entry, f"keys must have 1 to {self.key.chars} characters; got 0")
            self.value.check(entry, text, violations)

    @property
    def words(self) -> str:
        """What is allowed, for people."""
        return f"at most {self.most:,} entries; keys {self.key.words}; values {self.value.words}"
