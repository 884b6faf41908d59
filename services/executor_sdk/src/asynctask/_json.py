"""Reads JSON text without a codec: clients read tasks and task types as plain JSON."""

import json
from collections.abc import Callable
from typing import Any, cast

from asynctask_core.json_text import finite, refuse_constant


def load_json(text: str) -> Any:
    """The value of a JSON text; empty text is null. Raises ValueError."""
    if not text:
        return None
    try:
        value, end = _scan(text, 0)
    except StopIteration:  # it begins with white space, or is no JSON
        return _decode(text)
    return value if end == len(text) else _decode(text)


# Bound here, so that a handler which replaces functions of `json` harms no other task of its executor.
# Made once: `json.loads` makes a new one at every call that sets an option.
_DECODER = json.JSONDecoder(parse_constant=refuse_constant, parse_float=finite)
_decode: Callable[[str], Any] = _DECODER.decode
_scan: Callable[[str, int], tuple[Any, int]] = cast("Any", _DECODER).scan_once
"""The decoder's part in C: enough for a JSON text without white space around it, as AsyncTask writes it."""
