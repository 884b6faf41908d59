"""A process that checks schemas and configs; it is killed when that takes too long.

`jsonschema_rs` holds the GIL during a check, so a thread would block the scheduler, and no Python code could end it.
The kernel can: each request sets a timer of processor time, whose signal ends the process even inside native code.
Requests and answers are JSON with a length prefix, one at a time.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
import time
from typing import Any, BinaryIO, Final

from asynctask_core import limits
from asynctask_core.errors import InvalidInput
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.checks.schema_cost import SchemaCost, cost_of
from asynctask_scheduler.checks.schemas import Schemas, compile_with_patterns

LENGTH: Final = struct.Struct("!I")
HAS_TIMER: Final = hasattr(signal, "setitimer")
"""Whether the kernel measures the processor time of a request."""
MEMORY_BYTES: Final = 2 << 30
"""Address space of one process: a schema that needs more memory is too costly as well."""
QUICK_BUILD_S: Final = 0.1
"""Processor time within which a schema must compile so that schedulers may compile it in their event loop."""
_MOST_BUILT: Final = 100


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's SIGINT is for the scheduler
    _bound_memory()
    schemas = Schemas(most=_MOST_BUILT)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _write(answers, {"ready": True})
    while (request := _read(requests)) is not None:
        _set_timer(limits.CONFIG_CHECK_MS / 1000)
        answer = _inspect(request) if "version" not in request else _check(request, schemas)
        _set_timer(0)
        _write(answers, answer)


def _inspect(request: dict[str, Any]) -> dict[str, Any]:
    """Return the cost of a schema, or why it is not a JSON schema."""
    began = time.process_time()
    try:
        is_linear = compile_with_patterns(request["schema"], request["field"])[1]
    except InvalidInput as error:
        return {"wrong": error.violations[0].description}
    if time.process_time() - began > QUICK_BUILD_S:
        return _answer(SchemaCost(None, reason="it takes long to build"))
    cost = cost_of(json.loads(request["schema"]))
    if not is_linear and not cost.is_too_much:
        return _answer(SchemaCost(None, reason="it has a pattern that looks around or back"))
    return _answer(cost)


def _answer(cost: SchemaCost) -> dict[str, Any]:
    return {
        "units": cost.units,
        "schemas": cost.schemas,
        "reason": cost.reason,
        "refused": cost.is_too_much,
    }


def _check(request: dict[str, Any], schemas: Schemas) -> dict[str, Any]:
    """Return what is wrong with a config."""
    kind = TaskType(name=request["name"], version=request["version"], config_schema_json=request["schema"])
    try:
        found = schemas.violations(kind, json.loads(request["config"]))
    except InvalidInput as error:
        return {"wrong": error.violations[0].description}
    return {"violations": [(one.field, one.description) for one in found]}


def _set_timer(seconds: float) -> None:
    """Let the kernel end this process after so much processor time; without such a timer the parent's time-out does."""
    if HAS_TIMER:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _read(stream: BinaryIO) -> dict[str, Any] | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return json.loads(stream.read(LENGTH.unpack(head)[0]))


def _write(stream: BinaryIO, answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode()
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


if __name__ == "__main__":
    main()
