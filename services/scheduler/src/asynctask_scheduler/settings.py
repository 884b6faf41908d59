"""Settings of the scheduler; one frozen value, read once in `__main__`."""

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
    """What a scheduler can be told."""

    service: ClassVar[str] = "scheduler"
    rules: ClassVar[tuple[Rule, ...]] = (
        Needs("tls_certificate", "tls_key", "it is of no use without its key"),
        Needs("tls_key", "tls_certificate", "the server would be plain"),
        Needs("tls_client_authorities", "tls_certificate", "the server would be plain"),
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
        help="Where queues and leases are ordered: redis://, rediss://, redis+sentinel:// or redis+cluster://.",
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
        help="Deadline of one call to the registry. Above its call_timeout, which then says what became of the call.",
        at_least=100 * _MS,
        # No longer than a pass of the loops that make such calls, and far below the time that intents are kept.
        at_most=timedelta(seconds=30),
    )
    cell: str = setting(
        default="main", help="Name of the cell: schedulers of one name share one set of queues in Redis."
    )
    lease: timedelta = setting(
        default=limits.LEASE_MS * _MS,
        help="How long an executor may be silent before its tasks go on elsewhere; it renews each third of it. The "
        "same on all schedulers of a cell: one that differs waits 15s for the others to stop, then refuses to start.",
        at_least=timedelta(seconds=1),
        at_most=timedelta(minutes=10),
    )
    ageing_step: timedelta = setting(
        default=limits.AGEING_STEP_US // 1000 * _MS,
        help="Waiting this long outweighs one step of priority; 18250d makes priorities strict. The same on all "
        "schedulers of a cell, as with lease.",
        at_least=timedelta(seconds=1),
        at_most=limits.STRICT_STEP_US // 1000 * _MS,
    )
    eager_start: bool = setting(
        default=True,
        help="Lease a task to an idle executor while it is being created, so that its handler starts sooner. Without, "
        "every task goes through the queue.",
    )
    progress_interval: timedelta = setting(
        default=200 * _MS,
        help="Live progress of a task goes out at most this often.",
        at_least=10 * _MS,
        at_most=timedelta(seconds=10),
    )
    progress_store_interval: timedelta = setting(
        default=timedelta(seconds=10),
        help="Progress goes to Postgres at most this often, and with every durable event.",
        at_least=timedelta(seconds=1),
    )
    sweep_interval: timedelta = setting(
        default=timedelta(minutes=10),
        help="How often all of Redis is compared with the registry.",
        at_least=timedelta(seconds=1),
    )
    tls_certificate: Path | None = setting(
        default=None,
        help="PEM certificate of the gRPC server; plain without. A certificate that is renewed in place needs no "
        "restart.",
    )
    tls_key: Path | None = setting(default=None, help="PEM key of that certificate, without a password.")
    tls_client_authorities: Path | None = setting(
        default=None,
        help="PEM authorities that clients' certificates must come from; none are asked for without.",
    )
    actor_peers: str = setting(
        default="",
        help="Whose claim of who gives a command is kept, as the task's story shows it: common or alternative names of "
        "client certificates, with commas. Of other peers it says `unknown`.",
    )
    actor_secret: str = setting(
        default="",
        help="Peers that send this text are trusted to say who gives a command (`ASYNCTASK_ACTOR_SECRET` of clients). "
        "At least 16 characters; it travels in clear without TLS.",
        secret=True,
    )
    actor_on_loopback: bool = setting(
        default=False,
        help="Trust every program on this machine to say who gives a command. `asynctask up` sets it.",
    )
    registry_authorities: Path | None = setting(
        default=None, help="PEM authorities that the registry's certificate must come from; plain without."
    )
    registry_certificate: Path | None = setting(
        default=None, help="PEM certificate shown to the registry, with registry_key; read at the start."
    )
    registry_key: Path | None = setting(default=None, help="PEM key of that certificate.")
