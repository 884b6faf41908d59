"""The queue with the verbs of all its parts in one object, for tests that use many of them."""

from __future__ import annotations

from typing import Any, Protocol

from asynctask_scheduler.queue.answers import CellOptions
from asynctask_scheduler.queue.connection import RedisConnection
from asynctask_scheduler.queue.keys import Keys
from asynctask_scheduler.queue.port import ExecutorSessions, Queue, QueueUpkeep, StoreRepair, TaskLeases
from asynctask_scheduler.queue.redis_executors import RedisExecutors
from asynctask_scheduler.queue.redis_queue import RedisQueue
from asynctask_scheduler.queue.redis_repair import RedisRepair
from asynctask_scheduler.queue.redis_tasks import RedisTasks
from asynctask_scheduler.queue.redis_upkeep import RedisUpkeep


class WholeQueue(Queue, TaskLeases, ExecutorSessions, QueueUpkeep, StoreRepair, Protocol):
    """`Queue`, and every part of it in one."""

    async def close(self) -> None:
        """Give every connection back."""
        ...


class WholeRedisQueue(RedisTasks, RedisExecutors, RedisUpkeep, RedisRepair, RedisQueue):
    """`WholeQueue` on Redis."""

    tasks: Any
    executors: Any
    upkeep: Any
    repair: Any

    def __init__(self, connection: RedisConnection, keys: Keys, options: CellOptions) -> None:
        RedisUpkeep.__init__(self, connection, keys, options)
        self.tasks = self.executors = self.upkeep = self.repair = self
