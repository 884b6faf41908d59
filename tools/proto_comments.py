"""The comments of the contracts, by full name of what they describe: generated code does not have them.

Reads our own files only, which the lint keeps in one form: comments stand on the lines before what they describe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = re.compile(r"^package ([\w.]+);")
_OPENS = re.compile(r"^(?:message|enum|service|extend) ([\w.]+) \{(\})?")
_ONEOF = re.compile(r"^oneof \w+ \{")
_RPC = re.compile(r"^rpc (\w+)\(")
_FIELD = re.compile(r"^(?:optional |repeated )?[\w.]+(?:<[^>]+>)? (\w+) = \d+")
_VALUE = re.compile(r"^([A-Z]\w*) = -?\d+")


def comments(folder: Path) -> dict[str, str]:
    """All comments of the files below `folder`."""
    return dict(one for path in sorted(folder.rglob("*.proto")) for one in _of_file(path.read_text("utf-8")))


def _of_file(text: str) -> Iterator[tuple[str, str]]:
    package = ""
    scopes: list[str | None] = []
    said: list[str] = []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("//"):
            said.append(line.removeprefix("//").strip())
            continue
        if found := _PACKAGE.match(line):
            package = found[1]
        name = _name(line)
        if name is not None and said:
            yield ".".join((package, *(scope for scope in scopes if scope), name)), " ".join(said)
        said = []
        if opens := _OPENS.match(line):
            if not opens[2]:
                scopes.append(opens[1])
        elif line.endswith("{"):
            scopes.append(None)
        if line.startswith("}"):
            scopes.pop()


def _name(line: str) -> str | None:
    for pattern in (_OPENS, _RPC, _FIELD, _VALUE):
        if found := pattern.match(line):
            return found[1]
    return None
