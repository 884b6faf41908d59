"""The metrics that every service has; those of one service are in its `metrics.py`.

Names are `asynctask_<service>_<thing>_<unit>[_total]`; labels are bounded sets (methods, codes, loop names), never ids.
"""

from __future__ import annotations

from prometheus_client import (
    GC_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

RPC_SECONDS_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def new_metrics_registry() -> CollectorRegistry:
    """Make a metrics registry for one service, with the process's memory, CPU, files and garbage collections."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(GC_COLLECTOR)
    return registry


class RpcMetrics:
    """Calls served, by method and final code."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self.handled = Counter(
            f"asynctask_{service}_rpc_handled_total",
            "Calls that ended, by method and code.",
            ("method", "code"),
            registry=registry,
        )
        self.seconds = Histogram(
            f"asynctask_{service}_rpc_seconds",
            "Time from the first byte to the last of a unary call.",
            ("method",),
            buckets=RPC_SECONDS_BUCKETS,
            registry=registry,
        )
        self.open_streams = Gauge(
            f"asynctask_{service}_rpc_open_streams",
            "Streams that are open now.",
            ("method",),
            registry=registry,
        )
        self.unread_streams = Counter(
            f"asynctask_{service}_rpc_unread_streams_total",
            "Streams that were ended since their peer did not read.",
            ("method",),
            registry=registry,
        )


class LoopMetrics:
    """Runs of the periodic loops; alert on `time() - last_success` rather than on failures."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self.runs = Counter(
            f"asynctask_{service}_loop_runs_total",
            "Runs of a periodic loop that ended.",
            ("loop", "outcome"),
            registry=registry,
        )
        self.seconds = Counter(
            f"asynctask_{service}_loop_run_seconds_total", "Time spent in runs.", ("loop",), registry=registry
        )
        self.last_success = Gauge(
            f"asynctask_{service}_loop_last_success_timestamp_seconds",
            "When a run last succeeded (Unix time).",
            ("loop",),
            registry=registry,
        )
