"""Checks callers' arguments: an error names the field, what is allowed and what was given. Protobuf would refuse a
wrong value too, but does not say which one.
"""

import math
import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeGuard, cast

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.json_text import digits_of
from asynctask_core.validate import Violations
from asynctask_core.warning_tally import CODE_PATTERN, CODE_WORDS
from asynctask_core.wire import cut_text, escape_nul

_SHOWN: Final = 80
_MANY_DIGITS: Final = 10**limits.JSON_DIGITS
_INT32: Final = 2**31
"""Numbers below it can be sent; the scheduler checks which of them are allowed."""


def shown(value: object) -> str:
    """A given value, as text for an error."""
    if isinstance(value, int) and abs(value) >= _MANY_DIGITS:
        return f"a whole number of {digits_of(value):,} digits"
    try:
        found = repr(value)
    except Exception:  # noqa: BLE001 - a broken __repr__ must not replace the error that says what is wrong
        found = f"a value of type {type(value).__name__} whose repr() fails"
    return found if len(found) <= _SHOWN else found[:_SHOWN] + "…"


def plain_text(value: str) -> str:
    """The text of a subclass, without the code of that class: what is sent must not run any of it."""
    return value if type(value) is str else str.__str__(value)


def sendable(field: str, value: Any, limit_bytes: int) -> str:
    """A text for people, made sendable: characters that UTF-8 or Postgres refuse are escaped, a long text is cut.

    Raises InvalidInput when it is no text.
    """
    if not isinstance(value, str):
        raise InvalidInput([FieldViolation(field, f"must be a text; got {shown(value)}")])
    found = plain_text(value)
    if len(found) <= limit_bytes // 4 and found.isascii() and "\0" not in found:
        return found
    return cut_text(escape_nul(found), limit_bytes)


