"""How counts, sizes and paths are written for people."""

from __future__ import annotations

from collections.abc import Sequence

EXAMPLES = 5
"""Most paths that a message names."""


def counted(number: int, plural: str) -> str:
    """Write how many there are of something: `1 file`, `2,450 files`."""
    one = f"{plural[:-3]}y" if plural.endswith("ies") else plural.removesuffix("s")
    return f"{number:,} {one if number == 1 else plural}"


def listed(examples: Sequence[str], count: int) -> str:
    """Write the first of `count` names: `'a', 'b' and 3 more`."""
    more = f" and {count - len(examples):,} more" if count > len(examples) else ""
    return ", ".join(examples) + more


def size_text(count: int) -> str:
    """Write a number of bytes for people: `1.5 GiB`."""
    value = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TiB"


def printable(path: bytes) -> str:
    """Write a path for people and logs: bytes that are not UTF-8, and unprintable characters, are escaped."""
    text = path.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text  # nearly always; verify calls this for each file
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
