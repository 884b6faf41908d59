"""A part that ends or falls silent is started again, after longer and longer pauses."""

import asyncio
from collections import deque
from contextlib import suppress

from asynctask_standalone.supervisor.keeper import LONGEST_DELAY_S, SILENT_CHECKS, keep
from asynctask_standalone.supervisor.part import StartFailed


class ScriptedPart:
    """Ends, or stops answering, when the test says so."""

    name = "it"
    pid = 1

    def __init__(self, *starts: Exception | None) -> None:
        self.starts = deque(starts)
        self.end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.is_silent = False
        self.killed = 0

    async def start(self) -> str:
        if self.starts and (problem := self.starts.popleft()):
            raise problem
        self.end = asyncio.get_running_loop().create_future()
        return "here"

    async def ended(self) -> str:
        return await self.end

    async def answers(self) -> bool:
        return not self.is_silent

    async def stop(self) -> None: ...

    def kill(self) -> None:
        self.killed += 1
        self.end.set_result("killed")


class Diary:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.reasons: list[str] = []
        self.restarted = asyncio.Event()

    def starting(self, name: str) -> None: ...
    def stopping(self, name: str) -> None: ...
    def noticed(self, name: str, what: str, *, is_well: bool) -> None: ...

    def started(self, name: str, address: str, seconds: float) -> None:
        self.restarted.set()

    def ended(self, name: str, how: str, again_in_s: float) -> None:
        self.delays.append(again_in_s)
        self.reasons.append(how)


async def no_time(_seconds: float) -> None:
    await asyncio.sleep(0)


async def _kept(part: ScriptedPart, diary: Diary, restarts: int, *, end: bool = True) -> None:
    keeper = asyncio.create_task(keep(part, diary, sleep=no_time))
    for _ in range(restarts):
        diary.restarted.clear()
        if end:
            part.end.set_result("exit code 1")
        await asyncio.wait_for(diary.restarted.wait(), 60)
    keeper.cancel()
    with suppress(asyncio.CancelledError):
        await keeper


async def test_pause_before_a_restart_doubles_up_to_a_limit():
    part, diary = ScriptedPart(), Diary()
    await _kept(part, diary, 8)
    assert diary.delays[:4] == [0.2, 0.4, 0.8, 1.6]
    assert diary.delays[-1] == LONGEST_DELAY_S


async def test_start_that_fails_is_tried_again():
    part, diary = (
        ScriptedPart(
            StartFailed("it did not start: port taken\nmore"), StartFailed("it did not start"), None
        ),
        Diary(),
    )
    await _kept(part, diary, 1)
    assert diary.reasons == ["exit code 1", "did not start: port taken", "did not start"]


async def test_start_that_the_system_refuses_is_tried_again():
    """A full disk, or too many processes: the other parts must not be stopped for that."""
    part, diary = ScriptedPart(OSError(28, "No space left on device"), None), Diary()
    await _kept(part, diary, 1)
    assert diary.reasons == ["exit code 1", "did not start: No space left on device"]


async def test_part_that_falls_silent_is_killed_and_started_again():
    part, diary = ScriptedPart(), Diary()
    part.is_silent = True
    starts = part.start

    async def start() -> str:
        part.is_silent = False
        return await starts()

    part.start = start
    await _kept(part, diary, 1, end=False)
    assert part.killed == 1
    assert "silent" in diary.reasons[0]


async def test_part_that_misses_only_some_answers_is_left_alone():
    part, diary = ScriptedPart(), Diary()
    asked = 0
    enough = asyncio.Event()

    async def answers() -> bool:
        nonlocal asked
        asked += 1
        if asked > 4 * SILENT_CHECKS:
            enough.set()
        return asked % SILENT_CHECKS == 0

    part.answers = answers
    keeper = asyncio.create_task(keep(part, diary, sleep=no_time))
    await asyncio.wait_for(enough.wait(), 60)
    keeper.cancel()
    with suppress(asyncio.CancelledError):
        await keeper
    assert part.killed == 0
