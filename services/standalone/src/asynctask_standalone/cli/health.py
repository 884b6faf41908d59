"""`asynctask health`: what is checked, what was found, what it means for tasks, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_core.printable import one_line
from asynctask_standalone.cli.connection import asked, client
from asynctask_standalone.cli.exits import Exit
from asynctask_standalone.cli.lazy_typer import typer
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json
from asynctask_standalone.cli.output import print_json, stdout, table
from asynctask_standalone.cli.plain import StyledText
from asynctask_standalone.cli.wording import age, amount, command, span

if TYPE_CHECKING:
    from asynctask_protos.scheduler.v1.health_service_pb2 import Health, HealthCheck
    from asynctask_protos.task.v1.health_pb2 import ReplicaState

HEALTH_WITHIN_S = 5.0
"""It is answered from memory."""
_SIGNS = {
    "ok": ("✔", "bold green"),
    "unknown": ("?", "bold yellow"),
    "attention": ("!", "bold yellow"),
    "broken": ("✘", "bold red"),
}


def health(address: Address = DEFAULT_ADDRESS, as_json: Json = False) -> None:
    """Show how stores, replicas, renewals of leases and periodic work are: what was found, what it means, what to do.

    The scheduler knows all of this already, so it costs nothing; `doctor` compares the stores with one another. Ends
    with 0 if all is well, otherwise with 1.
    """
    with client(address, as_json=as_json):
        found = _health(address)
        if as_json:
            from asynctask_core.message_json.encode import to_json

            print_json(to_json(found))
        else:
            _print(found)
        if any(_level(check) != "ok" for check in found.checks):
            raise typer.Exit(Exit.TASK_FAILED)


def _health(address: str) -> Health:
    from asynctask_protos.scheduler.v1.health_service_pb2 import GetHealthRequest
    from asynctask_protos.scheduler.v1.health_service_pb2_grpc import HealthServiceStub

    answer = asked(address, HealthServiceStub, "GetHealth", GetHealthRequest(), timeout_s=HEALTH_WITHIN_S)
    return answer.health


def _print(found: Health) -> None:
    for check in found.checks:
        sign, style = _SIGNS.get(_level(check), _SIGNS["attention"])
        stdout.print(StyledText((f"{sign} ", style), (f"{check.name:<11}", "bold"), one_line(check.message)))
        if _level(check) == "ok":
            continue
        from asynctask_core.wire import to_datetime

        since = f"first seen {age(to_datetime(check.since_time))}"
        for line in (check.effect, check.repair, since):
            if line:
                stdout.print(StyledText(" " * 13, (line, "bright_black")))
    stdout.print()
    columns = ("SERVICE", "ADDRESS", "HOST", "VERSION", "SINCE", "SEEN", "WORK")
    rows = [_row(one) for one in found.replicas]
    stdout.print(
        table(*columns, rows=rows, whole=("ADDRESS",), optional=("HOST",), empty="No replica is known.")
    )
    stdout.print(
        f"`{command('doctor')}` compares the stores and finds tasks that no executor runs.",
        style="bright_black",
    )


def _row(one: ReplicaState) -> tuple[str, ...]:
    from asynctask_core.wire import to_datetime

    failing = [loop.name for loop in one.loops if loop.failures]
    works = f"{', '.join(failing)} fail" if failing else amount(len(one.loops), "loops")
    return (
        one.service,
        one.address or one.name,
        one.host,
        one.version or "before 0.3",
        age(to_datetime(one.start_time)) if one.HasField("start_time") else "",
        f"{span(one.last_seen_ms / 1000)} ago",
        works if one.loops else one.hindrance,
    )


def _level(check: HealthCheck) -> str:
    from asynctask_protos.scheduler.v1.health_service_pb2 import HealthLevel

    return HealthLevel.Name(check.level).removeprefix("HEALTH_LEVEL_").lower()
