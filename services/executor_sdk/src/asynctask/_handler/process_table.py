"""The processes of this machine, as the kernel lists them, and signals to one of them.

The guard imports only this module, so it imports only small modules of Python's library.
"""

from __future__ import annotations

import os
import signal
import sys
import time

TYPE_CHECKING = False  # not from typing, which takes as long to import as everything else here
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Final

ON_LINUX: Final = sys.platform == "linux"
STRAYS_S: Final = 5.0
"""How long an executor looks for processes that a killed guard left running."""


class Seen:
    """One process, as the kernel lists it. A later process of the same number has another `started`."""

    __slots__ = ("group", "parent", "pid", "started")

    def __init__(self, pid: int, parent: int, group: int, started: str) -> None:
        self.pid = pid
        self.parent = parent
        self.group = group
        self.started = started

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and (self.pid, self.started) == (other.pid, other.started)

    def __hash__(self) -> int:
        return hash((self.pid, self.started))


def process_table() -> list[Seen]:
    """Every living process; one that has ended and waits to be reaped is not among them."""
    if not ON_LINUX:
        return _listed_by_ps()
    found: list[Seen] = []
    try:
        names = os.listdir("/proc")  # noqa: PTH208 - pathlib is slow to import
    except OSError:
        return []
    for name in names:
        if name.isdigit():
            facts = _stat(name)
            if facts and facts[0] not in "ZX":
                found.append(Seen(int(name), int(facts[1]), int(facts[2]), facts[19]))
    return found


def below(roots: Collection[int], table: list[Seen]) -> set[Seen]:
    """Everything below these processes, themselves not included."""
    known, found = set(roots), set[Seen]()
    while new := [process for process in table if process.parent in known and process.pid not in known]:
        known.update(process.pid for process in new)
        found.update(new)
    return found


def send_signal(process: Seen, number: int) -> bool:
    """Send a signal to this very process, never to a later one of the same number; false without permission to."""
    try:
        handle = process_handle(process.pid)
        if handle is None:
            os.kill(process.pid, number)
            return True
        try:
            if _started(process.pid) == process.started:
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)
    except ProcessLookupError:
        pass  # it has ended meanwhile
    except PermissionError:
        return False
    return True


def process_handle(pid: int) -> int | None:
    """A file descriptor of this process that becomes readable at its end; None where there are none."""
    if not ON_LINUX:
        return None
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        raise
    except (AttributeError, OSError):
        return None


def kill_found(look: Callable[[], Collection[Seen]]) -> None:
    """End everything that `look` finds; for a process that is about to end itself."""
    for _ in range(3):  # one that was being started meanwhile is in the next look
        found = look()
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, so that none can start another
            for process in found:
                send_signal(process, number)


def kill_marked(mark: str) -> None:
    """End every process that has `mark`, a NAME=VALUE, in its environment: those that a killed guard left running."""
    wanted = b"\0" + mark.encode() + b"\0"
    give_up = time.monotonic() + STRAYS_S
    while time.monotonic() < give_up:
        found = [
            process for process in process_table() if wanted in b"\0" + _environment(process.pid) + b"\0"
        ]
        if not found:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, so that none can start another
            for process in found:
                send_signal(process, number)
        time.sleep(0.01)


def children_of_thread(native_id: int) -> set[int]:
    """The living children that this thread of this process has started; empty where the kernel does not show them."""
    try:
        with open(f"/proc/self/task/{native_id}/children", "rb") as file:  # noqa: PTH123 - see above
            return {int(pid) for pid in file.read().split()}
    except OSError:
        return set()


def _listed_by_ps() -> list[Seen]:
    import subprocess

    with subprocess.Popen(
        ["ps", "-axo", "pid=,ppid=,pgid=,stat=,lstart="],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as listing:
        listed, _ = listing.communicate()
    rows = (line.split(None, 4) for line in listed.splitlines())
    return [
        Seen(int(row[0]), int(row[1]), int(row[2]), row[4])
        for row in rows
        # It lists itself as well, a child of the process that asks.
        if len(row) == 5 and not row[3].startswith("Z") and int(row[0]) != listing.pid
    ]


def _environment(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            return file.read()
    except OSError:
        return b""


def _started(pid: int) -> str:
    facts = _stat(str(pid))
    return facts[19] if facts else ""


def _stat(name: str) -> list[str]:
    """Fields of /proc/PID/stat after the name, from the state on; none when there is no such process."""
    try:
        with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - see above
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []
