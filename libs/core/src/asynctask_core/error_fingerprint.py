"""What errors of one kind have in common, as a short text: lists and overviews group failed tasks by it.

The message counts without what differs from one task to the next: quoted names, paths, and every word with a digit in
it (numbers, ids, addresses, times). A list of such things counts as one.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from asynctask_core import limits
from asynctask_protos.task.v1.task_pb2 import Failure

_MESSAGE_CHARS: Final = 1000
"""So much of a message tells its kind."""
# A quoted name begins behind no letter and ends at the next quote that no letter follows: "it's" may be part of it.
# The patterns take time in proportion to the message, since they look for an end only as far as the next opening quote,
# or over four apostrophes.
_VARYING: Final = re.compile(
    r"""
      (?<!\w)"[^"]*" | (?<!\w)'[^']*(?:'(?=\w)[^']*){0,4}'(?!\w) | `[^`]*`
    | “[^“”]*” | ‘[^‘’]*’ | «[^«»]*» | 「[^「」]*」 | 『[^『』]*』 | 《[^《》]*》
    | (?<![\w/])\w+://\S+                 # an address
    | (?<![\w.~/\\])(?:[A-Za-z]:|~|\.{1,2})?[/\\][^\s,;:]+  # a path
    | (?<![\w.-])[\w.-]*\d[\w.-]*         # a word with a digit
    | (?<!\w)[A-Fa-f]{8,}(?!\w)           # a hexadecimal number without one
    """,
    re.VERBOSE | re.DOTALL,
)
_SEVERAL: Final = re.compile(r"\*(?:[\s,;:.+()\[\]{}-]*\*)+")


def error_fingerprint(task_type: str, failure: Failure) -> str:
    """The fingerprint of an error of a task of this type, as hexadecimal digits."""
    kind = (task_type, failure.reason, failure.error_type, kind_of_message(failure.message))
    digest = hashlib.sha256("\0".join(kind).encode("utf-8", "replace")).hexdigest()
    return digest[: limits.FINGERPRINT_CHARS]


def kind_of_message(message: str) -> str:
    """The message with `*` for what differs from one task to the next."""
    marked = _VARYING.sub("*", message[:_MESSAGE_CHARS])
    return " ".join(_SEVERAL.sub("*", marked).split())
