"""The interceptors that every server has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from asynctask_chassis.interceptors.bounds import BoundsInterceptor
from asynctask_chassis.interceptors.deadline import DEFAULT_DEADLINE, DeadlineInterceptor
from asynctask_chassis.interceptors.errors import ErrorsInterceptor
from asynctask_chassis.interceptors.telemetry import TelemetryInterceptor
from asynctask_chassis.interceptors.wrapping import InterceptorStack, WrappingInterceptor
from asynctask_chassis.metrics import RpcMetrics


def standard_interceptors(
    metrics: RpcMetrics,
    *,
    deadline: timedelta = DEFAULT_DEADLINE,
    deadlines: Mapping[str, timedelta] | None = None,
) -> list[WrappingInterceptor]:
    """Return the interceptors of a server; `deadlines` has other deadlines by full method name."""
    layers = (
        TelemetryInterceptor(metrics),
        ErrorsInterceptor(),
        BoundsInterceptor(),
        DeadlineInterceptor(deadline, deadlines),
    )
    return [InterceptorStack(*layers)]
