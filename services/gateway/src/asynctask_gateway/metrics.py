"""The gateway's own metrics; the chassis has those of all services."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from asynctask_chassis.metrics import new_metrics_registry

SERVICE = "gateway"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class GatewayMetrics:
    """Labels are routes and codes, never paths or names that callers choose."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or new_metrics_registry()
        self.handled = Counter(
            "asynctask_gateway_requests_total",
            "Requests answered, by method, route and HTTP status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "asynctask_gateway_request_seconds",
            "Time of a request that is no event stream, by route.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.streams = Gauge("asynctask_gateway_event_streams", "Open event streams.", registry=self.registry)
        self.upstreams = Gauge(
            "asynctask_gateway_upstreams",
            "Open streams to the scheduler: one for each distinct filter, and one for each watcher that catches up.",
            registry=self.registry,
        )
        self.slow_watchers = Counter(
            "asynctask_gateway_slow_watchers_total",
            "Event streams that were ended because their reader was too slow; it resumes by its token.",
            registry=self.registry,
        )
