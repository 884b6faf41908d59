"""Changes of tasks, as programs read them."""

from asynctask import TaskInfo
from asynctask._client.info_wire import task_of
from asynctask.errors import StoreUnavailable, TaskNotFound
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_standalone.cli.whole import WholeTasks


def a_task(state: str = "RUNNING", *, version: int = 1, warnings: int = 0, full: bool = False) -> TaskInfo:
    task = task_pb2.Task(
        task_id="t",
        task_status=state_pb2.TaskState.Value(f"TASK_STATE_{state}"),
        version=version,
        warning_count=warnings,
        warning_counts={"ODD": warnings} if warnings else {},
    )
    if full:
        task.task_config = '{"to": 5}'
        task.result_json = "7" if state == "COMPLETED" else ""
        if warnings:
            task.warnings.add(stage="copy", code="ODD", count=warnings, text="a.jpg is locked")
    return task_of(task)


class OneTask:
    """A client of a cluster with one task."""

    def __init__(self, task: TaskInfo | Exception) -> None:
        self.task = task
        self.asked = 0

    def get(self, _: str) -> TaskInfo:
        self.asked += 1
        if isinstance(self.task, Exception):
            raise self.task
        return self.task


def test_every_change_has_config_warnings_and_at_the_end_the_result():
    """Fails when `watch --json` has a count of warnings and none of them, and the last line has no result."""
    cluster = OneTask(a_task(full=True))
    whole = WholeTasks(cluster)  # type: ignore[arg-type]
    for version in (1, 2, 3):
        assert (whole(a_task(version=version))["task_config"], cluster.asked) == ({"to": 5}, 1)
    cluster.task = a_task(version=4, warnings=2, full=True)
    seen = [whole(a_task(version=version, warnings=2)) for version in (4, 5)]
    assert [(one["warning_count"], one["warnings"][0]["text"]) for one in seen] == [
        (2, "a.jpg is locked")
    ] * 2
    assert cluster.asked == 2
    cluster.task = a_task("COMPLETED", version=6, warnings=2, full=True)
    last = whole(a_task("COMPLETED", version=6, warnings=2))
    assert (last["result"], len(last["warnings"]), cluster.asked) == (7, 1, 3)


def test_last_change_is_what_get_prints_unless_the_task_is_deleted():
    """Fails when a program is not told that the task which it watches is gone."""
    ended = a_task("COMPLETED", full=True)
    whole = WholeTasks(OneTask(ended))  # type: ignore[arg-type]
    assert whole(a_task("COMPLETED")) == ended.to_json()
    deleted = task_pb2.Task(task_id="t", task_status=state_pb2.TASK_STATE_COMPLETED, version=2, deleted=True)
    assert whole(task_of(deleted))["deleted"]


def test_change_of_a_task_that_cannot_be_read_stays_as_it_came():
    """Fails when a watch ends with an error because its task is deleted, or the cluster away for a moment."""
    for error in (TaskNotFound("gone"), StoreUnavailable("away")):
        change = a_task("COMPLETED", warnings=1)
        whole = WholeTasks(OneTask(error))  # type: ignore[arg-type]
        assert whole(change) | {"manifests": []} == change.to_json()
