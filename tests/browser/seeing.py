"""What a person sees and waits for, in words of the pages."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.support.conditions import eventually

PATIENCE = 60_000
"""Milliseconds. A busy machine may take its time; what never comes is a fault."""


async def see(page: Page, text: str, *, exact: bool = False) -> None:
    """Wait until a text is there."""
    found = page.get_by_text(text, exact=exact).filter(visible=True)
    await expect(found.first).to_be_visible(timeout=PATIENCE)


async def see_state(page: Page, state: str) -> None:
    """Wait until the page of a task says this state."""
    await expect(page.locator(f".header [data-state={state}]")).to_be_visible(timeout=PATIENCE)


async def see_percent(page: Page, percent: int) -> None:
    """Wait until the page of a task says this much."""
    bar = page.locator(".header [role=progressbar]")
    await expect(bar).to_have_attribute("aria-valuenow", str(percent), timeout=PATIENCE)


async def see_percent_reach(page: Page, percent: int) -> None:
    """Wait until the page of a task says at least this much."""
    bar = page.locator(".header [role=progressbar]")

    async def has_reached() -> bool:
        return float(await bar.get_attribute("aria-valuenow") or 0) >= percent

    await eventually(has_reached)


async def mark(page: Page) -> None:
    """Leave a mark that is gone when the page is loaded again."""
    await page.evaluate("window.isSamePage = true")


async def is_marked(page: Page) -> bool:
    """Whether the page has not been loaded again since."""
    return bool(await page.evaluate("window.isSamePage"))
