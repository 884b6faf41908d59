"""`ItemColumns`: items to do as plain values, to be handed out without being read back from their messages."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import count, repeat
from typing import Any

from asynctask._handler.items import ItemInfo, read_data
from asynctask._json import load_json
from asynctask_core.states import ItemState
from asynctask_protos.task.v1 import manifest_pb2


class ItemColumns:
    """A list for each column: its members cost less than objects of a class would, to make and to keep."""

    __slots__ = ("keys", "sizes", "texts")

    def __init__(
        self, keys: Iterable[bytes] = (), sizes: Iterable[int] = (), texts: Iterable[str] = ()
    ) -> None:
        self.keys: list[bytes] = list(keys)
        self.sizes: list[int] = list(sizes)
        self.texts: list[str] = list(texts)
        """The JSON that is kept with each, as this process wrote it; empty for none."""

    def __len__(self) -> int:
        return len(self.keys)

    def extend(self, others: "ItemColumns") -> None:
        """Take the items of another one, after these."""
        self.keys += others.keys
        self.sizes += others.sizes
        self.texts += others.texts

    def trim(self, count: int) -> None:
        """Keep only the first `count` items."""
        del self.keys[count:], self.sizes[count:], self.texts[count:]

    def cut(self, most: int) -> "ItemColumns":
        """Take out the first items, at most `most`."""
        first = ItemColumns(self.keys[:most], self.sizes[:most], self.texts[:most])
        del self.keys[:most], self.sizes[:most], self.texts[:most]
        return first

    def infos(self, position: int) -> list[ItemInfo]:
        """The items as the stores would answer them, the first at `position`."""
        data = _read(self.texts)
        todo, error = repeat(ItemState.TODO), repeat("")
        return list(map(ItemInfo, count(position), self.keys, self.sizes, todo, error, data))


def columns_of(items: Iterable[manifest_pb2.ManifestItem]) -> ItemColumns:
    """The columns of messages."""
    items = list(items)
    return ItemColumns(
        [item.key for item in items], [item.size for item in items], [item.data_json for item in items]
    )


def _read(texts: list[str]) -> list[Any]:
    """The values of JSON texts. Each text is complete, so all are read in one call, as one list."""
    with suppress(ValueError, RecursionError):
        values: list[Any] = load_json(f"[{','.join([text or 'null' for text in texts])}]")
        if len(values) == len(texts):
            return values
    return [read_data(text) for text in texts]
