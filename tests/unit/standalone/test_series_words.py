"""What `series` prints."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from asynctask import SeriesInfo, SeriesPointInfo
from asynctask_standalone.cli import series

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def a_point(minute: int, **fields: int | None) -> SeriesPointInfo:
    counted = dict.fromkeys(
        ("submitted", "started", "completed", "failed", "cancelled", "lost", "retried"), 0
    )
    timed = dict.fromkeys(("wait_p50_ms", "wait_p95_ms", "run_p50_ms", "run_p95_ms"))
    given: dict[str, Any] = counted | timed | fields
    return SeriesPointInfo(start_time=NOON + timedelta(minutes=minute), **given)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the client was asked for; `points` are what it answers."""
    given: dict[str, Any] = {"points": ()}

    @contextmanager
    def client(address: str, *, as_json: bool) -> Any:
        def answer(task_type: str | None, *, start: datetime, step: timedelta) -> SeriesInfo:
            given.update(task_type=task_type, start=start, step=step)
            return SeriesInfo(step.total_seconds(), given["points"])

        yield SimpleNamespace(series=answer)

    monkeypatch.setattr(series, "client", client)
    return given


def shown(capsys: pytest.CaptureFixture[str], **options: Any) -> list[str]:
    series.series(**options)
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_steps_have_a_line_each_and_a_sum(
    asked: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "_BAR", 4)
    asked["points"] = (
        a_point(0, submitted=1500, completed=1000, failed=1, run_p50_ms=80, run_p95_ms=4200),
        a_point(2),
        a_point(4, submitted=1, completed=500, wait_p50_ms=65_000, wait_p95_ms=65_000),
    )
    lines = shown(capsys)
    local = [point.start_time.astimezone().strftime("%H:%M") for point in asked["points"]]
    assert lines == [
        "FROM SUBMITTED COMPLETED FAILED WAITED RAN",
        f"{local[0]} 1,500 1,000 1 ████ 80 ms … 4.2 s",
        local[1],
        f"{local[2]} 1 500 ██ 1 min 5 s",
        "Last 1 h: 1,500 completed, 1 failed, 99.9 % succeeded",
    ]


def test_nothing_is_said_in_words(asked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    asked["points"] = (a_point(0),)
    assert shown(capsys, task_type="scan") == [
        "Nothing happened to tasks of type 'scan' within the last 1 h."
    ]
    assert asked["task_type"] == "scan"


@pytest.mark.parametrize(
    ("length", "minutes"), [("1h", 2), ("24h", 60), ("26h", 60), ("27h", 60), ("7d", 360), ("40d", 2880)]
)
def test_step_lets_a_screen_hold_the_range(
    asked: dict[str, Any], capsys: pytest.CaptureFixture[str], length: str, minutes: int
) -> None:
    shown(capsys, length=length)
    assert asked["step"] == timedelta(minutes=minutes)


def test_wrong_range_names_the_option(asked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        series.series(length="41d")
    assert "--range" in capsys.readouterr().err
