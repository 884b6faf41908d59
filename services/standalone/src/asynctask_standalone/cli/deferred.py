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
"""Modules that a blocking gRPC call does not use, and that take longer to load than the rest of gRPC and protobuf:
gRPC's part for event loops (which uses `inspect`), and protobuf's messages in pure Python, for machines without the
compiled ones.
"""


class DeferredModule(ModuleType):
    """Replaces a module that a library imported inside `deferred`, and imports it when an attribute is first read."""

    def __getattr__(self, attribute: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), attribute)


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Imports of these modules inside the block load them at their first use; other imports are not changed.

    Modules that are loaded already stay as they are. No other thread may import anything during the block.
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
    """Load `dataclasses` without `inspect`, which it uses for classes without a docstring (from 3.12 on for all)."""
    with deferred("inspect"):
        import_module("dataclasses")


def load_grpc() -> None:
    """GRPC and protobuf, as far as blocking calls need them."""
    with deferred(*UNUSED_BY_CALLS):
        import_module("google.protobuf.internal.builder")
        import_module("grpc")
