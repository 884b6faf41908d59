"""How people see the console: in which language and theme, and how wide."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

HEIGHTS = {1280: 800, 390: 844}


@dataclass(frozen=True, slots=True)
class Look:
    """One way to see a page. Language and theme are what the browser asks for, as on a first visit."""

    language: Literal["en", "zh"] = "en"
    theme: Literal["light", "dark"] = "light"
    width: int = 1280

    def __str__(self) -> str:
        return f"{self.language}-{self.theme}-{self.width}"

    @property
    def context(self) -> dict[str, Any]:
        """Options of Playwright's `new_context`. Without motion, no colour is looked at half-way between two."""
        return {
            "viewport": {"width": self.width, "height": HEIGHTS[self.width]},
            "locale": "zh-CN" if self.language == "zh" else "en-US",
            "color_scheme": self.theme,
            "reduced_motion": "reduce",
            "timezone_id": "Europe/Berlin",
        }


EVERY_LOOK = tuple(Look(*parts) for parts in product(("en", "zh"), ("light", "dark"), (1280, 390)))
"""All looks; the one at place `n` is what page `n` is seen in when each is seen once."""
