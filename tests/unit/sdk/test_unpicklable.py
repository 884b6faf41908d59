"""What a process handler needs travels by pickle; what cannot is said at once, and not tried again."""

from dataclasses import dataclass
from typing import Any

import pytest

from asynctask import Retry, TaskState, TaskType, ThreadContext
from asynctask.errors import InvalidInput
from asynctask.testing import run
from asynctask_core.states import AttemptResult


@dataclass
class Keeper:
    name: str = "x"

    def __post_init__(self) -> None:
        self.call = lambda: self.name


unpicklable = TaskType("unpicklable", config=Keeper, retry=Retry(max_attempts=3))


@unpicklable.stage(process=True)
def act(ctx: ThreadContext[Any], keeper: Keeper) -> str:
    return keeper.name


async def test_config_that_pickle_cannot_hand_over_fails_its_task_once() -> None:
    """Fails when what no attempt can do is tried again and again."""
    result = await run(unpicklable)
    assert result.state is TaskState.FAILED
    assert result.attempts == [AttemptResult.FAILED]
    assert result.failure is not None
    assert result.failure.reason == "INVALID_INPUT"
    text = "stage act: config: must be something that pickle can hand to a process; got Keeper(name='x') ("
    assert result.failure.message.startswith(text)


def test_handler_that_another_process_cannot_import_is_refused_at_the_start() -> None:
    kind = TaskType("local")

    @kind.stage(process=True)
    def inside(ctx: ThreadContext[Any]) -> None:
        del ctx

    with pytest.raises(
        InvalidInput, match=r"^local\.inside: must be found by its name in its module, .*local object"
    ):
        kind.to_proto()
