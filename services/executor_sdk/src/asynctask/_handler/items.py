"""A manifest's items and their counts, as a handler sees them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from asynctask._argument_checks import finite, plain_text, shown
from asynctask._codec.text import ANY
from asynctask._handler.description import FAILED_UNSAID, SKIPPED_UNSAID, describe
from asynctask._json import load_json
from asynctask.errors import FieldViolation, InvalidInput
from asynctask_core.limits import LARGEST_NUMBER
from asynctask_core.states import ItemState
from asynctask_protos.task.v1 import manifest_pb2


# Neither is frozen: there are many, and a frozen one takes three times as long to make.
@dataclass(slots=True, unsafe_hash=True)
class NewItem:
    """An item to append: its key, its size in the stage's unit, and JSON that is kept with it."""

    key: str | bytes
    size: int = 0
    data: Any = None


@dataclass(slots=True, unsafe_hash=True)
class ItemInfo:
    """An item as it is stored; not to be changed."""

    position: int
    key: bytes
    size: int
    state: ItemState
    error: str
    data: Any

    @property
    def name(self) -> str:
        """The key as text; bytes that are no UTF-8 as `os.fsdecode` gives them."""
        return self.key.decode("utf-8", "surrogateescape")


ItemPage = tuple[list[ItemInfo], bool]
"""Items by position, and whether there may be more after the last."""


@dataclass(slots=True)
class ItemCount:
    """Items, and their sizes summed."""

    items: int = 0
    size: int = 0


@dataclass(slots=True)
class ManifestCounts:
    """Items of a manifest by state."""

    todo: ItemCount = field(default_factory=ItemCount)
    done: ItemCount = field(default_factory=ItemCount)
    failed: ItemCount = field(default_factory=ItemCount)
    skipped: ItemCount = field(default_factory=ItemCount)
    excluded: ItemCount = field(default_factory=ItemCount)
    sealed: bool = False

    def of(self, state: ItemState) -> ItemCount:
        """The count of one state."""
        found: ItemCount = getattr(self, state.value)
        return found

    @property
    def total(self) -> ItemCount:
        """All items but the excluded ones."""
        parts = (self.todo, self.done, self.failed, self.skipped)
        return ItemCount(sum(part.items for part in parts), sum(part.size for part in parts))

    @property
    def finished(self) -> ItemCount:
        """Items that are not to do any more: done, failed and skipped."""
        parts = (self.done, self.failed, self.skipped)
        return ItemCount(sum(part.items for part in parts), sum(part.size for part in parts))

    def move(self, size: int, before: ItemState, after: ItemState, items: int = 1) -> None:
        """Count an item's change of state, or that of several, whose sizes are summed."""
        # `_value_` is faster than `value`, which is a property of enums: this runs for every item.
        old: ItemCount = getattr(self, before._value_)
        new: ItemCount = getattr(self, after._value_)
        old.items -= items
        old.size -= size
        new.items += items
        new.size += size


