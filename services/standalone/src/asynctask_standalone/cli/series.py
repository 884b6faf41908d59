"""The command about curves: what happened to tasks in each step of the last hours or days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

from asynctask_core import limits
from asynctask_standalone.cli.completion import task_types
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import errors_told
from asynctask_standalone.cli.given import duration
from asynctask_standalone.cli.lazy_typer import typer
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json
from asynctask_standalone.cli.output import WIDE, print_json, stdout, table
from asynctask_standalone.cli.plain import StyledText
from asynctask_standalone.cli.wording import span, success_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asynctask import SeriesInfo, SeriesPointInfo

COLUMNS: Final = ("FROM", "SUBMITTED", "COMPLETED", "FAILED", "", "WAITED", "RAN")
_BAR: Final = 20
_ROWS: Final = 30
"""Most rows of a table whose steps were not asked for: a screen."""
_STEPS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880)
)


def series(
    task_type: Annotated[
        str | None,
        typer.Option("--type", "-t", metavar="TYPE", help="Only this type.", autocompletion=task_types),
    ] = None,
    length: Annotated[
        str,
        typer.Option("--range", "-r", metavar="DURATION", help="How far back, up to 40 days: 1h, 24h, 7d."),
    ] = "1h",
    step: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Length of a step: whole minutes for a range of at most 26h, whole hours for a longer one.",
            show_default="so that a screen holds them",
        ),
    ] = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Show how many tasks were submitted, completed and failed in each step of time, how long they waited and ran.

    WAITED and RAN are what half of the tasks of a step took at most, and what 95 of 100 did. The bar grows with the
    tasks that ended. It costs the same at ten tasks and at ten million.
    """
    with errors_told(as_json=as_json):
        back = duration(length, "--range", limits.HOURS_KEPT_S * 1000)
        steps = duration(step, "--step") if step else _fitting(back)
    with client(address, as_json=as_json) as connected:
        now = datetime.now(UTC)
        found = connected.series(task_type, start=now - back, step=steps)
    if as_json:
        print_json(found.to_json())
        return
    of_type = f" to tasks of type {task_type!r}" if task_type else ""
    has_any = any(_happened(point) for point in found.points)
    stdout.print(
        table(
            *COLUMNS,
            rows=_rows(found) if has_any else (),
            right=("SUBMITTED", "COMPLETED", "FAILED", "WAITED", "RAN"),
            whole=("",),
            optional=("", "SUBMITTED") if stdout.width < WIDE else (),
            empty=f"Nothing happened{of_type} within the last {span(back)}.",
        )
    )
    completed, failed = (
        sum(getattr(point, name) for point in found.points) for name in ("completed", "failed")
    )
    if completed + failed:
        stdout.print(f"Last {span(back)}: {success_words(completed, failed)}")


def _fitting(back: timedelta) -> timedelta:
    """The shortest usual step with which a screen holds the range; beyond 26 hours only whole hours are kept."""
    least = timedelta(hours=1) if back.total_seconds() > limits.MINUTES_KEPT_S else timedelta(minutes=1)
    return next(one for one in _STEPS if one >= least and back <= one * _ROWS)


def _rows(found: SeriesInfo) -> Sequence[tuple[str | StyledText, ...]]:
    # Steps of a day or more begin at midnight UTC, so the time of day here is shown too.
    clock = "%H:%M" if found.step_s * len(found.points) <= 86_400 else "%Y-%m-%d %H:%M"
    most = max(point.completed + point.failed for point in found.points) or 1
    return [
        (
            f"{point.start_time.astimezone():{clock}}",
            *(f"{one:,}" if one else "" for one in (point.submitted, point.completed, point.failed)),
            _ends(point, most),
            _took(point.wait_p50_ms, point.wait_p95_ms),
            _took(point.run_p50_ms, point.run_p95_ms),
        )
        for point in found.points
    ]


def _ends(point: SeriesPointInfo, most: int) -> StyledText:
    """A bar of the tasks that ended, the failed ones last; at least one cell for each kind that there was."""
    completed, failed = (max(bool(one), round(_BAR * one / most)) for one in (point.completed, point.failed))
    return StyledText(("█" * min(completed, _BAR - failed), "green"), ("█" * failed, "red"))


def _took(half_ms: int | None, most_ms: int | None) -> str:
    if half_ms is None or most_ms is None:
        return ""
    half, most = span(half_ms / 1000), span(most_ms / 1000)
    return half if half == most else f"{half} … {most}"


def _happened(point: SeriesPointInfo) -> int:
    return point.submitted + point.started + point.completed + point.failed + point.cancelled
