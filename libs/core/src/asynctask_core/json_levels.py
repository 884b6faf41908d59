"""How deep JSON may be nested: no deeper than every version of Python, and every other client, can read."""

import re
from typing import Final

from asynctask_core import limits

TOO_DEEP: Final = (
    f"is nested too deeply: at most {limits.JSON_LEVELS} lists and objects may be inside one another"
)
_TEXTS: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_BETWEEN: Final = re.compile(r"[^\[\]{}]+")
_AS_LISTS: Final = str.maketrans("{}", "[]")


def is_too_deep(text: str) -> bool:
    """Whether more lists and objects are inside one another than any reader must take.

    Of a text that is JSON: for one with quotation marks that do not match it may take minutes.
    """
    if text.count("[") + text.count("{") <= limits.JSON_LEVELS:
        return False
    brackets = _BETWEEN.sub("", _TEXTS.sub("", text)).translate(_AS_LISTS)
    for _ in range(limits.JSON_LEVELS):
        brackets = brackets.replace("[]", "")  # the innermost level of what is left
        if not brackets:
            return False
    return True
