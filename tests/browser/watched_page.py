"""A page of the browser with everything that it complained about."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.async_api import ConsoleMessage, Page, Response


@dataclass
class WatchedPage:
    """Errors of the console and of scripts, refused answers and failed requests of a page.

    Playwright notes its handlers here, so it has no slots.
    """

    page: Page
    complaints: list[str] = field(default_factory=list[str])

    def watch(self) -> None:
        """Note everything from now on."""
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._note_response)
        self.page.on("requestfailed", lambda one: self.complaints.append(f"{one.failure} {one.url}"))

    def faults(self, *, expected: str = "") -> list[str]:
        """What is wrong: a page that is left gives up its requests, and that is not.

        Args:
            expected: complaints with this text are none; such as the status of an answer.
        """
        return [
            one for one in self.complaints if "ERR_ABORTED" not in one and not (expected and expected in one)
        ]

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")
