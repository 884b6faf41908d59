"""Finds mistakes in the settings of the services before any part starts.

A service itself would report them only at its own start, when all parts before it run already.
"""

from __future__ import annotations

import os
from collections.abc import Mapping


def check_settings(registry: Mapping[str, str], scheduler: Mapping[str, str]) -> None:
    """Read the given settings and the environment as the services will.

    Raises:
        ValueError: something is wrong; the text lists all mistakes.
    """
    # Imported only now: few commands need these.
    from asynctask_chassis.settings import SettingsError, load_settings
    from asynctask_registry.settings import RegistrySettings
    from asynctask_scheduler.settings import SchedulerSettings

    mistakes: list[str] = []
    for kind, given in ((RegistrySettings, registry), (SchedulerSettings, scheduler)):
        try:
            load_settings(kind, {**os.environ, **given})
        except SettingsError as error:
            mistakes.append(str(error))
    if mistakes:
        raise ValueError("\n".join(mistakes))
