"""A store that refuses writes, or whose disk fills up, is told once, with the folder and what is free."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog
from prometheus_client import CollectorRegistry, Gauge
from structlog.testing import LogCapture

from asynctask_chassis import store_watch, waiting
from asynctask_chassis.store_watch import DiskLevel, DiskSpace, StoreWatch, disk_space, readable_size
from asynctask_chassis.waiting import REPEAT_S, WaitNotice

GIB, MIB = 1 << 30, 1 << 20
FOLDER = Path("/data/postgres")


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> LogCapture:
    capture = LogCapture()
    for module in (store_watch, waiting):
        monkeypatch.setattr(module, "log", structlog.wrap_logger(None, processors=[capture]))
    return capture


class Disk:
    """A disk of which a test says how much is free."""

    def __init__(self, free: int, total: int = 100 * GIB) -> None:
        self.free = free
        self.total = total

    def space(self, folder: Path) -> DiskSpace:
        if self.free < 0:
            raise OSError("gone")
        return DiskSpace(self.free, self.total)


def watching(disk: Disk) -> tuple[StoreWatch, Gauge, Gauge]:
    registry = CollectorRegistry()
    takes, free = Gauge("takes", "-", registry=registry), Gauge("free", "-", registry=registry)
    watch = StoreWatch(
        "Postgres", folder=FOLDER, takes_writes=takes, free_bytes=free, space=disk.space, clock=lambda: 0
    )
    return watch, takes, free


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (512 * MIB, 100 * GIB, DiskLevel.WELL),
        (512 * MIB - 1, 100 * GIB, DiskLevel.LOW),
        (400 * MIB, 10 * GIB, DiskLevel.WELL),
        (300 * MIB, 10 * GIB, DiskLevel.LOW),
        (16 * MIB - 1, 100 * GIB, DiskLevel.FULL),
        (0, 4 * MIB, DiskLevel.FULL),
        (MIB, 4 * MIB, DiskLevel.WELL),
    ],
)
def test_little_is_judged_by_the_size_of_the_disk_too(free: int, total: int, level: DiskLevel) -> None:
    assert DiskSpace(free, total).level(DiskLevel.WELL) is level


def test_disk_that_can_keep_no_more_files_is_full() -> None:
    assert DiskSpace(GIB, 2 * GIB, has_free_files=False).level(DiskLevel.WELL) is DiskLevel.FULL


def test_disk_on_the_edge_is_not_told_again_and_again(logged: LogCapture) -> None:
    disk = Disk(511 * MIB)
    watch, _, free = watching(disk)
    for megabytes in (511, 513, 511, 600, 700):
        disk.free = megabytes * MIB
        watch.look()
    assert [entry["event"] for entry in logged.entries] == ["store.disk_low", "store.disk_well"]
    assert logged.entries[0]["reason"] == (
        "Postgres takes writes; little room is left, 511 MiB of 100 GiB are free in /data/postgres"
    )
    assert free._value.get() == 700 * MIB


def test_refusal_is_told_once_with_its_cause_and_what_is_free(logged: LogCapture) -> None:
    watch, takes, _ = watching(Disk(0))
    watch.refused("its disk is full")
    watch.refused("its disk is full, still")
    assert takes._value.get() == 0
    watch.accepted()
    watch.accepted()
    assert takes._value.get() == 1
    assert [entry["event"] for entry in logged.entries] == [
        "store.disk_full", "store.writes_refused", "store.writes_accepted",
    ]  # fmt: skip
    assert logged.entries[1]["reason"] == (
        "Postgres refuses writes: its disk is full; the disk is full, 0 B of 100 GiB are free in /data/postgres"
    )


def test_store_that_does_not_answer_is_told_and_the_slowest_of_its_answers(logged: LogCapture) -> None:
    watch, _, _ = watching(Disk(-1))
    assert watch.latency_ms is None
    for seconds in (0.0001, 0.5, 0.002):
        watch.answered(seconds)
    assert (watch.latency_ms, watch.takes_writes) == (500, True)
    for _ in range(15):
        watch.answered(0.002)
    assert watch.latency_ms == 2
    watch.unanswered("connection refused")
    assert (watch.takes_writes, watch.sentence()) == (False, "Postgres does not answer: connection refused")
    watch.unanswered("Postgres is away")
    assert watch.sentence() == "Postgres is away"
    watch.answered(0.002)
    assert (watch.takes_writes, watch.sentence()) == (True, "Postgres takes writes")


def test_folder_that_cannot_be_asked_is_left_out(logged: LogCapture) -> None:
    watch, _, _ = watching(Disk(-1))
    watch.look()
    assert watch.sentence() == "Postgres takes writes"
    assert logged.entries == []


def test_a_real_folder_has_room(tmp_path: Path) -> None:
    space = disk_space(tmp_path)
    assert 0 < space.free_bytes <= space.total_bytes
    assert space.has_free_files


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (32 * MIB, "32 MiB"), (5 * GIB, "5 GiB")],
)
def test_sizes_are_written_for_people(count: int, text: str) -> None:
    assert readable_size(count) == text


def test_wait_is_told_at_once_when_its_reason_changes_and_now_and_then(logged: LogCapture) -> None:
    now = 100.0
    notice = WaitNotice(clock=lambda: now)
    notice.over()
    notice.tell("Postgres", "refused")
    notice.tell("Postgres", "refused")
    notice.tell("Postgres", "it is starting")
    now += REPEAT_S
    notice.tell("Postgres", "it is starting")
    notice.over()
    notice.over()
    assert [(entry["event"], entry["reason"]) for entry in logged.entries] == [
        ("service.waiting", "it waits for Postgres: refused"),
        ("service.waiting", "it waits for Postgres: it is starting"),
        ("service.waiting", "it waits for Postgres: it is starting"),
        ("service.wait_ended", "it waited for Postgres"),
    ]
