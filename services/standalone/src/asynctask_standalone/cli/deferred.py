"""Imports put off: what libraries load at once although most commands never use it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

UNUSED_BY_CALLS = (
    "asyncio",
    "grpc.aio",
    "google.protobuf.internal.python_message",
    "google.protobuf.text_format",
    "inspect",
)
"""What a blocking call of gRPC has no use for, and what costs more than all the rest of gRPC and protobuf: gRPC's half
for event loops with what it looks into handlers by, and protobuf's messages in Python, which are there for machines
without its compiled ones.
"""


class DeferredModule(ModuleType):
    """In place of a module that a library imported inside `deferred`: imports it when an attribute is asked for."""

    def __getattr__(self, attribute: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), attribute)


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Who imports one of these modules inside the block gets it when it is used, everybody else as ever.

    Modules that are loaded stay as they are. Not for blocks in which other threads import something.
    """
    stand_ins = {name: DeferredModule(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


def load_dataclasses() -> None:
    """Dataclasses, without `inspect`, which they use for one that has no docstring, and from Python 3.12 on for all."""
    with deferred("inspect"):
        import_module("dataclasses")


def load_grpc() -> None:
    """GRPC and protobuf, as far as blocking calls need them."""
    with deferred(*UNUSED_BY_CALLS):
        import_module("google.protobuf.internal.builder")
        import_module("grpc")
