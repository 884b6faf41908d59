"""Constructs every recovery loop: the scheduler's `app` runs them on each replica."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from asynctask_chassis.drift_record import DriftRecord
from asynctask_chassis.loop import PeriodicLoop
from asynctask_chassis.metrics import LoopMetrics
from asynctask_scheduler.maintenance import rebuild, reconciler, sweep, timers
from asynctask_scheduler.maintenance.ports import RegistryPort
from asynctask_scheduler.maintenance.reaper import Reaper, reaper_interval
from asynctask_scheduler.queue.port import Queue

LOADING_DEADLINE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class RecoveryOptions:
    """The settings that recovery needs."""

    replica: str
    lease: timedelta
    ageing_step: timedelta
    sweep_interval: timedelta


def recovery_loops(
    queue: Queue,
    registry: RegistryPort,
    sessions: rebuild.Sessions,
    options: RecoveryOptions,
    metrics: LoopMetrics | None = None,
    *,
    drift: DriftRecord,
    on_expired: Callable[[int], None],
) -> list[PeriodicLoop]:
    """All loops, not yet started; they trigger one another after a rebuild.

    The sweep notes in `drift` what it mends; the reaper tells `on_expired` how many leases ran out.
    """
    owner = options.replica
    promoter = timers.Promoter(queue)
    timer_loader = timers.TimerLoader(queue, registry, owner=owner)
    sweeper = sweep.Sweeper(queue, registry, owner=owner, interval=options.sweep_interval, drift=drift)
    reap = PeriodicLoop(
        "reaper",
        Reaper(queue, registry, on_expired).run_once,
        interval=reaper_interval(options.lease),
        metrics=metrics,
    )
    promote = PeriodicLoop(
        "promoter", promoter.run_once, interval=timers.PROMOTE_INTERVAL, pause=promoter.pause, metrics=metrics
    )
    load_timers = PeriodicLoop(
        "timers",
        timer_loader.run_once,
        interval=timers.LOAD_INTERVAL,
        deadline=LOADING_DEADLINE,
        metrics=metrics,
    )
    reconcile = PeriodicLoop(
        "reconciler",
        reconciler.Reconciler(queue, registry).run_once,
        interval=reconciler.INTERVAL,
        metrics=metrics,
    )
    sweeping = PeriodicLoop(
        "sweep", sweeper.run_once, interval=options.sweep_interval, deadline=sweep.DEADLINE, metrics=metrics
    )
    loader = rebuild.Loader(
        queue,
        registry,
        owner=owner,
        ageing_step_us=options.ageing_step // timedelta(microseconds=1),
        on_loaded=sweeping.trigger,
    )
    load = PeriodicLoop(
        "loader", loader.run_once, interval=rebuild.LOAD_INTERVAL, deadline=LOADING_DEADLINE, metrics=metrics
    )

    def rebuilt() -> None:
        load.trigger()
        load_timers.trigger()

    rebuilder = rebuild.Rebuilder(queue, registry, sessions, on_rebuilt=rebuilt)
    rebuilding = PeriodicLoop(
        "rebuild", rebuilder.run_once, interval=rebuild.INTERVAL, deadline=rebuild.DEADLINE, metrics=metrics
    )
    return [rebuilding, load, reap, promote, load_timers, reconcile, sweeping]
