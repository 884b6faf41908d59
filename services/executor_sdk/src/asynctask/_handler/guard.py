"""The guard of one process handler: starts its process, and ends everything that the process started.

    executor ── control socket ──► guard ──► handler's process ──► its children, and theirs

Run alone, as `python -I -S guard.py`: it imports nothing of this package but `process_table`, and only small modules of
Python's library, so it starts in a few hundredths of a second.

The guard is a subreaper (Linux): a descendant whose parent ends becomes a child of the guard, also after `setsid` or a
double fork. So the guard can end every descendant. It does that when the handler's process has ended, when the executor
says so, and when the executor itself has ended in any way. On other systems than Linux the guard finds processes that
are still below it, or in the process group of one that was; it cannot find a process that left both.

The executor writes one line per command: TERMINATE, KILL, and LEASE with three numbers whenever the lease was renewed:
both clocks at the renewal, and for how many nanoseconds the handler may go on. A frozen executor renews no lease and
stops no handler, so the guard ends everything after that time. The guard answers in lines: `started PID`, then
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

if TYPE_CHECKING or __name__ == "asynctask._handler.guard":
    from asynctask._handler import process_table
else:
    # As a program of its own: the file beside this one. Last in the path, so that it hides nothing of Python.
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib is slow to import
    import process_table

TERMINATE: Final = b"t"
"""Send SIGTERM to the handler's process, and only to it: it may clean up and end its own children."""
KILL: Final = b"k"
"""End everything now."""
LEASE: Final = b"l"
"""Followed by boot-time clock, wall clock and a length, in nanoseconds."""

LEFTOVERS_S: Final = 0.5
"""How long processes that the handler left behind have after SIGTERM before SIGKILL."""
LOOK_S: Final = 1.0
"""How often the guard checks the clocks, since a suspended host wakes no process, and its parent, since not every
platform reports a parent's end."""
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_NAMES: Final = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGTSTP")
_KEPT_OFF: Final = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
"""Signals that service managers and terminals send to every process of a service. The guard ignores them: only the
executor stops it."""


class Guard:
    """The guard's state and its loop. `control` is its socket, `executor` the pid of its parent."""

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
        self._unreachable: set[process_table.Seen] = set()
        self._woken, wakes = os.pipe()
        for end in (self._woken, wakes):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, _take_notice)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, signal.SIG_IGN) for number in _KEPT_OFF}
        # The executor has blocked these signals until here, so that none could end a guard before it ignores them.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        self._parent = process_table.process_handle(executor)
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
        """In the child: the handler's process. Its own session keeps signals to its group from the guard."""
        try:
            os.setsid()
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # if the guard itself is killed
            for number, before in self._before.items():
                signal.signal(number, before)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.set_inheritable(inherited, True)
            os.execv(command[0], list(command))  # noqa: S606 - the executor's own Python
        except BaseException as error:  # noqa: BLE001 - no code of the guard may go on in its child
            os.write(2, f"asynctask: the process of a handler was not started: {error}\n".encode())
        finally:
            os._exit(127)

    def _wait(self, timeout_s: float | None) -> None:
        """Wait for an event, at most `timeout_s`; take commands, and reap children that have ended."""
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
        return self._reap() or not process_table.ON_LINUX

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
                self._peak_kib = usage.ru_maxrss // (1 if process_table.ON_LINUX else 1024)

    def _end_leftovers(self) -> None:
        """Let processes that the handler left behind end by themselves."""
        give_up = time.monotonic() + LEFTOVERS_S
        asked: set[process_table.Seen] = set()
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
        stopped: set[process_table.Seen] = set()
        pause_s = 0.001
        while self._has_children():
            found = self._descendants()
            if not found and (self._unreachable or not process_table.ON_LINUX):
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

    def _descendants(self) -> set[process_table.Seen]:
        """Living processes below the guard, as far as it may end them."""
        table, me = process_table.process_table(), os.getpid()
        if process_table.ON_LINUX:
            return process_table.below({me}, table) - self._unreachable
        # Without a subreaper also by groups, but only groups that had a process below the guard at the last look, and
        # at first the handler's own: the number of an empty group may be given to a group of another program.
        members = {process for process in table if process.group in self._groups}
        found = members | process_table.below({me, *(process.pid for process in members)}, table)
        self._groups = {process.group for process in found} - {os.getpgid(0)}
        return {process for process in found if process.pid != me} - self._unreachable

    def _signal(self, process: process_table.Seen, number: int) -> None:
        if not process_table.send_signal(process, number):
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
    """Does nothing: with a handler set, Python writes each signal to the wake-up file."""


def _prctl(option: int, value: int) -> bool:
    """Linux' prctl; false where there is none."""
    if not process_table.ON_LINUX:
        return False
    try:
        return ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0) == 0
    except (OSError, AttributeError):
        return False


def main(arguments: Sequence[str]) -> None:
    """`guard.py CONTROL INHERITED EXECUTOR_PID COMMAND...`: two file numbers, and the pid of its executor."""
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
