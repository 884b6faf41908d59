"""What becomes of an attempt when something that its program writes or reads is refused: shown in docs/errors.md.

The rule: a value that a program writes and that cannot be stored is a fault of that program, so a retry cannot help. A
value that it cannot read may be meant for another version of the program, which a retry may reach.
"""

from dataclasses import dataclass
from typing import Final

from asynctask_core import limits


@dataclass(frozen=True, slots=True)
class ContentRefusal:
    """One case."""

    what: str
    reason: str
    is_retried: bool


REFUSALS: Final = {
    "result": ContentRefusal(
        "A stage's result does not fit the annotation of its handler, is no JSON (NaN, a cycle, bytes or "
        "a set that no annotation announces, an unknown class), or "
        f"has more than {limits.JSON_LEVELS} lists and objects inside one another.",
        "RESULT_REFUSED",
        False,
    ),
    "large result": ContentRefusal("A stage's result is over its limit.", "RESULT_REFUSED", False),
    "checkpoint": ContentRefusal(
        "The value for `ctx.checkpoint` is no JSON, or nested too deeply; likewise the `data` of an item.",
        "INVALID_INPUT",
        False,
    ),
    "large checkpoint": ContentRefusal("A checkpoint is over its limit.", "TOO_LARGE", False),
    "item": ContentRefusal(
        "An item of `ctx.manifest` is refused: its key, size, data, state or error.", "INVALID_INPUT", False
    ),
    "progress": ContentRefusal(
        "`ctx.progress` or `ctx.warn` is given a wrong number, text or code.", "INVALID_INPUT", False
    ),
    "pickle": ContentRefusal(
        "The config or input of a process handler cannot be pickled, which is how it is sent.",
        "INVALID_INPUT",
        False,
    ),
    "input written here": ContentRefusal(
        "A stage's input does not fit what the stage before returned in the same attempt.",
        "DECODE_ERROR",
        False,
    ),
    "input": ContentRefusal(
        "The config, or what another attempt left (a stage's result, a checkpoint for `ctx.checkpoint_as`), does not "
        "fit this program: an executor with another version of the type may read it.",
        "DECODE_ERROR",
        True,
    ),
    "own code": ContentRefusal(
        "Code of the value itself raises while it is written, such as a generator that reads a file.",
        "HANDLER_ERROR",
        True,
    ),
}
"""By a short name; a test produces each."""
