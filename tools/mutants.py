"""Plant known faults, one at a time, and check whether the tests notice.

    ./dev mutants                 all of tests/mutants/*.toml
    ./dev mutants NAME ...        these, or those whose name begins so
    ./dev mutants --list          only list them
    ./dev mutants --slice 2/5     every fifth, from the second on
    ./dev mutants --ci            the few that CI plants

Each fault is planted in a copy of this checkout, and only the tests that should notice it run there. To make a fault
cost only seconds, all faults use the same copy and servers, and each test run is a fork of a process that has loaded
all third-party code. The exit code is 1 if a fault survived, 2 if the tests could not judge it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from environments import ROOT, members

MUTANTS: Final = ROOT / "tests" / "mutants"
TIMEOUT_S: Final = 240.0
"""A test run that takes longer counts as noticed: the fault made it hang. Large, since a busy machine is slow."""

# Third-party modules that are slow to load; otherwise every test run would load them again.
PRELOADED: Final = (
    "pytest", "_pytest.assertion.rewrite", "pytest_asyncio.plugin", "pytest_timeout", "xdist.plugin", "hypothesis",
    "_hypothesis_pytestplugin", "grpc", "google.protobuf.descriptor_pb2", "google.protobuf.timestamp_pb2", "asyncpg",
    "redis.asyncio", "prometheus_client", "pydantic",
)  # fmt: skip

KILLED, SURVIVED, UNJUDGED = "killed", "survived", "could not be judged"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault: in the file `path`, `new` replaces `old`, which must occur exactly once."""

    name: str
    path: str
    old: str
    new: str
    law: str
    tests: tuple[str, ...]
    ci: bool


class BadList(Exception):
    """The list of faults does not fit the checkout."""


