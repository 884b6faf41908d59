"""Small files copied by processes beside the executor's: the same copies, and nobody depends on the process."""

from __future__ import annotations

import errno
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from asynctask_core.ids import id_text, new_id
from asynctask_nas import copy_child, copy_process, small
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy_process import CopyProcess
from asynctask_nas.crew import Beside
from asynctask_nas.destination import Destination
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.places import probe
from asynctask_nas.small import UNUSUAL, Request
from asynctask_nas.small_copies import SmallCopies
from asynctask_nas.throttle import Throttle
from asynctask_nas.tree import Tree
from tests.unit.nas.trees import describe

ACL = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", tag, permissions, who)
    for tag, permissions, who in (
        (0x01, 7, 0xFFFFFFFF),
        (0x02, 7, 4711),
        (0x04, 5, 0xFFFFFFFF),
        (0x10, 7, 0xFFFFFFFF),
        (0x20, 0, 0xFFFFFFFF),
    )
)
"""Owner, user 4711, group, mask and others, as Linux keeps an access control list."""
MANY = 1000


def copies_of(source: Path, destination: Path, expected: int, said: list[str] | None = None) -> SmallCopies:
    root = os.fsencode(destination)
    target = Destination(root, id_text(new_id()), probe(root))
    warn = (said if said is not None else []).append
    return SmallCopies(Tree.of(os.fsencode(source)), target, Pace(Throttle(None)), expected, warn)


def changes_of(source: Path) -> list[Change]:
    files = sorted(path for path in source.rglob("*") if path.is_file())
    facts = [(os.fsencode(path.relative_to(source)), path.stat()) for path in files]
    return [Change(path, Action.COPY, one.st_size, mtime_ns=one.st_mtime_ns) for path, one in facts]


def copy_all(copies: SmallCopies, changes: list[Change]) -> list[int]:
    counts: list[int] = []
    while len(counts) < len(changes):
        counts += copies.copy(changes[len(counts) :])
    return counts


@pytest.mark.parametrize("expected", [1, MANY], ids=["by the thread", "by a process"])
def test_files_get_all_that_belongs_to_them_whatever_their_new_folder_gives(
    source: Path, destination: Path, expected: int
) -> None:
    """Fails when a mode is taken for set that the umask cut, or an owner or list that the folder gave is kept, or
    when a file that has another owner, or attributes, is taken for one like those before it.
    """
    for folder in ("plain", "for a group", "with a list"):
        (source / folder).mkdir()
        for number, mode in enumerate((0o600, 0o644, 0o666, 0o4755, 0o440, 0o002, 0o600, 0o600, 0o600)):
            file = source / folder / f"{number}"
            file.write_bytes(b"x" * number)
            file.chmod(mode)
            os.utime(file, ns=(1, number * 10**18 + 123_456_789))
        (destination / folder).mkdir(parents=True)
    for number in (1, 7):
        os.setxattr(source / f"plain/{number}", "user.color", b"red")
    if os.geteuid() == 0:
        for number in (2, 8):
            os.chown(source / f"plain/{number}", 4711, 4712)
        os.chown(destination / "for a group", -1, 4712)
        (destination / "for a group").chmod(0o2775)
    os.setxattr(destination / "with a list", "system.posix_acl_default", ACL)
    changes = changes_of(source)
    copies = copies_of(source, destination, expected)
    counts = copy_all(copies, changes)
    assert len(copies._processes._shared) == (expected == MANY)
    copies.close()
    assert counts == [change.size for change in changes]
    have, want = describe(destination), describe(source)
    for change in changes:
        assert have[change.path] == want[change.path], change.path


def test_killed_process_is_not_missed(source: Path, destination: Path) -> None:
    for number in range(6):
        (source / f"{number}").write_text("content")
    changes, said = changes_of(source), list[str]()
    copies = copies_of(source, destination, MANY, said)
    assert copies.copy(changes[:2]) == [7, 7]
    (shared,) = copies._processes._shared
    shared.coming.result()._process.kill()
    shared.coming.result()._process.wait()
    assert copies.copy(changes[2:4]) == [UNUSUAL, UNUSUAL]
    assert copies.copy(changes[4:]) == [7, 7]
    copies.close()
    assert said == ["a process that copied small files ended (SIGKILL); the executor itself goes on"]


def test_where_no_process_can_be_started_the_thread_copies(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "file").write_text("content")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    said: list[str] = []
    copies = copies_of(source, destination, MANY, said)
    assert copies.copy(changes_of(source)) == [7]
    copies.close()
    assert len(said) == 1
    assert "/nowhere/python" in said[0]


def test_it_is_said_once_that_there_are_no_processes_whoever_meets_it(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        (source / f"{number}").write_text("content")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    said: list[str] = []
    copies = copies_of(source, destination, MANY, said)
    both_ask, copy = threading.Barrier(2), copies._processes.copy

    def copy_together(request: Request, beside: Beside) -> list[int]:
        both_ask.wait(60)
        return copy(request, beside)

    monkeypatch.setattr(copies._processes, "copy", copy_together)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(copies.copy, [[one] for one in changes_of(source)])) == [[7], [7]]
    copies.close()
    assert len(said) == 1


