"""A task type whose handler ends its executor at once, as a bug in a library may."""

import os
import signal

from asynctask import Context, TaskType

deadly = TaskType("deadly")


@deadly.stage
async def run(ctx: Context[None]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
