"""Servers that many runs of pytest use one after the other: `./dev mutants` starts them once and not for each mutant.

    python -m tests.support.lent_stores FOLDER

prints where they are once they run, and stops them when its standard input ends.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "ASYNCTASK_TEST_STORES"
"""What this program printed; tests then start no packaged server of their own."""


@dataclass(frozen=True, slots=True)
class LentServer:
    """A server that somebody else started and will stop."""

    url: str

    def url_of(self, database: str) -> str:
        """The URL of another database of it."""
        return f"{self.url.rpartition('/')[0]}/{database}"

    async def stop(self) -> None:
        """Leave it running."""


def lent_servers() -> dict[str, LentServer]:
    """The servers that the environment names, by "postgres" and "redis"; none as a rule."""
    return {name: LentServer(url) for name, url in json.loads(os.environ.get(VARIABLE, "{}")).items()}


def main() -> None:
    """Start the servers, say where they are, and stop them when nobody wants them any more."""
    from tests.support.stores import Stores  # which asks this module

    stores = Stores(Path(sys.argv[1]))
    try:
        postgres = stores.postgres_with_template()
        print(json.dumps({"postgres": postgres.url, "redis": stores.redis().url}), flush=True)
        sys.stdin.read()
    finally:
        stores.stop()


if __name__ == "__main__":
    main()
