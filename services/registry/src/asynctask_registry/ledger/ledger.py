"""Everything that the registry does, in one place: what `api` calls and `app` constructs."""

from __future__ import annotations

from asynctask_registry.catalogue.feed import TypeFeed
from asynctask_registry.catalogue.registrar import TypeRegistrar
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger.begin import Beginner
from asynctask_registry.ledger.changes import ChangeFeed
from asynctask_registry.ledger.command import Commander
from asynctask_registry.ledger.create import Creator
from asynctask_registry.ledger.end import Ender
from asynctask_registry.ledger.listing import Lister
from asynctask_registry.ledger.progress import ProgressKeeper
from asynctask_registry.ledger.reads import Reader
from asynctask_registry.ledger.record import Recorder
from asynctask_registry.ledger.start import Starter
from asynctask_registry.store.lane import PoolLane
from asynctask_registry.store.pool import Pool


class Ledger:
    """The parts of the ledger over two pools: `hot` for commands and reads by id, `reads` for everything else.

    Each has a lane for what comes in masses or takes long, which leaves the other connections to the rest: `bulk` for
    logs and manifests of executors, `long_reads` for pages of lists, logs and manifests.
    """

    def __init__(self, hot: Pool, reads: Pool) -> None:
        self.hot = hot
        self.reads = reads
        self.bulk = PoolLane(hot, max(1, hot.size // 2))
        self.long_reads = PoolLane(reads, max(1, reads.size - 1))
        self.type_feed = TypeFeed(hot)
        self.types = TypeCatalogue(self.type_feed)
        self.registrar = TypeRegistrar(hot, reads, self.types)
        self.creator = Creator(hot)
        self.starter = Starter(hot, self.types)
        self.beginner = Beginner(hot, self.types)
        self.recorder = Recorder(hot, self.types)
        self.ender = Ender(hot, self.types)
        self.commander = Commander(hot, self.types)
        self.progress = ProgressKeeper(hot)
        self.reader = Reader(reads, self.types)
        self.lister = Lister(self.long_reads, self.types)
        self.changes = ChangeFeed(reads, self.types)
