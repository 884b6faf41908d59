"""When people are told that no executor runs a task that could start."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from asynctask import QueueInfo, QueueTypeInfo, TaskInfo, TaskInfoPage
from asynctask._client.info_wire import task_of
from asynctask.errors import StoreUnavailable, TaskTypeNotFound
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_standalone.cli import cluster as cluster_commands
from asynctask_standalone.cli import tasks
from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.follow import SETTLED_S, Outage
from asynctask_standalone.cli.live import task_view
from asynctask_standalone.cli.output import Output
from asynctask_standalone.cli.unserved import (
    FEW_TYPES,
    LOOK_AGAIN_S,
    Unserved,
    UnservedNotice,
    print_unserved,
    queues_of_types,
)
from asynctask_standalone.cli.waiting import why


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


def one_that_runs(
    *types: str, queues: tuple[str, ...] = (), name: str = "one", connected: bool = True
) -> Any:
    return SimpleNamespace(
        executor_id=name, task_types=types, queues=queues, connected=connected, draining=False
    )


def said(notice: UnservedNotice, state: str, task_type: str = "count", queue: str = "default") -> str:
    task: Any = SimpleNamespace(
        task_id="t", state=state, task_type=task_type, queue=queue, due_time=None, executor_id=""
    )
    return getattr(notice(task), "plain", "")


def notice_of(cluster: Any) -> UnservedNotice:
    return UnservedNotice(cluster)


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
    assert text.endswith(
        "start one with the module that declares the type and `--queue nightly`; `asynctask executor --help` says how"
    )


def test_queue_that_only_a_submit_names_is_served_by_no_executor_without_queues():
    """Fails when an executor that names no queues is taken to serve every queue: it serves those of its types."""
    without_queues = one_that_runs("count")
    cluster = Cluster(without_queues, queues=("default", "nightly"))
    assert not said(notice_of(cluster), "queued", queue="nightly")
    text = said(notice_of(cluster), "queued", queue="other")
    assert "of type count in queue other" in text
    assert "and `--queue other`;" in text
    names_it = one_that_runs("count", queues=("other",))
    assert not said(notice_of(Cluster(without_queues, names_it)), "queued", queue="other")


def test_type_that_is_deleted_is_served_by_no_executor_without_queues():
    assert said(notice_of(Cluster(one_that_runs("count"), queues=())), "queued")


def test_cluster_that_does_not_answer_is_no_reason_to_fail():
    def executors() -> list[Any]:
        raise StoreUnavailable("nobody answers")

    assert not said(notice_of(SimpleNamespace(executors=executors)), "queued")


def test_cluster_that_did_not_answer_is_asked_again_later_and_not_for_each_task():
    """Fails when a watch that went through an outage never tells that nobody is there any more, or stands still
    meanwhile, since it waits for the answer once for each of its tasks.
    """
    now, asked = 0.0, 0

    def executors() -> list[Any]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise StoreUnavailable("nobody answers yet")
        return []

    connected: Any = SimpleNamespace(executors=executors)
    notice = UnservedNotice(connected, clock=lambda: now)
    assert [said(notice, "queued", name) for name in ("count", "wait", "count")] == [""] * 3
    assert asked == 1
    now = LOOK_AGAIN_S
    assert [bool(said(notice, "queued")) for _ in range(2)] == [True, False]


def test_outage_is_felt_until_executors_have_had_the_time_to_come_back():
    """Fails when a watch says after each restart of the scheduler that the executor of its task is gone."""
    now = 100.0
    outage = Outage("127.0.0.1:7600", clock=lambda: now)
    assert not outage.is_felt
    outage(StoreUnavailable("nobody answers"))
    now += 1000
    assert outage.is_felt
    outage(None)
    assert outage.is_felt
    now += SETTLED_S
    assert not outage.is_felt


def test_tasks_that_do_not_wait_make_nothing_be_said_of_those_that_do_again_and_again():
    """Fails when `watch` of one task that has ended and one that waits says twice a second that nobody is there."""
    cluster = Cluster()
    notice = notice_of(cluster)
    waits = a_task("queued")
    others = [a_task(state, task_id="other") for state in ("completed", "paused")]
    assert notice.of_silent(waits) is not None
    assert [notice.of_silent(one) for one in (*others, waits, *others, waits)] == [None] * 6
    assert notice(a_task("running", task_id="other", executor_id="one")) is None  # its executor drains
    assert notice.of_silent(waits) is None
    assert cluster.asked == 1


def a_task(
    state: str, *, due_s: float | None = None, queue: str = "default", task_id: str = "t", **facts: Any
) -> TaskInfo:
    task = task_pb2.Task(
        task_id=task_id,
        task_type="count",
        queue=queue,
        task_status=state_pb2.TaskState.Value(f"TASK_STATE_{state.upper()}"),
        **facts,
    )
    if due_s is not None:
        task.due_time.FromDatetime(datetime.now(UTC) + timedelta(seconds=due_s))
    return task_of(task)


RETRY: dict[str, Any] = {
    "waiting_for": state_pb2.WAITING_FOR_RETRY,
    "failure": task_pb2.Failure(reason="HANDLER_ERROR", error_type="ValueError", message="odd"),
}


def test_retry_that_is_due_and_has_no_executor_is_told_of_like_a_queued_task():
    """Fails when it stays "pending (retry)" for ever, and nothing says what it waits for."""
    assert notice_of(Cluster())(a_task("pending", due_s=30, **RETRY)) is None
    assert notice_of(Cluster())(a_task("pending", due_s=-30, **RETRY)) is not None
    assert "tried again in 30 s" in why(a_task("pending", due_s=30.2, **RETRY))
    overdue = a_task("pending", due_s=-30, **RETRY)
    said = why(overdue)
    assert said.startswith("ValueError: odd; due since ")
    assert said.endswith(", it waits for an executor that runs it and has a free slot")
    assert "ago" not in said
    assert said in shown_on_one_line(task_view(overdue))


def shown_on_one_line(what: Any) -> str:
    from rich.console import Console

    console = Console(width=300)
    with console.capture() as captured:
        console.print(what)
    return " ".join(captured.get().split())


def test_watched_task_whose_executor_goes_while_it_waits_is_told_of():
    """Fails when a watch asks once, while the executor is still there, and is silent from then on."""
    now = 0.0
    cluster = Cluster(one_that_runs("count"))
    notice = UnservedNotice(cluster, clock=lambda: now)  # type: ignore[arg-type]
    assert not said(notice, "queued")
    cluster.present.clear()
    assert not said(notice, "queued")
    assert cluster.asked == 1
    now = LOOK_AGAIN_S
    assert said(notice, "queued")
    now *= 3
    assert not said(notice, "queued")
    assert cluster.asked == 2


def test_running_task_is_told_of_while_its_executor_is_away_and_as_queued_not_once_more():
    """Fails when a task of an executor that was killed counts as running, and nothing is said, until its lease ends."""
    now = 0.0
    cluster = Cluster(one_that_runs("count"))
    notice = UnservedNotice(cluster, clock=lambda: now)  # type: ignore[arg-type]
    running = a_task("running", executor_id="one")
    assert notice.of_silent(running) is None
    cluster.present = [one_that_runs("count", connected=False)]
    assert notice.of_silent(running) is None
    assert cluster.asked == 1
    now = LOOK_AGAIN_S
    text = getattr(notice.of_silent(running), "plain", "")
    assert text.startswith(
        "! executor one is not connected: unless it comes back, its tasks are queued again"
    )
    assert "; no connected executor runs tasks of type count: start one with" in text
    now *= 3
    assert notice.of_silent(running) is None
    assert notice(a_task("queued")) is None
    assert notice(a_task("running", executor_id="one")) is None  # it is back, and is heard
    cluster.present.append(one_that_runs("count", name="two"))
    assert getattr(notice.of_silent(running), "plain", "").endswith("within seconds")
    assert notice.of_silent(a_task("queued")) is None


def ran(monkeypatch: pytest.MonkeyPatch, *line: str, **double: Any) -> str:
    connected = SimpleNamespace(**double)
    for module in (tasks, cluster_commands):
        monkeypatch.setattr(module, "client", lambda *_, **__: nullcontext(connected))
    return CliRunner().invoke(app, line, catch_exceptions=False).output


def test_list_marks_tasks_that_no_executor_runs_with_one_look_at_the_executors(
    monkeypatch: pytest.MonkeyPatch,
):
    cluster = Cluster(one_that_runs("count", queues=("default",)))
    found = [
        a_task("queued"),
        a_task("queued", queue="nightly"),
        a_task("pending", due_s=-30, queue="nightly", **RETRY),
        a_task("pending", due_s=30, queue="nightly", **RETRY),
        a_task("completed", queue="nightly"),
    ]
    output = ran(
        monkeypatch, "list", list_page=lambda **_: TaskInfoPage(found, ""), executors=cluster.executors
    )
    states = [
        "◌ queued",
        "◌ queued (no executor)",
        "◷ pending (retry due, no executor)",
        "◷ pending (retry)",
        "✔ completed",
    ]
    rows = output.splitlines()[1:]
    assert [state for state, row in zip(states, rows, strict=False) if f"  {state}  " in row] == states
    assert output.splitlines()[-1].startswith(
        "! no connected executor runs tasks of type count in queue nightly: start one with"
    )
    assert cluster.asked == 1
    ran(monkeypatch, "list", list_page=lambda **_: TaskInfoPage(found[3:], ""), executors=cluster.executors)
    assert cluster.asked == 1


def test_queues_say_how_many_executors_serve_each_line(monkeypatch: pytest.MonkeyPatch):
    cluster = Cluster(one_that_runs("count", queues=("a",)), one_that_runs("count"), queues=("default", "a"))
    found = [
        QueueInfo(name, depth, 0, 0, (QueueTypeInfo("count", depth, 0, 0, 0),))
        for name, depth in (("a", 1), ("default", 1), ("nightly", 3), ("idle", 0))
    ]
    output = ran(
        monkeypatch,
        "queues",
        queues=lambda: found,
        executors=cluster.executors,
        task_type=cluster.task_type,
    )
    header, *rows, hint = output.splitlines()
    assert header.endswith("SERVED BY")
    told = ["2 executors", "1 executor", "! no executor", "no executor"]
    assert [text for text, row in zip(told, rows, strict=True) if row.rstrip().endswith(f"  {text}")] == told
    assert "in queue nightly: start one with" in hint
    assert cluster.asked == 1


def test_many_types_are_asked_for_together():
    """Fails when a list of many types costs a call for each."""
    asked: list[str] = []
    kinds = [SimpleNamespace(name=f"t{n}", queue=f"q{n}", queues=()) for n in range(50)]

    def task_type(name: str) -> Any:
        asked.append(name)
        return kinds[int(name[1:])]

    def task_types() -> list[Any]:
        asked.append("all")
        return kinds

    connected: Any = SimpleNamespace(task_type=task_type, task_types=task_types)
    queues_of = queues_of_types(connected)
    assert [list(queues_of(one.name)) for one in kinds] == [[f"q{n}"] for n in range(50)]
    assert queues_of("unknown") == ()
    assert asked == [*(f"t{n}" for n in range(FEW_TYPES)), "all"]


def test_list_is_shown_where_the_cluster_does_not_say_who_runs_what(monkeypatch: pytest.MonkeyPatch):
    def executors() -> list[Any]:
        raise StoreUnavailable("Redis is away")

    output = ran(
        monkeypatch, "list", list_page=lambda **_: TaskInfoPage([a_task("queued")], ""), executors=executors
    )
    assert "◌ queued  " in output


def test_command_in_a_hint_can_be_copied_from_a_terminal(capsys: pytest.CaptureFixture[str]):
    """Fails when the command is broken into two lines, or when programs read lines that are wrapped."""
    from rich.console import Console

    from asynctask_standalone.cli.plain import HintText

    start = "`asynctask executor hello:ok --queue nobody`"
    hint = HintText(f"no connected executor runs tasks of type ok in queue nobody: start one with {start}")
    console = Console(width=80)
    with console.capture() as captured:
        console.print(hint)
    assert captured.get().splitlines() == [f"! {hint.plain[2 : -len(start) - 1]}", start]
    Output(to_stderr=False).print(hint)
    assert capsys.readouterr().out == f"{hint.plain}\n"


@pytest.mark.parametrize(("count", "lines"), [(3, 3), (4, 4), (6, 6), (7, 4), (100, 4)])
def test_few_sentences_below_a_list_are_not_cut_off(
    count: int, lines: int, capsys: pytest.CaptureFixture[str]
):
    """Fails when "and 1 more" takes the line of the one that it hides."""
    print_unserved(Unserved(f"of type {number}", "start one") for number in range(count))
    said = capsys.readouterr().err.splitlines()
    assert len(said) == lines
    assert (said[-1] == f"… and {count - 3} more: `asynctask doctor` lists all") is (count > 6)
