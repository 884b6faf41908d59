"""All parts of the ledger in one object, which `app` constructs and `api` calls."""

from __future__ import annotations

from asynctask_registry.catalogue.feed import TypeFeed
from asynctask_registry.catalogue.registrar import TypeRegistrar
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.counts.overview import OverviewReader
from asynctask_registry.counts.series import SeriesReader
from asynctask_registry.ledger.changes import ChangeFeed
from asynctask_registry.ledger.command import CommandWriter
from asynctask_registry.ledger.create import TaskWriter
from asynctask_registry.ledger.eager_start import EagerStartWriter
from asynctask_registry.ledger.end import AttemptEndWriter
from asynctask_registry.ledger.failure_groups import FailureGroupReader
from asynctask_registry.ledger.listing import TaskLister
from asynctask_registry.ledger.progress import ProgressWriter
from asynctask_registry.ledger.reads import TaskViewReader
from asynctask_registry.ledger.record import EventWriter
from asynctask_registry.ledger.start import AttemptStartWriter
from asynctask_registry.store.pool import Pool
from asynctask_registry.store.pool_share import PoolShare


class Ledger:
    """The parts of the ledger over two pools: `hot` for commands and reads by id, `reads` for everything else.

    Each pool has a share for calls that are many or slow, which leaves the other connections to the rest: `bulk` for
    logs and manifests of executors, `long_reads` for pages of lists, logs and manifests. Of the latter, `searches` are
    those that look for a text in a log, or for items of a manifest: with three connections for reads or more, any
    number of them leaves a place to the others.
    """

    def __init__(self, hot: Pool, reads: Pool) -> None:
        self.hot = hot
        self.reads = reads
        self.bulk = PoolShare(hot, max(1, hot.size // 2))
        self.long_reads = PoolShare(reads, max(1, reads.size - 1))
        self.searches = PoolShare(self.long_reads, max(1, reads.size - 2))
        self.type_feed = TypeFeed(hot)
        self.types = TypeCatalogue(self.type_feed)
        self.registrar = TypeRegistrar(hot, reads, self.types)
        self.task_writer = TaskWriter(hot)
        self.attempt_start_writer = AttemptStartWriter(hot, self.types)
        self.eager_start_writer = EagerStartWriter(hot, self.types)
        self.event_writer = EventWriter(hot, self.types)
        self.attempt_end_writer = AttemptEndWriter(hot, self.types)
        self.command_writer = CommandWriter(hot, self.types)
        self.progress = ProgressWriter(hot)
        self.reader = TaskViewReader(reads, self.types)
        self.lister = TaskLister(self.long_reads, self.types)
        self.changes = ChangeFeed(reads, self.types)
        self.overview_reader = OverviewReader(reads)
        self.series_reader = SeriesReader(self.long_reads)
        self.failure_group_reader = FailureGroupReader(self.long_reads)
