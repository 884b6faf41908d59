"""`asynctask-gateway`, `python -m asynctask_gateway`: run one replica until SIGTERM."""

from __future__ import annotations

import sys

from asynctask_chassis.service_runner import run_service
from asynctask_gateway.app import serve
from asynctask_gateway.settings import GatewaySettings


def main() -> None:
    """Run the gateway."""
    sys.exit(run_service(GatewaySettings, serve))


if __name__ == "__main__":
    main()
