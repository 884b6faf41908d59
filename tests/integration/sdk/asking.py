"""The same call of either client."""

import asyncio
from typing import Any

from asynctask import Client, blocking


async def ask(style: str, address: str, method: str, *arguments: Any, **options: Any) -> Any:
    """Call a method of a new client, `async` or `blocking`."""
    if style == "async":
        async with Client(address) as client:
            return await getattr(client, method)(*arguments, **options)
    with blocking.Client(address) as client:
        return await asyncio.to_thread(getattr(client, method), *arguments, **options)
