"""The whole cluster on one machine: which parts, in which order they start and stop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from asynctask._supervision import supervised
from asynctask_standalone.stores.abandoned import in_daemon_thread
from asynctask_standalone.supervisor.folder import PORTS, DataFolder
from asynctask_standalone.supervisor.keeper import Witness, keep, start
from asynctask_standalone.supervisor.leftovers import stop_leftovers
from asynctask_standalone.supervisor.logfile import LogFile
from asynctask_standalone.supervisor.migration import migrate
from asynctask_standalone.supervisor.notices import SupervisorNotice
from asynctask_standalone.supervisor.part import StartFailed, SupervisedPart
from asynctask_standalone.supervisor.ports import (
    AddressTaken,
    PortBook,
    addresses_of,
    any_free,
    is_free,
    somebody_answers,
    split_address,
)
from asynctask_standalone.supervisor.processes import PidFile
from asynctask_standalone.supervisor.program import Program
from asynctask_standalone.supervisor.settings_check import check_settings
from asynctask_standalone.supervisor.store import postgres_part, redis_part
from asynctask_standalone.supervisor.telling import LenientWitness, lenient

LOOPBACK = "127.0.0.1"
_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
DEFAULT_ADDRESS = "127.0.0.1:7600"
GRACE = "6s"
"""Longest drain of our services: on one machine people wait for the prompt. Calls in progress get a quarter of it."""

Echo = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """The options of `asynctask up`."""

    data: Path
    address: str = DEFAULT_ADDRESS
    """Where the scheduler listens; port 0 takes any free port."""
    registry_address: str = "127.0.0.1:0"
    """Where the registry listens; port 0 takes the port of the last start, or any free one."""
    postgres_url: str | None = None
    """The user's own Postgres instead of the embedded one."""
    redis_url: str | None = None
    """The user's own Redis instead of the embedded one."""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    """More settings for the services, as in their environment."""