def whole(field: str, value: Any, low: int, high: int) -> int:
    """A whole number within a range. Raises InvalidInput."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or not low <= number <= high:
        text = f"must be a whole number from {low} to {high}; got {shown(value)}"
        raise InvalidInput([FieldViolation(field, text)])
    return number


def name(field: str, value: Any, chars: int) -> str:
    """A name as the scheduler takes names. Raises InvalidInput."""
    violations = Violations()
    violations.name(field, text(field, value, violations), chars)
    if violations.found:
        raise InvalidInput(violations.found[:1])
    return plain_text(value)


def optional_text(field: str, value: Any) -> str:
    """A text, or nothing. Raises InvalidInput."""
    violations = Violations()
    found = text(field, value, violations)
    violations.raise_any()
    return found


def optional_name(field: str, value: Any) -> str:
    """A text that names something; nothing for None, but an empty text names nothing either. Raises InvalidInput."""
    violations = Violations()
    found = named(field, value, violations)
    violations.raise_any()
    return found


def reason(value: Any) -> str:
    """The reason a person gives: a text for people, so bad characters are escaped. Raises InvalidInput."""
    if value is not None and not isinstance(value, str):
        raise InvalidInput([FieldViolation("reason", f"must be a text; got {shown(value)}")])
    return escape_nul(plain_text(value or ""))


def listed(field: str, values: Any) -> list[Any]:
    """Several values: a text alone would be taken for its characters. Raises InvalidInput."""
    if not isinstance(values, (str, bytes)) and isinstance(values, Iterable):
        return list(cast("Iterable[Any]", values))
    raise InvalidInput([FieldViolation(field, f"must be a list; got {shown(values)}")])


def required_text(field: str, value: Any) -> str:
    """A text that names something, such as an id: escaped or cut it would name something else. Raises InvalidInput."""
    violations = Violations()
    found = text(field, value, violations)
    if value is None:
        violations.add(field, "must be a text; got None")
    violations.raise_any()
    return found


def finite(field: str, value: float) -> float:
    """A number that readers can count with and write as JSON, which has no NaN or infinity. Raises InvalidInput."""
    try:
        if math.isfinite(value) and not isinstance(value, bool):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass  # no number, or one that no float can hold
    raise InvalidInput([FieldViolation(field, f"must be a finite number; got {shown(value)}")])


def count(field: str, value: float) -> float:
    """An amount, perhaps with a fraction. Raises InvalidInput."""
    found = finite(field, value)
    if not 0 <= found <= limits.LARGEST_NUMBER:
        allowed = f"must be from 0 to {limits.LARGEST_NUMBER:,}"
        raise InvalidInput([FieldViolation(field, f"{allowed}; got {shown(value)}")])
    return found


def iterated(field: str, value: Any) -> Iterator[Any]:
    """Several values, perhaps made one by one: a text alone would be taken for its characters. Raises InvalidInput."""
    # Tuples first: `append` passes its one item as a tuple.
    if isinstance(value, tuple) or (
        isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray))
    ):
        return iter(cast("Iterable[Any]", value))
    raise InvalidInput([FieldViolation(field, f"must be a list or another iterable; got {shown(value)}")])


def seconds(field: str, value: float) -> float:
    """How long to wait at most. Raises InvalidInput."""
    found = finite(field, value)
    if found < 0:
        raise InvalidInput([FieldViolation(field, f"must be at least 0 seconds; got {shown(value)}")])
    return found


def text(field: str, value: Any, violations: Violations) -> str:
    """A text; noted as a violation when it is none, or none that UTF-8 can write."""
    if value is None:
        return ""
    if _is_text(value):
        return plain_text(value)
    violations.add(field, f"must be a text (UTF-8); got {shown(value)}")
    return ""


def named(field: str, value: Any, violations: Violations) -> str:
    """The text that `optional_name` gives; noted as a violation when it is none, or empty."""
    return "" if is_empty(field, value, violations) else text(field, value, violations)


def is_empty(field: str, value: Any, violations: Violations) -> bool:
    """Whether it is an empty or blank text; noted as a violation then."""
    if not isinstance(value, str) or value.strip():
        return False
    violations.add(field, f"must not be empty; got {shown(value)}: give a value, or leave it out")
    return True


def flag(field: str, value: Any) -> bool | None:
    """True, False, or None for neither. Raises InvalidInput."""
    if value is None or isinstance(value, bool):
        return value
    raise InvalidInput([FieldViolation(field, f"must be True or False; got {shown(value)}")])


def priority(value: Any, violations: Violations) -> int:
    """A priority; noted as a violation when it is no whole number."""
    try:
        number = operator.index(value)
    except TypeError:
        number = _INT32
    if isinstance(value, bool) or not -_INT32 <= number < _INT32:
        first, last = limits.PRIORITY_FIRST, limits.PRIORITY_LAST
        allowed = f"must be a whole number from {first} (first) to {last} (last)"
        violations.add("priority", f"{allowed}; got {shown(value)}")
        return 0
    return number


def labels(value: Any, violations: Violations) -> dict[str, str]:
    """Labels; noted as a violation is every key and value that is no text."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        violations.add("labels", f"must be a mapping of texts to texts; got {shown(value)}")
        return {}
    found: dict[str, str] = {}
    for key, label in cast("Mapping[object, object]", value).items():
        field = f"labels[{shown(key)}]"
        if not _is_text(key):
            violations.add(field, f"keys must be texts (UTF-8); got {shown(key)}")
        elif not _is_text(label):
            violations.add(field, f"values must be texts (UTF-8); got {shown(label)}")
        else:
            found[key] = label
    return found


def warning(code: Any, text: Any, count: Any) -> tuple[str, str, int]:
    """The arguments of a warning; its text is made sendable, since it is logged, too. Raises InvalidInput."""
    violations = Violations()
    if not isinstance(code, str) or not CODE_PATTERN.fullmatch(code):
        violations.add("warn.code", f"{CODE_WORDS}; got {shown(code)}")
    if not isinstance(text, str):
        violations.add("warn.text", f"must be a text; got {shown(text)}")
    try:
        number = operator.index(count)
    except TypeError:
        number = 0
    if isinstance(count, bool) or not 1 <= number <= limits.WARNING_COUNT:
        allowed = f"must be a whole number from 1 to {limits.WARNING_COUNT:,}"
        violations.add("warn.count", f"{allowed}; got {shown(count)}")
    violations.raise_any()
    return plain_text(code), sendable("warn.text", text, limits.WARNING_TEXT_BYTES), number


def failure_reason(value: Any, message: object) -> str:
    """The reason that a handler gives for its failure. Raises InvalidInput, which includes the failure's message."""
    if not isinstance(value, str) or not CODE_PATTERN.fullmatch(value):
        text = f"{CODE_WORDS}; got {shown(value)} with the message {shown(message)}"
        raise InvalidInput([FieldViolation("reason", text)])
    return plain_text(value)


def checked_labels(value: Any) -> dict[str, str]:
    """Labels. Raises InvalidInput."""
    violations = Violations()
    found = labels(value, violations)
    violations.raise_any()
    return found


def _is_text(value: object) -> TypeGuard[str]:
    if not isinstance(value, str):
        return False
    try:
        str.encode(value)
    except UnicodeEncodeError:  # lone surrogates, as file names that are no UTF-8 have them
        return False
    return True
