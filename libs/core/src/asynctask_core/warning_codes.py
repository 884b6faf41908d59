"""Codes of the warnings that a completed task gets by itself: all that the command line needs to know of them."""

from typing import Final

ITEMS_FAILED: Final = "ITEMS_FAILED"
"""The code of items that ended failed."""
ITEMS_SKIPPED: Final = "ITEMS_SKIPPED"
"""The code of items that ended skipped."""
