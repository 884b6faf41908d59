"""The scheduler's own metrics; the chassis has those of all services."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from asynctask_chassis.metrics import LoopMetrics, RpcMetrics, new_metrics_registry

SERVICE = "scheduler"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BATCH_ITEMS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class SchedulerMetrics:
    """Counters are per batch on hot paths; labels are verdicts and kinds, never ids or names that users choose."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or new_metrics_registry()
        self.rpc = RpcMetrics(SERVICE, self.registry)
        self.loops = LoopMetrics(SERVICE, self.registry)
        self.submitted = self._counter("submitted_tasks_total", "Tasks submitted, by outcome.", "outcome")
        self.config_checks = self._counter(
            "config_checks_total",
            "Configs that were not checked in the event loop, by outcome: process, timed_out.",
            "outcome",
        )
        self.leased = self._counter("leased_tasks_total", "Tasks popped and leased.")
        self.starts = self._counter(
            "starts_total", "Starts by verdict of the registry; `none` where it refused the call.", "verdict"
        )
        self.undelivered = self._counter(
            "undelivered_tasks_total", "Leases given back before they reached their executor."
        )
        self.events = self._counter("events_total", "Executors' events recorded, by verdict.", "verdict")
        self.renewals = self._counter(
            "renewed_attempts_total", "Attempts named in renewals, by answer.", "answer"
        )
        self.standings = self._counter("standings_total", "Standings given to Redis, by outcome.", "outcome")
        self.controls = self._counter("controls_total", "Pause, cancel and lost hints sent to executors.")
        self.progress = self._counter(
            "progress_reports_total", "Progress reports, by destination.", "destination"
        )
        self.sessions = self._gauge("sessions", "Executors whose stream is open here.")
        self.slots = self._gauge("slots", "Slots of those executors.")
        self.watchers = self._gauge("watchers", "Open watch and tail streams.")
        self.is_ready = self._gauge("ready", "1 while Redis, its marker and the registry are there.")
        self.takes_writes = self._gauge(
            "store_takes_writes",
            "0 while Redis answers and refuses writes: full memory or disk, a replica, too few replicas. Else 1.",
        )
        self.free_bytes = self._gauge(
            "store_free_bytes",
            "Free bytes on the disk of Redis; 0 unless `redis_folder` is set.",
        )
        self.batch_items = self._histogram(
            "batch_items", "Items in one call to the registry, by call.", _BATCH_ITEMS, "call"
        )
        self.delivery_seconds = self._histogram(
            "delivery_seconds", "From the pop of a batch until its assignments are written.", _SECONDS
        )

    def _counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(f"asynctask_{SERVICE}_{name}", help, labels, registry=self.registry)

    def _gauge(self, name: str, help: str) -> Gauge:
        return Gauge(f"asynctask_{SERVICE}_{name}", help, registry=self.registry)

    def _histogram(self, name: str, help: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"asynctask_{SERVICE}_{name}", help, labels, buckets=buckets, registry=self.registry)
