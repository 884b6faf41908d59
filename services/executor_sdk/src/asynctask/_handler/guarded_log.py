"""The executor's own log, and that of tasks: a line that cannot be written harms nothing but itself.

Handlers share Python's logging with the executor. What they put there may raise: a `logging.Handler` in its `emit`, a
filter, a factory of records.
"""

import logging
from typing import Any

from asynctask._handler.interrupts import is_signal


class GuardedLogger(logging.Logger):
    """A logger that raises nothing but what a signal raised."""

    def _log(self, *arguments: Any, stacklevel: int = 1, **options: Any) -> None:
        try:
            super()._log(*arguments, stacklevel=stacklevel + 1, **options)
        except BaseException as error:
            if is_signal(error):
                raise


def guard_log() -> None:
    """From now on the executor's logger is guarded."""
    guarded("asynctask.executor")


def guarded(name: str) -> logging.Logger:
    """A logger that is guarded, unless the program has a class of loggers of its own."""
    logger = logging.getLogger(name)
    if type(logger) is logging.Logger:
        logger.__class__ = GuardedLogger
    return logger
