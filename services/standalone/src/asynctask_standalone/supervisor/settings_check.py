"""Finds mistakes in the settings of the services before any part starts.

A service itself would report them only at its own start, when all parts before it run already.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from asynctask_chassis.settings import ServiceSettings
    from asynctask_gateway.settings import GatewaySettings

    S = TypeVar("S", bound=ServiceSettings)

_NO_AUTHORITIES = (
    "ASYNCTASK_SCHEDULER_TLS_CERTIFICATE is set, so the gateway needs the authorities to check it against, as every "
    "client does: ASYNCTASK_TLS_AUTHORITIES, or ASYNCTASK_GATEWAY_SCHEDULER_AUTHORITIES for the gateway alone. "
    "--no-console leaves the gateway out"
)


def check_settings(
    registry: Mapping[str, str], scheduler: Mapping[str, str], gateway: Mapping[str, str]
) -> GatewaySettings | None:
    """Read the given settings and the environment as the services will; give those of the gateway.

    Args:
        registry: the settings that the registry is given.
        scheduler: those of the scheduler.
        gateway: those of the gateway; empty without one.

    Raises:
        ValueError: something is wrong; the text lists all mistakes.
    """
    # Imported only now: few commands need these.
    from asynctask_chassis.settings import SettingsError, load_settings
    from asynctask_registry.settings import RegistrySettings
    from asynctask_scheduler.settings import SchedulerSettings

    mistakes: list[str] = []

    def loaded(kind: type[S], given: Mapping[str, str]) -> S | None:
        try:
            return load_settings(kind, {**os.environ, **given})
        except SettingsError as error:
            mistakes.append(str(error))
            return None

    loaded(RegistrySettings, registry)
    schedulers = loaded(SchedulerSettings, scheduler)
    gateways = None
    if gateway:
        from asynctask_gateway.settings import GatewaySettings

        gateways = loaded(GatewaySettings, gateway)
        if schedulers and gateways and schedulers.tls_certificate and not gateways.scheduler_authorities:
            mistakes.append(_NO_AUTHORITIES)
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return gateways
