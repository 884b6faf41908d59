"""Numbers of progress: whoever reads a task counts with them and writes them as JSON, which has no NaN or infinity."""

import math

from asynctask.errors import FieldViolation, InvalidInput

_SHOWN = 80


def finite(field: str, value: float) -> float:
    """The number. Raises InvalidInput, which names `field`, when it is none or not finite."""
    try:
        if math.isfinite(value):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass  # no number, or one that no float can hold
    shown = repr(value)
    if len(shown) > _SHOWN:
        shown = shown[:_SHOWN] + "…"
    raise InvalidInput([FieldViolation(field, f"must be a finite number; got {shown}")])
