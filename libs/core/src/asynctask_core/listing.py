"""Names in a sentence: all of them, or the first of many and how many more there are."""

from collections.abc import Callable, Collection

from asynctask_core.printable import utf8


def some_of(
    names: Collection[str], most_bytes: int, written: Callable[[str], str] = str
) -> tuple[list[str], int]:
    """The first of `names`, as `written` formats them, and how many are left out.

    All are shown if they take up to twice `most_bytes`, with two bytes for each comma. Else those within `most_bytes`
    are shown, at least one: so leaving some out always saves much space.
    """
    shown: list[str] = []
    taken = fitting = 0
    for name in names:
        shown.append(written(name))
        taken += len(utf8(shown[-1])) + 2
        if taken > 2 * most_bytes:
            del shown[max(1, fitting) :]
            break
        fitting += taken <= most_bytes
    return shown, len(names) - len(shown)


def enumerated(names: Collection[str], most_bytes: int, written: Callable[[str], str] = str) -> str:
    """The same as text: `a, b and 212 more`."""
    shown, left = some_of(names, most_bytes, written)
    return ", ".join(shown) + (f" and {left:,} more" if left else "")
