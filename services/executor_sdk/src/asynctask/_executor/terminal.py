"""How an executor logs on its terminal, unless its user has set up `logging` otherwise."""

import logging
from typing import Final

from asynctask._attempt.lines import current_attempt
from asynctask._executor.logs import OWN_LOGGER
from asynctask_core.ids import id_text
from asynctask_core.printable import indented

_FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s%(asynctask_task)s: %(message)s"
_SHOWN_CHARS: Final = 8
"""Of a task's id its end: the beginning is the time, which tasks of the same minute share."""


class TerminalFormatter(logging.Formatter):
    """Says of which task a line is: many run at once, and their lines are mixed."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record. In the thread and context that made it."""
        attempt = current_attempt.get()
        whose = ""
        if attempt is not None and not record.name.startswith(
            OWN_LOGGER
        ):  # whose own lines name the whole id
            whose = f" …{id_text(attempt.task_id)[-_SHOWN_CHARS:]}"
        record.asynctask_task = whose
        # What a handler logs may hold anything; only a record begins a line at the margin.
        return indented(super().format(record))


def terminal_handler(datefmt: str | None = None) -> logging.Handler:
    """A `logging` handler to stderr, for `logging.basicConfig(handlers=[…])`; `datefmt` as `time.strftime` knows it."""
    handler = logging.StreamHandler()
    handler.setFormatter(TerminalFormatter(_FORMAT, datefmt))
    return handler
