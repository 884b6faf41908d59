"""What the shell offers at TAB: ids, types, queues, executors, words. If no scheduler answers, it offers nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from asynctask_standalone.cli.lazy_typer import typer

if TYPE_CHECKING:
    import grpc

    from asynctask_protos.task.v1 import task_pb2

Offer = tuple[str, str]
"""A word, and what the shell may show beside it."""

OFFERED_TASKS = 30
_CONNECT_S, _GREETING_S, _ANSWER_S = 0.1, 0.3, 0.5
"""A person waits for the shell: no answer is better than a late one."""


def words(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Offers the words that begin as the incomplete one does."""

    def offer(incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete)]

    return offer


def task_ids(context: typer.Context, incomplete: str) -> list[Offer]:
    """The newest tasks that the command is for."""

    def ask(channel: grpc.Channel) -> list[Offer]:
        from asynctask_core.lifecycle.by_people import COMMANDS
        from asynctask_core.states import TaskState
        from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
        from asynctask_protos.scheduler.v1.task_service_pb2_grpc import TaskServiceStub

        command = COMMANDS.get(context.info_name or "")
        states: Any = [TaskState(word).number for word in command.fits] if command else []
        request = pb.ListTasksRequest(filter=pb.TaskFilter(task_states=states), page_size=OFFERED_TASKS)
        tasks = TaskServiceStub(channel).ListTasks(request, timeout=_ANSWER_S).tasks
        given = context.params.get("ids") or ()
        return [(task.task_id, _about(task)) for task in tasks if task.task_id not in given]

    return _offered(context, incomplete, ask)


def task_types(context: typer.Context, incomplete: str) -> list[Offer]:
    """The task types that executors have declared."""

    def ask(channel: grpc.Channel) -> list[Offer]:
        from asynctask_protos.scheduler.v1 import task_type_service_pb2 as pb
        from asynctask_protos.scheduler.v1.task_type_service_pb2_grpc import TaskTypeServiceStub

        found = TaskTypeServiceStub(channel).ListTaskTypes(pb.ListTaskTypesRequest(), timeout=_ANSWER_S)
        return [(one.name, one.description) for one in found.task_types]

    return _offered(context, incomplete, ask)


def queue_names(context: typer.Context, incomplete: str) -> list[Offer]:
    """The queues that hold or held tasks."""

    def ask(channel: grpc.Channel) -> list[Offer]:
        from asynctask_protos.scheduler.v1 import queue_service_pb2 as pb
        from asynctask_protos.scheduler.v1.queue_service_pb2_grpc import QueueServiceStub

        found = QueueServiceStub(channel).ListQueues(pb.ListQueuesRequest(), timeout=_ANSWER_S)
        return [(one.name, f"{one.depth:,} ready, {one.running:,} running") for one in found.queues]

    return _offered(context, incomplete, ask)


def executor_ids(context: typer.Context, incomplete: str) -> list[Offer]:
    """The executors that are connected."""

    def ask(channel: grpc.Channel) -> list[Offer]:
        from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
        from asynctask_protos.scheduler.v1.executor_service_pb2_grpc import ExecutorServiceStub

        found = ExecutorServiceStub(channel).ListExecutors(pb.ListExecutorsRequest(), timeout=_ANSWER_S)
        return [(one.executor_id, one.display_name) for one in found.executors if one.connected]

    return _offered(context, incomplete, ask)


def _offered(
    context: typer.Context, incomplete: str, ask: Callable[[grpc.Channel], list[Offer]]
) -> list[Offer]:
    from asynctask_standalone.cli.deferred import load_grpc
    from asynctask_standalone.cli.exits import CommandRefused
    from asynctask_standalone.cli.knock import knock

    address = str(context.params["address"])
    try:
        knock(address, connect_s=_CONNECT_S, greeting_s=_GREETING_S)
    except CommandRefused:
        return []
    # Imported only now: grpc takes longer to load than `knock` takes to find no scheduler.
    load_grpc()
    import grpc

    from asynctask_core.errors import AsyncTaskError
    from asynctask_core.printable import one_line
    from asynctask_standalone.cli.connection import channel

    try:
        with channel(address.partition(",")[0].strip()) as connected:
            return [
                (word, one_line(about))
                for word, about in ask(connected)
                if word.startswith(incomplete) and word.isprintable()
            ]
    except (grpc.RpcError, AsyncTaskError, OSError):  # the last two: TLS files that are missing or wrong
        return []


def _about(task: task_pb2.Task) -> str:
    from asynctask_core.states import TaskState
    from asynctask_core.task_title import TITLE_LABEL

    parts = (task.task_type, TaskState.of(task.task_status), task.labels.get(TITLE_LABEL))
    return " ".join(str(part) for part in parts if part)
