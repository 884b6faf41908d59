"""Turns the options of `asynctask up` into parts: their addresses, settings, log files and pid files."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from asynctask_standalone.supervisor.folder import PORTS, DataFolder
from asynctask_standalone.supervisor.keeper import Witness
from asynctask_standalone.supervisor.logfile import LogFile
from asynctask_standalone.supervisor.notices import SupervisorNotice
from asynctask_standalone.supervisor.part import SupervisedPart
from asynctask_standalone.supervisor.ports import (
    AddressTaken,
    PortBook,
    any_free,
    is_free,
    reached_here,
    split_address,
)
from asynctask_standalone.supervisor.processes import PidFile
from asynctask_standalone.supervisor.program import Program
from asynctask_standalone.supervisor.settings_check import check_settings
from asynctask_standalone.supervisor.store import postgres_part, redis_part

LOOPBACK = "127.0.0.1"
_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
GRACE = "6s"
"""Longest drain of our services: on one machine people wait for the prompt. Calls in progress get a quarter of it."""

Echo = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """The options of `asynctask up`."""

    data: Path
    address: str = "127.0.0.1:7600"
    """Where the scheduler listens; port 0 takes any free port."""
    registry_address: str = "127.0.0.1:0"
    """Where the registry listens; port 0 takes the port of the last start, or any free one."""
    gateway_address: str | None = None
    """Where the gateway listens; port 0 takes the port of the last start, or any free one. None leaves it out."""
    postgres_url: str | None = None
    """The user's own Postgres instead of the embedded one."""
    redis_url: str | None = None
    """The user's own Redis instead of the embedded one."""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    """More settings for the services, as in their environment."""


