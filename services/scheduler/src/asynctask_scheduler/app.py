"""Constructs the scheduler's parts, and defines the order in which they start and stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import grpc

from asynctask_chassis.channel import open_channel
from asynctask_chassis.drift_record import DriftRecord
from asynctask_chassis.exporter import Exporter
from asynctask_chassis.interceptors.standard import standard_interceptors
from asynctask_chassis.joined_servicer import joined_servicer
from asynctask_chassis.loop import PeriodicLoop
from asynctask_chassis.replica_report import ReplicaReport, replica_name
from asynctask_chassis.server import Server
from asynctask_chassis.service_runner import Endpoints
from asynctask_chassis.store_watch import StoreWatch
from asynctask_chassis.supervision import until_stopped
from asynctask_chassis.tls import TlsFiles
from asynctask_chassis.waiting import WaitNotice
from asynctask_core.errors import StoreUnavailable
from asynctask_protos.scheduler.v1 import (
    doctor_service_pb2,
    doctor_service_pb2_grpc,
    executor_service_pb2,
    executor_service_pb2_grpc,
    health_service_pb2,
    health_service_pb2_grpc,
    overview_service_pb2,
    overview_service_pb2_grpc,
    queue_service_pb2,
    queue_service_pb2_grpc,
    task_service_pb2,
    task_service_pb2_grpc,
    task_type_service_pb2,
    task_type_service_pb2_grpc,
)
from asynctask_scheduler.api.actors import ActorClaims
from asynctask_scheduler.api.doctor_service import DoctorService
from asynctask_scheduler.api.executor_service import ExecutorService
from asynctask_scheduler.api.explain.explainer import TaskExplainer
from asynctask_scheduler.api.health_service import HealthService
from asynctask_scheduler.api.overview_service import OverviewService
from asynctask_scheduler.api.queue_service import QueueService
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.api.submit_calls import SubmitCalls
from asynctask_scheduler.api.submit_validation import SubmitValidation
from asynctask_scheduler.api.task_service.command_methods import TaskCommandMethods
from asynctask_scheduler.api.task_service.read_methods import TaskReadMethods
from asynctask_scheduler.api.task_service.search_methods import TaskSearchMethods
from asynctask_scheduler.api.task_service.submit_methods import TaskSubmitMethods
from asynctask_scheduler.api.task_service.watch_methods import TaskWatchMethods
from asynctask_scheduler.api.task_type_service import TaskTypeService
from asynctask_scheduler.checks.config_checks import ConfigChecks
from asynctask_scheduler.checks.schema_processes import SchemaProcesses
from asynctask_scheduler.dispatch.dispatcher import Dispatcher
from asynctask_scheduler.dispatch.eager_start import EagerStarter
from asynctask_scheduler.dispatch.handshake import Handshake
from asynctask_scheduler.dispatch.listener import listen
from asynctask_scheduler.dispatch.progress import ProgressDesk
from asynctask_scheduler.dispatch.renewal_record import RenewalRecord
from asynctask_scheduler.dispatch.renewals import Renewals
from asynctask_scheduler.dispatch.sessions import Sessions
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.health import cluster_health, registry_looks, replica_notes
from asynctask_scheduler.health.cluster_health import ClusterHealth
from asynctask_scheduler.health.description import SchedulerDescription
from asynctask_scheduler.health.readiness import Readiness
from asynctask_scheduler.health.registry_looks import RegistryLooks
from asynctask_scheduler.health.replica_notes import ReplicaNotes
from asynctask_scheduler.maintenance import presence
from asynctask_scheduler.maintenance.doctor import Doctor
from asynctask_scheduler.maintenance.loops import RecoveryOptions, recovery_loops
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.attempt_starter import AttemptStarter
from asynctask_scheduler.pipeline.event_recorder import EventRecorder
from asynctask_scheduler.pipeline.intents import Intents
from asynctask_scheduler.pipeline.lease_releaser import LeaseReleaser
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.pipeline.task_commands import TaskCommands
from asynctask_scheduler.pipeline.task_submitter import TaskSubmitter
from asynctask_scheduler.queue.answers import CellOptions
from asynctask_scheduler.queue.redis_queue import RedisQueue
from asynctask_scheduler.registry.client import RegistryClient
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue
from asynctask_scheduler.settings import SchedulerSettings
from asynctask_scheduler.store_probe import RedisProbe

MS = timedelta(milliseconds=1)
CATALOGUE_INTERVAL = timedelta(seconds=15)
TOUCH_INTERVAL = timedelta(seconds=10)
READINESS_INTERVAL = timedelta(seconds=1)
STORE_INTERVAL = timedelta(seconds=2)
STORE_WAIT_S = 1.0
REGISTRY_QUICK_S = 1.0
"""How long a start waits for a registry before it logs that it waits."""
REGISTRY_WAIT_S = 5.0
DRAIN_STEP_S = 2.5


class Scheduler:
    """Everything that one replica consists of, constructed and not yet running."""

    def __init__(self, settings: SchedulerSettings, queue: RedisQueue, registry: RegistryClient) -> None:
        lease_ms = settings.lease // MS
        self.name = replica_name()
        self.settings = settings
        self.queue = queue
        self.registry = registry
        self.metrics = metrics = SchedulerMetrics()
        # In the order in which a task meets them; see the docstring of the package.
        self.applier = StandingApplier(queue.tasks, metrics)
        self.checks = ConfigChecks(SchemaProcesses(), SchemaProcesses(2), metrics)
        self.catalogue = CachedCatalogue(registry, queue.upkeep, self.checks)
        self.intents = Intents(queue.upkeep)
        self.task_commands = TaskCommands(registry, self.intents, self.applier)
        self.lease_releaser = LeaseReleaser(registry, self.applier)
        self.attempt_starter = AttemptStarter(registry, self.applier, metrics, patience_s=lease_ms / 1000 / 2)
        self.event_recorder = EventRecorder(registry, self.applier, metrics)
        self.progress = ProgressDesk(
            queue.executors, queue, registry, metrics, interval_s=settings.progress_interval.total_seconds()
        )
        self.renewal_record = RenewalRecord(lease_ms)
        self.renewals = Renewals(queue.tasks, registry, metrics, self.renewal_record)
        self.dispatcher = Dispatcher(
            queue, self.attempt_starter, self.lease_releaser, metrics, lease_ms=lease_ms
        )
        self.eager_starter = EagerStarter(queue.tasks, self.attempt_starter, self.dispatcher)
        self.sessions = Sessions(
            queue=queue.executors,
            catalogue=self.catalogue,
            handshake=Handshake(
                queue=queue.executors,
                catalogue=self.catalogue,
                lease_releaser=self.lease_releaser,
                renewals=self.renewals,
                event_recorder=self.event_recorder,
                progress=self.progress,
                lease_ms=lease_ms,
            ),
            dispatcher=self.dispatcher,
            eager_starter=self.eager_starter,
            metrics=metrics,
        )
        self.applier.listen(self.sessions.applied)
        self.submitter = TaskSubmitter(
            registry,
            self.intents,
            self.applier,
            metrics,
            eager_starts=self.sessions if settings.eager_start else None,
        )
        self.hub = Hub(queue)
        self.reader = TaskReader(registry, queue.executors)
        self.explainer = TaskExplainer(registry, self.reader, queue, self.catalogue)
        self.presence = presence.Presence(queue.upkeep, _cell_options(settings), self.name)
        self.readiness = Readiness(queue.repair, registry, metrics, lambda: self.presence.hindrance)
        self.probe = RedisProbe(queue.repair, _store_watch(settings, metrics))
        self.report = ReplicaReport("scheduler", self.name, settings.address)
        self.drift = DriftRecord()
        description = SchedulerDescription(self.report, self.readiness, self.renewal_record, self.drift)
        self.notes = ReplicaNotes(queue.upkeep, description.state)
        self.looks = RegistryLooks(registry)
        self.health = ClusterHealth(self.notes, self.looks, self.probe.watch, self.readiness)
        self.submit_calls = SubmitCalls(
            SubmitValidation(self.catalogue, self.checks), self.submitter, metrics
        )

    def server(self) -> Server:
        """The gRPC server with every service."""
        settings = self.settings
        interceptors = standard_interceptors(self.metrics.rpc)
        server = Server(
            settings.address,
            interceptors=interceptors,
            tls=_own_tls(settings),
            grace_period=settings.grace_period,
            connections=settings.connections,
            connections_per_host=settings.connections_per_host,
        )
        server.add(
            task_service_pb2_grpc.add_TaskServiceServicer_to_server,
            joined_servicer(
                task_service_pb2_grpc.TaskServiceServicer,
                TaskSubmitMethods(self.submit_calls),
                TaskReadMethods(self.registry, self.reader, self.explainer),
                TaskSearchMethods(self.registry, self.reader),
                TaskWatchMethods(self.registry, self.reader, self.hub, self.metrics),
                TaskCommandMethods(self.task_commands, _actor_claims(settings)),
            ),
            task_service_pb2.DESCRIPTOR,
        )
        server.add(
            executor_service_pb2_grpc.add_ExecutorServiceServicer_to_server,
            ExecutorService(
                queue=self.queue.executors,
                registry=self.registry,
                catalogue=self.catalogue,
                sessions=self.sessions,
                renewals=self.renewals,
                lease_ms=settings.lease // MS,
            ),
            executor_service_pb2.DESCRIPTOR,
        )
        server.add(
            queue_service_pb2_grpc.add_QueueServiceServicer_to_server,
            QueueService(self.queue.upkeep, self.catalogue),
            queue_service_pb2.DESCRIPTOR,
        )
        server.add(
            task_type_service_pb2_grpc.add_TaskTypeServiceServicer_to_server,
            TaskTypeService(self.catalogue),
            task_type_service_pb2.DESCRIPTOR,
        )
        server.add(
            overview_service_pb2_grpc.add_OverviewServiceServicer_to_server,
            OverviewService(self.registry),
            overview_service_pb2.DESCRIPTOR,
        )
        server.add(
            doctor_service_pb2_grpc.add_DoctorServiceServicer_to_server,
            DoctorService(Doctor(self.queue, self.registry), self.probe, self.registry),
            doctor_service_pb2.DESCRIPTOR,
        )
        server.add(
            health_service_pb2_grpc.add_HealthServiceServicer_to_server,
            HealthService(self.health),
            health_service_pb2.DESCRIPTOR,
        )
        return server

    def loops(self, server: Server) -> list[PeriodicLoop]:
        """Every periodic loop; replicas run all of them, each idempotent."""
        metrics = self.metrics.loops
        settings = self.settings
        options = RecoveryOptions(
            replica=self.name,
            lease=settings.lease,
            ageing_step=settings.ageing_step,
            sweep_interval=settings.sweep_interval,
        )
        self.report.loops = loops = [
            PeriodicLoop("catalogue", self.catalogue.refresh, interval=CATALOGUE_INTERVAL, metrics=metrics),
            *recovery_loops(
                self.queue,
                self.registry,
                self.sessions.snapshot,
                options,
                metrics,
                drift=self.drift,
                on_expired=self.renewal_record.expired,
            ),
            PeriodicLoop("presence", self.presence.run_once, interval=presence.INTERVAL, metrics=metrics),
            PeriodicLoop("sessions", self.sessions.touch, interval=TOUCH_INTERVAL, metrics=metrics),
            PeriodicLoop(
                "progress",
                self.progress.store,
                interval=settings.progress_store_interval,
                metrics=metrics,
            ),
            PeriodicLoop("store", self.probe.run_once, interval=STORE_INTERVAL, metrics=metrics),
            PeriodicLoop(
                "readiness", lambda: self.readiness.look(server), interval=READINESS_INTERVAL, metrics=metrics
            ),
            PeriodicLoop("notes", self.notes.run_once, interval=replica_notes.INTERVAL, metrics=metrics),
            PeriodicLoop(
                "registries", self.looks.run_once, interval=registry_looks.INTERVAL, metrics=metrics
            ),
            PeriodicLoop("health", self.health.run_once, interval=cluster_health.INTERVAL, metrics=metrics),
        ]
        return loops

    async def drain(self, server: Server) -> None:
        """Stop without losing anything: accept no new work, finish what was begun, let executors connect elsewhere."""
        self.readiness.close()
        await server.drain()
        self.sessions.stop_giving()
        self.hub.close()
        self.submit_calls.streams.end()
        # Bounded, since they would wait for a store that is unavailable; recovery completes what they leave.
        await _within(DRAIN_STEP_S, self.attempt_starter.drain())
        await _within(DRAIN_STEP_S, self.event_recorder.drain())
        await self.sessions.end_all()
        await _within(DRAIN_STEP_S, self.dispatcher.drain())
        await _within(DRAIN_STEP_S, self.eager_starter.drain())
        await _within(DRAIN_STEP_S, self.submitter.drain())
        await _within(DRAIN_STEP_S, self.task_commands.drain())
        await _within(DRAIN_STEP_S, self.lease_releaser.drain())
        await _within(DRAIN_STEP_S, self.applier.drain())
        await _within(DRAIN_STEP_S, self.intents.drain())


@asynccontextmanager
async def serve(settings: SchedulerSettings) -> AsyncIterator[Endpoints]:
    """Order tasks in Redis and hand them to executors."""
    if own := _own_tls(settings):
        own.check()  # before waiting for the stores, so that a mistake is reported at once
    async with AsyncExitStack() as stack:
        shared = _cell_options(settings)
        queue = RedisQueue.connect(
            settings.redis_url,
            cell=settings.cell,
            lease_ms=shared.lease_ms,
            ageing_step_us=shared.ageing_step_us,
            timeout_s=settings.redis_timeout.total_seconds(),
        )
        stack.push_async_callback(queue.close)
        channel = open_channel(settings.registry_address, tls=_registry_tls(settings))
        stack.push_async_callback(channel.close)
        scheduler = Scheduler(settings, queue, RegistryClient(channel, deadline=settings.call_timeout))
        await _store_is_there(queue, scheduler.presence)
        stack.push_async_callback(scheduler.presence.leave)
        stack.push_async_callback(scheduler.checks.close)
        await _registry_is_there(channel, settings.registry_address)
        background = await stack.enter_async_context(asyncio.TaskGroup())
        for what, run in (
            ("the command stream to the registry", scheduler.registry.command_stream.run),
            ("the recording of events", scheduler.event_recorder.run),
            ("live progress", scheduler.progress.run),
            ("the feed", scheduler.hub.run),
            ("listening to hints", lambda: listen(queue, scheduler.sessions)),
        ):
            _until_end(stack, background, run, what)
        server = scheduler.server()
        for loop in scheduler.loops(server):
            await stack.enter_async_context(loop)
        exporter = await stack.enter_async_context(
            Exporter(
                settings.metrics_address,
                scheduler.metrics.registry,
                is_healthy=lambda: scheduler.readiness.is_ready,
            )
        )
        await stack.enter_async_context(server)
        scheduler.report.address = server.address
        stack.push_async_callback(scheduler.drain, server)
        yield Endpoints(address=server.address, metrics_port=exporter.port)


async def _within(seconds: float, step: Coroutine[Any, Any, None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await step


def _until_end(
    stack: AsyncExitStack, group: asyncio.TaskGroup, run: Callable[[], Coroutine[Any, Any, None]], what: str
) -> None:
    """Run in the background. If it fails or ends, the service ends; the end of the service cancels it."""
    task = group.create_task(until_stopped(run, what))

    async def stop() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait((task,))

    stack.push_async_callback(stop)


def _actor_claims(settings: SchedulerSettings) -> ActorClaims:
    names = frozenset(name.strip() for name in (settings.actor_peers or "").split(",") if name.strip())
    return ActorClaims(names, settings.actor_secret, settings.actor_on_loopback)


def _cell_options(settings: SchedulerSettings) -> CellOptions:
    return CellOptions(settings.lease // MS, settings.ageing_step // timedelta(microseconds=1))


async def _store_is_there(queue: RedisQueue, here: presence.Presence) -> None:
    """Wait for Redis without a time limit, and join the other replicas.

    Raises StoreUnsuitable or ReplicasDiffer, which end the service.
    """
    waiting = WaitNotice()
    while True:
        try:
            await queue.repair.check()
            await here.join()
        except StoreUnavailable as error:
            waiting.tell("Redis", error.message)
            await asyncio.sleep(STORE_WAIT_S)
        else:
            waiting.over()
            return


async def _registry_is_there(channel: grpc.aio.Channel, address: str) -> None:
    """Wait a moment for a registry that starts at the same time; leases are renewed even without one."""
    waiting = WaitNotice()
    try:
        async with asyncio.timeout(REGISTRY_QUICK_S):
            await channel.channel_ready()
    except TimeoutError:
        waiting.tell("the registry", f"none answers at {address}")
        with suppress(TimeoutError):
            async with asyncio.timeout(REGISTRY_WAIT_S):
                await channel.channel_ready()
                waiting.over()


def _store_watch(settings: SchedulerSettings, metrics: SchedulerMetrics) -> StoreWatch:
    return StoreWatch(
        "Redis",
        folder=settings.redis_folder,
        takes_writes=metrics.takes_writes,
        free_bytes=metrics.free_bytes,
    )


def _own_tls(settings: SchedulerSettings) -> TlsFiles | None:
    if settings.tls_certificate is None:
        return None
    return TlsFiles(settings.tls_certificate, settings.tls_key, settings.tls_client_authorities)


def _registry_tls(settings: SchedulerSettings) -> TlsFiles | None:
    if settings.registry_authorities is None:
        return None
    return TlsFiles(settings.registry_certificate, settings.registry_key, settings.registry_authorities)
