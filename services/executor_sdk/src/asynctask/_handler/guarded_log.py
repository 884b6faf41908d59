"""The executor's own log, and that of tasks: a line that cannot be written does no other harm.

Handlers share Python's logging with the executor. What they put there may raise: a `logging.Handler` in its `emit`, a
filter, a factory of records. And many libraries configure logging again, by `logging.basicConfig(force=True)` or a
`dictConfig`, which removes every handler and disables every logger that exists.
"""

import logging
from typing import Any

from asynctask._attempt.lines import current_attempt
from asynctask._handler.interrupts import is_signal


class GuardedLogger(logging.Logger):
    """A logger that raises nothing but what a signal raised, and that no handler of a task disables."""

    @property
    def disabled(self) -> bool:
        return bool(self.__dict__.get("disabled"))

    @disabled.setter
    def disabled(self, value: bool) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        if current_attempt.get() is None:
            self.__dict__["disabled"] = value

    def _log(self, *arguments: Any, stacklevel: int = 1, **options: Any) -> None:
        try:
            super()._log(*arguments, stacklevel=stacklevel + 1, **options)
        except BaseException as error:
            if is_signal(error):
                raise


class GuardedRootLogger(logging.RootLogger):
    """Python's root logger, from which a `KeptLogHandler` is not removed."""

    def removeHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802 - logging's name
        if not (isinstance(hdlr, KeptLogHandler) and hdlr.is_kept):
            super().removeHandler(hdlr)


class KeptLogHandler(logging.Handler):
    """Keeps log lines of tasks; stays on the root logger until it is detached."""

    is_kept: bool = False

    def attach(self) -> None:
        """Begin to keep lines."""
        root = logging.getLogger()
        if type(root) is logging.RootLogger:
            root.__class__ = GuardedRootLogger
        self.is_kept = True
        root.addHandler(self)

    def detach(self) -> None:
        """Stop keeping lines."""
        self.is_kept = False
        logging.getLogger().removeHandler(self)


def guard_log() -> None:
    """From now on the executor's logger is guarded."""
    guarded("asynctask.executor")


def guarded(name: str) -> logging.Logger:
    """A logger that is guarded, unless the program has a class of loggers of its own."""
    logger = logging.getLogger(name)
    if type(logger) is logging.Logger:
        logger.__class__ = GuardedLogger
    return logger