class Item:
    """One item that a handler works on. Its marks are stored soon after, in order."""

    __slots__ = ("_advance", "_advanced", "_mark", "_start", "info", "state")

    def __init__(
        self,
        info: ItemInfo,
        mark: Callable[["Item", ItemState, str], None],
        advance: Callable[[int], None],
        start: Callable[..., None],
    ) -> None:
        self.info: ItemInfo = info
        self.state: ItemState = info.state
        """Its latest state."""
        self._mark = mark
        self._advance = advance
        self._start = start
        self._advanced = 0

    def __repr__(self) -> str:
        return f"Item({self.info.position}, {self.name!r}, {self.state})"

    @property
    def position(self) -> int:
        """Its place in the manifest, from 0."""
        return self.info.position

    @property
    def key(self) -> bytes:
        """The key as it is stored."""
        return self.info.key

    @property
    def name(self) -> str:
        """The key as text; bytes that are no UTF-8 as `os.fsdecode` gives them."""
        return self.info.name

    @property
    def size(self) -> int:
        """Its size in the stage's unit."""
        return self.info.size

    @property
    def data(self) -> Any:
        """JSON that was kept with it."""
        return self.info.data

    @property
    def error(self) -> str:
        """Why it failed or was skipped before."""
        return self.info.error

    def done(self) -> None:
        """Mark it done: it is never handed out again once this mark is durable, see `Manifest.flush`."""
        self._change(ItemState.DONE, "")

    def failed(self, error: object) -> None:
        """Mark it failed with this error: an exception or a text."""
        if issubclass(type(error), BaseException):
            error = describe(cast("BaseException", error)).message
        self._change(ItemState.FAILED, _said(error) or FAILED_UNSAID)

    def skipped(self, reason: object) -> None:
        """Mark it skipped, for this reason."""
        self._change(ItemState.SKIPPED, _said(reason) or SKIPPED_UNSAID)

    def advance(self, amount: int) -> None:
        """Count a part of its size as done already, for the progress within large items.

        Raises:
            InvalidInput: `amount` is no finite number.
        """
        amount = finite("amount", amount)  # pyright: ignore[reportAssignmentType]
        self._advanced += amount
        self._advance(amount)

    def start(self, work: Any, *arguments: Any) -> None:
        """Work on it at the same time as on others: at most the loop's `concurrency` at once.

        The item is done when the work returns, unless the work marked it; failed with the error when the work raises,
        skipped when it raises `SkipItem`. `Fail`, `Postpone` and `RetryLater` end the loop. In an async handler `work`
        is a coroutine, else a function and its arguments.
        """
        self._start(self, work, *arguments)

    def _change(self, state: ItemState, error: str) -> None:
        if self._advanced:
            # From now on the item's whole size is counted.
            self._advance(-self._advanced)
            self._advanced = 0
        self._mark(self, state, error)
        self.state = state


def _said(why: object) -> str:
    """The reason as text; empty if it has only blanks."""
    text = plain_text(str(why))
    return text if text.strip() else ""


def check_change(items: Iterable[object], state: object, error: object = "") -> None:
    """Refuse a bad change of items here: it would otherwise fail later, where the handler does not see it.

    Raises:
        InvalidInput: an item, a position, the state or the error is not valid.
    """
    for item in items:
        if not isinstance(item, (ItemInfo, Item)):
            raise InvalidInput([FieldViolation("item", f"must be an item of a manifest; got {shown(item)}")])
        position = item.position
        if type(position) is not int or not 0 <= position <= LARGEST_NUMBER:
            text = f"must be a whole number from 0 to {LARGEST_NUMBER}; got {shown(position)}"
            raise InvalidInput([FieldViolation("item.position", text)])
    if not isinstance(state, ItemState):
        raise InvalidInput([FieldViolation("state", f"must be an ItemState; got {shown(state)}")])
    if not isinstance(error, str):
        raise InvalidInput([FieldViolation("error", f"must be a text; got {shown(error)}")])


def sealed(manifest: str) -> InvalidInput:
    """The error for an append to a sealed manifest."""
    text = "is sealed: append before `seal`, or start the list again with `reset`"
    return InvalidInput([FieldViolation(f"manifest {manifest!r}", text)])


def read_item(item: manifest_pb2.ManifestItem) -> ItemInfo:
    """An item from its message."""
    state = _BY_NUMBER.get(item.state, ItemState.TODO)
    return ItemInfo(item.position, item.key, item.size, state, item.error, read_data(item.data_json))


def read_data(text: str) -> Any:
    """Read the JSON that is kept with an item."""
    try:
        return load_json(text)
    except (ValueError, RecursionError):
        return ANY.decode(text, "data")  # says what is wrong with it


def read_counts(summary: manifest_pb2.ManifestSummary) -> ManifestCounts:
    """Counts from their message."""
    counts = ManifestCounts(sealed=summary.sealed)
    for part in summary.counts:
        state = ItemState.of(part.state)
        if state is not None:
            count = counts.of(state)
            count.items, count.size = part.items, part.size
    return counts


def counts_now(counts: ManifestCounts) -> ManifestCounts:
    """A copy that is not updated any more."""
    parts = (counts.todo, counts.done, counts.failed, counts.skipped, counts.excluded)
    return ManifestCounts(*(ItemCount(part.items, part.size) for part in parts), sealed=counts.sealed)


_BY_NUMBER: dict[int, ItemState] = {state.number: state for state in ItemState}
