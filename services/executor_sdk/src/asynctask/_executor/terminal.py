"""How an executor logs on its terminal, unless its user has set up `logging` otherwise."""

import logging
from typing import Final

from asynctask._attempt.lines import current_attempt
from asynctask._executor.logs import OWN_LOGGER
from asynctask_core.ids import id_text
from asynctask_core.printable import indented

_FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s%(asynctask_task)s: %(message)s"
_SHOWN_CHARS: Final = 8
"""Length of the part of a task's id: its end, since tasks of the same minute share the beginning."""


class TerminalFormatter(logging.Formatter):
    """Adds the task to each line: many tasks run at once, and their lines are mixed."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record. Called in the thread and context that made the record."""
        attempt = current_attempt.get()
        whose = ""
        if attempt is not None and not record.name.startswith(
            OWN_LOGGER
        ):  # the executor's lines name the whole id
            whose = f" …{id_text(attempt.task_id)[-_SHOWN_CHARS:]}"
        record.asynctask_task = whose
        # A handler's text may hold anything: only the first line of a record begins at the margin.
        return indented(super().format(record))


def terminal_handler(datefmt: str | None = None) -> logging.Handler:
    """A `logging` handler to stderr, for `logging.basicConfig(handlers=[…])`; `datefmt` as `time.strftime` knows it."""
    handler = logging.StreamHandler()
    handler.setFormatter(TerminalFormatter(_FORMAT, datefmt))
    return handler
