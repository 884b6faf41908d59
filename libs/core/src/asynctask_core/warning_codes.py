"""Codes of the warnings that a completed task gets by itself; apart, since the command line needs nothing else of them."""

from typing import Final

ITEMS_FAILED: Final = "ITEMS_FAILED"
"""The code of items that ended failed."""
ITEMS_SKIPPED: Final = "ITEMS_SKIPPED"
"""The code of items that ended skipped."""
