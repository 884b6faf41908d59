"""Words and numbers for people, without rich: what every command may load, and what logs need too."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from math import ceil, floor, inf
from typing import TYPE_CHECKING

from asynctask_core.printable import one_line
from asynctask_core.task_title import TITLE_LABEL

if TYPE_CHECKING:
    from pathlib import Path

    from asynctask import TaskInfo

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))
_MIN, _HOUR, _DAY = 60, 3600, 86400
_RANGES = ((_MIN, "min", 2 * _HOUR), (_HOUR, "h", 2 * _DAY), (_DAY, "days", inf))
"""Ranges of a remaining time: their unit, its name, and the seconds from which on the next larger one is used."""
_NAME = "asynctask"
_ABOUT_A_TASK = re.compile(r"\basynctask ((?:items|get|logs|events|attempts|restart) [0-9a-f-]{36}\b)")
_given_address: ContextVar[str] = ContextVar("given_address", default="")


def command_name() -> str:
    """How to type this command line here: as ASYNCTASK_COMMAND says (a checkout's script sets it), else as called."""
    return os.environ.get("ASYNCTASK_COMMAND") or _called(sys.argv[0])


def title_of(task: TaskInfo) -> str:
    """The title of a task on one line; empty if it has none."""
    return one_line(task.labels.get(TITLE_LABEL, ""))


@contextmanager
def sent_to(address: str) -> Iterator[None]:
    """Add `--address` to the commands that are shown, if commands without it would go to another address."""
    from asynctask_standalone.cli.options import DEFAULT_ADDRESS

    is_usual = address == (os.environ.get("ASYNCTASK_ADDRESS") or DEFAULT_ADDRESS)
    before = _given_address.set("" if is_usual else address)
    try:
        yield
    finally:
        _given_address.reset(before)


def command(words: str) -> str:
    """A command ready to be pasted here: with this command line's name, and for the same cluster."""
    address = _given_address.get()
    if not address:
        return f"{command_name()} {words}"
    from shlex import quote

    return f"{command_name()} {words} --address {quote(address)}"


def as_called_here(text: str) -> str:
    """A handler's text with its commands as they are typed here, which executors elsewhere do not know."""
    return _ABOUT_A_TASK.sub(lambda found: command(found[1]), text) if "asynctask " in text else text


def commands_as_called_here(text: str) -> str:
    """A text of ours, with its commands in backquotes ready to be pasted here."""
    return re.sub("`asynctask ([^`]+)`", lambda found: f"`{command(found[1])}`", text)


def up_command() -> str:
    """How a cluster is started here: `asynctask up`, or `./dev up` where the command line is `./dev cli`."""
    return f"{command_name().removesuffix(' cli')} up"


def services_as_called_here(text: str) -> str:
    """A text with the services' commands as they are typed here: they are in the folder of this Python."""
    from pathlib import Path

    folder = Path(sys.executable).parent
    return re.sub("`(asynctask-[a-z]+) ", lambda found: f"`{_by_name(folder / found[1])} ", text)


def readable(key: bytes) -> str:
    r"""Bytes such as a file name, in characters that every terminal and JSON parser accepts: `name\xe9`."""
    return key.decode("utf-8", "backslashreplace")


def quotable(key: bytes) -> str:
    r"""The same for a shell's `$'…'`, so that no two keys look alike: a backslash of the key is `\\`."""
    return readable(key.replace(b"\\", rb"\\").replace(b"'", rb"\'"))


def local(instant: datetime | None) -> str:
    """Date and time of day here, or nothing."""
    return instant.astimezone().strftime("%Y-%m-%d %H:%M:%S") if instant else ""


def zoned(instant: datetime) -> str:
    """The same as options take it: RFC 3339 with the zone and milliseconds."""
    return instant.astimezone().isoformat(timespec="milliseconds")


def age(instant: datetime | None, now: datetime | None = None) -> str:
    """How long ago, or in how long, in its largest unit."""
    if instant is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - instant).total_seconds()
    size, unit = next(((size, unit) for size, unit in _UNITS if abs(seconds) >= size), (1, "s"))
    whole = f"{abs(seconds) / size:.0f} {unit}"
    return f"in {whole}" if seconds < 0 else f"{whole} ago"


