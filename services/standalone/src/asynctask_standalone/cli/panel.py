"""What `asynctask up` shows: each part as it comes up, the panel with the addresses, and what happens later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.status import Status
from rich.table import Table
from rich.text import Text

from asynctask_core.printable import one_line
from asynctask_standalone.cli.options import DEFAULT_ADDRESS
from asynctask_standalone.cli.output import stderr
from asynctask_standalone.cli.starting import start_any
from asynctask_standalone.cli.wording import command_name, span
from asynctask_standalone.supervisor.cluster import Cluster


class ConsoleWitness:
    """Prints on the console what happens to the parts, with a spinner during a start or stop."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._settled = False

    def starting(self, name: str) -> None:
        if not self._settled:
            self._spin(f"starting {name} …")

    def started(self, name: str, address: str, seconds: float) -> None:
        self._rest()
        if self._settled:
            self._note(Text.assemble(("✔ ", "green"), f"{name} runs again, after {span(seconds)}"))
        else:
            text = Text.assemble(("✔ ", "green"), (f"{name:<10}", "bold"), f"{host_and_port(address):<24}")
            self._console.print(text.append(span(seconds), "bright_black"))

    def ended(self, name: str, how: str, again_in_s: float) -> None:
        self._rest()
        self._note(Text.assemble(("✘ ", "red"), f"{name}: {how}; starting it again in {span(again_in_s)}"))

    def noticed(self, name: str, what: str, *, is_well: bool) -> None:
        self._rest()
        sign = ("✔ ", "green") if is_well else ("! ", "bold yellow")
        self._note(Text.assemble(sign, f"{name}: {one_line(what)}"))

    def stopping(self, name: str) -> None:
        self._spin(f"stopping {name} …")

    def settled(self) -> None:
        """Everything runs: from now on every start is printed with its time."""
        self._rest()
        self._settled = True

    def over(self) -> None:
        """Nothing more will happen."""
        self._rest()

    def _note(self, text: Text) -> None:
        self._console.print(Text.assemble((f"{datetime.now().astimezone():%H:%M:%S} ", "bright_black"), text))

    def _spin(self, text: str) -> None:
        # Outside a terminal a spinner would be noise.
        if not self._console.is_terminal:
            return
        if self._status is None:
            self._status = Status(text, console=self._console)
            self._status.start()
        self._status.update(text)

    def _rest(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None


class SilentWitness:
    """Prints only notices, on stderr: for programs, which read the ready line and the logs."""

    def starting(self, name: str) -> None: ...
    def started(self, name: str, address: str, seconds: float) -> None: ...
    def ended(self, name: str, how: str, again_in_s: float) -> None: ...
    def stopping(self, name: str) -> None: ...

    def noticed(self, name: str, what: str, *, is_well: bool) -> None:
        stderr.print(Text(f"{name}: {one_line(what)}"))


def panel(cluster: Cluster, data: Path) -> RenderableType:
    """Where everything is, and what to do next."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bright_black", no_wrap=True)
    facts.add_column(overflow="fold")
    if cluster.gateway_url:
        facts.add_row("console, REST", Text(cluster.gateway_url, style="bold green"))
    facts.add_row("scheduler", Text(cluster.address, style="bold green"))
    facts.add_row("registry", cluster.registry_address)
    facts.add_row("Postgres", masked(cluster.postgres_url))
    facts.add_row("Redis", masked(cluster.redis_url))
    for name, url in cluster.metrics().items():
        facts.add_row("metrics", Text.assemble(url, (f"  {name}", "bright_black")))
    facts.add_row("data, logs", str(data))

    commands = Table.grid(padding=(0, 2))
    commands.add_column(style="bold", no_wrap=True)
    commands.add_column(style="bright_black")
    command = command_name()
    commands.add_row(start_any(), "run task types, such as a ready-made one")
    commands.add_row(f"{command} submit --help", "submit a task")
    commands.add_row(f"{command} list", "see all tasks")
    commands.add_row(f"{command} health", "see how everything is; `doctor` compares it")
    parts: list[RenderableType] = [facts, Text(), Text("In another terminal:", style="bright_black")]
    if cluster.address != DEFAULT_ADDRESS:
        parts.append(Text(f"export ASYNCTASK_ADDRESS={cluster.address}", style="bold yellow"))
    parts += [
        commands,
        Text(),
        Text("Ctrl-C stops it; executors wait for it to come back.", style="bright_black"),
    ]
    return Panel(
        Group(*parts),
        title="[bold]AsyncTask is up",
        title_align="left",
        border_style="green",
        expand=False,
        padding=(1, 2),
    )


def host_and_port(address: str) -> str:
    """Host and port of an address or a URL."""
    return urlsplit(address).netloc.rpartition("@")[2] or address


def masked(url: str) -> str:
    """An address without the password in it."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}:***@{host}").geturl()
