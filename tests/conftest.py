"""Fixtures for all tests; what they give is described in `tests/support`."""

# ruff: noqa: E402 - gRPC is loaded before the imports that would load it otherwise

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from asynctask._grpc import load_for_executor

# As an executor loads it, before anything else of the tests does: those that run here warn of nothing, whichever test
# is the first of the process. The environment stays as it was, so programs that tests start choose for themselves.
load_for_executor()

from asynctask_standalone.stores import child
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.support.apart import run_apart
from tests.support.clocks import JumpingClock
from tests.support.ports import release_ports, reserve_port, reserved_ports
from tests.support.processes import Processes
from tests.support.redis_topologies import RedisSentinels
from tests.support.skips import skip_reasons
from tests.support.stale_mounts import sweep_stale_mounts
from tests.support.stores import VERSIONS, Stores

PROCESSES = pytest.StashKey[Processes]()


# What a person or a CI may have set for other programs, and ours or their libraries would heed: proxies even for this
# machine's own addresses, colours, the width of a terminal that is none.
FOREIGN = {
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "LINES",
    "TERM",
    "PYTHONWARNINGS",
    "XDG_DATA_HOME",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `tests/browser` can be asked for; here, since pytest reads options before it looks into folders."""
    group = parser.getgroup("browser", "the console in a browser")
    group.addoption(
        "--browser-matrix",
        action="store_true",
        help="see every page in both languages, both themes and both widths; else each page in one of these",
    )
    group.addoption(
        "--browser-pictures", action="store_true", help="write the pictures of docs/console.md again"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make every run the same, and leave nothing behind.

    - SIGTERM (of `timeout`, of a CI that gives up) ends the run as Ctrl-C does, so no server is left behind.
    - Ctrl-C and SIGHUP mean the same as in a terminal: shells let what they run in the background ignore the one, and
      nohup the other.
    - Tests and their child processes see no variable that was meant for something else.
    - Servers that tests start in this process are on ports that no other run takes while they are down.
    - File systems that a killed run left mounted are unmounted, or pytest could not delete its folders.
    """
    if not hasattr(config, "workerinput"):
        sweep_stale_mounts()
    signal.signal(signal.SIGTERM, end_the_run)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    for name in list(os.environ):
        is_ours = name.startswith("ASYNCTASK_") and not name.startswith("ASYNCTASK_TEST_")
        if is_ours or name in FOREIGN or name.lower().endswith("_proxy"):
            del os.environ[name]
    pytest.MonkeyPatch().setattr(child, "free_port", reserve_port)
    _log_plainly()


def _log_plainly() -> None:
    """Services that run in the tests' process log as a terminal shows it, with tracebacks of plain text.

    Those that structlog draws by itself take seconds on a busy machine. The event loop stands still meanwhile, so calls
    run into their time-outs, and each of those draws one more.
    """
    *processors, _ = structlog.get_config()["processors"]
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*processors, renderer])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each reason of skipping, where pytest has one for each place."""
    reasons = skip_reasons(terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("skipped", "=")
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"{count:5} × {reason}")


def end_the_run(number: int, frame: object) -> None:
    """Begin the end; the same signal again, which `timeout` sends twice, must not cut it short."""
    signal.signal(number, signal.SIG_IGN)
    pytest.exit("terminated", returncode=128 + number)


@pytest.fixture(autouse=True)
def ports_of_this_test() -> Iterator[None]:
    """Gives back the ports that the test reserved, once all its servers are gone."""
    before = reserved_ports()
    yield
    release_ports(keep=before)


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The session's shared servers; each xdist worker has its own."""
    stores = Stores(tmp_path_factory.mktemp("stores"))
    yield stores
    stores.stop()


@pytest.fixture
def postgres_url(stores: Stores) -> Iterator[str]:
    """A fresh database with the registry's schema."""
    with stores.database() as url:
        yield url


@pytest.fixture(scope="module")
def module_postgres_url(stores: Stores) -> Iterator[str]:
    """A fresh database with the registry's schema, shared by the tests of one module."""
    with stores.database() as url:
        yield url


@pytest.fixture
def empty_postgres_url(stores: Stores) -> Iterator[str]:
    """A fresh database without any table."""
    with stores.database(migrated=False) as url:
        yield url


@pytest.fixture(params=VERSIONS)
def every_postgres_url(stores: Stores, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database with the registry's schema, once per supported version."""
    with stores.database(request.param) as url:
        yield url


@pytest.fixture(params=VERSIONS)
def every_empty_postgres_url(stores: Stores, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database without any table, once per supported version."""
    with stores.database(request.param, migrated=False) as url:
        yield url


@pytest.fixture
def redis_url(stores: Stores) -> str:
    """The session's Redis, emptied."""
    return stores.redis().url


@pytest.fixture(params=VERSIONS)
def every_redis_url(stores: Stores, request: pytest.FixtureRequest) -> str:
    """The session's Redis, emptied, once per supported version."""
    return stores.redis(request.param).url


@pytest.fixture
def redis_cluster_url(stores: Stores) -> str:
    """The session's three-node Redis Cluster, emptied."""
    return stores.redis_cluster().url


@pytest.fixture
def redis_sentinels(tmp_path: Path) -> Iterator[RedisSentinels]:
    """A running primary and replica behind three Sentinels for this test alone, to be failed over."""
    sentinels = RedisSentinels(tmp_path / "sentinels")
    try:
        run_apart(sentinels.start())
        yield sentinels
    finally:
        run_apart(sentinels.stop())


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A running, durable Postgres for this test alone, to be killed and started again; its database is empty."""
    server = EmbeddedPostgres(tmp_path / "postgres")
    run_apart(server.start())
    yield server
    run_apart(server.stop())


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A running Redis for this test alone, to be flushed, killed and started again."""
    server = EmbeddedRedis(tmp_path / "redis")
    run_apart(server.start())
    yield server
    run_apart(server.stop())


@pytest.fixture
def jumping_clock(tmp_path: Path) -> JumpingClock:
    """A wall clock for child processes that tests move; skips where libfaketime is missing."""
    return JumpingClock(tmp_path)


@pytest.fixture
async def processes(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Processes]:
    """Makes child processes; those still running afterwards are killed, and logs are shown when the test fails."""
    processes = Processes(tmp_path)
    request.node.stash[PROCESSES] = processes
    yield processes
    processes.clean_up()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: pytest.TestReport = yield
    processes = item.stash.get(PROCESSES, None)
    if report.failed and processes is not None:
        for process in processes.all:
            report.sections.append((f"the end of {process.name}'s log", process.tail()))
    return report
