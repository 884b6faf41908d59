"""Connections to one store by its URL: a single server, behind Sentinel, or a cluster. No other module uses the driver.

    redis://[user:password@]host:port/0         rediss:// for TLS, unix:///path for a socket
    redis+sentinel://host1,host2:26379/name/0   the master that these Sentinels know as `name`
    redis+cluster://host1:7000,host2            any nodes of a cluster

The driver repeats no call by itself: a pop whose answer was lost must not be sent twice. A call that may be repeated is
sent once more at once, over a new connection: after a restart or fail-over every pooled connection fails once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final, Protocol, cast

import redis.exceptions as driver_errors
from redis.asyncio import Redis, RedisCluster, Sentinel
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from asynctask_chassis.logs import get_logger
from asynctask_core.errors import InternalError, StoreUnavailable
from asynctask_scheduler.queue.address import RedisAddress
from asynctask_scheduler.queue.gate import CallGate
from asynctask_scheduler.queue.refusals import said, write_refusal
from asynctask_scheduler.queue.scripts import Script

log = get_logger(__name__)

TIMEOUT_S: Final = 2.0
"""For a whole call: finding the master, connecting, the answer. Scripts take microseconds to milliseconds."""
CONNECT_TIMEOUT_S: Final = 1.0
SENTINEL_TIMEOUT_S: Final = 0.5
"""After this time the next Sentinel is asked."""
RETRY_AFTER_MS: Final = 500
CONNECTIONS: Final = 64
"""Concurrent calls: far more than the store needs, since it executes calls one by one. Further calls wait."""
LIVENESS_CONNECTIONS: Final = 8
"""How many of these are reserved for the calls in `LIVENESS`."""
LISTENING_CONNECTIONS: Final = 16
"""Connections for subscriptions, in addition: one for the feed, one for hints, and those being replaced."""
LIVENESS: Final = frozenset(
    {
        "renew", "touch", "open_session", "restore_session", "read_clock", "expire", "announce", "claim_duty",
        "shut_out_former", "store_state", "begin_rebuild", "finish_rebuild",
    }
)  # fmt: skip
"""Verbs that go first when calls wait: leases, executors and recovery depend on them."""

_FIRST_BACK_OFF_S: Final = 0.05
_LONGEST_BACK_OFF_S: Final = 1.0
_PING_EVERY_S: Final = 5.0

# Prefixes of errors that are temporary.
_PASSING: Final = (
    "LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "UNBLOCKED",
)  # fmt: skip
_GONE: Final = (
    driver_errors.ConnectionError,
    driver_errors.TimeoutError,
    driver_errors.ReadOnlyError,
    driver_errors.ClusterError,
    driver_errors.RedisClusterException,
    OSError,
    TimeoutError,
)

_FAILED: Final = (*_GONE, driver_errors.RedisError)

Argument = bytes | str | int | float


class _PubSub(Protocol):
    async def subscribe(self, *channels: bytes) -> None: ...
    async def get_message(self, ignore_subscribe_messages: bool, timeout: float) -> dict[str, Any] | None: ...
    async def ping(self) -> Any: ...
    async def aclose(self) -> None: ...


class RedisConnection:
    """Runs scripts and commands, and listens. Opens nothing before its first call; safe for concurrent calls."""

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._gate = CallGate(CONNECTIONS, reserved=LIVENESS_CONNECTIONS)
        address = RedisAddress.parse(url)
        options: dict[str, Any] = {
            "socket_connect_timeout": CONNECT_TIMEOUT_S,
            # `_call` bounds each call. With a time-out here, the driver would write inside a wait_for, which costs a
            # task per command and swallows cancellations (until Python 3.12, python/cpython#81839).
            "socket_timeout": None,
            "socket_keepalive": True,
            "decode_responses": False,
            "protocol": 2,
            "retry": Retry(NoBackoff(), 0),
            "max_connections": CONNECTIONS + LISTENING_CONNECTIONS,
        } | address.options
        self._sentinels: list[Any] = []
        self._client: Any
        if address.scheme == "sentinel":
            tls = {"ssl": True} if options.get("ssl") else {}
            plain = {name: options[name] for name in ("socket_connect_timeout", "protocol", "retry")} | tls
            plain |= {"socket_timeout": SENTINEL_TIMEOUT_S, "socket_connect_timeout": SENTINEL_TIMEOUT_S}
            sentinel = Sentinel(list(address.hosts), sentinel_kwargs=plain)
            self._sentinels = cast("list[Any]", cast(Any, sentinel).sentinels)
            self._client = cast(Any, sentinel).master_for(address.master, **options)
        elif address.scheme == "cluster":
            self._client = cast(Any, RedisCluster)(
                startup_nodes=[ClusterNode(*host) for host in address.hosts], **options
            )
        elif address.scheme == "unix":
            self._client = cast(Any, Redis)(**options)
        else:
            host, port = address.hosts[0]
            self._client = cast(Any, Redis)(host=host, port=port, **options)

    async def run(
        self,
        script: Script,
        keys: Sequence[bytes],
        arguments: Sequence[Argument] = (),
        *,
        repeatable: bool = True,
    ) -> Any:
        """Run a verb; loads it into the store if it is missing there.

        Args:
            repeatable: the verb may be run twice if the first answer is lost.

        Raises:
            StoreUnavailable: no answer in time; the step may have happened.
        """
        try:
            return await self._call(
                ("EVALSHA", script.sha, len(keys), *keys, *arguments), script.name, repeatable
            )
        except driver_errors.NoScriptError:
            return await self._call(
                ("EVAL", script.text, len(keys), *keys, *arguments), script.name, repeatable
            )

    async def command(self, *command: Argument) -> Any:
        """Run one Redis command that may be repeated. Raises as `run` does."""
        return await self._call(command, str(command[0]), True)

    async def listen(self, channels: Sequence[bytes]) -> AsyncGenerator[tuple[bytes, bytes]]:
        """Yield every (channel, message) published from now on; an empty pair whenever some may have been missed.

        The first pair is empty and comes once the subscription is active. Never ends by itself, even if the store
        fails.
        """
        failures = 0
        while True:
            pubsub = cast(_PubSub, self._client.pubsub())
            try:
                async with asyncio.timeout(self._timeout_s):
                    await pubsub.subscribe(*channels)
                    await pubsub.ping()
                    while (
                        await pubsub.get_message(ignore_subscribe_messages=True, timeout=self._timeout_s)
                        is None
                    ):
                        pass
                failures = 0
                yield b"", b""
                async for message in _messages(pubsub):
                    yield message
            except (*_GONE, driver_errors.RedisError) as error:
                failures += 1
                if failures == 1:
                    log.info("hints.lost", reason=f"{type(error).__name__}: {error}")
            finally:
                await _close(pubsub)
            await asyncio.sleep(min(_FIRST_BACK_OFF_S * 2 ** min(failures, 10), _LONGEST_BACK_OFF_S))

    async def close(self) -> None:
        """Close every connection."""
        for client in (self._client, *self._sentinels):
            try:
                await client.aclose()
            except (*_GONE, driver_errors.RedisError):
                pass

    async def _call(self, command: Sequence[Argument], name: str, repeatable: bool) -> Any:
        gate, urgent = self._gate, name in LIVENESS
        try:
            async with asyncio.timeout(self._timeout_s):
                if not gate.try_enter(urgent=urgent):
                    await gate.enter(urgent=urgent)
                try:
                    return await self._client.execute_command(*command)
                except _GONE as error:
                    if not repeatable or isinstance(error, (driver_errors.TimeoutError, TimeoutError)):
                        raise
                    await self._reconnect(error)
                    return await self._client.execute_command(*command)
                finally:
                    gate.leave()
        except driver_errors.NoScriptError:
            raise
        except _FAILED as error:
            raise _translated(error, name) from error

    async def try_write(self, key: bytes) -> str:
        """Why Redis refuses writes, as a clause for people; empty when it accepts them. `key` must not exist.

        Raises:
            StoreUnavailable: Redis does not answer.
        """
        try:
            # Changes nothing, yet passes every check that a write passes.
            await self._call(("SETRANGE", key, 0, ""), "SETRANGE", True)
        except StoreUnavailable as error:
            if refusal := write_refusal(error.__cause__ or error):
                return refusal
            raise
        return ""

    async def _reconnect(self, error: BaseException) -> None:
        """Drop idle connections to a server that became a replica: its name may resolve to the new master by now."""
        pool = getattr(self._client, "connection_pool", None)
        if isinstance(error, driver_errors.ReadOnlyError) and pool is not None:
            await pool.disconnect(inuse_connections=False)


def _translated(error: BaseException, name: str) -> Exception:
    if refusal := write_refusal(error):
        return StoreUnavailable(f"Redis refuses writes: {refusal}", retry_after_ms=RETRY_AFTER_MS)
    if isinstance(error, TimeoutError | driver_errors.TimeoutError):
        return StoreUnavailable(f"Redis did not answer {name} in time", retry_after_ms=RETRY_AFTER_MS)
    if isinstance(error, _GONE):
        text = f"Redis did not answer {name}: {type(error).__name__}: {error}".rstrip(": ")
        return StoreUnavailable(text, retry_after_ms=RETRY_AFTER_MS)
    if str(error).startswith(_PASSING):
        return StoreUnavailable(
            f"Redis cannot serve {name} now: {said(error)}", retry_after_ms=RETRY_AFTER_MS
        )
    return InternalError(f"Redis refused {name}: {error}")


async def _messages(pubsub: _PubSub) -> AsyncGenerator[tuple[bytes, bytes]]:
    """Yield messages until the connection fails. PINGs a silent connection, since its peer may be dead."""
    asked = False
    while True:
        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=_PING_EVERY_S)
        if message is None:
            if asked:
                raise driver_errors.ConnectionError("no answer to PING")
            await pubsub.ping()
            asked = True
            continue
        asked = False
        if message["type"] == "message":
            yield message["channel"], message["data"]


async def _close(pubsub: _PubSub) -> None:
    try:
        await pubsub.aclose()
    except (*_GONE, driver_errors.RedisError):
        pass
