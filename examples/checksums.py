"""Checksums of all files of a folder: a manifest, worked off four at a time.

A kill repeats the files that were finished within about the last half second: marks are sent together. Work that must
not be repeated waits for `await ctx.manifest.flush()` before it goes on.
"""

import asyncio
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import asynctask
from asynctask import Context, Item


@dataclass
class Folder:
    folder: Path


@dataclass
class Summary:
    files: int
    bytes: int
    unreadable: int


checksums = asynctask.TaskType(
    "checksums",
    config=Folder,
    retry=asynctask.Retry(max_attempts=5, initial_delay="2s"),
    description="SHA-256 of every file of a folder",
    title="{folder}",
)


@checksums.stage(weight=1)
async def find(ctx: Context[Folder], config: Folder) -> int:
    if not config.folder.is_dir():
        raise asynctask.Fail(f"no such folder: {config.folder}", reason="SOURCE_MISSING")
    await ctx.manifest.reset()  # an attempt before this one may have listed a part
    found = 0
    for path in sorted(await asyncio.to_thread(_files, config.folder)):
        found += 1
        await ctx.manifest.append(os.fsencode(path), size=path.stat(follow_symlinks=False).st_size)
        ctx.progress(found, unit="files")
    await ctx.manifest.seal()
    return found


@checksums.stage(weight=20, timeout="12h")
async def hash_files(ctx: Context[Folder], found: int) -> Summary:
    async for item in ctx.manifest.todo(concurrency=4):  # only what is left
        item.start(_hash(ctx, item))  # done when it returns, failed with its error when it raises
    counts = await ctx.manifest.counts()
    return Summary(found, counts.done.size, counts.failed.items)


async def _hash(ctx: Context[Folder], item: Item) -> None:
    digest = hashlib.sha256()
    with open(item.key, "rb") as file:  # noqa: ASYNC230, PTH123 - opening is quick, reading is done in a thread
        while block := await asyncio.to_thread(file.read, 1 << 20):
            digest.update(block)
            item.advance(len(block))  # progress within large files
    ctx.log.info("%s  %s", digest.hexdigest(), item.name)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


if __name__ == "__main__":
    asynctask.Executor([checksums], slots=4).run()