class ClusterPlan:
    """Turns the options into parts with addresses, settings, log files and pid files."""

    def __init__(
        self, folder: DataFolder, options: ClusterOptions, witness: Witness, echo: Echo | None
    ) -> None:
        self._folder = folder
        self._options = options
        self._witness = witness
        self._echo = echo
        self._ports = PortBook(folder.path / PORTS)
        self._logs: dict[str, LogFile] = {}
        self._option_of: dict[str, str] = {}
        """Which option gave an address, by the address."""
        self.address = self._free_address("--address", options.address, "scheduler")
        self.registry_address = self._free_address("--registry-address", options.registry_address, "registry")
        self._gateway_address = options.gateway_address and self._free_address(
            "--gateway-address", options.gateway_address, "gateway"
        )
        self._actor_secret = secrets.token_urlsafe(24)

    def __enter__(self) -> ClusterPlan:
        return self

    def __exit__(self, *_: object) -> None:
        for log in self._logs.values():
            log.close()

    def postgres(self) -> SupervisedPart:
        echo = self._echo_of("postgres")
        return postgres_part(self._folder.postgres, self._ports, self._folder.logs, echo)

    def redis(self) -> SupervisedPart:
        return redis_part(self._folder.redis, self._ports, self._folder.logs, self._echo_of("redis"))

    def registry(self, postgres_url: str) -> SupervisedPart:
        return self._program("registry", self.registry_settings(postgres_url))

    def checked_gateway_url(self) -> str:
        """Find mistakes in the settings of the services, before the addresses of their stores are known.

        Gives the address of REST and console in a browser; empty without the gateway.
        """
        registry = self.registry_settings(self._options.postgres_url or "postgresql://localhost/asynctask")
        scheduler = self._scheduler_settings(self._options.redis_url or "redis://localhost/0")
        gateway = check_settings(registry, scheduler, self._gateway_settings())
        if gateway is None:
            return ""
        from asynctask_gateway.own_addresses import base_path_of

        scheme = "https" if gateway.tls_certificate else "http"
        return f"{scheme}://{reached_here(gateway.address)}{base_path_of(gateway.base_path)}"

    def scheduler(self, redis_url: str) -> SupervisedPart:
        return self._program("scheduler", self._scheduler_settings(redis_url))

    def _scheduler_settings(self, redis_url: str) -> Mapping[str, str]:
        own = {"ADDRESS": self.address, "REDIS_URL": redis_url, "REGISTRY_ADDRESS": self.registry_address}
        # Programs on this machine belong to one person, unless others reach it through its address.
        here = str(split_address(self.address)[0] in _LOOPBACK_HOSTS).lower()
        own["ACTOR_ON_LOOPBACK"] = os.environ.get("ASYNCTASK_SCHEDULER_ACTOR_ON_LOOPBACK") or here
        own |= self._actor_claim()
        if not self._options.redis_url:
            own["REDIS_FOLDER"] = str(self._folder.redis)
        return self._settings("SCHEDULER", own)

    def gateway(self) -> SupervisedPart | None:
        settings = self._gateway_settings()
        return self._program("gateway", settings) if settings else None

    def _gateway_settings(self) -> Mapping[str, str]:
        """Empty without the gateway."""
        if not self._gateway_address:
            return {}
        here = reached_here(self.address)
        own = {"ADDRESS": self._gateway_address}
        for name in ("SCHEDULER_ADDRESS", "CLI_ADDRESS"):
            own[name] = os.environ.get(f"ASYNCTASK_GATEWAY_{name}") or here
        own |= self._actor_claim()
        if os.environ.get("ASYNCTASK_SCHEDULER_TLS_CERTIFICATE"):
            # The gateway is a client: unless its own settings say more, it has the files of all clients.
            for name in ("AUTHORITIES", "CERTIFICATE", "KEY"):
                asked = os.environ.get(f"ASYNCTASK_GATEWAY_SCHEDULER_{name}")
                if file := asked or os.environ.get(f"ASYNCTASK_TLS_{name}"):
                    own[f"SCHEDULER_{name}"] = file
        return self._settings("GATEWAY", own)

    def _actor_claim(self) -> Mapping[str, str]:
        """The secret by which the scheduler believes who gives a command through the gateway, on any address."""
        for name in ("ACTOR_SECRET", "ACTOR_SECRET_FILE"):
            if asked := os.environ.get(f"ASYNCTASK_SCHEDULER_{name}"):
                return {name: asked}
        return {"ACTOR_SECRET": self._actor_secret}

    def registry_settings(self, postgres_url: str) -> Mapping[str, str]:
        own = {"ADDRESS": self.registry_address, "POSTGRES_URL": postgres_url}
        if not self._options.postgres_url:
            own["POSTGRES_FOLDER"] = str(self._folder.postgres)
        return self._settings("REGISTRY", own)

    def log(self, name: str) -> LogFile:
        if name not in self._logs:
            self._logs[name] = LogFile(self._folder.logs / f"{name}.log", echo=self._echo_of(name))
        return self._logs[name]

    def _echo_of(self, name: str) -> Callable[[bytes], None] | None:
        return partial(self._echo, name) if self._echo else None

    def _program(self, name: str, settings: Mapping[str, str]) -> Program:
        def told(notice: SupervisorNotice) -> None:
            self._witness.noticed(name, notice.text, is_well=notice.is_well)

        return Program(
            name,
            f"asynctask_{name}",
            settings,
            log=self.log(name),
            pid_file=self._pid_file(name),
            notice=told,
        )

    def _settings(self, service: str, own: Mapping[str, str]) -> Mapping[str, str]:
        # A fixed port for the metrics, so that a scraper finds them again after the service restarts.
        metrics = f"{LOOPBACK}:{self._ports.port(f'{service.lower()} metrics', LOOPBACK)}"
        common = {"METRICS_ADDRESS": metrics, "GRACE_PERIOD": GRACE, "LOG_FORMAT": "json"}
        asked = {name: value for name in common if (value := os.environ.get(f"ASYNCTASK_{service}_{name}"))}
        named = {f"ASYNCTASK_{service}_{name}": value for name, value in {**common, **asked, **own}.items()}
        return {**named, **self._options.settings}

    def _pid_file(self, name: str) -> PidFile:
        return PidFile(self._folder.pids / f"{name}.json")

    def _free_address(self, option: str, address: str, name: str) -> str:
        try:
            host, port = split_address(address)
            if port == 0:
                port, is_taken = self._ports.port(name, host), False
            else:
                is_taken = not is_free(host, port)
        except ValueError as error:
            raise ValueError(f"{option}: {error}") from None
        if is_taken:
            raise AddressTaken(
                f"{address} is taken by another program, perhaps another `asynctask up`. "
                f"Stop that, or take another address: {option} {host}:{any_free(host)}"
            )
        found = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        other = self._option_of.setdefault(reached_here(found), option)
        if other != option:
            raise ValueError(f"{option}: must be another address than that of {other}; got {found} for both")
        return found
