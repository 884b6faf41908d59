"""Following up an order: plain functions in threads, one in a process of its own, and errors that say what they mean.

Submit it with a delay, so that the customer is asked some days after the delivery:

    client.submit(follow_up, Order("A-17", "a@example.org"), delay="3d", request_id="follow-up A-17")
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

import asynctask
from asynctask import ThreadContext


@dataclass
class Order:
    number: str
    email: str
    items: list[str] = field(default_factory=list[str])


@dataclass
class Delivery:
    number: str
    delivered_at: datetime


@dataclass
class Mail:
    to: str
    text: str


follow_up = asynctask.TaskType(
    "order_follow_up",
    config=Order,
    queue="orders",
    max_running=20,  # in the whole cell, whatever the number of executors
    retry=asynctask.Retry(max_attempts=8, initial_delay="1m", max_delay="6h"),
    description="Asks the customer how it was",
    title="order {number}",
)


@follow_up.stage
def look_up(ctx: ThreadContext[Order], order: Order) -> Delivery:
    """A plain function runs in a thread of its own: blocking calls are fine."""
    if "@" not in order.email:
        raise asynctask.Fail(f"order {order.number} has no mail address")  # no retry can help
    if random.random() < 0.2:
        raise asynctask.RetryLater("the shop's database is busy", after="30s")
    return Delivery(order.number, datetime.now(UTC))


@follow_up.stage(process=True, timeout="2m")
def compose(ctx: ThreadContext[Order], delivery: Delivery) -> Mail:
    """In a process of its own: heavy computing blocks nobody, and a cancel can kill it."""
    ctx.progress(1, 2, unit="steps", message="writing")
    return Mail(
        ctx.config.email, f"How was order {delivery.number}, delivered {delivery.delivered_at:%d %B}?"
    )


@follow_up.stage
def send(ctx: ThreadContext[Order], mail: Mail) -> str:
    # The same for every attempt: a mail service that knows it sends the mail once.
    key = f"follow-up {ctx.task_id}"
    ctx.log.info("to %s (%s): %s", mail.to, key, mail.text)
    return key


if __name__ == "__main__":
    asynctask.Executor([follow_up], queues=["orders"]).run()