def span(duration: timedelta | float) -> str:
    """A duration in its two largest units: `1 h 5 min`, `4.2 s`, `30 ms`."""
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for unit, size, smaller, smaller_size in (
        ("d", 86400, "h", 3600),
        ("h", 3600, "min", 60),
        ("min", 60, "s", 1),
    ):
        if whole >= size:
            rest = whole % size // smaller_size
            return f"{whole // size} {unit} {rest} {smaller}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


def remaining_words(least: float, most: float | None = None) -> str:
    """A remaining time, or a range of it, rounded as far as it can be known: as the console does."""
    most = least if most is None else most
    if least < most and most >= 2 * _MIN:
        size, unit = next(one for one in _RANGES if most < one[2])[:2]
        first, last = max(1, floor(least / size)), ceil(most / size)
        if first < last:
            return f"{first} to {last} {unit} left"
    if most < _MIN:
        return f"about {max(5, ceil(most / 5) * 5)} s left"
    if most < 2 * _HOUR:
        step = 1 if most < 10 * _MIN else 5
        return f"about {ceil(most / (step * _MIN)) * step} min left"
    if most < 2 * _DAY:
        return f"about {floor(most / (_HOUR / 2) + 0.5) / 2:g} h left"
    return f"about {ceil(most / _DAY)} days left"


def percent_text(percent: float, *, has_failed: bool = False) -> str:
    """Whole percent, rounded down: 99.7 is not 100 yet. A task that ended without success is never shown with 100."""
    whole = int(round(percent, 2))
    return f"{min(whole, 99) if has_failed else whole}%"


def success_words(completed: int, failed: int) -> str:
    """How many tasks completed and failed, and the share of the completed ones, rounded down: 99.99 % is not all."""
    percent = completed * 1000 // (completed + failed) / 10
    return f"{completed:,} completed, {failed:,} failed, {percent:g} % succeeded"


def amount(value: float, unit: str) -> str:
    """A count in its unit; bytes with a binary prefix, as file managers do."""
    if unit != "bytes":
        number = f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:,.1f}"
        return f"{number} {_singular(unit) if value == 1 else unit}".rstrip()
    for prefix in ("B", "KiB", "MiB", "GiB", "TiB"):
        if abs(value) < 1024 or prefix == "TiB":
            return f"{value:.0f} B" if prefix == "B" else f"{value:.1f} {prefix}"
        value /= 1024
    raise AssertionError


def _singular(unit: str) -> str:
    """`file` for `files`, `entry` for `entries`; words that are not plurals stay, such as `s`."""
    if unit.endswith("ies"):
        return f"{unit.removesuffix('ies')}y"
    return unit if len(unit) < 3 or unit.endswith(("ss", "us")) else unit.removesuffix("s")


def is_unicode(text: str) -> bool:
    """Whether it has no lone surrogates, which Python uses for bytes that are not UTF-8, such as in old paths."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _called(program: str) -> str:
    """How to call a program again that was called as `program`: by its name alone if PATH leads to it."""
    from pathlib import Path  # late: most calls give no hint

    path = Path(program)
    if path.name == "__main__.py" and path.parent.name == "asynctask_standalone":
        return f"{_by_name(Path(sys.executable))} -m asynctask_standalone"
    return _by_name(path) if path.name == _NAME and path.parent.name else _NAME


def _by_name(program: Path) -> str:
    from pathlib import Path

    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = Path(folder or ".") / program.name
        if os.access(found, os.X_OK):
            # Links count only for `asynctask`: an environment's Python is a link to a Python outside it.
            is_link = program.name == _NAME and found.resolve() == program.resolve()
            if is_link or found.absolute() == program.absolute():
                return program.name
            break  # another one
    return str(program)
