"""One page, open for minutes while tasks report: the memory of its scripts, and frames that come late."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser

LATE_MS = 50
EVERY_S = 15
SETTLE_S = 10
MIB = 1 << 20
COUNT_FRAMES = """
() => {
  window.frames_seen = { frames: 0, late: 0, longest_ms: 0, blocked: 0 }
  let before = performance.now()
  const next = (now) => {
    const seen = window.frames_seen
    seen.frames += 1
    if (now - before > LATE_MS) seen.late += 1
    seen.longest_ms = Math.max(seen.longest_ms, now - before)
    before = now
    requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
  new PerformanceObserver((list) => (window.frames_seen.blocked += list.getEntries().length))
    .observe({ type: 'longtask' })
}
""".replace("LATE_MS", str(LATE_MS))
TAKE_FRAMES = """
() => {
  const seen = window.frames_seen
  window.frames_seen = { frames: 0, late: 0, longest_ms: 0, blocked: 0 }
  return seen
}
"""


@dataclass(slots=True)
class WatchedMinutes:
    """What was seen of a page."""

    frames: int = 0
    late: int = 0
    """Frames that came more than 50 ms after the one before, for any reason, so also while the machine is busy."""
    longest_ms: float = 0
    blocked: int = 0
    """Times that the page's own work took more than 50 ms."""
    busy_percent: list[float] = field(default_factory=list[float])
    """Processor time of its main thread; 100 is one core."""
    heap_mib: list[float] = field(default_factory=list[float])
    """Memory of its scripts after each collection of garbage."""

    def add(self, seen: dict[str, Any]) -> None:
        """Add what was counted since the last time."""
        self.frames += seen["frames"]
        self.late += seen["late"]
        self.blocked += seen["blocked"]
        self.longest_ms = max(self.longest_ms, seen["longest_ms"])


async def watch(browser: Browser, url: str, minutes: float) -> WatchedMinutes:
    """Look at a page for some minutes."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    try:
        page = await context.new_page()
        await page.goto(url)
        tools: Any = await context.new_cdp_session(page)
        await tools.send("Performance.enable", {"timeDomain": "threadTicks"})
        await asyncio.sleep(SETTLE_S)
        await page.evaluate(COUNT_FRAMES)
        metrics = await _metrics(tools)
        busy_s, at_s = metrics["TaskDuration"], metrics["Timestamp"]
        watched, end = WatchedMinutes(), time.monotonic() + minutes * 60
        while time.monotonic() < end:
            await asyncio.sleep(min(EVERY_S, max(0.0, end - time.monotonic())))
            watched.add(await page.evaluate(TAKE_FRAMES))
            metrics = await _metrics(tools)
            watched.busy_percent.append(
                (metrics["TaskDuration"] - busy_s) / (metrics["Timestamp"] - at_s) * 100
            )
            await tools.send("HeapProfiler.collectGarbage")
            metrics = await _metrics(tools)
            watched.heap_mib.append(metrics["JSHeapUsedSize"] / MIB)
            busy_s, at_s = metrics["TaskDuration"], metrics["Timestamp"]
            await page.evaluate(TAKE_FRAMES)  # the collection delayed frames itself
        return watched
    finally:
        await context.close()


async def _metrics(tools: Any) -> dict[str, float]:
    return {one["name"]: one["value"] for one in (await tools.send("Performance.getMetrics"))["metrics"]}
