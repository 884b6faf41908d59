"""Checks that no two classes in the repository have the same name, so that a search finds one place.

Exits with 1 and prints each name that two classes have. Private names count too, since readers search for them as well.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from environments import ROOT, members

TWINS: Final = {"Client"}
"""Exceptions: the blocking client has the name of the async one on purpose, since a program imports one of them."""


def class_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node.name


def main() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for member in members():
        for path in sorted(member.glob("src/**/*.py")):
            if "asynctask_protos" not in path.parts:
                for name in class_names(path):
                    places[name].append(str(path.relative_to(ROOT)))
    twice = {name: found for name, found in places.items() if len(found) > 1 and name not in TWINS}
    for name, found in sorted(twice.items()):
        print(f"class {name} stands in {' and '.join(found)}: name one of them by its role")
    sys.exit(1 if twice else 0)


if __name__ == "__main__":
    main()
