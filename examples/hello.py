"""The smallest task type with two stages. Run it: it is an executor; see README.md for how to submit."""

import asyncio
from dataclasses import dataclass

import asynctask
from asynctask import Context


@dataclass
class Greeting:
    """The config: what a submit says. Its JSON Schema is derived from it and checked at submit."""

    name: str
    times: int = 3
    pause_s: float = 1


@dataclass
class Words:
    """What the first stage hands to the second: stored in between, so the first never runs again."""

    lines: list[str]


hello = asynctask.TaskType("hello", config=Greeting, description="Says hello, slowly")


@hello.stage
async def compose(ctx: Context[Greeting], config: Greeting) -> Words:
    return Words([f"Hello, {config.name}!"] * config.times)


@hello.stage(weight=9)
async def speak(ctx: Context[Greeting], words: Words) -> int:
    spoken = ctx.last_checkpoint or 0  # where an earlier attempt came to, if there was one
    while spoken < len(words.lines):
        ctx.log.info("%s", words.lines[spoken])
        await asyncio.sleep(ctx.config.pause_s)
        spoken += 1
        ctx.progress(spoken, len(words.lines), unit="lines")
        await ctx.checkpoint(spoken)  # durable when it returns; a pause stops here
    return spoken


if __name__ == "__main__":
    asynctask.Executor([hello]).run()
