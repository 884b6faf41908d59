"""Where the pictures of the console go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

ROOT = Path(__file__).resolve().parents[2]
LOOKED_AT = Path(__file__).parent / "pictures"
"""All pictures of the last run, for somebody to look at. Git ignores it."""
DOCUMENTED = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
"""A page of the documents shows several; people read them over slow lines too."""


@dataclass(frozen=True, slots=True)
class PictureBook:
    """Takes pictures; those that the documents show only when the run was asked to (`--browser-pictures`)."""

    is_for_documents: bool

    async def take(self, page: Page, name: str) -> None:
        """Take the whole page, however long it is."""
        LOOKED_AT.mkdir(exist_ok=True)
        await page.screenshot(path=LOOKED_AT / f"{name}.png", full_page=True, animations="disabled")

    async def document(self, page: Page, name: str) -> None:
        """Take what the window shows, for the documents."""
        if self.is_for_documents:
            DOCUMENTED.mkdir(exist_ok=True)
            picture = await page.screenshot(path=DOCUMENTED / f"{name}.png", animations="disabled")
            assert len(picture) <= MOST_BYTES, (
                f"{name}.png has {len(picture)} bytes, allowed are {MOST_BYTES}"
            )
