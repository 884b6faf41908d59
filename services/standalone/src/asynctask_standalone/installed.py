"""Which version of the command is installed."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_NAME, _END = "asynctask-", ".dist-info"


def installed_version() -> str:
    """The version that the installer noted.

    It is the name of a folder beside the installed packages. `importlib.metadata` finds it as well, and takes four
    times as long to load as all the rest of `asynctask --version`.
    """
    for folder in sys.path:
        with suppress(OSError):
            for name in os.listdir(folder or "."):  # noqa: PTH208 - pathlib takes long to load
                if name.startswith(_NAME) and name.endswith(_END):
                    return name[len(_NAME) : -len(_END)]
    from importlib.metadata import version

    return version("asynctask")
