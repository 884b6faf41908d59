"""`asynctask-scheduler`, `python -m asynctask_scheduler`: run one replica until SIGTERM."""

from __future__ import annotations

import sys

from asynctask_chassis.service_runner import run_service
from asynctask_scheduler.app import serve
from asynctask_scheduler.settings import SchedulerSettings


def main() -> None:
    """Run the scheduler."""
    sys.exit(run_service(SchedulerSettings, serve))


if __name__ == "__main__":
    main()
