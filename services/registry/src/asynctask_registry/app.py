"""Constructs the registry: the only place that constructs its parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Final

from asynctask_chassis.exporter import Exporter
from asynctask_chassis.interceptors.standard import standard_interceptors
from asynctask_chassis.joined_servicer import joined_servicer
from asynctask_chassis.loop import PeriodicLoop
from asynctask_chassis.metrics import LoopMetrics, RpcMetrics, new_metrics_registry
from asynctask_chassis.replica_report import ReplicaReport, replica_name
from asynctask_chassis.server import Server
from asynctask_chassis.service_runner import Endpoints
from asynctask_chassis.store_watch import StoreWatch
from asynctask_chassis.tls import TlsFiles
from asynctask_chassis.waiting import WaitNotice
from asynctask_protos.registry.v1 import ledger_service_pb2
from asynctask_protos.registry.v1.ledger_service_pb2_grpc import (
    LedgerServiceServicer,
    add_LedgerServiceServicer_to_server,
)
from asynctask_protos.task.v1.health_pb2 import ReplicaState
from asynctask_registry.api.batching import Batchers
from asynctask_registry.api.ledger_service.catalogue_methods import LedgerCatalogueMethods
from asynctask_registry.api.ledger_service.command_methods import LedgerCommandMethods
from asynctask_registry.api.ledger_service.content_methods import LedgerContentMethods
from asynctask_registry.api.ledger_service.count_methods import LedgerCountMethods
from asynctask_registry.api.ledger_service.hot_methods import LedgerHotMethods
from asynctask_registry.api.ledger_service.lease_methods import LedgerLeaseMethods
from asynctask_registry.api.ledger_service.read_methods import LedgerReadMethods
from asynctask_registry.counts.folding import MoveFolder
from asynctask_registry.counts.recount import LONGEST, TypeRecounter
from asynctask_registry.ledger.housekeeping import Housekeeper
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.term_filling import TermFiller
from asynctask_registry.metrics import RegistryMetrics
from asynctask_registry.settings import RegistrySettings
from asynctask_registry.store import faults
from asynctask_registry.store.migrate import SchemaMismatch, check_schema, make_partitions, migrate
from asynctask_registry.store.pool import HOT, READS, Pool, PoolOptions
from asynctask_registry.store.probe import StoreProbe

START_PAUSE_S: Final = 0.5
STORE_INTERVAL: Final = timedelta(seconds=5)
FOLDING_INTERVAL: Final = timedelta(seconds=5)
RECOUNT_INTERVAL: Final = timedelta(minutes=1)
TERM_FILLING_INTERVAL: Final = timedelta(seconds=15)


@asynccontextmanager
async def serve(settings: RegistrySettings) -> AsyncIterator[Endpoints]:
    """Keeps every task in Postgres and answers the scheduler. `asynctask-registry migrate` only updates the schema."""
    tls = _tls(settings)
    metrics_registry = new_metrics_registry()
    metrics = RegistryMetrics(metrics_registry)
    watch = StoreWatch(
        "Postgres",
        folder=settings.postgres_folder,
        takes_writes=metrics.takes_writes,
        free_bytes=metrics.free_bytes,
    )
    watch.look()
    await _schema_ready(settings)
    async with AsyncExitStack() as stack:
        hot = await stack.enter_async_context(_pool(settings, metrics, "commands", watch))
        reads = await stack.enter_async_context(_pool(settings, metrics, "reads"))
        await hot.connected()
        await reads.connected()
        metrics.connected.set_function(lambda: float(hot.is_connected))
        ledger = Ledger(hot, reads)
        loop_metrics = LoopMetrics("registry", metrics_registry)
        probe = StoreProbe(hot, watch)
        recounter = TypeRecounter(ledger.bulk, metrics)
        report = ReplicaReport("registry", replica_name(), settings.address)
        report.loops = _loops(settings, ledger, probe, recounter, loop_metrics)
        for loop in report.loops:
            await stack.enter_async_context(loop)
        exporter = await stack.enter_async_context(
            Exporter(settings.metrics_address, metrics_registry, is_healthy=lambda: hot.is_connected)
        )
        # Closed in the reverse order: the server ends its calls, then the batchers flush what they hold.
        batchers = await stack.enter_async_context(Batchers(ledger, metrics, flights=settings.flights))
        rpc_metrics = RpcMetrics("registry", metrics_registry)
        # A little longer than the time for Postgres, so that a call is answered with its outcome if that is known.
        deadline = settings.call_timeout * 1.2
        interceptors = standard_interceptors(rpc_metrics, deadline=deadline)
        server = Server(
            settings.address,
            interceptors=interceptors,
            tls=tls,
            grace_period=settings.grace_period,
            connections=settings.connections,
            connections_per_host=settings.connections_per_host,
        )
        hot_methods = LedgerHotMethods(ledger, batchers, rpc_metrics, deadline=deadline)
        service = joined_servicer(
            LedgerServiceServicer,
            hot_methods,
            LedgerLeaseMethods(ledger),
            LedgerCommandMethods(ledger),
            LedgerReadMethods(ledger),
            LedgerContentMethods(ledger),
            LedgerCatalogueMethods(ledger, probe, lambda: _describe(report, recounter)),
            LedgerCountMethods(ledger),
        )
        server.add(add_LedgerServiceServicer_to_server, service, ledger_service_pb2.DESCRIPTOR)
        await stack.enter_async_context(server)
        report.address = server.address
        stack.callback(hot_methods.command_streams.end)
        stack.push_async_callback(server.drain)
        yield Endpoints(address=server.address, metrics_port=exporter.port)


def _describe(report: ReplicaReport, recounter: TypeRecounter) -> ReplicaState:
    state = report.state()
    state.drift.CopyFrom(recounter.drift.state())
    return state


def _tls(settings: RegistrySettings) -> TlsFiles | None:
    if settings.tls_certificate is None:
        return None
    tls = TlsFiles(settings.tls_certificate, settings.tls_key, settings.tls_client_authorities)
    tls.check()  # now, and not once Postgres has answered
    return tls


def _pool(
    settings: RegistrySettings, metrics: RegistryMetrics, name: str, watch: StoreWatch | None = None
) -> Pool:
    options = PoolOptions(
        url=settings.postgres_url,
        name=f"asynctask-registry-{name}",
        size=settings.writers if name == "commands" else settings.readers,
        deadline=settings.call_timeout,
        statement_timeout=settings.statement_timeout,
        lock_timeout=settings.lock_timeout,
        server_settings=HOT if name == "commands" else READS,
    )
    return Pool(options, metrics.observe_statement, watch.refused if watch else None)


def _loops(
    settings: RegistrySettings,
    ledger: Ledger,
    probe: StoreProbe,
    recounter: TypeRecounter,
    metrics: LoopMetrics,
) -> list[PeriodicLoop]:
    async def partitions() -> None:
        await make_partitions(settings.postgres_url)

    return [
        PeriodicLoop(
            "housekeeping",
            Housekeeper(ledger.hot).run_once,
            interval=settings.housekeeping_interval,
            metrics=metrics,
        ),
        PeriodicLoop("folding", MoveFolder(ledger.hot).run_once, interval=FOLDING_INTERVAL, metrics=metrics),
        PeriodicLoop(
            "recount",
            recounter.run_once,
            interval=RECOUNT_INTERVAL,
            deadline=LONGEST * 1.1,
            metrics=metrics,
        ),
        PeriodicLoop(
            "term_filling",
            TermFiller(ledger.bulk).run_once,
            interval=TERM_FILLING_INTERVAL,
            metrics=metrics,
        ),
        PeriodicLoop("partitions", partitions, interval=settings.partition_interval, metrics=metrics),
        PeriodicLoop("store", probe.run_once, interval=STORE_INTERVAL, metrics=metrics),
    ]


async def _schema_ready(settings: RegistrySettings) -> None:
    """Wait until Postgres answers and the schema is up to date; a schema of another program ends the start."""
    prepare = migrate if settings.migrate else check_schema
    waiting = WaitNotice()
    while True:
        try:
            await prepare(settings.postgres_url)
        except SchemaMismatch:
            raise
        except Exception as error:  # noqa: BLE001 - Postgres may be starting, or failing over
            waiting.tell("Postgres", faults.write_refusal(error) or f"{type(error).__name__}: {error}")
            await asyncio.sleep(START_PAUSE_S)
        else:
            waiting.over()
            return
