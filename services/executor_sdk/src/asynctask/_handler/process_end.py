"""Texts about the end of a handler's process."""

import signal
from typing import Final

from asynctask._handler.handler_process import ProcessEnd

_MEANING: Final = {
    "SIGKILL": "it was killed at once, as by the kernel when the machine, or the container, has no memory left",
    "SIGTERM": "a watchdog or a person asked it to end",
    "SIGSEGV": "native code of the handler or of a library accessed memory that it does not have",
    "SIGBUS": "native code accessed memory that is not there, such as a file that shrank while it was mapped",
    "SIGABRT": "native code of the handler or of a library gave up",
    "SIGILL": "native code was made for another processor",
    "SIGFPE": "native code divided by zero",
    "SIGXCPU": "it used more processor time than its limit",
    "SIGHUP": "its terminal was closed, or it was asked to end",
    "SIGINT": "it was asked to end",
}
_FROM_INSIDE: Final = {"SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE", "SIGXCPU"}
"""Signals that a process mostly causes itself."""


def death_text(end: ProcessEnd) -> str:
    """Why a process ended without an end message, as far as this can be known."""
    if end.code is None:
        return (
            f"the handler's process was lost: the process that guards it was ended from outside{_peak(end)}"
        )
    if end.code >= 0:
        return (
            f"the handler's process ended with exit code {end.code} before the handler returned, as after os._exit"
            f"{_peak(end)}"
        )
    name = _signal_name(-end.code)
    meaning = _MEANING.get(name)
    where = "" if name in _FROM_INSIDE else " from outside"
    return f"the handler's process was ended by {name}{where}{_peak(end)}{f': {meaning}' if meaning else ''}"


def outside_text(end: ProcessEnd) -> str:
    """The same of a handler that SIGTERM unwound, although no executor sent it."""
    return f"the handler's process was ended by SIGTERM from outside{_peak(end)}: {_MEANING['SIGTERM']}"


def _signal_name(number: int) -> str:
    if number == 9:
        return "SIGKILL"
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _peak(end: ProcessEnd) -> str:
    if not end.peak_bytes:
        return ""
    size, unit = end.peak_bytes / 1024**2, "MiB"
    if size >= 1024:
        size, unit = size / 1024, "GiB"
    return f" (peak memory {size:.1f} {unit})" if unit == "GiB" else f" (peak memory {size:.0f} {unit})"