def read_mutants(folder: Path = MUTANTS) -> list[Mutant]:
    """Read all lists: a table for each file of the checkout, with a line for each fault."""
    found: list[Mutant] = []
    for file in sorted(folder.glob("*.toml")):
        for path, lines in tomllib.loads(file.read_text("utf-8")).items():
            for name, line in lines.items():
                found.append(_mutant(name, path, line))
    names = [mutant.name for mutant in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadList(f"named twice: {', '.join(twice)}")
    return found


def _mutant(name: str, path: str, line: dict[str, Any]) -> Mutant:
    unknown = line.keys() - {"old", "new", "law", "tests", "ci"}
    missing = {"old", "new", "law", "tests"} - line.keys()
    if unknown or missing:
        raise BadList(f"{name} lacks {sorted(missing)} and has {sorted(unknown)}")
    return Mutant(
        name, path, line["old"], line["new"], line["law"], tuple(line["tests"].split()), line.get("ci", False)
    )


def anchor_fault(mutant: Mutant, root: Path = ROOT) -> str:
    """Why a fault cannot be planted; "" if it can."""
    file = root / mutant.path
    if not file.is_file():
        return f"{mutant.name}: there is no {mutant.path}"
    count = file.read_text("utf-8").count(mutant.old)
    if count != 1:
        return f"{mutant.name}: {mutant.path} has {count} times, and not once: {mutant.old!r}"
    if mutant.old == mutant.new:
        return f"{mutant.name}: changes nothing"
    return ""


def chosen(mutants: Sequence[Mutant], names: Sequence[str], piece: str, *, ci: bool) -> list[Mutant]:
    """The faults that the command line selects."""
    for name in names:
        if not any(mutant.name.startswith(name) for mutant in mutants):
            raise BadList(f"no mutant's name begins with {name}; ./dev mutants --list shows all")
    found = [mutant for mutant in mutants if not names or mutant.name.startswith(tuple(names))]
    if ci:
        found = [mutant for mutant in found if mutant.ci]
    number, _, of = piece.partition("/")
    return found[int(number) - 1 :: int(of)]


class Copy:
    """A copy of the checkout as it is, committed or not, to plant faults in."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self._plantings = 0
        git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, check=True).stdout
        for name in filter(None, os.fsdecode(listed).split("\0")):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.root / name)
        sources = [self.root / member.relative_to(ROOT) / "src" for member in members()]
        self.path = [str(source) for source in (*sources, self.root) if source.is_dir()]

    @contextmanager
    def planted(self, mutant: Mutant) -> Generator[None]:
        """Plant the fault in the copy during the block."""
        file = self.root / mutant.path
        text, stat = file.read_text("utf-8"), file.stat()
        file.write_text(text.replace(mutant.old, mutant.new), "utf-8")
        # Python recognises stale byte code by time in seconds and size, which a fault may leave unchanged.
        self._plantings += 2
        os.utime(file, (stat.st_atime, stat.st_mtime + self._plantings))
        try:
            yield
        finally:
            file.write_text(text, "utf-8")
            os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    @contextmanager
    def stores(self) -> Generator[str]:
        """Keep servers running; gives the environment variables for the tests."""
        folder = self.root.parent / "stores"
        folder.mkdir()
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.support.lent_stores", folder],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(self.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        try:
            # What is logged before is on lines of their own.
            addresses = next((line for line in keeper.stdout if line.startswith("{")), "").strip()
            if not addresses:
                raise BadList("the servers for the tests did not start, see above")
            yield addresses
        finally:
            keeper.stdin.close()
            keeper.wait()


@dataclass(frozen=True, slots=True)
class TestRun:
    """How a run of tests ended."""

    code: int
    passed: int
    output: str
    is_late: bool = False

    @property
    def verdict(self) -> str:
        """The verdict on a fault: exit code 1 means that tests failed, 0 with a passed test that they passed."""
        if self.code == 1 or self.is_late:
            return KILLED
        return SURVIVED if self.code == 0 and self.passed else UNJUDGED


class PassedCounter:
    """Counts passed tests in pytest: a run that skipped all tests proves nothing."""

    def __init__(self) -> None:
        self.passed = 0

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Called by pytest for each step of each test."""
        self.passed += report.when == "call" and report.passed


def run_tests(copy: Copy, tests: Iterable[str], addresses: str, *options: str) -> TestRun:
    """Run tests in a fork of this process that uses only the copy."""
    folder = Path(tempfile.mkdtemp(dir=copy.root.parent))
    sys.stdout.flush()
    process = os.fork()
    if process == 0:
        _become_pytest(copy, folder, [*tests, *options], addresses)
    is_late = not _has_ended(process, TIMEOUT_S)
    output = (folder / "output").read_text("utf-8", "replace")
    result = folder / "result"
    code, passed = json.loads(result.read_text("utf-8")) if result.is_file() else (3, 0)
    shutil.rmtree(folder, ignore_errors=True)
    return TestRun(code, passed, output, is_late)


def _become_pytest(copy: Copy, folder: Path, arguments: list[str], addresses: str) -> None:
    code = 3
    try:
        os.setsid()
        signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # ignored in what shells run in the background
        output = os.open(folder / "output", os.O_WRONLY | os.O_CREAT, 0o600)
        for number in (1, 2):
            os.dup2(output, number)
        os.chdir(copy.root)
        own = str(ROOT) + os.sep
        kept = [entry for entry in sys.path if not entry.startswith(own) or entry.startswith(own + ".venv")]
        sys.path[:] = [*copy.path, *kept]
        # Otherwise each child of `multiprocessing` would run this file first.
        vars(sys.modules["__main__"]).pop("__file__", None)
        os.environ |= {"PYTHONPATH": os.pathsep.join(copy.path), "ASYNCTASK_TEST_STORES": addresses}
        counter = PassedCounter()
        import pytest

        base = ["-q", "-x", "-p", "no:cacheprovider", "--basetemp", str(folder / "tests")]
        base += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # its plugins are loaded already
        code = int(pytest.main([*base, *arguments], plugins=[counter]))
        import asynctask_core

        if not str(asynctask_core.__file__).startswith(str(copy.root)):
            code = 3  # it judged the checkout and not the copy
        (folder / "result").write_text(json.dumps([code, counter.passed]), "utf-8")
    except BaseException:  # noqa: BLE001 - nothing above this frame is this process' business
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _has_ended(process: int, seconds: float) -> bool:
    """Wait for a process that leads a group, and then end all processes of the group."""
    give_up = time.monotonic() + seconds
    ended = 0
    while not ended and time.monotonic() < give_up:
        ended, _ = os.waitpid(process, os.WNOHANG)
        time.sleep(0.05)
    if not ended:
        for number in (signal.SIGTERM, signal.SIGKILL):
            os.killpg(process, number)
            time.sleep(2.0)
        os.waitpid(process, 0)
    return bool(ended)


def main() -> int:
    """Read the command line, plant the faults, and print which ones survived."""
    parser = argparse.ArgumentParser(prog="./dev mutants", description=__doc__.split("\n\n")[0])  # pyright: ignore[reportOptionalMemberAccess]
    parser.add_argument("names", nargs="*", metavar="NAME", help="only those whose name begins so")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    parser.add_argument("--slice", default="1/1", metavar="N/M", help="every M-th, from the N-th on")
    parser.add_argument("--ci", action="store_true", help="the few that CI plants")
    options = parser.parse_args()
    try:
        mutants = chosen(read_mutants(), options.names, options.slice, ci=options.ci)
        faults = [fault for fault in map(anchor_fault, mutants) if fault]
        if faults:
            raise BadList("\n".join(faults))
        if options.list:
            for mutant in mutants:
                print(f"{mutant.name:44} {mutant.law}")
            return 0
        return _plant(mutants)
    except BadList as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2


def _plant(mutants: Sequence[Mutant]) -> int:
    began = time.monotonic()
    os.environ.pop("PYTEST_ADDOPTS", None)
    for name in PRELOADED:
        importlib.import_module(name)
    verdicts: dict[str, list[Mutant]] = {KILLED: [], SURVIVED: [], UNJUDGED: []}
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as folder:
        copy = Copy(Path(folder))
        with copy.stores() as addresses:
            # Tests that fail without any fault would seem to notice every fault.
            sound = run_tests(copy, sorted({test for mutant in mutants for test in mutant.tests}), addresses)
            print(f"without a fault: {sound.verdict} ({time.monotonic() - began:.0f} s)", flush=True)
            if sound.verdict != SURVIVED:
                print(sound.output)
                raise BadList("these tests do not pass as the checkout is")
            for number, mutant in enumerate(mutants, 1):
                started = time.monotonic()
                with copy.planted(mutant):
                    run = run_tests(copy, mutant.tests, addresses)
                verdicts[run.verdict].append(mutant)
                took = time.monotonic() - started
                print(
                    f"{number:3}/{len(mutants)} {run.verdict:8} {took:5.1f} s  {mutant.name}: {mutant.law}",
                    flush=True,
                )
                if run.verdict == UNJUDGED:
                    print(run.output)
    return _summary(verdicts, time.monotonic() - began)


def _summary(verdicts: dict[str, list[Mutant]], seconds: float) -> int:
    counts = ", ".join(f"{len(mutants)} {verdict}" for verdict, mutants in verdicts.items())
    print(f"\n{counts} in {seconds:.0f} s")
    for verdict in (SURVIVED, UNJUDGED):
        for mutant in verdicts[verdict]:
            print(f"{verdict}: {mutant.name} ({mutant.path})\n    {mutant.law}\n    {' '.join(mutant.tests)}")
    if verdicts[UNJUDGED]:
        return 2
    return 1 if verdicts[SURVIVED] else 0


if __name__ == "__main__":
    sys.exit(main())
