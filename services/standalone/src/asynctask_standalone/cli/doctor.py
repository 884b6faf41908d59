"""`asynctask doctor`: does Redis agree with the registry, and does every ready task have an executor that runs it?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from asynctask_core.printable import one_line
from asynctask_standalone.cli.connection import asked, client
from asynctask_standalone.cli.exits import Exit, told_anyway
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json
from asynctask_standalone.cli.output import print_json, stdout, table
from asynctask_standalone.cli.unserved import UNLESS_IT_IS_BACK, ServingExecutors, Unserved, queues_of_types
from asynctask_standalone.cli.wording import amount, command

if TYPE_CHECKING:
    from asynctask.blocking import Client
    from asynctask_protos.scheduler.v1 import doctor_service_pb2 as doctor_pb

DIAGNOSE_WITHIN_S = 300
"""It looks at every task that has not ended."""


_MEANING = {
    "missing_ready": "ready tasks that no queue holds",
    "stale_ready": "entries of tasks that are not ready, or not there",
    "missing_timer": "delayed tasks without a timer",
    "stale_timer": "timers of tasks that are not delayed",
    "missing_lease": "running tasks without a lease",
    "stale_lease": "leases of tasks that do not run",
    "lease_without_executor": "leases of executors that are gone",
    "old_intent": "calls whose outcome is unknown",
    "not_loaded": "Redis is being filled again",
    "wrong_limits": "limits that are not as declared",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that is not drift, but that a person should know."""

    kind: str
    message: str


def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Repair what differs, as recovery would.")] = False,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            "-n",
            min=1,
            max=10_000,
            metavar="N",
            help="Show at most so many findings; all are counted.",
        ),
    ] = 100,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Compare registry, Redis, leases and executors; say what differs, how the stores are, and what no executor runs.

    It checks every task that has not ended. Ends with 0 if nothing differs or every difference is repaired, both stores
    take writes, and every ready task has an executor that runs it; otherwise with 1, also while an executor that is
    gone has leases.
    """
    with client(address, as_json=as_json) as connected:
        answer = _diagnose(address, fix=fix, limit=limit)
        advice = _advice(connected)
        what = "all differences are repaired" if fix else "nothing was changed; the findings are not printed"
        with told_anyway(what, as_json=as_json):
            if as_json:
                print_json(_json(answer, advice))
            else:
                _print(answer, advice, fix=fix)
        if advice or (answer.counts and not fix) or not all(one.takes_writes for one in answer.stores):
            raise typer.Exit(Exit.TASK_FAILED)


def _diagnose(address: str, *, fix: bool, limit: int) -> doctor_pb.DiagnoseResponse:
    from asynctask_protos.scheduler.v1 import doctor_service_pb2 as doctor_pb
    from asynctask_protos.scheduler.v1.doctor_service_pb2_grpc import DoctorServiceStub

    request = doctor_pb.DiagnoseRequest(fix=fix, max_findings=limit)
    return asked(address, DoctorServiceStub, "Diagnose", request, timeout_s=DIAGNOSE_WITHIN_S)


def _advice(connected: Client) -> list[Advice]:
    """Tasks that no executor runs; if the cluster does not answer which executors it has, one advice that says so."""
    from asynctask_core.errors import AsyncTaskError

    try:
        return _unserved(connected)
    except AsyncTaskError as error:
        said = f"what executors run, and what waits for one, is not known: {error}"
        return [Advice("executors_unknown", said)]


def _unserved(connected: Client) -> list[Advice]:
    """Ready tasks that no executor runs, and those whose executor is gone and that are ready again soon."""
    executors = connected.executors()
    serving = ServingExecutors(executors, queues_of_types(connected))
    gone = [one for one in executors if not one.connected and one.running]
    waiting: Counter[Unserved] = Counter()
    leased: Counter[Unserved] = Counter()
    for queue in connected.queues():
        for part in queue.types:
            left = part.running if any(part.task_type in one.task_types for one in gone) else 0
            if part.depth + left and (missing := serving.missing(part.task_type, queue.name)):
                waiting[missing] += part.depth
                leased[missing] += left
    unserved = [
        Advice(
            "no_executor",
            f"{_tasks(waiting[one], leased[one])} {one.which}, but no connected executor runs it: {one.start}",
        )
        for one in sorted(waiting, key=lambda one: one.which)
    ]
    said = "executor {} is not connected: {}"
    return unserved + [
        Advice("executor_gone", said.format(one.executor_id, UNLESS_IT_IS_BACK)) for one in gone
    ]


def _tasks(waiting: int, leased: int) -> str:
    parts = [(waiting, "ready tasks"), (leased, "leased tasks")]
    return " and ".join(amount(count, unit) for count, unit in parts if count)


def _json(answer: doctor_pb.DiagnoseResponse, advice: list[Advice]) -> dict[str, Any]:
    """The answer as REST has it, and the advice, which only this command gives."""
    from asynctask_core.message_json.encode import to_json

    return {**to_json(answer), "advice": [{"kind": one.kind, "message": one.message} for one in advice]}


def _print(answer: doctor_pb.DiagnoseResponse, advice: list[Advice], *, fix: bool) -> None:
    have = "has" if answer.tasks_checked == 1 else "have"
    tasks, leases = amount(answer.tasks_checked, "tasks"), amount(answer.leases_checked, "leases")
    looked = f"{tasks} that {have} not ended, {leases}"
    if not answer.counts:
        stdout.print(Text.assemble(("✔ ", "bold green"), f"Registry and Redis agree. Compared: {looked}."))
    else:
        total = amount(sum(count.count for count in answer.counts), "differences")
        sign = ("✔ Repaired ", "bold green") if fix else ("✘ Found ", "bold red")
        stdout.print(Text.assemble(sign, f"{total}. Compared: {looked}."))
        for count in answer.counts:
            meaning = _MEANING.get(count.kind, count.kind.replace("_", " "))
            stdout.print(Text.assemble(f"  {count.count:,} × {meaning} ", (count.kind, "bright_black")))
        rows = [(one.kind, one.task_id, one.message, "yes" if one.fixed else "no") for one in answer.findings]
        heads = ("KIND", "TASK", "WHAT", "REPAIRED")
        stdout.print(table(*heads, rows=rows, whole=("TASK",), empty=""))
        if not fix:
            now = f"`{command('doctor --fix')}` does it now"
            stdout.print(f"Recovery repairs this by itself within ten minutes; {now}.")
    for one in answer.stores:
        sign = ("✔ ", "bold green") if one.takes_writes else ("✘ ", "bold red")
        if one.takes_writes and one.is_low:
            sign = ("! ", "bold yellow")
        stdout.print(Text.assemble(sign, one_line(one.message) + "."))
    for one in advice:
        stdout.print(Text.assemble(("! ", "bold yellow"), one_line(one.message)))
