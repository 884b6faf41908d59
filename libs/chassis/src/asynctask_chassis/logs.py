"""Logs of a service: one JSON line per event on stderr, a readable one on a terminal.

An event is a constant `noun.past_verb`; facts are keys (`task_id task_type queue attempt executor_id stage request_id
peer elapsed_ms reason`). INFO: life cycle; WARNING: recovered; ERROR: an operator must act. Never payloads or secrets.
Records of the standard library (asyncio, grpc, drivers) go through the same formatter.
"""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from typing import Any, cast

import structlog
from structlog.types import EventDict, FilteringBoundLogger, Processor, WrappedLogger

Logger = FilteringBoundLogger


def get_logger(name: str) -> Logger:
    """Return the logger of a module; `name` is its `__name__`."""
    return cast(Logger, structlog.stdlib.get_logger(name))


def bound(**facts: object) -> AbstractContextManager[None]:
    """Add `facts` to every event logged inside the block, by this task and those that it starts."""
    return cast(AbstractContextManager[None], structlog.contextvars.bound_contextvars(**facts))


def configure_logs(service: str, *, level: str = "info", log_format: str = "auto") -> None:
    """Send everything at or above `level` to stderr; called once, before anything is logged.

    Args:
        service: its name, in every line.
        level: debug, info, warning or error.
        log_format: json, console, or auto: console on a terminal.
    """

    def add_service(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        add_service,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks are without local variables, also on a terminal, since these hold payloads and secrets. Besides,
    # structlog's own renderer, which uses rich, blocks the event loop for a second.
    renderers: list[Processor] = (
        [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    threshold: int = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(threshold)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=cast(Any, structlog.stdlib.LoggerFactory()),
        cache_logger_on_first_use=True,
    )
