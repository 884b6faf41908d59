"""Dedicated connections to Postgres, and work done on them within a deadline.

A pool keeps `size` connections open: it resets nothing between two pieces of work, so every statement is prepared once
per connection, and an idle pool sends nothing. Each connection has a keeper that opens it again, with back-off.

`Pool.run(work)` runs `work(connection)` on one connection, again after a deadlock or serialization failure, and always
ends within the deadline: with the result, with what Postgres refused, with STORE_UNAVAILABLE if nothing was committed,
or with OUTCOME_UNKNOWN if that cannot be known.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Final, Self, TypeVar

import asyncpg

from asynctask_chassis.logs import get_logger
from asynctask_chassis.supervision import strays_fail, supervised
from asynctask_core.errors import StoreUnavailable
from asynctask_registry.store import codecs, faults
from asynctask_registry.store.statements import QUERIES

log = get_logger(__name__)

T = TypeVar("T")

FIRST_BACK_OFF_S: Final = 0.05
# Short on purpose: after an outage of Postgres the registry should reconnect at once.
LONGEST_BACK_OFF_S: Final = 1.0
CONFLICT_TRIES: Final = 8

Row = asyncpg.Record
"""A row of an answer, its columns by name."""

Observe = Callable[[str, float], None]
"""Called with the name of each statement and the seconds it took."""

ObserveRefusal = Callable[[str], None]
"""Called with the cause when Postgres refused to write, as a clause for people."""


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """How a pool connects. `server_settings` are set on each connection, beside the time-outs."""

    url: str
    name: str
    size: int
    deadline: timedelta = timedelta(seconds=5)
    statement_timeout: timedelta = timedelta(seconds=4)
    lock_timeout: timedelta = timedelta(seconds=3)
    server_settings: Mapping[str, str] = field(default_factory=dict[str, str])


# Hot statements join arrays with the rows that the arrays name. Plans must not depend on statistics: Postgres keeps a
# generic plan that it made while partitions were empty. With these settings it can only choose an index scan of exactly
# those rows, in the order of the index, hashed against the array: linear in the batch, with locks in the order of ids.
HOT: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_nestloop": "off",
    "enable_mergejoin": "off",
}
# Reads have optional conditions, which only a custom plan can remove. Pages must follow the index that has their order:
# a plan that sorts reads all rows first, even where statistics say that these are few.
READS: Final = {
    "plan_cache_mode": "force_custom_plan",
    "default_transaction_read_only": "on",
    "enable_sort": "off",
}


class StoreConnection:
    """One connection while it does one piece of work."""

    __slots__ = ("_connection", "_in_transaction", "_observe", "_observe_refusal", "may_have_committed")

    def __init__(
        self,
        connection: asyncpg.Connection,
        observe: Observe | None,
        observe_refusal: ObserveRefusal | None = None,
    ) -> None:
        self._connection = connection
        self._observe = observe
        self._observe_refusal = observe_refusal
        self._in_transaction = False
        self.may_have_committed = False
        """True while a statement that commits is on its way."""

    async def fetch(self, name: str, /, **values: object) -> list[asyncpg.Record]:
        """Run `sql/queries/{name}.sql` with its parameters by name; outside a transaction it commits by itself.

        Raises:
            ContentRefused, Conflict, StoreUnavailable, OutcomeUnknown, StoreFault: see `faults`.
        """
        statement = QUERIES[name]
        arguments = statement.bind(values)
        started = time.perf_counter()
        if not self._in_transaction:
            self.may_have_committed = statement.writes
        try:
            rows = await self._connection.fetch(statement.text, *arguments)
        except Exception as error:
            raise self._translated(error) from error
        if not self._in_transaction:
            self.may_have_committed = False
        if self._observe is not None:
            self._observe(name, time.perf_counter() - started)
        return rows

    def give_up(self) -> None:
        """Close the connection after this work: a new one may reach another server, or get other settings."""
        self._connection.terminate()

    @contextlib.asynccontextmanager
    async def transaction(self, *, one_snapshot: bool = False) -> AsyncIterator[None]:
        """Commit what the block did; roll all of it back if the block raises.

        With `one_snapshot` all its statements see the same state, and a row that others changed since is a Conflict.
        """
        await self._command("BEGIN ISOLATION LEVEL REPEATABLE READ" if one_snapshot else "BEGIN")
        self._in_transaction = True
        try:
            yield
        except Exception:
            self._in_transaction = False
            if not self._connection.is_closed():
                await self._command("ROLLBACK")
            raise
        self._in_transaction = False
        self.may_have_committed = True
        await self._command("COMMIT")
        self.may_have_committed = False

    async def _command(self, text: str) -> None:
        try:
            await self._connection.execute(text)
        except Exception as error:
            raise self._translated(error) from error

    def _translated(self, error: Exception) -> Exception:
        translated = faults.translate(error, may_have_committed=self.may_have_committed)
        if faults.is_dead(error):
            self._connection.terminate()
        if self._observe_refusal is not None and (refusal := faults.write_refusal(error)):
            self._observe_refusal(refusal)
        return translated


class Pool:
    """`size` connections; enter it to open them, leave it to close them."""

    def __init__(
        self,
        options: PoolOptions,
        observe: Observe | None = None,
        observe_refusal: ObserveRefusal | None = None,
    ) -> None:
        self._options = options
        self._observe = observe
        self._observe_refusal = observe_refusal
        self._idle: deque[asyncpg.Connection] = deque()
        self._open = 0
        self._changed = asyncio.Condition()
        self._keepers: list[asyncio.Task[None]] = []
        self._last_fault = "not connected yet"
        self._is_away = False  # whether the log has this outage already

    @property
    def size(self) -> int:
        """Connections that the pool keeps open while Postgres answers."""
        return self._options.size

    @property
    def deadline(self) -> timedelta:
        """How long work may take if `run` gets no other deadline."""
        return self._options.deadline

    @property
    def is_connected(self) -> bool:
        """True while at least one connection is open."""
        return self._open > 0

    async def run(
        self, work: Callable[[StoreConnection], Awaitable[T]], *, deadline: timedelta | None = None
    ) -> T:
        """Do `work` on one connection; it is repeated after a conflict, so it must keep no state.

        Raises:
            ContentRefused: Postgres refuses the content.
            StoreUnavailable: nothing was committed; try again later.
            OutcomeUnknown: it may have been committed.
        """
        limit = (deadline or self._options.deadline).total_seconds()
        sessions: list[StoreConnection] = []
        try:
            async with asyncio.timeout(limit):
                for attempt in range(CONFLICT_TRIES):
                    try:
                        return await self._run_once(work, sessions)
                    except faults.Conflict as conflict:
                        log.info("transaction.repeated", reason=str(conflict), tries=attempt + 1)
                    await asyncio.sleep(random.random() * 0.005 * 2**attempt)
                raise StoreUnavailable(
                    f"gave up after {CONFLICT_TRIES} conflicts with other transactions", retry_after_ms=100
                )
        except TimeoutError as error:
            raise faults.translate(
                error, may_have_committed=any(session.may_have_committed for session in sessions)
            ) from error

    async def _run_once(
        self, work: Callable[[StoreConnection], Awaitable[T]], sessions: list[StoreConnection]
    ) -> T:
        connection = await self._take()
        session = StoreConnection(connection, self._observe, self._observe_refusal)
        sessions[:] = [session]
        try:
            return await work(session)
        except asyncio.CancelledError:
            # Its state is unknown now; opening a new connection is cheaper than finding out.
            connection.terminate()
            raise
        finally:
            if not connection.is_closed():
                self._idle.append(connection)
            async with self._changed:
                self._changed.notify()

    async def _take(self) -> asyncpg.Connection:
        async with self._changed:
            while True:
                while self._idle:
                    # The one used last: its caches are warm.
                    connection = self._idle.pop()
                    if not connection.is_closed():
                        return connection
                if not self._open:
                    break
                try:
                    await self._changed.wait()
                except asyncio.CancelledError:
                    # This waiter may just have been notified of a connection: wake another one, since Python before
                    # 3.13 does not (https://github.com/python/cpython/issues/112202).
                    self._changed.notify()
                    raise
        raise StoreUnavailable(f"Postgres is away ({self._last_fault})", retry_after_ms=faults.RETRY_AFTER_MS)

    async def connected(self) -> None:
        """Wait until at least one connection is open."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._open)

    async def __aenter__(self) -> Self:
        for number in range(self._options.size):
            name = f"{self._options.name}-{number}"
            self._keepers.append(supervised(asyncio.create_task(self._keep(), name=name), "pool.keeper"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._last_fault = "the pool is closed"
        async with self._changed:
            self._changed.notify_all()

    async def _keep(self) -> None:
        """Keep one connection open until cancelled."""
        failures = 0
        while True:
            lost = asyncio.Event()
            try:
                with strays_fail():
                    connection = await self._connect(lost)
            except Exception as error:  # noqa: BLE001 - the keeper tries again after any error
                failures += 1
                self._last_fault = f"{type(error).__name__}: {error}"
                if not self._is_away and not self._open:
                    self._is_away = True
                    log.warning("postgres.connect_failed", pool=self._options.name, reason=self._last_fault)
                longest = min(FIRST_BACK_OFF_S * 2 ** min(failures, 10), LONGEST_BACK_OFF_S)
                await asyncio.sleep(longest * (0.5 + 0.5 * random.random()))
                continue
            failures = 0
            if self._is_away:
                self._is_away = False
                log.info("postgres.reconnected", pool=self._options.name)
            try:
                await self._offer(connection, lost)
            finally:
                connection.terminate()

    async def _offer(self, connection: asyncpg.Connection, lost: asyncio.Event) -> None:
        """Let the connection be used until it is lost."""
        self._open += 1
        self._idle.append(connection)
        try:
            async with self._changed:
                self._changed.notify_all()
            await lost.wait()
            self._last_fault = "the connection was lost"
        finally:
            self._open -= 1
            with contextlib.suppress(ValueError):
                self._idle.remove(connection)
        async with self._changed:
            self._changed.notify_all()

    async def _connect(self, lost: asyncio.Event) -> asyncpg.Connection:
        """Open a connection and make it ready, all of it within the deadline.

        A server or a pooler that accepts and then never answers would block the keeper for ever.
        """
        limit = self._options.deadline.total_seconds()
        try:
            async with asyncio.timeout(limit):
                return await self._open_ready(lost)
        except TimeoutError:
            raise TimeoutError(f"no connection was ready within {limit:g} s") from None

    async def _open_ready(self, lost: asyncio.Event) -> asyncpg.Connection:
        options = self._options
        connection = await asyncpg.connect(
            options.url,
            timeout=options.deadline.total_seconds(),
            # Statements are few, and each is prepared once.
            statement_cache_size=256,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings={
                "application_name": options.name,
                "jit": "off",
                "statement_timeout": _ms(options.statement_timeout),
                "lock_timeout": _ms(options.lock_timeout),
                "idle_in_transaction_session_timeout": _ms(options.deadline * 2),
                **options.server_settings,
            },
        )
        try:
            connection.add_termination_listener(lambda _connection: lost.set())
            await codecs.install(connection)
            # Answers promise durability, even if the default of the server does not.
            await connection.execute(
                "SELECT set_config('synchronous_commit', 'on', false) "
                "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
            )
        except BaseException:
            connection.terminate()
            raise
        return connection


def _ms(duration: timedelta) -> str:
    return str(duration // timedelta(milliseconds=1))
