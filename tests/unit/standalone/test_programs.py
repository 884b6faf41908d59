"""One service as a child process: ready line, log, end, stop."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from asynctask_standalone.supervisor.logfile import LogFile
from asynctask_standalone.supervisor.notices import SupervisorNotice, notice_of
from asynctask_standalone.supervisor.part import StartFailed
from asynctask_standalone.supervisor.processes import PidFile
from asynctask_standalone.supervisor.program import Program
from asynctask_standalone.supervisor.telling import LenientWitness, lenient
from tests.support.ports import reserve_port

HEAD = "import json, os, signal, sys\n"
READY = (
    "print(json.dumps({'ready': True, 'address': '127.0.0.1:' + os.environ['PORT'], 'metrics_port': 0}),"
    " flush=True)\n"
)
UNTIL_ORPHANED = "sys.stdin.read()\n"


@pytest.fixture
def program(tmp_path: Path):
    """Makes a program of some lines of Python."""
    logs: list[LogFile] = []

    def make(code: str, notice: Callable[[SupervisorNotice], None] | None = None) -> Program:
        (tmp_path / "service_of_the_test.py").write_text(HEAD + code)
        logs.append(LogFile(tmp_path / "it.log"))
        settings = {"PORT": "4711", "PYTHONPATH": str(tmp_path)}
        return Program(
            "it",
            "service_of_the_test",
            settings,
            log=logs[-1],
            pid_file=PidFile(tmp_path / "it.json"),
            notice=notice,
        )

    yield make
    for log in logs:
        log.close()


async def test_program_is_started_once_it_says_its_address(program, tmp_path: Path):
    it = program("print('not yet', flush=True)\n" + READY + UNTIL_ORPHANED)
    assert await it.start() == "127.0.0.1:4711"
    found = PidFile(tmp_path / "it.json").read()
    assert found is not None
    assert found.pid == it.pid
    await it.stop()
    assert it.pid is None
    assert "not yet" in (tmp_path / "it.log").read_text()
    assert not (tmp_path / "it.json").exists()


async def test_failed_start_says_why_with_the_last_words(program):
    with pytest.raises(
        StartFailed, match=r"(?s)it did not start: exit code 3.*the tables are missing.*it\.log"
    ):
        await program("sys.exit(print('the tables are missing', file=sys.stderr) or 3)").start()


async def test_program_that_cannot_be_noted_is_not_left_running(program, monkeypatch: pytest.MonkeyPatch):
    """Fails when it keeps its address while it is started again for ever."""
    it = program(READY + UNTIL_ORPHANED)

    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(PidFile, "write", refused)
    with pytest.raises(OSError, match="No space left"):
        await it.start()
    assert it.pid is None


async def test_end_of_a_program_is_told_in_words(program):
    it = program(READY + UNTIL_ORPHANED)
    await it.start()
    assert it.pid
    os.kill(it.pid, signal.SIGKILL)
    assert await it.ended() == "killed by SIGKILL"


async def test_program_that_ended_can_be_started_again(program):
    it = program(READY + UNTIL_ORPHANED)
    await it.start()
    it.kill()
    await it.ended()
    await it.start()
    assert it.pid
    await it.stop()


async def test_program_is_out_of_reach_of_the_terminals_ctrl_c(program):
    it = program(READY + UNTIL_ORPHANED)
    await it.start()
    assert os.getsid(it.pid) == it.pid
    await it.stop()


async def test_last_line_without_an_end_is_logged_too(program, tmp_path: Path):
    it = program(READY + "sys.stderr.write('Fatal Python error'); sys.stderr.flush(); os._exit(9)")
    await it.start()
    assert await it.ended() == "exit code 9"
    assert (tmp_path / "it.log").read_text().endswith("Fatal Python error\n")


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        (
            b'{"event": "service.waiting", "reason": "it waits for Postgres: refused"}',
            SupervisorNotice("it waits for Postgres: refused", is_well=False, is_wait=True),
        ),
        (
            b'{"event": "store.writes_accepted", "reason": "Redis takes writes again, after 3 s"}',
            SupervisorNotice("Redis takes writes again, after 3 s", is_well=True, is_wait=False),
        ),
        (b'{"event": "rpc.failed", "reason": "store. and more"}', None),
        (b'{"event": "rpc.failed", "method": "store.writes_refused"}', None),
        (b'["store.disk_full"]', None),
        (b'not JSON, but "store.', None),
    ],
)
def test_lines_of_a_log_that_people_must_see_are_picked_out(line: bytes, notice: SupervisorNotice | None):
    assert notice_of(line) == notice


async def test_service_that_waits_says_for_what_before_it_is_ready(tmp_path: Path):
    told: list[SupervisorNotice] = []
    said = asyncio.Event()

    def hear(notice: SupervisorNotice) -> None:
        told.append(notice)
        said.set()

    log = LogFile(tmp_path / "registry.log")
    program = Program(
        "registry",
        "asynctask_registry",
        {
            "ASYNCTASK_REGISTRY_POSTGRES_URL": f"postgresql://a:b@127.0.0.1:{reserve_port()}/c",
            "ASYNCTASK_REGISTRY_LOG_FORMAT": "json",
        },
        log=log,
        pid_file=PidFile(tmp_path / "registry.json"),
        notice=hear,
    )
    start = asyncio.create_task(program.start())
    try:
        await asyncio.wait(
            [start, wait := asyncio.create_task(said.wait())], return_when=asyncio.FIRST_COMPLETED
        )
        wait.cancel()
    finally:
        start.cancel()
        await asyncio.wait([start])
        log.close()
    assert told[0].is_wait
    assert told[0].text.startswith("it waits for Postgres: ConnectionRefusedError")


class BrokenWitness:
    """Writes to a terminal that cannot show anything any more."""

    def __init__(self, problem: Exception) -> None:
        self._problem = problem

    def _fail(self, *_: object, **__: object) -> None:
        raise self._problem

    starting = started = ended = noticed = stopping = _fail


@pytest.mark.parametrize(
    "problem",
    [
        BrokenPipeError(32, "Broken pipe"),
        OSError(5, "Input/output error"),
        UnicodeEncodeError("ascii", "✔", 0, 1, "ordinal not in range"),
        ValueError("I/O operation on closed file."),
    ],
)
async def test_what_cannot_be_printed_stops_no_reader(program, tmp_path: Path, problem: Exception):
    """Fails when the service stands still, with nobody to read its pipe."""
    witness = LenientWitness(BrokenWitness(problem))
    for tell in (witness.starting, witness.stopping):
        tell("it")
    witness.started("it", "here", 1.0)
    witness.ended("it", "killed", 1.0)
    lenient(BrokenWitness(problem)._fail)("it", b"line")
    notice = json.dumps({"event": "store.disk_full", "reason": "no room"})
    it = program(
        f"print('{notice}', flush=True)\nprint('later', flush=True)\n" + READY + UNTIL_ORPHANED,
        lambda found: witness.noticed("it", found.text, is_well=found.is_well),
    )
    await it.start()
    await it.stop()
    assert "later" in (tmp_path / "it.log").read_text()


async def test_token_that_travels_in_clear_is_told_to_people(tmp_path: Path):
    told: list[SupervisorNotice] = []
    log = LogFile(tmp_path / "gateway.log")
    program = Program(
        "gateway",
        "asynctask_gateway",
        {
            "ASYNCTASK_GATEWAY_ADDRESS": "0.0.0.0:0",
            "ASYNCTASK_GATEWAY_TOKEN": 32 * "t",
            "ASYNCTASK_GATEWAY_LOG_FORMAT": "json",
        },
        log=log,
        pid_file=PidFile(tmp_path / "gateway.json"),
        notice=told.append,
    )
    try:
        await program.start()
        await program.stop()
    finally:
        log.close()
    assert [(one.text[:13], one.is_well) for one in told] == [("without HTTPS", False)]
