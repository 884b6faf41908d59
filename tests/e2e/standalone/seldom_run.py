"""A task type whose executor comes and goes, for the tests of what is said when nobody runs a task."""

from asynctask import Context, TaskType

seldom = TaskType("seldom")


@seldom.stage
async def run(ctx: Context[None]) -> str:
    return "at last"
