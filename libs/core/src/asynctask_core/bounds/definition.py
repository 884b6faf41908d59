"""Checks the definition of a task type: every field by the table, and names across fields."""

from __future__ import annotations

from asynctask_core.bounds.checker import check_fields
from asynctask_core.json_text import show
from asynctask_core.validate import Violations
from asynctask_protos.task.v1.task_type_pb2 import TaskType


def check_task_type(task_type: TaskType, violations: Violations, field: str = "task_type") -> None:
    """Note what is wrong with the definition of a task type."""
    check_fields(task_type, violations, f"{field}.")
    check_stage_names(task_type, violations, field)


def check_stage_names(task_type: TaskType, violations: Violations, field: str) -> None:
    """Note names of stages that occur twice."""
    seen: set[str] = set()
    for position, stage in enumerate(task_type.stages):
        if stage.name in seen:
            twice = f"must be unique within the type; {show(stage.name)} came twice"
            violations.add(f"{field}.stages[{position}].name", twice)
        seen.add(stage.name)
