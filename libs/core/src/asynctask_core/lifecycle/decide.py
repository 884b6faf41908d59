"""The entry point of the life cycle."""

from asynctask_core.commands import AttemptCommand, Checkpointed, Ended, StageFinished, Start
from asynctask_core.lifecycle import by_attempts, by_people
from asynctask_core.lifecycle.by_people import PersonCommand
from asynctask_core.lifecycle.decision import Decision
from asynctask_core.task import TaskFacts, TypeRules

Command = AttemptCommand | PersonCommand


def decide(facts: TaskFacts, command: Command, rules: TypeRules, now_us: int) -> Decision:
    """Decide what `command` does to the task, by the rules of its type.

    Raises:
        WrongState: the state does not allow a person's command, or a start.
        AttemptSuperseded: an executor's command names another attempt than the current one.
        TaskNotFound: a person's command for a deleted task.
    """
    match command:
        case Start():
            return by_attempts.start(facts, command, now_us)
        case Checkpointed():
            return by_attempts.checkpointed(facts, command)
        case StageFinished():
            return by_attempts.stage_finished(facts, command)
        case Ended():
            return by_attempts.ended(facts, command, rules, now_us)
        case _:
            return by_people.apply(facts, command, now_us)
