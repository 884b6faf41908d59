"""`--verbose`: the logs of all parts on the console, one colour per part."""

from __future__ import annotations

import json
from typing import Any, cast

from rich.console import Console
from rich.text import Text

from asynctask_core.printable import indented, one_line

_STYLES = {
    "postgres": "cyan",
    "redis": "magenta",
    "registry": "green",
    "scheduler": "blue",
    "gateway": "yellow",
}
_LEVEL_STYLES = {"warning": "yellow", "error": "bold red", "critical": "bold red"}
_PLACED = {"timestamp", "level", "event", "service", "logger"}


class Echo:
    """Prints log lines; makes JSON lines readable."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, part: str, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            self._console.print(Text.assemble((f"{part:>9} │ ", _STYLES.get(part, "")), readable(text)))


def readable(line: str) -> Text:
    """`event key=value …` of a JSON line; any other line as it is."""
    try:
        said: Any = json.loads(line)
    except ValueError:
        said = None
    facts = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    if "event" not in facts:
        return Text("ready" if "ready" in facts else line, style="bright_black")
    text = Text(one_line(str(facts["event"])), style=_LEVEL_STYLES.get(str(facts.get("level")), ""))
    rest = " ".join(
        f"{key}={one_line(str(value))}"
        for key, value in facts.items()
        if key not in _PLACED and key != "exception"
    )
    text.append(f"  {rest}" if rest else "", "bright_black")
    if "exception" in facts:
        text.append(indented(f"\n{facts['exception']}"), "red")
    return text
