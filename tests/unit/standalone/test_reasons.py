"""Reasons of the command line."""

import ast
from collections.abc import Iterator
from pathlib import Path

import asynctask_standalone
from asynctask_core.errors import BY_REASON
from asynctask_standalone.cli.reasons import OWN_REASONS

SOURCES = Path(asynctask_standalone.__file__).parent


def refusals() -> Iterator[tuple[str, str]]:
    """Exit code and reason of every `Refused(Exit.…, "REASON", …)` in the sources."""
    for file in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "CommandRefused"
            ):
                code, reason = node.args[:2]
                assert isinstance(code, ast.Attribute), file
                if isinstance(reason, ast.Constant):  # otherwise a caller names one of the catalogue
                    yield code.attr, str(reason.value)


def test_every_reason_of_the_command_line_is_documented_with_its_exit_code():
    own = {(code, reason) for code, reason in refusals() if reason not in BY_REASON}
    assert own == {(own.exit_code.name, reason) for reason, own in OWN_REASONS.items()}
    assert not set(OWN_REASONS) & set(BY_REASON)
