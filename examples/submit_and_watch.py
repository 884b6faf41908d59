"""A client: submits a task, follows it, pauses and resumes it on the way, and reads its log.

    python examples/submit_and_watch.py FOLDER

An executor for `checksums` must be running: `python examples/checksums.py`.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import asynctask
from asynctask import TaskState
from asynctask.errors import WrongState


async def main(folder: Path) -> None:
    async with asynctask.Client() as client:
        task_id = await client.submit("checksums", {"folder": str(folder)}, labels={"from": "an example"})
        print(f"submitted {task_id}")
        paused = False
        async for task in client.watch(task_id):
            print(f"{task.state:10} {task.stage:12} {task.percent:5.1f} %  {_progress(task)}")
            if task.state is TaskState.RUNNING and task.percent > 30 and not paused:
                paused = True
                with suppress(WrongState):  # it may have ended meanwhile
                    await client.pause(task_id, reason="to show it")
            elif task.state is TaskState.PAUSED:
                await client.resume(task_id)
        task = (await client.get(task_id)).raise_for_failure()
        print(f"result: {task.result}")
        print("attempts:", ", ".join(str(attempt.result) for attempt in await client.attempts(task_id)))
        async for line in client.logs(task_id):
            print(f"{line.time:%H:%M:%S} {line.level:7} {line.message}")
            if line.sequence >= 5:
                break


def _progress(task: asynctask.TaskInfo) -> str:
    stage = task.progress
    if stage is None:
        return ""
    total = f" of {stage.total:,.0f}" if stage.total else ""  # a stage that still counts does not know it
    return f"{stage.done:,.0f}{total} {stage.unit}"


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/doc")))
