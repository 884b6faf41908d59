"""Settings of the scheduler: one frozen dataclass, read once in `__main__`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from asynctask_chassis.setting_rules import LongEnough, Needs, Rule
from asynctask_chassis.settings import ServiceSettings, setting
from asynctask_core import limits

_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerSettings(ServiceSettings):
    """The settings of a scheduler."""

    service: ClassVar[str] = "scheduler"
    rules: ClassVar[tuple[Rule, ...]] = (
        Needs("tls_certificate", "tls_key", "it is of no use without its key"),
        Needs("tls_key", "tls_certificate", "the server would be plain"),
        Needs("tls_client_authorities", "tls_certificate", "the server would be plain"),
        Needs(
            "actor_peers", "tls_client_authorities", "no certificate is asked for, so nobody has such a name"
        ),
        LongEnough("actor_secret", 16, "it could be guessed"),
        Needs("registry_certificate", "registry_key", "it is of no use without its key"),
        Needs("registry_certificate", "registry_authorities", "the connection would be plain"),
        Needs("registry_key", "registry_certificate", "it is of no use without its certificate"),
    )

    address: str = setting(
        default="127.0.0.1:7600", help="Address of the gRPC server for applications and executors."
    )
    redis_url: str = setting(
        default="redis://127.0.0.1:6379/0",
        help="Redis that holds queues and leases: redis://, rediss://, redis+sentinel:// or redis+cluster://.",
        secret=True,
    )
    redis_folder: Path | None = setting(
        default=None,
        help="Folder of Redis' data, where Redis runs on this machine: the scheduler logs when its disk fills up, and "
        "`doctor` shows how much is free. `asynctask up` sets it for its own Redis.",
    )
    redis_timeout: timedelta = setting(
        default=timedelta(seconds=2),
        help="Longest wait for one answer of Redis, finding its master included.",
        at_least=100 * _MS,
        at_most=timedelta(seconds=30),
    )
    registry_address: str = setting(
        default="127.0.0.1:7610", help="The registry: host:port, or ip:port of several replicas with commas."
    )
    call_timeout: timedelta = setting(
        default=limits.REGISTRY_DEADLINE_MS * _MS,
        help="Deadline of one call to the registry. Set it above the registry's call_timeout, so that the registry "
        "reports the outcome first.",
        at_least=100 * _MS,
        # No longer than the deadline of loops that make such calls, and far below the time that intents are kept.
        at_most=timedelta(seconds=30),
    )
    cell: str = setting(
        default="main", help="Name of the cell: schedulers of one name share one set of queues in Redis."
    )
    lease: timedelta = setting(
        default=limits.LEASE_MS * _MS,
        help="How long an executor may be silent before others continue its tasks; it renews each third of it. The "
        "same on all schedulers of a cell: one that differs waits 15s for the others to stop, then refuses to start.",
        at_least=timedelta(seconds=1),
        at_most=timedelta(minutes=10),
    )
    ageing_step: timedelta = setting(
        default=limits.AGEING_STEP_US // 1000 * _MS,
        help="A task that has waited this much longer goes before one of the next higher priority; 18250d makes "
        "priorities strict. The same on all schedulers of a cell, as with lease.",
        at_least=timedelta(seconds=1),
        at_most=limits.STRICT_STEP_US // 1000 * _MS,
    )
    eager_start: bool = setting(
        default=True,
        help="Lease a task to an idle executor while it is being created, so that its handler starts sooner. If false, "
        "every task goes through the queue.",
    )
    progress_interval: timedelta = setting(
        default=200 * _MS,
        help="Live progress of a task is published at most this often.",
        at_least=10 * _MS,
        at_most=timedelta(seconds=10),
    )
    progress_store_interval: timedelta = setting(
        default=timedelta(seconds=10),
        help="Progress is stored in Postgres at most this often, and with every durable event.",
        at_least=timedelta(seconds=1),
    )
    sweep_interval: timedelta = setting(
        default=timedelta(minutes=10),
        help="How often all of Redis is compared with the registry.",
        at_least=timedelta(seconds=1),
    )
    tls_certificate: Path | None = setting(
        default=None,
        help="PEM certificate of the gRPC server; without it connections are not encrypted. A certificate that is "
        "renewed in place needs no restart.",
    )
    tls_key: Path | None = setting(default=None, help="PEM key of that certificate, without a password.")
    tls_client_authorities: Path | None = setting(
        default=None,
        help="PEM authorities that clients' certificates must come from; without it clients need no certificate.",
    )
    actor_peers: str | None = setting(
        default=None,
        help="Peers trusted to name the actor of a command, which a task's events show: common or alternative names of "
        "client certificates, with commas. The actor of other peers' commands is `unknown`.",
    )
    actor_secret: str = setting(
        default="",
        help="Peers that send this text (`ASYNCTASK_ACTOR_SECRET` of clients) are trusted to name the actor of a "
        "command. At least 16 characters. Without TLS it is sent unencrypted.",
        secret=True,
    )
    actor_on_loopback: bool = setting(
        default=False,
        help="Trust every program on this machine to name the actor of a command, and so everybody whose calls a "
        "proxy, tunnel or sidecar on this machine passes on. `asynctask up` sets it where its address is on loopback.",
    )
    registry_authorities: Path | None = setting(
        default=None,
        help="PEM authorities that the registry's certificate must come from; without it the connection is not "
        "encrypted.",
    )
    registry_certificate: Path | None = setting(
        default=None, help="PEM certificate shown to the registry, with registry_key; read at the start."
    )
    registry_key: Path | None = setting(default=None, help="PEM key of that certificate.")
