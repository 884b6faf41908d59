"""The registry's own metrics; the chassis has those of calls and loops."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_ITEMS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class RegistryMetrics:
    """Metrics of statements, batches and Postgres."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.statement_seconds = Histogram(
            "asynctask_registry_statement_seconds",
            "Time of a statement, by the name of its file.",
            ("statement",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.batch_items = Histogram(
            "asynctask_registry_batch_items",
            "Items that shared a group commit, by kind.",
            ("kind",),
            buckets=_ITEMS,
            registry=registry,
        )
        self.connected = Gauge(
            "asynctask_registry_postgres_connected",
            "1 while there is a connection to Postgres.",
            registry=registry,
        )

        self.count_drift = Counter(
            "asynctask_registry_count_drift_tasks_total",
            "Tasks by which recounts corrected counts; those of an older release are not among them.",
            registry=registry,
        )
        self.takes_writes = Gauge(
            "asynctask_registry_store_takes_writes",
            "0 while Postgres answers and refuses writes: read-only, a full disk. Else 1.",
            registry=registry,
        )
        self.free_bytes = Gauge(
            "asynctask_registry_store_free_bytes",
            "Free bytes on the disk of Postgres; 0 unless ASYNCTASK_REGISTRY_POSTGRES_FOLDER is set.",
            registry=registry,
        )

    def observe_statement(self, name: str, seconds: float) -> None:
        """Count one statement."""
        self.statement_seconds.labels(name).observe(seconds)
