"""`--profile PART`: samples the stacks of one process with py-spy during a window, and sums them up by source line."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.environment import peers_python

RATE_PER_S = 250
SHOWN = 30


@asynccontextmanager
async def sampling(pid: int, title: str, folder: Path) -> AsyncIterator[None]:
    """Sample `pid` inside the block and print where it spent its time afterwards."""
    stacks = folder / "stacks.txt"
    process = await asyncio.create_subprocess_exec(
        *(
            str(Path(peers_python()).with_name("py-spy")),
            "record",
            "--pid",
            str(pid),
            "--output",
            str(stacks),
        ),
        *("--format", "raw", "--rate", str(RATE_PER_S), "--duration", "3600", "--nonblocking"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        await process.wait()
    if stacks.exists():
        print(summary(stacks.read_text("utf-8"), title), file=sys.stderr)


def summary(stacks: str, title: str) -> str:
    """Shares of all samples: by the source line that was running, and by every function in its stack."""
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    total = 0
    for line in stacks.splitlines():
        stack, _, number = line.rpartition(" ")
        frames = stack.split(";")
        count = int(number)
        total += count
        own[frames[-1]] += count
        for function in {_function(frame) for frame in frames}:
            within[function] += count
    lines = [f"\n{title}: {total} samples"]
    for heading, counter in (("by line", own), ("by function, with what it calls", within)):
        lines.append(f"  {heading}")
        lines += [f"  {count / total:6.1%}  {what}" for what, count in counter.most_common(SHOWN)]
    return "\n".join(lines)


def _function(frame: str) -> str:
    return frame.rpartition(":")[0] + ")" if frame.endswith(")") else frame
