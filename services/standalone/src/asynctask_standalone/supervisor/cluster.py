"""The whole cluster on one machine: its parts start one after the other, and stop in the reverse order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from asynctask._supervision import supervised
from asynctask_standalone.stores.abandoned import in_daemon_thread
from asynctask_standalone.supervisor.folder import DataFolder
from asynctask_standalone.supervisor.keeper import Witness, keep, start
from asynctask_standalone.supervisor.leftovers import stop_leftovers
from asynctask_standalone.supervisor.migration import migrate
from asynctask_standalone.supervisor.part import StartFailed, SupervisedPart
from asynctask_standalone.supervisor.plan import LOOPBACK, ClusterOptions, ClusterPlan, Echo
from asynctask_standalone.supervisor.ports import addresses_of, somebody_answers
from asynctask_standalone.supervisor.program import Program
from asynctask_standalone.supervisor.telling import LenientWitness, lenient


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
        self.gateway_url = ""
        """Where REST and the console are; empty without the gateway."""
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
        plan = stack.enter_context(ClusterPlan(folder, self._options, self._witness, self._echo))
        self.address, self.registry_address = plan.address, plan.registry_address
        self.gateway_url = await in_daemon_thread("check of settings", plan.checked_gateway_url)
        # One after the other: Postgres takes most of the time, and the stack then stops them in the reverse order.
        if not self.postgres_url:
            self.postgres_url = await stack.enter_async_context(self._kept(plan.postgres()))
        if not self.redis_url:
            self.redis_url = await stack.enter_async_context(self._kept(plan.redis()))
        await migrate(plan.registry_settings(self.postgres_url), plan.log("registry"))
        await stack.enter_async_context(self._kept(plan.registry(self.postgres_url)))
        await stack.enter_async_context(self._kept(plan.scheduler(self.redis_url)))
        if gateway := plan.gateway():
            await stack.enter_async_context(self._kept(gateway))

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
