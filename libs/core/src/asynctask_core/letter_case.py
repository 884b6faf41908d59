"""Comparing text without regard to the case of A to Z.

Other letters count as they are: Postgres and Python disagree about their case, and a list and a watch must not.
"""

from __future__ import annotations

import string
from typing import Final

_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def without_case(text: str) -> str:
    """The text with a to z for A to Z."""
    return text.translate(_LOWER)
