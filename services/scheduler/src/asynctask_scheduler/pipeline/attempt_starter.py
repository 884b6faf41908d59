"""Leases of all sessions share `StartAttempts`, a few calls in flight.

While the registry is unavailable, a start is repeated as long as its lease can still be delivered; the attempt's id
makes that idempotent. Meanwhile `gate` is closed: the dispatcher leases no tasks that could not be started.

Answers carry configs, inputs and checkpoints, whose size is not known beforehand. After an answer that was too large
or too late, the following calls have half as many starts, until answers are small again. Otherwise a queue of large
tasks would be started and given back for ever.

A call that the registry refuses is split in half until each refused start is alone in its call. Such starts get no
verdict; the others proceed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence

from asynctask_chassis.batch import Batcher
from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import supervised
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, OutcomeUnknown, StoreUnavailable, TooLarge
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart, StartResult, StartVerdict
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.eager_start_port import EagerStart
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.queue.answers import Lease
from asynctask_scheduler.registry.call_errors import AnswerLost
from asynctask_scheduler.registry.client import RegistryClient

log = get_logger(__name__)

NO_VERDICT = StartVerdict.START_VERDICT_UNSPECIFIED
STARTED = frozenset({StartVerdict.START_VERDICT_STARTED, StartVerdict.START_VERDICT_ALREADY_STARTED})

FLIGHTS = 2
MOST_STARTS = limits.BATCH_ITEMS // 2
SMALL_BYTES = limits.MESSAGE_BYTES // 4
"""An answer below this lets the next call be twice as large."""
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 0.5
REOPEN_AFTER_S = 1.0


class AttemptStarter:
    """Starts leased tasks in the registry and offers the standings of the answer to be applied."""

    def __init__(
        self,
        registry: RegistryClient,
        applier: StandingApplier,
        metrics: SchedulerMetrics,
        *,
        patience_s: float,
    ) -> None:
        """Repeat a failing call for at most `patience_s`, which leaves time to deliver within the lease."""
        self._registry = registry
        self._applier = applier
        self._patience_s = patience_s
        self._batcher: Batcher[AttemptStart, StartResult] = Batcher(
            self._flush, max_items=MOST_STARTS, flights=FLIGHTS, max_queued=100_000
        )
        self.most = MOST_STARTS
        """How many tasks are expected to fit into one call: the dispatcher should lease no more at once."""
        self._batch_items = metrics.batch_items.labels("start")
        self._verdicts = {
            number: metrics.starts.labels(name.removeprefix("START_VERDICT_").lower())
            for name, number in StartVerdict.items()
        }
        self._no_verdict = metrics.starts.labels("none")
        self._newer_verdict = metrics.starts.labels("newer")  # of a registry that was upgraded before us
        self._abandoning: set[asyncio.Task[None]] = set()
        self.gate = asyncio.Event()
        """Set while the registry answers starts."""
        self.gate.set()

    async def start(self, starts: list[AttemptStart]) -> list[StartResult]:
        """Start leased tasks; one result a start, in order.

        This method drops the leases of starts that a verdict refuses. A start has no verdict if the registry cannot
        process it: its lease stays, and the caller gives it back.

        Raises:
            StoreUnavailable: the registry was unavailable for longer than the leases can wait.
            OutcomeUnknown: the same, and the last call may have been committed.
        """
        return await self._batcher.add(starts)

    async def eager_started(self, eager_start: EagerStart) -> list[StartResult]:
        """Wait for tasks that are started as they are created; start the others as `start` does. One result per start.

        Raises:
            StoreUnavailable: also when the creation took so long that a separate start might outlast the lease.
        """
        created = await eager_start.created
        results = {one.attempt_id: one for one in created.started} if created is not None else {}
        self._count(results.values())
        rest = [one for one in eager_start.starts if one.attempt_id not in results]
        if rest:
            if time.monotonic() > eager_start.leased_at + self._patience_s / 3:
                raise StoreUnavailable("the creation took too long for a separate start")
            results |= {one.attempt_id: one for one in await self.start(rest)}
        return [results[one.attempt_id] for one in eager_start.starts]

    async def drain(self) -> None:
        """Finish the starts that were accepted, and accept no new ones."""
        await self._batcher.drain()
        if self._abandoning:
            await asyncio.wait(self._abandoning)

    async def _flush(self, starts: list[AttemptStart]) -> Sequence[StartResult]:
        self._batch_items.observe(len(starts))
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + self._patience_s
        delay = FIRST_DELAY_S
        results: list[StartResult] = []
        while len(results) < len(starts):
            part = starts[len(results) : len(results) + self.most]
            try:
                results += await self._start_each(part)
            except AsyncTaskError as error:
                is_slow = isinstance(error, OutcomeUnknown) and not isinstance(error, AnswerLost)
                if (is_slow or isinstance(error, TooLarge)) and len(part) > 1:
                    self.most = min(self.most, len(part) // 2)
                    log.info("starts.made_smaller", count=self.most, reason=str(error))
                    if isinstance(error, TooLarge):
                        continue  # the registry has started them: smaller calls fetch the answer in parts
                self.gate.clear()
                if loop.time() + delay > give_up_at:
                    # Open the gate again: the next pop's start shows whether the registry is back.
                    loop.call_later(REOPEN_AFTER_S, self.gate.set)
                    raise
                log.info("starts.repeated", count=len(starts), reason=str(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY_S)
            else:
                self.gate.set()
        return results

    async def _start_each(self, starts: list[AttemptStart]) -> list[StartResult]:
        """Start these; a call that the registry refuses is split in half until each refused start is alone in its call.

        Raises:
            StoreUnavailable, OutcomeUnknown: repeat the call. TooLarge: repeat it with fewer starts.
        """
        try:
            return await self._start(starts)
        except AsyncTaskError as error:
            is_alone = len(starts) == 1
            if error.retryable or (isinstance(error, TooLarge) and not is_alone):
                raise
            if is_alone:
                (start,) = starts
                log.error("attempt.not_started", task_id=start.task_id.hex(), reason=str(error))
                self._no_verdict.inc()
                return [StartResult(task_id=start.task_id, attempt_id=start.attempt_id)]
        half = len(starts) // 2
        return [*await self._start_each(starts[:half]), *await self._start_each(starts[half:])]

    async def _start(self, starts: list[AttemptStart]) -> list[StartResult]:
        response = await self._registry.start(starts)
        if self.most < MOST_STARTS and response.ByteSize() < SMALL_BYTES:
            self.most = min(self.most * 2, MOST_STARTS)
        results = list(response.results)
        refused = (
            [(r.task_id, r.attempt_id) for r in results if r.verdict not in STARTED]
            if self._count(results)
            else []
        )
        # Apply in the next turn of the event loop, so that assignments are sent first.
        asyncio.get_running_loop().call_soon(self._apply, response.standings, refused)
        return results

    def _apply(self, standings: Sequence[Standing], refused: list[Lease]) -> None:
        applied = self._applier.offer(standings)
        if refused:
            abandoning = supervised(
                asyncio.create_task(self._abandon(applied, refused)), "attempt_starter.abandon"
            )
            self._abandoning.add(abandoning)
            abandoning.add_done_callback(self._abandoning.discard)

    async def _abandon(self, applied: asyncio.Future[list[bool]] | None, leases: list[Lease]) -> None:
        """Drop the leases of refused starts, so that the standings of their tasks take effect."""
        if applied is not None and not all(await applied):
            return  # they run out, and the reaper comes to the same end
        await self._applier.abandon(leases)

    def _count(self, results: Iterable[StartResult]) -> int:
        """Count verdicts; return the number of refused starts."""
        counts: dict[StartVerdict.ValueType, int] = {}
        for result in results:
            verdict = result.verdict
            counts[verdict] = counts.get(verdict, 0) + 1
        for verdict, count in counts.items():
            self._verdicts.get(verdict, self._newer_verdict).inc(count)
        return sum(count for verdict, count in counts.items() if verdict not in STARTED)
