"""Set up this checkout: uv in `.bootstrap/`, everything else in `.venv/`. It uses only the standard library.

`./dev` calls it before every command, so it must be very quick if nothing has changed: a stamp in the environment
records what it was made from. Parallel runs wait for each other on a file lock, which the operating system releases
when its holder dies.
"""

from __future__ import annotations

import argparse
import fcntl
import getpass
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOTSTRAP = ROOT / ".bootstrap"
UV_PIN = ROOT / "tools" / "uv.txt"
PROTOS_PIN = ROOT / "tools" / "protos.txt"
CONSTRAINTS = ROOT / "constraints.txt"
# Retry a slow or failing package index; variables that the user has set take precedence.
PATIENT = {"UV_HTTP_TIMEOUT": "120", "UV_HTTP_RETRIES": "6", "PIP_DEFAULT_TIMEOUT": "60", "PIP_RETRIES": "6"}


def members() -> list[Path]:
    """The folders of the workspace's distributions, in the order of the root `pyproject.toml`."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [ROOT / member for member in settings["tool"]["uv"]["workspace"]["members"]]


def base_python() -> str:
    """The interpreter outside any virtual environment: environments are made from it."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def fingerprint(python: str, inputs: list[Path]) -> str:
    """The stamp of an environment: on the first line its path and interpreter, on the second its content."""
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{ROOT} {python} {sys.version_info[:3]}\n{digest.hexdigest()}\n"


@contextmanager
def exclusively(name: str) -> Generator[None]:
    """Allow only one set-up at a time in this checkout."""
    try:
        BOOTSTRAP.mkdir(exist_ok=True)
        # "a" makes a missing lock file, and opens an existing one.
        lock = (BOOTSTRAP / f"{name}.lock").open("a")
    except OSError as error:
        sys.exit(not_ours(error))
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def not_ours(error: OSError) -> str:
    """The advice for a checkout in which this user may not make what is missing."""
    try:
        owner = ROOT.owner()
    except (KeyError, OSError):
        owner = f"user {ROOT.stat().st_uid}"
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = f"user {os.getuid()}"
    return (
        f"dev: this checkout is not set up for {user}, who may not write to {ROOT} ({error.strerror}): use a checkout "
        f"of your own, or let {owner} run `./dev setup` there with a Python that {user} may run too (ASYNCTASK_PYTHON)"
    )


def uv(python: str) -> Path:
    """The path of the pinned uv; installs it with pip if it is missing or has another version."""
    home = BOOTSTRAP / hashlib.sha256(UV_PIN.read_bytes()).hexdigest()[:12]
    binary = home / "bin" / "uv"
    if binary.exists():
        return binary
    if subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        sys.exit(
            f"dev: {python} has no pip; install it (Debian, Ubuntu: apt install python3-pip), "
            "or name another Python in ASYNCTASK_PYTHON"
        )
    print("dev: installing uv", file=sys.stderr)
    unfinished = home.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    quietly = [
        "--quiet",
        "--disable-pip-version-check",
        "--no-warn-script-location",
        "--root-user-action=ignore",
    ]
    exactly = ["--only-binary=:all:", "--require-hashes", "--requirement", str(UV_PIN)]
    run([python, "-m", "pip", "install", *quietly, "--target", str(unfinished), *exactly])
    unfinished.rename(home)
    return binary


def run(command: list[str]) -> None:
    """Run a command at the root; if it fails, exit with its exit code, since it has printed why."""
    # Never download an interpreter: users do not expect it, and it fails where downloads are blocked.
    environment = {**PATIENT, **os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    result = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    if result.returncode:
        print(f"dev: this failed: {' '.join(command)}", file=sys.stderr)
        sys.exit(result.returncode)


def environment(name: str, requirements: Path, python: str, *, editable: list[Path]) -> None:
    """Make the virtual environment `name` contain exactly `requirements` and the `editable` folders."""
    home = ROOT / name
    stamp = home / ".asynctask-stamp"
    inputs = [requirements, UV_PIN, *(member / "pyproject.toml" for member in editable)]
    want = fingerprint(python, inputs)
    have = _read(stamp)
    if have == want or (not _is_writable(home) and _holds(have, want, home)):
        return
    with exclusively(name.lstrip(".")):
        have = _read(stamp)
        if have == want:
            return
        tool = str(uv(python))
        stamp.unlink(missing_ok=True)
        inner = home / "bin" / "python"
        # An environment cannot be moved, and one without a stamp is incomplete.
        reusable = have.split("\n")[0] == want.split("\n")[0]
        print(f"dev: setting up {name} with {python}", file=sys.stderr)
        if not reusable:
            run([tool, "venv", "--quiet", "--clear", "--python", python, str(home)])
        pip = [tool, "pip"]
        run([*pip, "sync", "--quiet", "--python", str(inner), "--require-hashes", str(requirements)])
        if editable:
            sources = [argument for member in editable for argument in ("--editable", str(member))]
            offline = ["--no-deps", "--no-build-isolation"]
            run([*pip, "install", "--quiet", "--python", str(inner), *offline, *sources])
        stamp.write_text(want, "utf-8")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, PermissionError):
        return ""


def _is_writable(home: Path) -> bool:
    return os.access(home if home.exists() else ROOT, os.W_OK)


def _holds(have: str, want: str, home: Path) -> bool:
    """Whether another user's environment, made from another interpreter, has the wanted content and runs."""
    is_same = have.startswith(f"{ROOT} ") and have.split("\n")[1:] == want.split("\n")[1:]
    return is_same and os.access(home / "bin" / "python", os.X_OK)


def lock(python: str, *, upgrade: bool) -> None:
    """Resolve and write `constraints.txt` and `tools/*.txt`: with hashes, without addresses of registries."""
    tool = str(uv(python))
    run([tool, "lock", "--quiet", "--python", python, *(["--upgrade"] if upgrade else [])])
    export = [tool, "export", "--quiet", "--frozen", "--python", python, "--format", "requirements.txt"]
    export += ["--all-packages", "--all-extras", "--all-groups", "--no-emit-workspace"]
    run([*export, "--no-header", "--no-annotate", "--output-file", str(CONSTRAINTS)])
    for pins in (UV_PIN, PROTOS_PIN):
        resolve = [tool, "pip", "compile", "--quiet", "--python", python, "--universal", "--generate-hashes"]
        resolve += ["--no-header", "--no-annotate", *(["--upgrade"] if upgrade else [])]
        run([*resolve, str(pins.with_suffix(".in")), "--output-file", str(pins)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev lock", description="Set up this checkout.")
    parser.add_argument("--name", default=".venv", help=argparse.SUPPRESS)
    parser.add_argument("--lock", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that are allowed")
    arguments = parser.parse_args()
    python = base_python()
    if arguments.lock:
        with exclusively("lock"):
            lock(python, upgrade=arguments.upgrade)
    environment(arguments.name, CONSTRAINTS, python, editable=members())


if __name__ == "__main__":
    main()
