"""What an executor shows on its terminal."""

import asyncio
import io
import logging

import pytest

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.lines import current_attempt
from asynctask._executor.terminal import TerminalFormatter, terminal_handler
from asynctask_core.ids import id_text, new_id
from asynctask_protos.task.v1 import work_pb2


@pytest.fixture
def shown():
    """The terminal; what is logged under `app` and `asynctask.executor` goes there, and nowhere else."""
    terminal = io.StringIO()
    handler = terminal_handler()
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(terminal)
    loggers = [logging.getLogger(name) for name in ("app", "asynctask.executor")]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(handler)
    yield terminal
    for logger, (level, propagate) in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


async def test_lines_of_handlers_say_of_which_task_they_are(shown):
    """Fails when the lines of tasks that run at once cannot be told apart."""
    ids = [new_id(), new_id()]

    async def handle(task_id: bytes) -> None:
        assignment = work_pb2.Assignment(task_id=task_id, attempt_id=new_id())
        current_attempt.set(Attempt(assignment, ClockReading(0, 0)))
        await asyncio.to_thread(logging.getLogger("app").info, "uploaded %d", 3)
        logging.getLogger("asynctask.executor").info("attempt.failed: task with its whole id")

    for task_id in ids:
        await asyncio.create_task(handle(task_id))
    logging.getLogger("app").info("no task's")
    lines = [line.split(" ", 2)[2] for line in shown.getvalue().splitlines()]
    ends = [id_text(task_id)[-8:] for task_id in ids]
    own = "INFO    asynctask.executor: attempt.failed: task with its whole id"
    assert ends[0] != ends[1]
    assert lines == [
        f"INFO    app …{ends[0]}: uploaded 3",
        own,
        f"INFO    app …{ends[1]}: uploaded 3",
        own,
        "INFO    app: no task's",
    ]


def test_record_of_somebody_elses_making_is_formatted_too():
    record = logging.makeLogRecord({"name": "x", "msg": "hello", "levelname": "INFO"})
    assert TerminalFormatter("%(name)s%(asynctask_task)s: %(message)s").format(record) == "x: hello"


def test_what_a_handler_logs_forges_no_line(shown):
    forged = "2026-01-01 00:00:00 INFO    asynctask.executor: forged"
    try:
        raise ValueError(f"x\n{forged}")
    except ValueError:
        logging.getLogger("app").exception("a\n%s\r%s\u2028%s\x1b[2J", forged, forged, forged)
    lines = shown.getvalue().splitlines()
    assert len(lines) > 4
    assert all(line.startswith("    ") for line in lines[1:])
    assert "\x1b" not in shown.getvalue()
