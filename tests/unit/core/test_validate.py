"""Bad input is named field by field, all of it at once."""

import pytest

from asynctask_core import limits
from asynctask_core.bounds.definition import check_task_type
from asynctask_core.errors import InvalidInput
from asynctask_core.validate import Violations
from asynctask_protos.task.v1.task_type_pb2 import RetryPolicy, StageSpec, TaskType


def fields(violations: Violations) -> list[str]:
    return [violation.field for violation in violations.found]


def test_a_good_type_passes() -> None:
    violations = Violations()
    check_task_type(
        TaskType(name="backup_file", stages=[StageSpec(name="copy", weight=1)], priority=2), violations
    )
    violations.raise_any()


def test_every_wrong_field_of_a_type_is_named_at_once() -> None:
    violations = Violations()
    bad = TaskType(
        name="no spaces",
        stages=[StageSpec(name="a", weight=0), StageSpec(name="a", weight=1), StageSpec(name="ü", weight=1)],
        priority=9,
        max_running=-1,
        retry=RetryPolicy(max_attempts=-1, multiplier=0.5),
    )
    check_task_type(bad, violations)
    assert set(fields(violations)) == {
        "task_type.name",
        "task_type.stages[0].weight",
        "task_type.stages[1].name",
        "task_type.stages[2].name",
        "task_type.priority",
        "task_type.max_running",
        "task_type.retry.max_attempts",
        "task_type.retry.multiplier",
    }
    with pytest.raises(InvalidInput) as caught:
        violations.raise_any()
    assert "must be from 1 (first) to 5 (last); got 9" in caught.value.message


def test_labels_are_bounded() -> None:
    violations = Violations()
    violations.labels({"": "x", "k": "v" * 300, "n": "a\x00", "b\x00": ""})
    assert [(one.field, one.description) for one in violations.found] == [
        ("labels['']", "keys must have 1 to 64 characters; got 0"),
        ("labels['k']", "values must have at most 256 characters; got 300"),
        ("labels['n']", r"values must be text without NUL; got 'a\x00'"),
        (r"labels['b\x00']", r"keys must be text without NUL; got 'b\x00'"),
    ]
    violations = Violations()
    violations.labels({str(n): "" for n in range(limits.LABELS + 1)})
    assert [(one.field, one.description) for one in violations.found] == [
        ("labels", "must be at most 16 labels; got 17")
    ]
