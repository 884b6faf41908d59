import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging
from asynctask_chassis.logs import bound, configure_logs, get_logger
configure_logs("kitchen", level="info", log_format="{format}")
log = get_logger("stove")
with bound(task_id="0190"):
    log.info("pot.boiled", elapsed_ms=7, data=b"x")
log.debug("pot.stirred")
logging.getLogger("driver").warning("lost %s", "it", extra={{"peer": "ipv4:1"}})
try:
    secret_local = "sesame"
    1 / 0
except ZeroDivisionError:
    log.exception("pot.burnt")
"""


def run(log_format: str) -> str:
    program = [sys.executable, "-c", PROGRAM.format(format=log_format)]
    return subprocess.run(program, capture_output=True, text=True, check=True, timeout=120).stderr


def test_services_log_one_json_object_a_line():
    lines = [json.loads(line) for line in run("auto").splitlines()]
    assert [line["event"] for line in lines] == ["pot.boiled", "lost it", "pot.burnt"]
    first = lines[0]
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "pot.boiled",
        "task_id": "0190",
        "elapsed_ms": 7,
        "data": "b'x'",
        "level": "info",
        "logger": "stove",
        "service": "kitchen",
    }


def test_records_of_the_standard_library_share_the_stream():
    line = json.loads(run("json").splitlines()[1])
    assert (line["logger"], line["level"], line["peer"], line["service"]) == (
        "driver",
        "warning",
        "ipv4:1",
        "kitchen",
    )


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_trace_has_lines_but_no_values_of_variables(log_format: str):
    """Fails when: the console's renderer draws tracebacks in its own way, with every variable, for seconds."""
    out = run(log_format)
    assert "ZeroDivisionError" in out
    # The source line at most: the traceback of a program from the command line has none.
    assert out.count("sesame") <= 1
    assert "╭" not in out


def test_a_person_gets_readable_lines():
    out = run("console")
    assert "pot.boiled" in out
    assert not out.startswith("{")
