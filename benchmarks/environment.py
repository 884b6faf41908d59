"""Environments other than the checkout's own: Python peers in `.venv-peers`, BullMQ's modules beside its program."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache

from benchmarks.processes import ROOT
from tools.environments import base_python, environment

REQUIREMENTS = ROOT / "benchmarks" / "peers" / "requirements.txt"
BULLMQ = ROOT / "benchmarks" / "peers" / "bullmq"


@cache
def peers_python() -> str:
    """The interpreter of the Python peers, with everything they need installed."""
    environment(".venv-peers", REQUIREMENTS, base_python(), editable=[])
    return str(ROOT / ".venv-peers" / "bin" / "python")


@cache
def node() -> str | None:
    """The path of Node, with BullMQ's modules installed; None, after a message, if this machine has no Node."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        print("bench: no node and npm here: BullMQ is left out", file=sys.stderr)
        return None
    lock, installed = BULLMQ / "package-lock.json", BULLMQ / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        # Not `npm ci`: it refuses the lock file if the registry lacks an optional binary of another platform.
        quietly = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run([npm, "install", *quietly], cwd=BULLMQ, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            print("bench: npm could not install BullMQ: it is left out", file=sys.stderr)
            return None
        installed.touch()
    return program