class Cluster:
    """Everything of one data folder, kept running inside `async with`, and stopped in the reverse order.

    Children that a killed supervisor of the same folder left behind are stopped first. The addresses do not change
    while it runs.

    Raises:
        FolderInUse: another supervisor runs with the folder.
        AddressTaken: another program listens on an address that was asked for.
        StartFailed: a part did not start; all parts that were started are stopped again.
        ValueError: an address or a URL is malformed.
    """

    def __init__(self, options: ClusterOptions, witness: Witness, *, echo: Echo | None = None) -> None:
        self.address = options.address
        self.registry_address = options.registry_address
        self.postgres_url = options.postgres_url or ""
        self.redis_url = options.redis_url or ""
        self._options = options
        self._witness = LenientWitness(witness)
        self._echo = lenient(echo) if echo else None
        self._parts: list[SupervisedPart] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()

    def pids(self) -> dict[str, int]:
        """The processes that run at this moment."""
        return {part.name: pid for part in self._parts if (pid := part.pid)}

    def metrics(self) -> dict[str, str]:
        """Where each service serves its metrics."""
        programs = [part for part in self._parts if isinstance(part, Program) and part.metrics_port]
        return {part.name: f"http://{LOOPBACK}:{part.metrics_port}/metrics" for part in programs}

    async def failed(self) -> None:
        """Wait until the supervision itself fails, which would be a bug, and raise its error."""
        done, _ = await asyncio.wait(self._keepers, return_when=asyncio.FIRST_COMPLETED)
        for keeper in done:
            keeper.result()

    def kill(self) -> None:
        """End every process at once: for a second Ctrl-C."""
        for part in self._parts:
            part.kill()

    async def abandon(self) -> None:
        """End every process at once, and start none again: for a folder that will be deleted."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.wait(self._keepers)
        self.kill()

    async def __aenter__(self) -> Cluster:
        async with AsyncExitStack() as stack:
            await self._start(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _start(self, stack: AsyncExitStack) -> None:
        folder = DataFolder(self._options.data)
        stack.enter_context(folder.locked())
        # In daemon threads, so that a cancelled start waits for neither: both may take seconds, and can stop anywhere.
        await in_daemon_thread("check of given stores", lambda: _check_given(self._options))
        await in_daemon_thread("stop of leftovers", lambda: stop_leftovers(folder))
        plan = stack.enter_context(_ClusterPlan(folder, self._options, self._witness, self._echo))
        self.address, self.registry_address = plan.address, plan.registry_address
        await in_daemon_thread("check of settings", plan.check_settings)
        # One after the other: Postgres takes most of the time, and the stack then stops them in the reverse order.
        if not self.postgres_url:
            self.postgres_url = await stack.enter_async_context(self._kept(plan.postgres()))
        if not self.redis_url:
            self.redis_url = await stack.enter_async_context(self._kept(plan.redis()))
        await migrate(plan.registry_settings(self.postgres_url), plan.log("registry"))
        await stack.enter_async_context(self._kept(plan.registry(self.postgres_url)))
        await stack.enter_async_context(self._kept(plan.scheduler(self.redis_url)))

    @asynccontextmanager
    async def _kept(self, part: SupervisedPart) -> AsyncIterator[str]:
        self._parts.append(part)
        address = await start(part, self._witness)
        keeper = supervised(
            asyncio.create_task(keep(part, self._witness), name=f"keep {part.name}"), "the keeper of a part"
        )
        self._keepers.append(keeper)
        try:
            yield address
        finally:
            # The keeper first: it would start the part again.
            keeper.cancel()
            await asyncio.wait([keeper])
            self._witness.stopping(part.name)
            await part.stop()


def _check_given(options: ClusterOptions) -> None:
    """Fail at once if the user's own store does not answer; a service would wait for it.

    Raises:
        ValueError: a URL is not one of such a store.
        StartFailed: nothing answers there.
    """
    given = (
        ("--postgres-url", options.postgres_url, 5432, _check_postgres_url),
        ("--redis-url", options.redis_url, 6379, _check_redis_url),
    )
    for name, url, default_port, check in given:
        if not url:
            continue
        try:
            check(url)
            addresses = addresses_of(url, default_port)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if addresses and not somebody_answers(addresses):
            places = ", ".join(f"{host}:{port}" for host, port in addresses)
            raise StartFailed(f"nothing answers at {places}, which {name} names")


def _check_postgres_url(url: str) -> None:
    scheme = urlsplit(url).scheme
    if scheme not in ("postgresql", "postgres"):
        what = f"not with {scheme!r}" if scheme else "and this one names no scheme"
        raise ValueError(f"a Postgres URL begins with postgresql://, {what}")


def _check_redis_url(url: str) -> None:
    # Imported only now, since it loads the driver.
    from asynctask_scheduler.queue.address import RedisAddress

    RedisAddress.parse(url)


class _ClusterPlan:
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
        self.address = self._free_address("--address", options.address, "scheduler")
        self.registry_address = self._free_address("--registry-address", options.registry_address, "registry")

    def __enter__(self) -> _ClusterPlan:
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

    def check_settings(self) -> None:
        """Find mistakes in the settings of the services, before the addresses of their stores are known."""
        registry = self.registry_settings(self._options.postgres_url or "postgresql://localhost/asynctask")
        check_settings(registry, self._scheduler_settings(self._options.redis_url or "redis://localhost/0"))

    def scheduler(self, redis_url: str) -> SupervisedPart:
        return self._program("scheduler", self._scheduler_settings(redis_url))

    def _scheduler_settings(self, redis_url: str) -> Mapping[str, str]:
        own = {"ADDRESS": self.address, "REDIS_URL": redis_url, "REGISTRY_ADDRESS": self.registry_address}
        # Programs on this machine belong to one person, unless others reach it through its address.
        here = str(split_address(self.address)[0] in _LOOPBACK_HOSTS).lower()
        own["ACTOR_ON_LOOPBACK"] = os.environ.get("ASYNCTASK_SCHEDULER_ACTOR_ON_LOOPBACK") or here
        if not self._options.redis_url:
            own["REDIS_FOLDER"] = str(self._folder.redis)
        return self._settings("SCHEDULER", own)

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
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
