"""The guard of one process handler: starts its process, and ends everything that the process started.

    executor ── control socket ──► guard ──► handler's process ──► its children, and theirs

Run alone, as `python -I -S guard.py`: it imports nothing of this package, and of Python's library only what is small,
so it starts in a few hundredths of a second.

The guard is a subreaper (Linux): a descendant whose parent ends becomes a child of the guard, also after `setsid` or a
double fork. So the guard can end every descendant. It does that when the handler's process has ended, when the executor
says so, and when the executor itself has ended, however that came. Elsewhere than on Linux the guard finds those that
are still below it or in the process group of one that was; a process that left both is out of its reach.

The executor writes a line a command: TERMINATE, KILL, and LEASE with three numbers whenever the lease was renewed: both
clocks when that was, and for how many nanoseconds the handler may go on. A frozen executor renews nothing and stops
nobody, so the guard ends everything when that time is over. The guard answers in lines: `started PID`, then
`ended STATUS PEAK_KIB UNREACHABLE`, when nothing is left: the wait status of the handler's process, the most memory
that it used, and the number of processes that the guard has no permission to end.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import time

TYPE_CHECKING = False  # not from typing, which takes as long to import as everything else here
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

TERMINATE: Final = b"t"
"""Send SIGTERM to the handler's process, and only to it: it ends what it started as it sees fit."""
KILL: Final = b"k"
"""End everything now."""
LEASE: Final = b"l"
"""Followed by boot-time clock, wall clock and a length, in nanoseconds."""

LEFTOVERS_S: Final = 0.5
"""How long processes that the handler left behind have after SIGTERM before SIGKILL."""
STRAYS_S: Final = 5.0
"""How long an executor looks for what a guard that was killed left running."""
LOOK_S: Final = 1.0
"""How often the guard looks at the clocks, since a suspended host wakes nobody, and for its parent, since not every
platform tells of its end."""
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_ON_LINUX: Final = sys.platform == "linux"
_NAMES: Final = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGTSTP")
_KEPT_OFF: Final = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
"""What service managers and terminals send to every process of a service: the executor alone decides for its guard."""


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


