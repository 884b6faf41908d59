"""Checks of input at the edge: every wrong field at once, each saying what is allowed and what came."""

import json
import re
from collections.abc import Mapping

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_protos.task.v1.task_type_pb2 import RetryPolicy, TaskType

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")
_STAGE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_\-]*")
_SHOWN = 80


class Violations:
    """Collects violations and raises them together."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[FieldViolation] = []

    def add(self, field: str, description: str) -> None:
        """Note a wrong field."""
        self.found.append(FieldViolation(field, description))

    def raise_any(self) -> None:
        """Raise InvalidInput if anything was noted."""
        if self.found:
            raise InvalidInput(self.found)

    # --- checks of single values --------------------------------------------------------------------------------

    def name(self, field: str, value: str, chars: int) -> None:
        """A name of letters, digits, `_`, `-`, `.`, beginning with a letter or digit."""
        if not value:
            self.add(field, "is required")
        elif len(value) > chars or not _NAME.fullmatch(value):
            allowed = (
                f"must be up to {chars} letters, digits, '_', '-' or '.', beginning with a letter or digit"
            )
            self.add(field, f"{allowed}; got {_show(value)}")

    def between(self, field: str, value: float, low: float, high: float) -> None:
        """A number in a closed range."""
        if not low <= value <= high:
            self.add(field, f"must be from {low:g} to {high:g}; got {value:g}")

    def size(self, field: str, value: str | bytes, limit_bytes: int) -> None:
        """A text or bytes within a limit."""
        length = len(value) if isinstance(value, bytes) else len(value.encode("utf-8", "surrogatepass"))
        if length > limit_bytes:
            self.add(field, f"must be at most {limit_bytes} bytes; got {length}")

    def priority(self, value: int, field: str = "priority") -> None:
        """A priority."""
        first, last = limits.PRIORITY_FIRST, limits.PRIORITY_LAST
        if not first <= value <= last:
            self.add(field, f"must be from {first} (first) to {last} (last); got {value}")

    def labels(self, labels: Mapping[str, str], field: str = "labels") -> None:
        """Labels of a task."""
        if len(labels) > limits.LABELS:
            self.add(field, f"must be at most {limits.LABELS}; got {len(labels)}")
        for key, value in labels.items():
            if not key or len(key) > limits.LABEL_KEY_CHARS or "\x00" in key:
                allowed = f"keys must have 1 to {limits.LABEL_KEY_CHARS} characters without NUL"
                self.add(f"{field}[{_show(key)}]", f"{allowed}; got {len(key)}")
            if len(value) > limits.LABEL_VALUE_CHARS or "\x00" in value:
                allowed = f"values must have at most {limits.LABEL_VALUE_CHARS} characters without NUL"
                self.add(f"{field}[{_show(key)}]", f"{allowed}; got {len(value)}")

    def json(self, field: str, text: str) -> object:
        """A JSON text; returns its value, or None after noting why it is none."""
        try:
            return json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            self.add(field, f"must be JSON; got {_show(text)} ({error})")
            return None


def check_task_type(task_type: TaskType, violations: Violations, field: str = "task_type") -> None:
    """Check the definition of a task type."""
    violations.name(f"{field}.name", task_type.name, limits.TASK_TYPE_CHARS)
    if not 1 <= len(task_type.stages) <= limits.STAGES:
        violations.add(f"{field}.stages", f"must be 1 to {limits.STAGES}; got {len(task_type.stages)}")
    seen: set[str] = set()
    for position, stage in enumerate(task_type.stages):
        path = f"{field}.stages[{position}]"
        if len(stage.name) > limits.STAGE_CHARS or not _STAGE.fullmatch(stage.name):
            allowed = f"must be 1 to {limits.STAGE_CHARS} letters, digits, '_' or '-'"
            violations.add(f"{path}.name", f"{allowed}; got {_show(stage.name)}")
        if stage.name in seen:
            violations.add(f"{path}.name", f"must be unique within the type; {_show(stage.name)} came twice")
        seen.add(stage.name)
        if not 0 < stage.weight < float("inf"):
            violations.add(f"{path}.weight", f"must be above 0; got {stage.weight:g}")
    if task_type.queue:
        violations.name(f"{field}.queue", task_type.queue, limits.QUEUE_CHARS)
    if task_type.priority:
        violations.priority(task_type.priority, f"{field}.priority")
    violations.between(f"{field}.max_running", task_type.max_running, 0, limits.MAX_RUNNING)
    violations.between(f"{field}.crash_budget", task_type.crash_budget, 0, 1000)
    violations.size(f"{field}.config_schema_json", task_type.config_schema_json, limits.SCHEMA_BYTES)
    if len(task_type.description) > limits.DESCRIPTION_CHARS:
        violations.add(
            f"{field}.description",
            f"must be at most {limits.DESCRIPTION_CHARS} characters; got {len(task_type.description)}",
        )
    if task_type.HasField("retry"):
        check_retry(task_type.retry, violations, f"{field}.retry")


def check_retry(policy: RetryPolicy, violations: Violations, field: str) -> None:
    """Check a retry policy; zero fields mean their defaults."""
    violations.between(f"{field}.max_attempts", policy.max_attempts, 0, limits.RETRY_ATTEMPTS)
    violations.between(f"{field}.initial_delay_ms", policy.initial_delay_ms, 0, limits.DELAY_MS)
    violations.between(f"{field}.max_delay_ms", policy.max_delay_ms, 0, limits.DELAY_MS)
    if policy.multiplier:
        violations.between(f"{field}.multiplier", policy.multiplier, 1, 100)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _show(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
