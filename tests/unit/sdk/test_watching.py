"""When a watch is over."""

from typing import Any

import pytest

from asynctask._client import api
from asynctask._client.watching import MOST_REMEMBERED, Watch
from asynctask.errors import InvalidInput, StoreUnavailable
from asynctask_core.ids import id_text, new_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1 import state_pb2, task_pb2


def response(
    task_id: str, version: int, state: state_pb2.TaskState.ValueType, **facts
) -> pb.WatchTasksResponse:
    return pb.WatchTasksResponse(
        tasks=[task_pb2.Task(task_id=task_id, version=version, task_status=state, **facts)]
    )


def test_watch_of_named_tasks_is_over_once_each_was_given_as_final_or_deleted():
    first, second = id_text(new_id()), id_text(new_id())
    watch = Watch([first.upper(), second], None, task_pb2.TASK_VIEW_BASIC)
    assert len(list(watch.take(response(first, 1, state_pb2.TASK_STATE_COMPLETED)))) == 1
    list(watch.take(response(second, 1, state_pb2.TASK_STATE_RUNNING)))
    assert not watch.over
    list(watch.take(response(second, 2, state_pb2.TASK_STATE_RUNNING, deleted=True)))
    assert watch.over


def test_watch_by_conditions_is_never_over():
    watch = Watch((), pb.TaskFilter(), task_pb2.TASK_VIEW_BASIC)
    list(watch.take(response(id_text(new_id()), 1, state_pb2.TASK_STATE_COMPLETED)))
    assert not watch.over


def test_id_that_is_none_is_named():
    with pytest.raises(InvalidInput, match=r"task_ids\[1\]"):
        Watch([id_text(new_id()), "nonsense"], None, task_pb2.TASK_VIEW_BASIC)


def test_outage_is_told_once_from_the_second_failure_in_a_row_and_so_is_its_end():
    told: list[str] = []
    watch = Watch(
        (), None, task_pb2.TASK_VIEW_BASIC, lambda error: told.append(error.message if error else "over")
    )
    news = response(id_text(new_id()), 1, state_pb2.TASK_STATE_RUNNING)
    watch.again_s(StoreUnavailable("hand-over"))
    list(watch.take(news))
    assert told == []
    for number in range(5):
        watch.again_s(StoreUnavailable(f"failure {number}"))
    assert told == ["failure 1"]
    list(watch.take(news))
    list(watch.take(news))
    assert told == ["failure 1", "over"]


def test_watch_by_conditions_remembers_a_bounded_number_of_tasks_and_keeps_the_order_of_each():
    """Fails when a watch without end grows with every task it ever saw."""
    watch = Watch((), pb.TaskFilter(), task_pb2.TASK_VIEW_BASIC)
    running = state_pb2.TASK_STATE_RUNNING
    for number in range(MOST_REMEMBERED + 500):
        (given,) = watch.take(response(f"task {number}", 5, running))
        assert given.version == 5
        # One that is heard of all the time is never forgotten.
        assert list(watch.take(response("task 0", 4, running))) == []
        assert len(list(watch.take(response("task 0", 5, running)))) == 1
    assert len(watch._versions) == MOST_REMEMBERED
    assert list(watch.take(response(f"task {MOST_REMEMBERED + 499}", 4, running))) == []


@pytest.mark.parametrize("conditions", [{"states": ["failed"]}, {"queue": "a"}, {"has_warnings": False}])
def test_ids_come_without_conditions(conditions: Any):
    """Fails when a watch by ids drops them in silence, and gives tasks that do not meet them."""
    with pytest.raises(InvalidInput, match="task_ids: must not come with conditions"):
        Watch([id_text(new_id())], api.task_filter(**conditions), task_pb2.TASK_VIEW_BASIC)
    Watch([id_text(new_id())], api.task_filter(), task_pb2.TASK_VIEW_BASIC)
