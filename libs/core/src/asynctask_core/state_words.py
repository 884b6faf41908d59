"""States as words, for programs that must not load protobuf to print a help page.

A test compares the lists with the enums of `states`.
"""

from typing import Final

TASK_STATES: Final = ("pending", "queued", "running", "paused", "completed", "failed", "cancelled")
RESERVED_TASK_STATES: Final = ("awaiting_approval",)
"""Words of the contract that no task has yet, so command-line help does not offer them."""
FINAL_TASK_STATES: Final = ("completed", "failed", "cancelled")
ITEM_STATES: Final = ("todo", "done", "failed", "skipped", "excluded")