class Guard:
    """Everything that the guard knows. `control` is its socket, `executor` the pid of its parent."""

    def __init__(self, control: int, executor: int) -> None:
        self._control = control
        self._executor = executor
        self._handler = 0
        self._status: int | None = None
        self._peak_kib = 0
        self._killing = False
        self._lease: tuple[int, int, int] | None = None
        self._heard = b""
        self._groups: set[int] = set()
        self._unreachable: set[Seen] = set()
        self._woken, wakes = os.pipe()
        for end in (self._woken, wakes):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, _take_notice)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, signal.SIG_IGN) for number in _KEPT_OFF}
        # Blocked by the executor until here, so that none could end a guard that had not come this far.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        self._parent = _process_handle(executor)
        self._poll = select.poll()
        for watched in (control, self._woken, self._parent):
            if watched is not None:
                self._poll.register(watched, select.POLLIN)

    def run(self, command: Sequence[str], inherited: int) -> None:
        """Start `command`, which inherits one file, and return when nothing of it is left."""
        self._handler = os.fork()
        if self._handler == 0:
            self._become(command, inherited)
        os.close(inherited)
        self._groups.add(self._handler)
        self._say(f"started {self._handler}")
        while self._status is None and not self._killing:
            self._wait(None)
        self._end_leftovers()
        self._kill_all()
        self._say(f"ended {self._status or 0} {self._peak_kib} {len(self._unreachable)}")

    def _become(self, command: Sequence[str], inherited: int) -> None:
        """In the child: the handler's process. A session of its own, so that signals to its group meet no guard."""
        try:
            os.setsid()
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # should somebody kill the guard itself
            for number, before in self._before.items():
                signal.signal(number, before)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.set_inheritable(inherited, True)
            os.execv(command[0], list(command))  # noqa: S606 - the executor's own Python
        except BaseException as error:  # noqa: BLE001 - nothing of the guard may go on in its child
            os.write(2, f"asynctask: the process of a handler was not started: {error}\n".encode())
        finally:
            os._exit(127)

    def _wait(self, timeout_s: float | None) -> None:
        """Until something happens, at most `timeout_s`; take commands, and reap what has ended."""
        timeout_s = LOOK_S if timeout_s is None else min(timeout_s, LOOK_S)
        for watched, _ in self._poll.poll(max(min(timeout_s, self._lease_left_s()), 0.0) * 1000):
            if watched == self._woken:
                os.read(self._woken, 4096)
            elif watched == self._control:
                self._obey()
            else:
                self._executor_ended(watched)
        if os.getppid() != self._executor or self._lease_left_s() <= 0:
            self._killing = True
        self._reap()

    def _lease_left_s(self) -> float:
        """How long the handler may go on, by the clock that advanced more."""
        if self._lease is None or self._killing:
            return LOOK_S
        boot_ns, wall_ns, length_ns = self._lease
        return (length_ns - max(_boot_ns() - boot_ns, time.time_ns() - wall_ns)) / 1e9

    def _obey(self) -> None:
        try:
            heard = os.read(self._control, 4096)
        except OSError:
            heard = b""
        if not heard:
            self._executor_ended(self._control)
        *commands, self._heard = (self._heard + heard).split(b"\n")
        for command in commands:
            if command == KILL:
                self._killing = True
            elif command == TERMINATE and self._status is None:
                os.kill(self._handler, signal.SIGTERM)
            elif command.startswith(LEASE):
                boot_ns, wall_ns, length_ns = map(int, command[1:].split())
                self._lease = (boot_ns, wall_ns, length_ns)

    def _executor_ended(self, told_by: int) -> None:
        self._killing = True
        self._poll.unregister(told_by)

    def _has_children(self) -> bool:
        """Whether anything may be left: a subreaper without children has no descendants."""
        return self._reap() or not _ON_LINUX

    def _reap(self) -> bool:
        """Collect children that have ended; false when there is no child at all."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._handler:
                self._status = status
                self._peak_kib = usage.ru_maxrss // (1 if _ON_LINUX else 1024)

    def _end_leftovers(self) -> None:
        """Let what the handler left behind end by itself."""
        give_up = time.monotonic() + LEFTOVERS_S
        asked: set[Seen] = set()
        while not self._killing and self._has_children() and (left := self._descendants()):
            for process in left - asked:
                self._signal(process, signal.SIGTERM)
            asked |= left
            left_s = give_up - time.monotonic()
            if left_s <= 0:
                return
            self._wait(min(left_s, 0.05))

    def _kill_all(self) -> None:
        """Stop every descendant first, so that none can start another, then end them all."""
        stopped: set[Seen] = set()
        pause_s = 0.001
        while self._has_children():
            found = self._descendants()
            if not found and (self._unreachable or not _ON_LINUX):
                return
            if found - stopped:
                for process in found - stopped:
                    self._signal(process, signal.SIGSTOP)
                stopped |= found
                continue
            for process in found:
                self._signal(process, signal.SIGKILL)
            if self._status is None:
                os.kill(self._handler, signal.SIGKILL)  # also where there is no /proc
            self._wait(pause_s)
            pause_s = min(pause_s * 2, 0.1)

    def _descendants(self) -> set[Seen]:
        """Living processes below the guard, as far as it may end them."""
        below = {os.getpid()}
        found: set[Seen] = set()
        table = _process_table()
        grown = True
        while grown:
            grown = False
            for process in table:
                if process.pid in below or (
                    process.parent not in below and process.group not in self._groups
                ):
                    continue
                below.add(process.pid)
                found.add(process)
                if not _ON_LINUX:
                    self._groups.add(process.group)
                grown = True
        return found - self._unreachable

    def _signal(self, process: Seen, number: int) -> None:
        if not _signal(process, number):
            self._unreachable.add(process)

    def _say(self, line: str) -> None:
        try:  # noqa: SIM105 - contextlib is slow to import
            os.write(self._control, line.encode() + b"\n")
        except OSError:
            pass  # the executor is gone


def _boot_ns() -> int:
    """As the executor reads it (`asynctask._attempt.clock`)."""
    clock: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)


def _take_notice(number: int, frame: object) -> None:
    """Nothing: that it is called writes to the wake-up file."""


def _signal(process: Seen, number: int) -> bool:
    """Send a signal to this very process, never to a later one of the same number; false without permission to."""
    try:
        handle = _process_handle(process.pid)
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


def kill_descendants() -> None:
    """End everything below this process, as far as it is still below; for one that is about to end itself."""
    for _ in range(3):  # one that was being started meanwhile is in the next look
        below, found = {os.getpid()}, list[Seen]()
        table = _process_table()
        while new := [process for process in table if process.parent in below and process.pid not in below]:
            below.update(process.pid for process in new)
            found += new
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, so that none can start another
            for process in found:
                _signal(process, number)


def kill_marked(mark: str) -> None:
    """End every process that has `mark`, a NAME=VALUE, in its environment: what is left of a guard that was killed."""
    wanted = b"\0" + mark.encode() + b"\0"
    give_up = time.monotonic() + STRAYS_S
    while time.monotonic() < give_up:
        found = [
            process for process in _process_table() if wanted in b"\0" + _environment(process.pid) + b"\0"
        ]
        if not found:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, so that none can start another
            for process in found:
                _signal(process, number)
        time.sleep(0.01)


def _environment(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            return file.read()
    except OSError:
        return b""


def _process_handle(pid: int) -> int | None:
    """A file that stands for this process and becomes readable at its end; None where there is no such thing."""
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        raise
    except (AttributeError, OSError):
        return None


def _process_table() -> list[Seen]:
    """Every living process; one that has ended and waits to be reaped is not among them."""
    if not _ON_LINUX:
        import subprocess

        listed = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,pgid=,stat=,lstart="], capture_output=True, text=True, check=False
        )
        rows = (line.split(None, 4) for line in listed.stdout.splitlines())
        return [
            Seen(int(row[0]), int(row[1]), int(row[2]), row[4])
            for row in rows
            if len(row) == 5 and not row[3].startswith("Z")
        ]
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


def _started(pid: int) -> str:
    facts = _stat(str(pid))
    return facts[19] if facts else ""


def _stat(name: str) -> list[str]:
    """Fields of /proc/PID/stat behind the name, from the state on; none when there is no such process."""
    try:
        with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - see above
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def _prctl(option: int, value: int) -> bool:
    """Linux' prctl; false where there is none."""
    if not _ON_LINUX:
        return False
    try:
        return ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0) == 0
    except (OSError, AttributeError):
        return False


def main(arguments: Sequence[str]) -> None:
    """`guard.py CONTROL INHERITED EXECUTOR_PID COMMAND...`: two file numbers, and whose guard it is."""
    control, inherited, executor = (int(argument) for argument in arguments[:3])
    for file in (control, inherited):
        os.set_inheritable(file, False)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        guard = Guard(control, executor)
    except ProcessLookupError:
        return  # the executor has ended already
    guard.run(arguments[3:], inherited)


if __name__ == "__main__":
    main(sys.argv[1:])
