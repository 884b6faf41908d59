"""`asynctask-registry`: runs the service; `asynctask-registry migrate` brings the schema up to date and ends."""

from __future__ import annotations

import asyncio
import sys

from asynctask_chassis.logs import configure_logs
from asynctask_chassis.service_runner import ExitCode, run_service, say
from asynctask_chassis.settings import SettingsError, load_settings
from asynctask_chassis.streams import open_closed_streams
from asynctask_registry.app import serve
from asynctask_registry.settings import RegistrySettings
from asynctask_registry.store.migrate import MIGRATION_FAULTS, migrate


def main() -> None:
    """Run what the command line asks for."""
    arguments = sys.argv[1:]
    if arguments and arguments[0] == "migrate":
        sys.exit(_migrate(arguments[1:]))
    sys.exit(run_service(RegistrySettings, serve, arguments))


def _migrate(arguments: list[str]) -> int:
    open_closed_streams()
    if arguments:
        sys.stderr.write(
            "usage: asynctask-registry migrate (the database: ASYNCTASK_REGISTRY_POSTGRES_URL)\n"
        )
        return ExitCode.WRONG_SETTINGS
    try:
        settings = load_settings(RegistrySettings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return ExitCode.WRONG_SETTINGS
    configure_logs("registry", level=settings.log_level, log_format=settings.log_format)
    try:
        applied = asyncio.run(migrate(settings.postgres_url))
    except MIGRATION_FAULTS as error:
        sys.stderr.write(f"migrate: {error}\n")
        return ExitCode.FAILED
    lines = [f"applied {name}" for name in applied] or ["the schema is up to date"]
    return say("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
