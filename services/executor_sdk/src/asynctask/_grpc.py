"""Loads gRPC when it is first used: how it treats forks is decided then.

gRPC's core reads `GRPC_ENABLE_FORK_SUPPORT` once, while it is loaded. If the support is on, which is the default, gRPC
takes part in every fork of the process: with other threads that call gRPC, as in every executor, many forked children
crash or hang. If it is off, children of a handler run as in plain Python, as long as they do not call gRPC themselves.
A client program that forks and calls gRPC in its children needs it on. So only executors turn it off.
"""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

VARIABLE: Final = "GRPC_ENABLE_FORK_SUPPORT"
_LOADED: Final = "grpc._cython.cygrpc"

_YES: Final = frozenset({"1", "t", "true", "y", "yes"})
"""The values that gRPC takes for yes."""

if TYPE_CHECKING:
    import grpc
    import grpc.aio as grpc_aio
else:

    class _LoadedOnUse:
        """A module that is imported when the first of its attributes is read."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            value = getattr(import_module(self._name), attribute)
            setattr(self, attribute, value)
            return value

    grpc = _LoadedOnUse("grpc")
    grpc_aio = _LoadedOnUse("grpc.aio")

__all__ = ["VARIABLE", "grpc", "grpc_aio", "is_loaded_without_forks", "load_for_executor"]


_loaded_without_forks: Final[set[str]] = set()
"""What was loaded here for an executor: the next executor of the process need not warn of it."""


def load_for_executor() -> bool:
    """Load gRPC without its fork support; false when it is too late for that.

    The environment stays as it was, since programs that handlers start inherit it. A value that is set there stays
    as it is.
    """
    if VARIABLE in os.environ:
        import_module("grpc.aio")
        return True
    if _LOADED in sys.modules:
        return _LOADED in _loaded_without_forks
    os.environ[VARIABLE] = "0"
    try:
        import_module("grpc.aio")
    finally:
        del os.environ[VARIABLE]
    _loaded_without_forks.add(_LOADED)
    return True


def is_loaded_without_forks() -> bool:
    """Whether gRPC is loaded in this process and has no support for forks: a forked child cannot use it."""
    if _LOADED not in sys.modules:
        return False
    wish = os.environ.get(VARIABLE)
    return _LOADED in _loaded_without_forks if wish is None else wish.lower() not in _YES
