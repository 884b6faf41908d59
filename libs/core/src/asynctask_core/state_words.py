"""States as words, for programs that must not load protobuf to print a help page.

A test holds the lists to the enums of `states`.
"""

from typing import Final

TASK_STATES: Final = ("pending", "queued", "running", "paused", "completed", "failed", "cancelled")
RESERVED_TASK_STATES: Final = ("awaiting_approval",)
"""Taken, for they are words of the contract; but no task is in them yet, so nobody is offered them."""
FINAL_TASK_STATES: Final = ("completed", "failed", "cancelled")
ITEM_STATES: Final = ("todo", "done", "failed", "skipped", "excluded")
