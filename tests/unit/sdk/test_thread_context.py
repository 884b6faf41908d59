"""The context of a handler in a thread, whose own threads use it at the same time."""

import threading
from collections.abc import Sequence
from typing import Any, cast

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.pending_warnings import About
from asynctask._handler.items import ManifestCounts, NewItem
from asynctask._handler.port import HandlerPort
from asynctask._handler.thread_context import ThreadContext
from asynctask_protos.task.v1 import work_pb2


class Port:
    """Takes items; a second thread of the handler has its turn while it does."""

    def __init__(self) -> None:
        self.context: ThreadContext[None] | None = None
        self.extended: list[str] = []
        self.checkpoints: list[Any] = []

    def counts(self, manifest: str) -> ManifestCounts:
        return ManifestCounts()

    def extend(self, manifest: str, items: Sequence[NewItem]) -> int:
        self.extended.append(manifest)
        if self.context is not None:
            context, self.context = self.context, None
            thread = threading.Thread(target=lambda: context.named_manifest("differences").append("b"))
            thread.start()
            thread.join()
        return 0

    def store_checkpoint(self, checkpoint: bytes, about: About) -> None:
        self.checkpoints.append(work_pb2.Checkpoint.FromString(checkpoint).json)


def test_checkpoint_is_stored_while_another_thread_uses_a_manifest_for_the_first_time() -> None:
    """Fails when the table of manifests is walked as it is: it grows meanwhile, and the checkpoint raises."""
    port = Port()
    attempt = Attempt(work_pb2.Assignment(), ClockReading(0, 0))
    context = ThreadContext[None](cast("HandlerPort", port), attempt, "stage", None, 0)
    context.named_manifest("changes").append("a")
    port.context = context
    context.checkpoint(1)
    assert port.checkpoints == ["1"]
    context.push()
    assert port.extended == ["changes", "differences"]
