"""Handlers for processes of their own, which end in ways that no program should."""

import sys
from typing import Any

from asynctask import Retry, TaskType, ThreadContext

ONCE = Retry(max_attempts=1)


class Unreadable(Exception):
    def __str__(self) -> str:
        raise SystemExit(3)

    def __reduce__(self) -> Any:
        raise KeyboardInterrupt


class Unpicklable:
    def __reduce__(self) -> Any:
        raise SystemExit(4)


class Own(BaseException):
    pass


def act(ctx: ThreadContext[Any], deed: str) -> Any:
    if deed == "exit":
        sys.exit(2)
    if deed == "interrupt":
        raise KeyboardInterrupt
    if deed == "own":
        raise Own("own")
    if deed == "unreadable":
        raise Unreadable
    if deed == "unpicklable":
        return Unpicklable()
    found: Any = 0
    for _ in range(5_000):
        found = [found]
    return found


harmful = TaskType("harmful", config=str, retry=ONCE)
harmful.stage(process=True)(act)
