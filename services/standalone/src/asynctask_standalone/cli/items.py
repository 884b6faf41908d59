"""The command items: what has become of the files, chunks or records of a task."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from asynctask_core.state_words import ITEM_STATES
from asynctask_standalone.cli.completion import words
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import CommandRefused, Exit
from asynctask_standalone.cli.lazy_typer import typer
from asynctask_standalone.cli.options import (
    DEFAULT_ADDRESS,
    Address,
    AsState,
    Json,
    TaskId,
    listed,
    one_of,
)
from asynctask_standalone.cli.output import print_json, state_words, stdout, table
from asynctask_standalone.cli.plain import StyledText
from asynctask_standalone.cli.wording import amount, as_called_here, quotable

if TYPE_CHECKING:
    from asynctask import ItemInfo, ManifestCounts


def items(
    task_id: TaskId,
    *,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            "-s",
            metavar="STATUS",
            help=f"Only items with one of these; repeatable, or with commas: {', '.join(ITEM_STATES)}.",
            autocompletion=words(ITEM_STATES),
        ),
    ] = None,
    state: AsState = None,
    manifest: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which manifest.", show_default="items, or the only one"),
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Only items with this text in their key, in capitals or not."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="N", help="At most so many; 0 means all.")
    ] = 50,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    r"""List the items of a task's manifest (files, chunks, records) with what has become of each.

    Keys are written as a shell's $'…' takes them: a newline \n, a byte that is no UTF-8 \xe9, a backslash \\, a quote
    \'. With --json a key that is no UTF-8 has its bytes in key_base64 too.
    """
    with client(address, as_json=as_json) as connected:
        given = (*listed("--status", status), *listed("--status", state))
        states = tuple(one_of("--status", one, ITEM_STATES) for one in given)
        if manifest:
            _must_be_there("--manifest", manifest, connected.manifest_counts(task_id), "no manifest yet")
        looks: deque[int] = deque(maxlen=1)
        found = connected.manifest_items(
            task_id, manifest=manifest, states=states, text=search, on_looked=looks.append
        )
        rows: list[tuple[str, StyledText, str, str]] = []
        more = False
        for count, item in enumerate(found):
            if limit and count == limit:
                more = True
                break
            if as_json:
                print_json(_item(item))
            else:
                rows.append(
                    (
                        quotable(item.key),
                        state_words(str(item.state)),
                        amount(item.size, "bytes"),
                        as_called_here(item.error),
                    )
                )
        if as_json:
            return
        columns = ("ITEM", "STATUS", "SIZE", "WHY")
        stdout.print(table(*columns, rows=rows, right=("SIZE",), whole=("STATUS",), empty="No items."))
        if more:
            stdout.print(f"The first {limit:,}; --limit 0 lists all.", style="bright_black")
        if search and looks:
            stdout.print(f"{looks[0]:,} items were looked through.", style="bright_black")
        tallies = {name: _tally(counts) for name, counts in connected.manifest_counts(task_id).items()}
        if any(map(_is_untouched, tallies.values())) and connected.get(task_id).is_final:
            # If an ended task never worked on a manifest, it used it as a list; the items are not work left to do.
            tallies = {
                name: {"listed": tally["todo"]} if _is_untouched(tally) else tally
                for name, tally in tallies.items()
            }
        for name, tally in tallies.items():
            said = ", ".join(amount(count, word) for word, count in tally.items())
            stdout.print(f"{name}: {said or 'empty'}")


def _must_be_there(option: str, name: str, names: Iterable[str], without: str) -> None:
    """Refuse a name that the task does not have, and list those it has: an empty answer would hide the mistake."""
    known = list(names)
    if name not in known:
        there = f"the task has {', '.join(known)}" if known else f"the task has {without}"
        raise CommandRefused(
            Exit.USAGE, "INVALID_INPUT", f"{option}: {name!r} is none of the task's; {there}"
        )


def _item(item: ItemInfo) -> dict[str, Any]:
    """An item as REST has it. Items do not keep their messages, since handlers hold many of them."""
    import json

    from asynctask_core.message_json.encode import to_json
    from asynctask_protos.task.v1.manifest_pb2 import ManifestItem

    return to_json(
        ManifestItem(
            position=item.position,
            key=item.key,
            size=item.size,
            state=item.state.number,  # pyright: ignore[reportArgumentType]
            error=item.error,
            data_json="" if item.data is None else json.dumps(item.data),
        )
    )


def _tally(counts: ManifestCounts) -> dict[str, int]:
    """How many items are in each state; states without items are left out."""
    return {state: count for state in ITEM_STATES if (count := getattr(counts, state).items)}


def _is_untouched(tally: Mapping[str, int]) -> bool:
    return list(tally) == ["todo"]
