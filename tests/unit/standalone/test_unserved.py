"""When people are told that nobody runs a queued task."""

from types import SimpleNamespace
from typing import Any

from asynctask.errors import StoreUnavailable, TaskTypeNotFound
from asynctask_standalone.cli.unserved import Notice


class Cluster:
    """Counts how often its executors are asked for."""

    def __init__(self, *executors: Any, queues: tuple[str, ...] = ("default",)) -> None:
        self.asked = 0
        self.present = list(executors)
        self._queues = queues

    def task_type(self, name: str) -> Any:
        if not self._queues:
            raise TaskTypeNotFound(f"no task type is called {name!r}")
        return SimpleNamespace(queue=self._queues[0], queues=self._queues)

    def executors(self) -> list[Any]:
        self.asked += 1
        return self.present


def one_that_runs(*types: str, queues: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(task_types=types, queues=queues, connected=True, draining=False)


def said(notice: Notice, state: str, task_type: str = "count", queue: str = "default") -> str:
    task: Any = SimpleNamespace(state=state, task_type=task_type, queue=queue)
    return getattr(notice(task), "plain", "")


def notice_of(cluster: Any) -> Notice:
    return Notice(cluster)


def test_only_a_queued_task_costs_a_call():
    cluster = Cluster()
    notice = notice_of(cluster)
    assert [said(notice, state) for state in ("pending", "running", "paused", "completed")] == [""] * 4
    assert cluster.asked == 0
    assert said(notice, "queued").startswith(
        "! no connected executor runs tasks of type count: start one with"
    )


def test_many_tasks_of_a_type_are_told_of_once_and_again_after_one_has_run():
    cluster = Cluster()
    notice = notice_of(cluster)
    assert [bool(said(notice, "queued")) for _ in range(3)] == [True, False, False]
    assert said(notice, "queued", "wait")
    assert cluster.asked == 2
    assert not said(notice, "running")
    assert said(notice, "queued")


def test_task_that_waits_for_its_turn_is_left_alone():
    assert not said(notice_of(Cluster(one_that_runs("count"))), "queued")
    assert not said(notice_of(Cluster(one_that_runs("count", queues=("default",)))), "queued")


def test_queue_that_nobody_serves_is_named():
    text = said(notice_of(Cluster(one_that_runs("count", queues=("default",)))), "queued", queue="nightly")
    assert "of type count in queue nightly" in text
    assert text.endswith("executor MODULE:NAME --queue nightly`")


def test_queue_that_only_a_submit_names_is_served_by_no_executor_without_queues():
    """Fails when an executor that names no queues is taken to serve every queue: it serves those of its types."""
    without_queues = one_that_runs("count")
    cluster = Cluster(without_queues, queues=("default", "nightly"))
    assert not said(notice_of(cluster), "queued", queue="nightly")
    text = said(notice_of(cluster), "queued", queue="other")
    assert "of type count in queue other" in text
    assert text.endswith("--queue other`")
    names_it = one_that_runs("count", queues=("other",))
    assert not said(notice_of(Cluster(without_queues, names_it)), "queued", queue="other")


def test_type_that_is_deleted_is_served_by_no_executor_without_queues():
    assert said(notice_of(Cluster(one_that_runs("count"), queues=())), "queued")


def test_cluster_that_does_not_answer_is_no_reason_to_fail():
    def executors() -> list[Any]:
        raise StoreUnavailable("nobody answers")

    assert not said(notice_of(SimpleNamespace(executors=executors)), "queued")


def test_cluster_that_did_not_answer_is_asked_again():
    """Fails when a watch that went through an outage never tells that nobody is there any more."""
    cluster = Cluster()

    def executors() -> list[Any]:
        if not cluster.asked:
            cluster.asked = 1
            raise StoreUnavailable("nobody answers yet")
        return []

    notice = notice_of(SimpleNamespace(executors=executors))
    assert [bool(said(notice, "queued")) for _ in range(3)] == [False, True, False]
