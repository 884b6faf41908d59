"""`ThreadContext`, the context of handlers in threads and processes: as `Context`, without `await`."""

from functools import cached_property
from typing import Any, TypeVar

from asynctask import _argument_checks
from asynctask._attempt.attempt import Attempt, ProgressFacts
from asynctask._attempt.pending_warnings import About
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._handler.checkpoint import write_checkpoint
from asynctask._handler.context import BaseContext
from asynctask._handler.item_scope import about_here
from asynctask._handler.port import HandlerPort
from asynctask._handler.thread_manifest import ThreadManifest
from asynctask_core import limits
from asynctask_core.task import DEFAULT_MANIFEST

C = TypeVar("C")


class ThreadContext(BaseContext[C]):
    """The context of a handler in a thread or process of its own.

    Its calls may come from any thread of the handler. When the attempt must stop, the next call raises
    `AttemptStopped`, which is no Exception: let it pass.
    """

    def __init__(self, port: HandlerPort, attempt: Attempt, stage: str, config: C, timeout_ms: int) -> None:
        super().__init__(attempt, stage, config, timeout_ms)
        self._port = port
        self._manifests: dict[str, ThreadManifest] = {}

    def checkpoint(self, value: Any) -> None:
        """Store the stage's resumable position; durable when this returns. See `Context.checkpoint`."""
        self._check()
        self.push()
        # Encoded here, so that the value's own code runs neither on the event loop nor in the executor's process.
        checkpoint = write_checkpoint(value)
        self._port.store_checkpoint(checkpoint.SerializeToString(), about_here())
        self._remember(checkpoint)
        self.safe_point()

    def safe_point(self) -> None:
        """Stop here if a pause, a cancel or the executor's end was requested; else go on."""
        stop = self._attempt.soft_stop
        if stop is not None:
            if stop <= Stop.DRAIN:
                self._port.stopping(stop)
            raise AttemptStopped(stop)

    @cached_property
    def manifest(self) -> ThreadManifest:
        """The task's list of items, shared by its stages."""
        return self.named_manifest(DEFAULT_MANIFEST)

    def named_manifest(self, name: str) -> ThreadManifest:
        """Another list of items, by name: up to 64 letters, digits, `_`, `-` and `.`. Raises InvalidInput."""
        name = _argument_checks.name("manifest", name, limits.MANIFEST_NAME_CHARS)
        return self._manifests.setdefault(
            name, ThreadManifest(name, self._port, self.safe_point, self._check)
        )

    def push(self) -> None:
        """Send what the manifests still buffer in this thread; also called when the handler returns."""
        for manifest in list(self._manifests.values()):  # other threads may add manifests meanwhile
            manifest.push()

    def join(self) -> None:
        """Wait for work that was started in loops that the handler has left; called when it has returned or raised."""
        for manifest in list(self._manifests.values()):
            manifest.end()

    def _check(self) -> None:
        stop = self._attempt.stop
        if stop is not None and stop > Stop.DRAIN:
            raise AttemptStopped(stop)
        super()._check()

    def _send_progress(self, facts: ProgressFacts) -> None:
        self._port.report(facts)

    def _send_warning(self, code: str, text: str, count: int, about: About) -> None:
        self._port.warn(code, text, count, about)
