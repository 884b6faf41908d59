"""Handlers for processes of their own, which end in ways that no program should."""

import logging
import os
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


class Code(str):
    """A text that ends whoever reads it."""

    def __reduce__(self) -> Any:
        return os._exit, (77,)

    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        raise SystemExit(5)

    def __str__(self) -> str:
        return self


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
    if deed == "texts":
        ctx.warn(Code("CODE"), Code("text"))
        ctx.progress(1, 2, unit=Code("unit"), message=Code("message"))
        logging.getLogger("name").warning(Code("line"))
        ctx.named_manifest(Code("list")).extend([Code("a"), Code("b")])
        for item in ctx.named_manifest("list").todo():
            item.failed(Code("why"))
        return "fine"
    if deed == "bytes":
        ctx._port._connection.send(Code("a"))  # pyright: ignore
    if deed == "call":
        ctx._port._post("_manifest", "a")  # pyright: ignore
    found: Any = 0
    for _ in range(5_000):
        found = [found]
    return found


harmful = TaskType("harmful", config=str, retry=ONCE)
harmful.stage(process=True)(act)
