"""`./dev map`: every package with the first sentence of its docstring.

./dev map            the packages
./dev map WORD ...   packages and modules whose path or first sentence contains one of the words
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from environments import ROOT, members


class Entry(NamedTuple):
    """A package or module: its path below the root, its depth, and its purpose."""

    path: Path
    depth: int
    sentence: str


def main(words: Sequence[str]) -> None:
    for member in members():
        for source in sorted(member.glob("src/*/__init__.py")):
            entries = list(_entries(source.parent))
            if words:
                found = [
                    Entry(one.path, 0, one.sentence)
                    for one in entries
                    if any(word.lower() in f"{one.path} {one.sentence}".lower() for word in words)
                ]
            else:
                found = [one for one in entries if one.path.suffix != ".py"]
            if found:
                print("\n".join(map(_line, found)), end="\n\n")


def _entries(package: Path, depth: int = 0) -> Iterator[Entry]:
    if "asynctask_protos" in package.parts and depth:
        return  # generated
    yield Entry(package.relative_to(ROOT), depth, first_sentence(package / "__init__.py"))
    for path in sorted(package.iterdir()):
        if (path / "__init__.py").exists():
            yield from _entries(path, depth + 1)
        elif path.suffix == ".py" and path.name != "__init__.py" and "asynctask_protos" not in path.parts:
            yield Entry(path.relative_to(ROOT), depth + 1, first_sentence(path))


def _line(entry: Entry) -> str:
    name = entry.path.name if entry.depth else str(entry.path)
    return f"{'  ' * entry.depth + name:<46}  {entry.sentence}".rstrip()


def first_sentence(path: Path) -> str:
    """The first sentence of the docstring of a file, on one line; empty without one."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    paragraph = " ".join(text.split("\n\n")[0].split())
    end = paragraph.find(". ")
    return paragraph if end < 0 else paragraph[: end + 1]


if __name__ == "__main__":
    main(sys.argv[1:])
