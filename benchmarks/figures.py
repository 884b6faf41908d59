"""Every figure of the benchmark: its key in the JSON, its unit, its target and its description."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Better(Enum):
    """Whether higher or lower values are better."""

    HIGHER = "at least"
    LOWER = "at most"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    key: str
    says: str
    unit: str
    target: float | None = None
    better: Better = Better.HIGHER

    def ratio(self, value: float) -> float | None:
        """How good `value` is: 1 is exactly the target, more is better; None without a target."""
        if self.target is None:
            return None
        if self.better is Better.HIGHER:
            return value / self.target
        return self.target / value if value else float("inf")


def _at_most(key: str, says: str, unit: str, target: float | None = None) -> Figure:
    return Figure(key, says, unit, target, Better.LOWER)


FIGURES = (
    Figure("submit_unary_per_s", "submit, one plain call per task, 64 callers", "1/s", 1_500),
    Figure("submit_one_per_s", "submit one by one through the client, 64 callers", "1/s", 5_000),
    Figure("submit_batch_per_s", "submit in batches", "1/s"),
    Figure("drain_per_s", "drain of a full queue, no producers", "1/s", 6_000),
    Figure("steady_per_s", "producers and executors together", "1/s", 5_000),
    Figure("drain_10k_per_s", "drain with 10,000 queued, kept there", "1/s"),
    Figure("drain_1m_per_s", "drain with 1,000,000 queued", "1/s"),
    Figure("drain_1m_ratio", "the same, against 10,000 queued", "", 0.85),
    _at_most("latency_p50_ms", "submit to handler start, idle, median", "ms", 6),
    _at_most("latency_p95_ms", "… 95 of 100", "ms"),
    _at_most("latency_p99_ms", "… 99 of 100", "ms", 15),
    _at_most("cancel_ms", "cancel to the handler, slowest", "ms", 1_000),
    _at_most("pause_ms", "pause to the handler, slowest", "ms", 1_000),
    Figure("progress_per_s", "calls of ctx.progress", "1/s", 20_000),
    Figure("checkpoint_per_s", "acknowledged checkpoints", "1/s", 2_000),
    _at_most("recovery_s", "killed executor: its last task runs elsewhere", "s", 17),
    _at_most("redis_mib_per_100k", "Redis memory, 100,000 queued", "MiB"),
    _at_most("postgres_mib_per_100k", "Postgres tables and indexes, 100,000 queued", "MiB"),
    _at_most("idle_cpu_percent", "idle: one core, everything together", "%", 3),
    _at_most("idle_statements_per_s", "idle: transactions in Postgres", "1/s", 5),
    _at_most("rss_registry_mib", "memory at rest: registry", "MiB", 90),
    _at_most("rss_scheduler_mib", "memory at rest: scheduler", "MiB", 90),
    _at_most("rss_executor_mib", "memory at rest: an executor", "MiB", 60),
    Figure("rest_submit_per_s", "submit over REST, one call per task, 64 callers", "1/s"),
    Figure("grpc_submit_per_s", "… plain gRPC in the same minute", "1/s"),
    _at_most("rest_submit_p50_ms", "submit over REST, one caller, median", "ms"),
    _at_most("rest_submit_p99_ms", "… 99 of 100", "ms"),
    _at_most("grpc_submit_p50_ms", "… plain gRPC, median", "ms"),
    _at_most("grpc_submit_p99_ms", "… plain gRPC, 99 of 100", "ms"),
    Figure("rest_get_per_s", "get over REST, 64 callers", "1/s"),
    Figure("grpc_get_per_s", "… plain gRPC in the same minute", "1/s"),
    _at_most("rest_get_p50_ms", "get over REST, one caller, median", "ms"),
    _at_most("rest_get_p99_ms", "… 99 of 100", "ms"),
    _at_most("grpc_get_p50_ms", "… plain gRPC, median", "ms"),
    _at_most("grpc_get_p99_ms", "… plain gRPC, 99 of 100", "ms"),
    _at_most("first_event_p50_ms", "submit to the event at both of two readers, median", "ms"),
    _at_most("first_event_p99_ms", "… 99 of 100", "ms", 1_000),
    _at_most("live_gateway_mib", "1,000 event streams, 500 tasks report: memory of the gateway", "MiB"),
    _at_most("live_stream_kib", "… memory for each stream", "KiB"),
    _at_most("live_gateway_cpu_percent", "… one core, gateway", "%"),
    _at_most("live_scheduler_cpu_percent", "… one core, scheduler", "%"),
    Figure("live_events_per_s", "… events that the readers get", "1/s"),
    _at_most("console_cpu_percent", "idle with an open console: one core, everything together", "%", 5),
    _at_most("rss_gateway_mib", "memory at rest: gateway, an open console", "MiB"),
    _at_most("command_version_s", "processor time of `asynctask --version`", "s", 0.25),
    _at_most("command_list_s", "processor time of `asynctask list`", "s", 0.25),
    _at_most("command_grpc_s", "… a Python that only imports gRPC", "s"),
    _at_most("storage_small_s", "back up 20,000 files of 4 KiB (quick 4,000)", "s"),
    _at_most("storage_small_rsync_s", "… rsync -a", "s"),
    _at_most("storage_small_ratio", "… against rsync -a", "", 1.3),
    _at_most("storage_unchanged_s", "back them up again, unchanged", "s"),
    _at_most("storage_unchanged_rsync_s", "… rsync -a", "s"),
    _at_most("storage_unchanged_ratio", "… against rsync -a", "", 2.5),
    _at_most("storage_large_s", "back up 768 MiB in three files (quick 192)", "s"),
    _at_most("storage_large_rsync_s", "… rsync -a", "s"),
    _at_most("storage_large_ratio", "… against rsync -a", ""),
    _at_most("storage_verified_ratio", "small files with checksums, against rsync -a --fsync", ""),
    Figure("floor_ratio", "steady rate against the reference program", "", 0.4),
)
BY_KEY = {figure.key: figure for figure in FIGURES}
