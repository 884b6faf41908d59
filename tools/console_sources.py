"""The hash of the sources that the console is built from, as `services/gateway/console/sources.ts` computes it.

console_sources.py --check    fail when the committed build was made from other sources
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "services" / "gateway" / "console"
BUILT = ROOT / "services" / "gateway" / "src" / "asynctask_gateway" / "console" / "sources.sha256"


def sources_hash() -> str:
    """One line per file, `path sha256`, in the order of the paths; the hash of them all."""
    whole = sha256()
    for path in sorted(source.relative_to(SOURCES).as_posix() for source in source_files(SOURCES)):
        whole.update(f"{path} {sha256((SOURCES / path).read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def source_files(folder: Path) -> Iterator[Path]:
    """Every file but hidden ones, installed packages and generated types."""
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.name == "node_modules" or entry.name.endswith(".d.ts"):
            continue
        if entry.is_dir():
            yield from source_files(entry)
        else:
            yield entry


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the hash of the console's sources.")
    parser.add_argument("--check", action="store_true", help="fail when the committed build has another")
    arguments = parser.parse_args()
    now = sources_hash()
    if not arguments.check:
        print(now)
    elif (built := BUILT.read_text("ascii").strip()) != now:
        sys.exit(
            f"the console was built from other sources ({built[:12]} instead of {now[:12]}): "
            "run npm ci and npm run build in services/gateway/console, and commit the result"
        )


if __name__ == "__main__":
    main()
