"""`ItemRun`: new items for a chunk, encoded once, where the handler appends them."""

from collections.abc import Callable
from typing import Final

from asynctask._argument_checks import shown, whole
from asynctask._codec.text import ANY
from asynctask._handler.item_columns import ItemColumns, columns_of
from asynctask._handler.items import NewItem
from asynctask.errors import FieldViolation, InvalidInput
from asynctask_core import limits
from asynctask_protos.scheduler.v1.executor_service_pb2 import AppendManifestRequest
from asynctask_protos.task.v1 import manifest_pb2

SIZE_MOST: Final = 2**53 - 1
"""Largest size of an item: the largest whole number that every reader of JSON holds exactly."""
RUN_ITEMS: Final = 1_000
"""Items that are passed on at once: enough to share the cost of that."""
RUN_BYTES: Final = limits.BATCH_BYTES // 4
"""Size of a run at which it is passed on, too."""
ITEM_BYTES: Final = 32
"""About the size of an item in a message, without its key and data."""
_TODO: Final = manifest_pb2.ITEM_STATE_TODO


class ItemRun:
    """Items for one chunk: checked and encoded once, where the handler appends them. It can be pickled.

    Their positions follow one another; `size` is the sum of their sizes, `nbytes` about their size in a message.
    """

    __slots__ = ("_add", "_columns", "count", "first", "nbytes", "request", "size")

    def __init__(self, first: int, request: AppendManifestRequest | None = None) -> None:
        self.first: int = first
        self.request: AppendManifestRequest = AppendManifestRequest() if request is None else request
        """Has the items and nothing else."""
        self.count: int = len(self.request.items)
        self.size: int = 0
        self.nbytes: int = 0
        self._add = self.request.items.add
        self._columns = ItemColumns()

    def __reduce__(self) -> tuple[Callable[..., "ItemRun"], tuple[int, int, int, bytes]]:
        return read_run, (self.first, self.size, self.nbytes, self.request.SerializeToString())

    @property
    def is_full(self) -> bool:
        """Whether it is large enough to share what a run costs."""
        return self.count >= RUN_ITEMS or self.nbytes >= RUN_BYTES

    def add(self, new: NewItem | str | bytes) -> None:
        """Append an item; refuses a bad one. A bare key is an item without a size.

        Raises:
            InvalidInput: the key is empty, too long, or no text or bytes, the size no whole number from 0 to 2^53 - 1,
                the data too large.
            UnwritableValue: the data cannot be written as JSON.
        """
        key, size, data = _parts(new) if isinstance(new, NewItem) else (_key(new), 0, "")
        columns = self._columns
        try:
            item = self._add()  # setting its fields one by one takes half as long as naming them in the call
            item.position = self.first + self.count
            item.key = key
            item.size = size
            item.state = _TODO
            item.data_json = data
            columns.keys.append(key)
            columns.sizes.append(size)
            columns.texts.append(data)
        except BaseException:  # a handler that is being ended still sends its run
            del self.request.items[self.count :]
            columns.trim(self.count)
            raise
        self.count += 1
        self.size += size
        # A text that is not ASCII takes up to four bytes a character in memory, and some in the message.
        self.nbytes += len(key) + (len(data) if data.isascii() else 5 * len(data)) + ITEM_BYTES

    def columns(self) -> ItemColumns:
        """The items as plain values; of a run that was pickled they are read from its messages."""
        return self._columns if len(self._columns) == self.count else columns_of(self.request.items)

    def move(self, first: int) -> None:
        """Give the items the positions from `first` on."""
        self.first = first
        for position, item in enumerate(self.request.items, first):
            item.position = position


def read_run(first: int, size: int, nbytes: int, data: bytes) -> ItemRun:
    """A run that was pickled."""
    run = ItemRun(first, AppendManifestRequest.FromString(data))
    run.size, run.nbytes = size, nbytes
    return run


def _parts(new: NewItem) -> tuple[bytes, int, str]:
    key, size, data = new.key, new.size, ""
    if type(key) is not bytes or not 0 < len(key) <= limits.ITEM_KEY_BYTES:
        key = _key(key)
    if type(size) is not int or not 0 <= size <= SIZE_MOST:
        size = whole("item.size", size, 0, SIZE_MOST)
    if new.data is not None:
        data = ANY.encode(new.data, "item.data")
        if (
            len(data) > limits.ITEM_DATA_BYTES // 4
            and (nbytes := len(data.encode())) > limits.ITEM_DATA_BYTES
        ):
            text = f"must be at most {limits.ITEM_DATA_BYTES} bytes of JSON; got {nbytes}"
            raise InvalidInput([FieldViolation("item.data", text)])
    return key, size, data


def _key(given: object) -> bytes:
    if isinstance(given, str):
        try:
            key = str.encode(given, "utf-8", "surrogateescape")
        except UnicodeEncodeError:
            text = f"must be a text that UTF-8 can write, or a file name as os.fsdecode gives it; got {shown(given)}"
            raise InvalidInput([FieldViolation("item.key", text)]) from None
    elif isinstance(given, (bytes, bytearray)):
        key = bytes(given)
    else:
        raise InvalidInput([FieldViolation("item.key", f"must be a text or bytes; got {shown(given)}")])
    if not 0 < len(key) <= limits.ITEM_KEY_BYTES:
        text = f"must be from 1 to {limits.ITEM_KEY_BYTES} bytes; got {len(key)}"
        raise InvalidInput([FieldViolation("item.key", text)])
    return key
