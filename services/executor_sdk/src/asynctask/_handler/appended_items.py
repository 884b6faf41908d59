"""Items that an attempt has appended to its manifests and not handed out yet: they are not read from the stores.

A list is kept only if it is exactly what the stores would answer: the whole list from its beginning, stored, every item
to do. It is handed out once, in order. In any other case (a mark of an item that was not handed out, another order, a
list that is too long, counts that show another change) the list is dropped, and the stores are read.
"""

import threading
from collections import deque
from collections.abc import Collection
from typing import Final

from asynctask._handler.item_columns import ItemColumns
from asynctask._handler.items import ItemInfo, ItemPage
from asynctask_core.limits import MIB
from asynctask_core.states import ItemState

ITEMS_MOST: Final = 32_768
"""Items that are kept for one attempt."""
BYTES_MOST: Final = 16 * MIB
"""Bytes of these items."""
ALL_BYTES_MOST: Final = 128 * MIB
"""Bytes of the items of all attempts of this process."""
ITEM_BYTES: Final = 128
"""Memory that an item takes besides its size in a message."""


class _Account:
    """The bytes that all attempts of this process keep. From any thread: each event loop has attempts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._nbytes = 0

    def take(self, nbytes: int) -> bool:
        """Take room; False when there is none."""
        with self._lock:
            if self._nbytes + nbytes > ALL_BYTES_MOST:
                return False
            self._nbytes += nbytes
            return True

    def give_back(self, nbytes: int) -> None:
        """Give room back."""
        with self._lock:
            self._nbytes -= nbytes


_account: Final = _Account()


class AppendedList:
    """One manifest's items from `first` on."""

    __slots__ = ("appended", "first", "is_begun", "nbytes", "parts", "stored")

    def __init__(self, *, is_begun: bool) -> None:
        self.first: int = 0
        """Position of the next item that is handed out."""
        self.appended: int = 0
        """Position of the next item that is appended."""
        self.stored: int = 0
        """Position after the last item that is stored."""
        self.is_begun: bool = is_begun
        """Whether the stores know that the list starts again."""
        self.parts: deque[tuple[ItemColumns, int]] = deque()
        """Items of one chunk each, and their size."""
        self.nbytes: int = 0
        """Bytes taken from the account, also for items that are not stored yet."""

    @property
    def kept(self) -> int:
        """Items that are kept, or will be once they are stored."""
        return self.appended - self.first


class AppendedItems:
    """The lists of one attempt, by manifest."""

    def __init__(self) -> None:
        self._lists: dict[str, AppendedList] = {}

    def begin(self, manifest: str, *, is_stored: bool) -> AppendedList:
        """The manifest is empty from here on; with `is_stored` the stores know that."""
        self.forget(manifest)
        begun = self._lists[manifest] = AppendedList(is_begun=is_stored)
        return begun

    def add(self, manifest: str, first: int, count: int, nbytes: int) -> AppendedList | None:
        """Items were appended from position `first` on; gives the list to call `store` with later."""
        found = self._lists.get(manifest)
        if found is None:
            return None
        nbytes += ITEM_BYTES * count
        fits = (
            first == found.appended
            and count + sum(one.kept for one in self._lists.values()) <= ITEMS_MOST
            and nbytes + sum(one.nbytes for one in self._lists.values()) <= BYTES_MOST
        )
        if not fits or not _account.take(nbytes):
            self.forget(manifest)
            return None
        found.appended += count
        found.nbytes += nbytes
        return found

    def store(self, manifest: str, appended: AppendedList, items: ItemColumns, nbytes: int) -> None:
        """A chunk of `manifest` is stored that belongs to this list: its reset, or items."""
        if self._lists.get(manifest) is not appended:
            return
        appended.is_begun = True
        if items:
            appended.parts.append((items, nbytes + ITEM_BYTES * len(items)))
            appended.stored += len(items)

    def mark(self, manifest: str, position: int) -> None:
        """An item was marked: if it was not handed out yet, only the stores have its present state."""
        found = self._lists.get(manifest)
        if found is not None and position >= found.first:
            self.forget(manifest)

    def whole(self, manifest: str) -> int | None:
        """How many items a list has, none of them handed out; None when the stores must be read."""
        found = self._lists.get(manifest)
        return None if found is None or found.first else found.appended

    def take(self, manifest: str, after: int, states: Collection[ItemState], most: int) -> ItemPage | None:
        """The next items after a position, and whether there are more; None when the stores must be read."""
        found = self._lists.get(manifest)
        if found is None:
            return None
        if (
            after + 1 != found.first
            or not found.is_begun
            or found.stored < found.appended
            or (states and ItemState.TODO not in states)
        ):
            self.forget(manifest)
            return None
        page: list[ItemInfo] = []
        if found.parts:
            items, nbytes = found.parts[0]
            try:
                page = items.cut(most).infos(found.first)
            except BaseException:
                self.forget(manifest)  # they are cut out, and were not handed out
                raise
            found.first += len(page)
            if not items:
                found.parts.popleft()
                found.nbytes -= nbytes
                _account.give_back(nbytes)
        more = found.first < found.stored
        if not more:
            self.forget(manifest)
        return page, more

    def forget(self, manifest: str) -> None:
        """Drop a manifest's items: they are read from the stores."""
        found = self._lists.pop(manifest, None)
        if found is not None:
            _account.give_back(found.nbytes)

    def close(self) -> None:
        """The attempt has ended."""
        for manifest in list(self._lists):
            self.forget(manifest)
