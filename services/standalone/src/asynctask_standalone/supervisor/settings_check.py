"""Mistakes in the settings of the services, told before anything is started.

A service tells its own at its start, when all parts before it run already.
"""

from __future__ import annotations

import os
from collections.abc import Mapping


def check_settings(registry: Mapping[str, str], scheduler: Mapping[str, str]) -> None:
    """Read what the services will be given, beside what is in the environment, as they do.

    Raises:
        ValueError: something is wrong; the text lists all of it.
    """
    # Late: few commands need any of it.
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
