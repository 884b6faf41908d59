"""Calls of a context that an async handler does not await, such as `ctx.checkpoint(3)` alone: they do nothing.

Python only says so on the executor's stderr, where the author of the handler does not look. So the task gets a warning.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from types import CodeType, CoroutineType
from typing import Any, Final, cast

from asynctask._attempt.lines import current_attempt
from asynctask._handler.context import Context
from asynctask._handler.manifest import Manifest

CODE: Final = "NOT_AWAITED"
_NAME: Final = "_warn_unawaited_coroutine"
"""Python calls this function of its module `warnings` when a coroutine that never began is dropped. The filters of that
module come later: they show only the first one of each place."""

AWAITED: Final[dict[CodeType, str]] = {
    function.__code__: f"{said}.{name}"
    for owner, said in ((Context, "ctx"), (Manifest, "manifest"))
    for name, function in vars(owner).items()
    if inspect.iscoroutinefunction(function) and not name.startswith("_")
}
"""Calls that are to be awaited, by their code."""


def tell_unawaited() -> None:
    """From now on such calls are warnings of their tasks. Once for each process."""
    before: Callable[[Any], None] | None = getattr(warnings, _NAME, None)
    if before is None or getattr(before, "__module__", "") == __name__:
        return

    def tell(coroutine: CoroutineType[Any, Any, Any]) -> None:
        said = AWAITED.get(coroutine.cr_code)
        attempt = current_attempt.get()
        # A garbage collection may drop a coroutine of another task than the one that runs.
        if said is not None and attempt is not None and _attempt_of(coroutine) is attempt:
            attempt.warn(attempt.stage, CODE, f"{said}(…) was called without `await`, and did nothing", 1)
        before(coroutine)

    setattr(warnings, _NAME, tell)


def _attempt_of(coroutine: CoroutineType[Any, Any, Any]) -> object:
    """The attempt of the context or manifest that was called."""
    frame = coroutine.cr_frame
    return None if frame is None else getattr(cast("Any", frame.f_locals.get("self")), "_attempt", None)
