"""What the command line writes to: colours and widths are those of where the output goes now."""

import io
import os
import pty
from contextlib import redirect_stderr, redirect_stdout

import pytest

from asynctask_standalone.cli import output


@pytest.mark.parametrize(
    ("to_stderr", "redirect"), [(False, redirect_stdout), (True, redirect_stderr)], ids=["stdout", "stderr"]
)
def test_output_that_is_taken_away_from_a_terminal_has_no_colours_and_no_width(
    to_stderr: bool, redirect: type[redirect_stdout[io.StringIO]], monkeypatch: pytest.MonkeyPatch
):
    """Fails when a console keeps the colours of the terminal that was there when its module was loaded."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen, terminal = pty.openpty()
    with os.fdopen(screen, "rb", buffering=0) as seen, os.fdopen(terminal, "w", buffering=1) as shown:
        monkeypatch.setattr("sys.stderr" if to_stderr else "sys.stdout", shown)
        console = output._console(to_stderr=to_stderr)
        console.print("here", style="red")
        assert b"\x1b[31mhere" in seen.read(100)
        with redirect(io.StringIO()) as taken:
            console.print("word " * 100, style="bright_black")
    assert taken.getvalue() == "word " * 100 + "\n"


def test_output_that_comes_to_a_terminal_has_its_colours(monkeypatch: pytest.MonkeyPatch):
    """The other way round: loaded where there was none."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    console = output._console(to_stderr=False)
    assert console.width == output._UNLIMITED
    screen, terminal = pty.openpty()
    with os.fdopen(screen, "rb", buffering=0) as seen, os.fdopen(terminal, "w", buffering=1) as shown:
        monkeypatch.setattr("sys.stdout", shown)
        monkeypatch.setenv("COLUMNS", "70")
        assert console.width == 70
        console.print("here", style="red")
        assert b"\x1b[31mhere" in seen.read(100)
