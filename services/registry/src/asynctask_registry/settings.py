"""Settings of the registry: `ASYNCTASK_REGISTRY_*`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from asynctask_chassis.setting_rules import Below, Needs, Rule
from asynctask_chassis.settings import ServiceSettings, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrySettings(ServiceSettings):
    """Settings of the registry."""

    service: ClassVar[str] = "registry"
    rules: ClassVar[tuple[Rule, ...]] = (
        Below(
            "lock_timeout",
            "statement_timeout",
            "the statement would end first, and its error would not name the lock",
        ),
        Below(
            "statement_timeout",
            "call_timeout",
            "the call would end first, with an unknown outcome",
        ),
        Needs("tls_certificate", "tls_key", "it is of no use without its key"),
        Needs("tls_key", "tls_certificate", "the server would be plain"),
        Needs("tls_client_authorities", "tls_certificate", "the server would be plain"),
    )

    address: str = setting(
        default="127.0.0.1:7610", help="Address of the gRPC server; port 0 takes a free one."
    )
    postgres_url: str = setting(
        help="Postgres, which stores all tasks: postgresql://user:password@host/database.", secret=True
    )
    postgres_folder: Path | None = setting(
        default=None,
        help="Folder of Postgres' data, where Postgres runs on this machine: the registry logs when its disk fills up, "
        "and `doctor` shows how much is free. `asynctask up` sets it for its own Postgres.",
    )
    migrate: bool = setting(
        default=True,
        help="Bring the schema up to date at start; safe from several replicas. Off: refuse to start before "
        "`asynctask-registry migrate` was run.",
    )
    writers: int = setting(default=6, help="Connections for commands.", at_least=2, at_most=100)
    readers: int = setting(default=3, help="Connections for reads and streams.", at_least=1, at_most=100)
    flights: int = setting(
        default=2, help="Batches of one kind that are written at the same time.", at_least=1, at_most=16
    )
    call_timeout: timedelta = setting(
        default=timedelta(seconds=4.5),
        help="Longest time that a call may wait for Postgres; then it is answered as unavailable or unknown. Below the "
        "schedulers' call_timeout, so that they learn which.",
        at_least=timedelta(milliseconds=100),
    )
    statement_timeout: timedelta = setting(
        default=timedelta(seconds=4),
        help="Longest single statement; below the call's time, so that a slow one is known not to have committed.",
        at_least=timedelta(milliseconds=50),
    )
    lock_timeout: timedelta = setting(
        default=timedelta(seconds=3), help="Longest wait for a row lock.", at_least=timedelta(milliseconds=10)
    )
    housekeeping_interval: timedelta = setting(
        default=timedelta(minutes=1),
        help="How often rows that are not needed any more are deleted.",
        at_least=timedelta(seconds=1),
    )
    partition_interval: timedelta = setting(
        default=timedelta(hours=6),
        help="How often missing partitions for the next 14 days are made.",
        at_least=timedelta(seconds=1),
    )
    tls_certificate: Path | None = setting(
        default=None,
        help="PEM certificate of the gRPC server; without it, no TLS. Schedulers then need "
        "ASYNCTASK_SCHEDULER_REGISTRY_AUTHORITIES. A certificate that is renewed in place needs no restart.",
    )
    tls_key: Path | None = setting(default=None, help="PEM key of that certificate, without a password.")
    tls_client_authorities: Path | None = setting(
        default=None,
        help="PEM authorities that schedulers' certificates must come from; without them, schedulers need none.",
    )
