"""What callers give us, checked where they give it: a wrong value is refused with its field, what is allowed and what
came. Protobuf would refuse it too, but does not say which one it means.
"""

import math
import operator
from collections.abc import Mapping
from typing import Any, Final, TypeGuard, cast

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.validate import Violations
from asynctask_core.warning_tally import CODE_PATTERN, CODE_WORDS

_SHOWN: Final = 80
_INT32: Final = 2**31
"""Numbers below it travel; which of them are allowed is the scheduler's to say."""


def shown(value: object) -> str:
    """What came, as an error says it."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def finite(field: str, value: float) -> float:
    """A number that readers can count with and write as JSON, which has no NaN or infinity. Raises InvalidInput."""
    try:
        if math.isfinite(value):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass  # no number, or one that no float can hold
    raise InvalidInput([FieldViolation(field, f"must be a finite number; got {shown(value)}")])


def text(field: str, value: Any, violations: Violations) -> str:
    """A text; noted as a violation when it is none, or none that UTF-8 can write."""
    if value is None:
        return ""
    if _is_text(value):
        return value
    violations.add(field, f"must be a text (UTF-8); got {shown(value)}")
    return ""


def flag(field: str, value: Any) -> bool | None:
    """True, False, or None for neither. Raises InvalidInput."""
    if value is None or isinstance(value, bool):
        return value
    raise InvalidInput([FieldViolation(field, f"must be True, False or None; got {shown(value)}")])


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
    """What a handler warns of. Raises InvalidInput."""
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
    return code, text, number


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
        value.encode()
    except UnicodeEncodeError:  # lone surrogates, as file names that are no UTF-8 have them
        return False
    return True
