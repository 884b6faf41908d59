"""Options that many commands share, spelled once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from asynctask_standalone.cli.completion import task_ids
from asynctask_standalone.cli.exits import CommandRefused, Exit
from asynctask_standalone.cli.lazy_typer import SharedParameter

DEFAULT_ADDRESS = "127.0.0.1:7600"
DEFAULT_GATEWAY_ADDRESS = "127.0.0.1:7680"

Address = Annotated[
    str,
    SharedParameter(
        "Option",
        "--address",
        "-a",
        envvar="ASYNCTASK_ADDRESS",
        metavar="HOST:PORT",
        help="Where the scheduler listens.",
    ),
]
Json = Annotated[
    bool,
    SharedParameter(
        "Option", "--json", help="Write JSON for programs, also for errors and notices (on stderr)."
    ),
]
TaskId = Annotated[
    str,
    SharedParameter(
        "Argument", metavar="ID", help="Id of the task.", show_default=False, autocompletion=task_ids
    ),
]
TaskIds = Annotated[
    list[str],
    SharedParameter(
        "Argument", metavar="ID...", help="Ids of tasks.", show_default=False, autocompletion=task_ids
    ),
]
Reason = Annotated[
    str,
    SharedParameter("Option", "--reason", "-r", metavar="TEXT", help="Why, for people; kept with the task."),
]
Labels = Annotated[
    list[str] | None,
    SharedParameter(
        "Option",
        "--label",
        "-l",
        metavar="KEY=VALUE",
        help="Only tasks with this label; repeatable, a task must have all.",
    ),
]
AsState = Annotated[
    list[str] | None, SharedParameter("Option", "--state", help="The same as --status.", hidden=True)
]
"""Another name of `--status`, for people used to it from other programs; help and messages name only `--status`."""


def listed(option: str, given: Iterable[str] | None) -> list[str]:
    """The words of a repeatable option; each value may list several words: `failed,cancelled`.

    Raises:
        CommandRefused: a value has no word between its commas.
    """
    found: list[str] = []
    for text in given or ():
        words = [word for word in map(str.strip, text.split(",")) if word]
        if not words:
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", f"{option}: must not be empty; got {text!r}")
        found += words
    return found


def one_of(option: str, word: str, words: Sequence[str], *, reserved: Sequence[str] = ()) -> str:
    """The word, if the option takes it; reserved words are taken too, but the message does not list them.

    Raises:
        CommandRefused: the option does not take it; the message lists the words that it takes.
    """
    if word not in words and word not in reserved:
        raise CommandRefused(Exit.USAGE, "INVALID_INPUT", f"{option}: {word!r} is none of {', '.join(words)}")
    return word
