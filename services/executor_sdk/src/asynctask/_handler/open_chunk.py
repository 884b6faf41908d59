"""One chunk of changes to a manifest while it is being filled."""

from collections.abc import Collection

from asynctask._handler.appended_items import AppendedList
from asynctask._handler.item_columns import ItemColumns
from asynctask._handler.item_run import ItemRun
from asynctask_protos.scheduler.v1 import executor_service_pb2
from asynctask_protos.task.v1 import task_pb2


class OpenChunk:
    """One chunk that is being filled: changes of one manifest, in an order that a chunk can hold.

    The stores apply a chunk in this order: the reset, then the new items, then the results, then the seal.
    """

    __slots__ = (
        "_highest",
        "_next",
        "appended",
        "changes",
        "columns",
        "is_sealed",
        "item_nbytes",
        "manifest",
        "nbytes",
        "request",
        "results",
        "warnings",
    )

    def __init__(self, manifest: str) -> None:
        self.manifest: str = manifest
        self.request = executor_service_pb2.AppendManifestRequest(manifest=manifest)
        self.results: dict[int, int | tuple[int, str]] = {}
        """The number of the state by position, with its error if there is one."""
        self.warnings: list[task_pb2.TaskWarning] = []
        """Warnings that go with its changes: general ones since the change before each, and ones about marked items
        until the change after it."""
        self.is_sealed: bool = False
        self.changes: int = 0
        self.nbytes: int = 0
        self.appended: AppendedList | None = None
        """The list that its items are kept in once they are stored."""
        self.columns = ItemColumns()
        """Its items, if they are to be kept."""
        self.item_nbytes: int = 0
        self._next = 0
        self._highest = -1

    def takes_items(self, first: int) -> bool:
        """Whether items from this position on follow all others, and none of their results came before."""
        return first >= self._next and first > self._highest

    def add_items(self, run: ItemRun, appended: AppendedList | None) -> None:
        """Append items, to be kept in `appended` once they are stored."""
        self.appended = appended
        if appended is not None:
            self.columns.extend(run.columns())
        if self.request.items:
            self.request.MergeFrom(run.request)
        else:
            # The run's own message becomes the chunk's, since no other code uses it any more.
            fresh, self.request = self.request, run.request
            self.request.MergeFrom(fresh)
        self._next = run.first + run.count
        self.item_nbytes += run.nbytes

    def add_result(self, position: int, state: int, error: str) -> None:
        """Note an item's state; a later one takes the place of an earlier one."""
        self.results[position] = (state, error) if error else state
        self._highest = max(self._highest, position)

    def add_results(self, positions: Collection[int], state: int) -> None:
        """Note the state of several items, without an error."""
        self.results.update(dict.fromkeys(positions, state))
        self._highest = max(self._highest, *positions)

    def close(self) -> executor_service_pb2.AppendManifestRequest:
        """The request with the results in it: neighbours of one state, without an error, become one entry."""
        add = self.request.results.add
        first = last = state = -1
        for position in sorted(self.results):
            found = self.results[position]
            if found == state and position == last + 1:
                last = position
                continue
            if state >= 0:
                add(position=first, state=state, last_position=last if last > first else 0)
            if isinstance(found, int):
                first = last = position
                state = found
            else:
                state = -1
                add(position=position, state=found[0], error=found[1])
        if state >= 0:
            add(position=first, state=state, last_position=last if last > first else 0)
        return self.request