def test_where_there_can_be_no_more_threads_the_thread_copies(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "file").write_text("content")
    said: list[str] = []
    copies = copies_of(source, destination, MANY, said)

    def submit(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(copies._processes._starter, "submit", submit)
    assert copies.copy(changes_of(source)) == [7]
    copies.close()
    assert len(said) == 1
    assert "can't start new thread" in said[0]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    found: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen[bytes]

    def start(*words: Any, **more: Any) -> subprocess.Popen[bytes]:
        found.append(real(*words, **more))
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return found


def test_process_that_cannot_be_told_what_to_do_is_not_left_behind(
    source: Path, destination: Path, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(*_: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    (source / "file").write_text("content")
    monkeypatch.setattr(CopyProcess, "_send", send)
    copies = copies_of(source, destination, MANY)
    assert copies.copy(changes_of(source)) == [7]
    copies.close()
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_process_ends_although_another_child_of_the_executor_holds_its_pipe_open(
    source: Path, destination: Path, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a pause waits for processes that wait for what a handler has forked."""
    monkeypatch.setattr(copy_process, "_END_S", 3600.0)
    (source / "file").write_text("content")
    copies = copies_of(source, destination, MANY)
    assert copies.copy(changes_of(source)) == [7]
    (process,) = started
    assert process.stdin is not None
    held = os.dup(process.stdin.fileno())
    try:
        copies.close()
    finally:
        os.close(held)
    assert process.returncode is not None


def test_processes_that_were_started_ahead_are_the_ones_that_copy(
    source: Path, destination: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    for number in range(3):
        (source / f"{number}").write_text("content")
    copies = copies_of(source, destination, MANY)
    copies.start()
    assert copies.copy(changes_of(source)) == [7] * 3
    copies.close()
    assert len(started) == copy_process._FIRST
    assert None not in [process.returncode for process in started]


@pytest.fixture
def asked_by_two(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[SmallCopies, threading.Event]]:
    """Copies with one processor, and what is set once a process was asked twice: before that it gives no answer."""
    for number in range(3):
        (source / f"{number}").write_text("content")
    monkeypatch.setattr(copy_process, "PROCESSORS", 1)
    copies = copies_of(source, destination, MANY)
    assert copies.copy(changes_of(source)[:1]) == [7]
    asked, twice, real_send, real_receive = (
        list[object](),
        threading.Event(),
        CopyProcess._send,
        copy_child.receive,
    )

    def send(process: CopyProcess, message: object) -> None:
        real_send(process, message)
        asked.append(message)
        if len(asked) == 2:
            twice.set()

    def receive(pipe: BinaryIO) -> Any:
        assert twice.wait(60)
        return real_receive(pipe)

    monkeypatch.setattr(CopyProcess, "_send", send)
    monkeypatch.setattr(copy_process, "receive", receive)
    yield copies, twice
    copies.close()


def test_process_has_its_second_request_before_it_has_answered_the_first(
    source: Path, asked_by_two: tuple[SmallCopies, threading.Event]
) -> None:
    """Fails when a process waits while a thread fills in its next request."""
    copies, twice = asked_by_two
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(copies.copy, [[one] for one in changes_of(source)[1:]])) == [[7], [7]]
    assert twice.is_set()
    assert len(copies._processes._shared) == 1


def test_all_who_ask_a_process_that_is_killed_go_on_without_it(
    source: Path, asked_by_two: tuple[SmallCopies, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, twice = asked_by_two
    said: list[str] = []
    monkeypatch.setattr(copies, "_warn", said.append)
    (shared,) = copies._processes._shared
    process = shared.coming.result()._process
    process.send_signal(signal.SIGSTOP)
    with ThreadPoolExecutor(2) as pool:
        counts = [pool.submit(copies.copy, [one]) for one in changes_of(source)[1:]]
        assert twice.wait(60)
        process.kill()
        assert [one.result() for one in counts] == [[UNUSUAL], [UNUSUAL]]
    assert said == ["a process that copied small files ended (SIGKILL); the executor itself goes on"]
    assert shared.users == 0
    assert copies.copy(changes_of(source)[1:]) == [7, 7]


def test_a_process_that_another_thread_has_ended_has_ended_for_all(source: Path, destination: Path) -> None:
    """Fails when a closed pipe is an error that nobody expects, and fails the stage."""
    (source / "file").write_text("content")
    copies = copies_of(source, destination, MANY)
    copies.start()
    for shared in copies._processes._shared:
        shared.coming.result().close()
    assert copies.copy(changes_of(source)) == [UNUSUAL]
    assert copies.copy(changes_of(source)) == [7]
    copies.close()


def test_a_thread_gets_no_answer_to_what_another_has_asked(
    source: Path, asked_by_two: tuple[SmallCopies, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the first cannot take its answer, and the second takes it: its files would count as copied."""
    copies, twice = asked_by_two
    failed: list[object] = []

    def receive(pipe: BinaryIO) -> Any:
        assert twice.wait(60)
        if not failed:
            failed.append(pipe)
            assert select.select([pipe], [], [], 60)[0]
            raise MemoryError
        return copy_child.receive(pipe)

    monkeypatch.setattr(copy_process, "receive", receive)
    with ThreadPoolExecutor(2) as pool:
        counts = [pool.submit(copies.copy, [one]) for one in changes_of(source)[1:]]
        (answered,) = [one for one in counts if not isinstance(one.exception(), MemoryError)]
        assert answered.result() == [UNUSUAL]


def test_a_stop_that_comes_while_a_thread_waits_for_a_folder_begins_nothing(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a stop takes two turns more."""
    (source / "file").write_text("content")
    copies = copies_of(source, destination, MANY)
    begin = copies._destination.begin_folder

    def stopped(inside: bytes, *, waits: bool) -> bool | None:
        copies._pace.stop()
        return begin(inside, waits=waits)

    monkeypatch.setattr(copies._destination, "begin_folder", stopped)
    with pytest.raises(PaceStopped):
        copies.copy(changes_of(source))
    assert not (destination / "file").exists()
    copies.close()


@pytest.mark.parametrize(("waits", "count"), [(False, 1), (True, 2)], ids=["computes", "waits"])
def test_where_processes_wait_for_a_file_system_each_thread_has_its_own(
    source: Path, asked_by_two: tuple[SmallCopies, threading.Event], waits: bool, count: int
) -> None:
    copies, _ = asked_by_two
    (shared,) = copies._processes._shared
    shared.coming.result()._waited = copy_process._WAITS if waits else 0
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(copies.copy, [[one] for one in changes_of(source)[1:]])) == [[7], [7]]
    assert len(copies._processes._shared) == count


PARENT = """
import os, sys
from asynctask_nas.copy_process import CopyProcess
from asynctask_nas.crew import Beside
from asynctask_nas.crew import Beside
from asynctask_nas.destination import Destination
from asynctask_nas.places import probe
from asynctask_nas.tree import Tree
root = os.fsencode(sys.argv[1])
process = CopyProcess(Tree.of(root), Destination(root, sys.argv[2], probe(root)))
process.copy([], Beside())
print(process._process.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc, to see which processes there are")
def test_process_ends_with_an_executor_that_is_killed_and_not_with_a_signal_that_is_for_it(
    destination: Path,
) -> None:
    command = [sys.executable, "-c", PARENT, str(destination), id_text(new_id())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(child, number)
        assert _is_running(child)
        parent.kill()
        until = time.monotonic() + 60
        while _is_running(child):
            assert time.monotonic() < until
            time.sleep(0.01)


def _is_running(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_under_a_limit_small_files_share_what_is_moved_at_once(source: Path, destination: Path) -> None:
    """Fails when each waits for its own turn behind a large file: of the files that come first few would be safe."""
    for number in range(5):
        (source / f"{number}").write_bytes(b"x" * 3000)
    root = os.fsencode(destination)
    target = Destination(root, id_text(new_id()), probe(root))
    pace = Pace(Throttle(80_000))
    assert pace.chunk_bytes == 8000
    copies = SmallCopies(Tree.of(os.fsencode(source)), target, pace, MANY)
    changes = changes_of(source)
    assert copies.copy(changes) == [3000, 3000]
    assert copies.copy(changes[4:]) == [3000]
    copies.close()


def test_under_a_limit_only_what_was_copied_counts(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when what is left for the next turn, or for the long way, is paid for twice: on a mount that answers slowly
    a backup moves a fraction of what its limit allows."""
    for number in range(4):
        (source / f"{number}").write_bytes(b"x" * 100)
    changes = changes_of(source)
    (source / "1").write_bytes(b"y" * 90)
    throttle = Throttle(80_000, clock=lambda: 0.0)
    root = os.fsencode(destination)
    target = Destination(root, id_text(new_id()), probe(root))
    copies = SmallCopies(Tree.of(os.fsencode(source)), target, Pace(throttle), MANY)
    monkeypatch.setattr(small, "_TURN_S", 0.0)  # there is an answer after one file
    assert copies.copy(changes) == [100]
    assert throttle.reserve(0) == pytest.approx(100 / 80_000)
    assert copies.copy(changes[1:]) == [UNUSUAL]
    assert throttle.reserve(0) == pytest.approx(100 / 80_000)
    copies.close()


def test_process_loads_nothing_of_the_platform_and_little_of_python() -> None:
    """Fails when each process takes longer to be there than the files take that it is there for."""
    program = "import sys; sys.path[:] = sys.argv[1:]; import asynctask_nas.copy_child; print(*sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", program, *sys.path]
    loaded = set(subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
    ours = sorted(name.removeprefix("asynctask_nas") for name in loaded if name.startswith("asynctask"))
    assert " ".join(ours) == (
        " .attributes .copy_child .entries .holds .looks .new_folders .paths .refused .small .tree .unnamed_files"
    )
    assert not loaded & {"asyncio", "dataclasses", "inspect", "logging", "pathlib", "socket", "subprocess"}
