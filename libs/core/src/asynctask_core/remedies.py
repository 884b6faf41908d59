"""What a person can do about each reason of the catalogue: shown by `asynctask get`, and in docs/errors.md."""

from collections.abc import Mapping
from typing import Final

REMEDIES: Final[Mapping[str, str]] = {
    "ATTEMPT_SUPERSEDED": "Nothing: the executor drops what it did for that attempt, and the current one goes on.",
    "CANCELLED": "`restart` the task if the cancel was a mistake.",
    "CONFIG_CHECK_TIMED_OUT": "Make the config smaller, or simplify the type's schema: checking one against the other "
    "took too long.",
    "CONFIG_INVALID": "Mend the fields that are named; `asynctask types NAME` shows what a config may say.",
    "DECODE_ERROR": "Run executors whose version of the type fits what was submitted; see the notes on changing a "
    "type in use in examples/README.md.",
    "DESTINATION_BUSY": "Wait: the task goes on by itself when the other one has ended. Cancel one of them if both "
    "were not meant.",
    "DESTINATION_INSIDE_SOURCE": "Name two folders of which neither lies inside the other.",
    "DESTINATION_UNUSABLE": "Create or mount the destination, and give the executor's user the right to write there; "
    "then `restart`.",
    "EXECUTOR_EXHAUSTED": "Nothing for the task, which goes on by itself. See what uses up the threads, processes, "
    "files or memory of the executor that gave it back (`asynctask attempts ID`): its limits (`ulimit -a`), or a "
    "handler that leaks them.",
    "EXECUTOR_LOST": "Look at the last lines of the executor's log, and in the kernel's log for the out-of-memory "
    "killer: the task crashed each of its executors, or each lost its connection. Then `restart --from-checkpoint`.",
    "EXECUTOR_NOT_FOUND": "`asynctask executors` lists those that are known; an id is new with each start.",
    "EXPIRED": "Submit it again with a later expiry, or start more executors.",
    "HANDLER_ERROR": "Read the message and the stack trace (`asynctask get ID`) and mend the cause. Where that is the "
    "handler's code, start its executors anew: they load it when they start. Then `restart --from-checkpoint`.",
    "INTERNAL": "Look for the log id in the service's log and report it: this is a fault of AsyncTask.",
    "INVALID_INPUT": "Mend the fields that are named: each says what is allowed and what came.",
    "NOT_ENOUGH_SPACE": "Free as much space at the destination as the message says, then `restart --from-checkpoint`.",
    "NOT_MOUNTED": "Mount what is missing; the task looks again by itself. Cancel it if the folder is gone for good.",
    "NOT_READY": "Nothing: the SDK repeats the call. If it lasts, `asynctask doctor` says what is being rebuilt.",
    "OUTCOME_UNKNOWN": "Repeat the call with the same `request_id`: that can never make a second task.",
    "OVERLOADED": "Slow down; the SDK repeats the call after the advised time. A new executor can connect a minute "
    "after another has stopped.",
    "QUEUE_NOT_FOUND": "`asynctask queues` lists those that hold or held tasks.",
    "REFUSED_BY_STORE": "Change what the message names; the stores can keep no such text or number.",
    "REQUEST_ID_REUSED": "Use a new `request_id` for another task; repeat a call only with the same content.",
    "RESULT_REFUSED": "Mend the handler: it returns what its annotation says, as JSON within the limits of "
    "docs/limits.md; the message names the stage, the field and what came. Then `restart --from-checkpoint`.",
    "SCHEMA_TOO_COSTLY": "Simplify the schema as the message says: checking a config of the largest size against it "
    "could take minutes.",
    "SESSION_SUPERSEDED": "Nothing: a newer connection of the same executor has taken over.",
    "SOURCE_EMPTY": "See whether the source is mounted. If it is meant to be empty, the message says how to go on.",
    "SOURCE_MISSING": "Name a folder that exists where the executor runs, and that its user may read.",
    "SOURCE_REPLACED": "See whether the right disk is mounted, and whether the destination is that of another backup: "
    "each source needs its own. If the new source is meant in place of the old one, accept it as the message says.",
    "STAGE_TIMEOUT": "Give the stage a longer `timeout`, or checkpoints from which the next attempt goes on.",
    "STORE_UNAVAILABLE": "Wait: nothing is lost and the SDK repeats the call. If it lasts, `asynctask health` and the "
    "service's log say which store does not answer, or is full.",
    "TASK_NOT_FOUND": "Check the id with `asynctask list`; a deleted task is not shown.",
    "TASK_TYPES_FULL": "Delete types that are no longer used, with `asynctask types NAME --delete`.",
    "TASK_TYPE_DELETED": "Start an executor that declares the type, or restart one that declared it, and the type is "
    "back; then repeat the restart. Everything about the task can be read all the same.",
    "TASK_TYPE_IN_USE": "Wait until its tasks have ended, or cancel them; then delete the type.",
    "TASK_TYPE_NOT_FOUND": "`asynctask types` lists those that exist: a type exists once an executor declared it.",
    "TOKEN_EXPIRED": "Begin the list or the watch again, without the token.",
    "TOO_LARGE": "Send less: name data instead of carrying it, and keep lists in a manifest. The limits are in "
    "docs/limits.md.",
    "TOO_MUCH_MARKED": "Look at what would be set aside, as the message says; allow more with `most_marked_percent` "
    "if it is meant.",
    "UNDELIVERED": "Look at the logs of the executors that the task was given to: none of them ever renewed its "
    "lease. Then `restart`.",
    "UNKNOWN_TASK_TYPE": "Start an executor that declares the type, or restart one if the type was deleted since "
    "it started; or name one of those that the message lists.",
    "UNREACHABLE": "Start a scheduler, or name its address with `--address` or ASYNCTASK_ADDRESS; look at firewalls "
    "and at TLS.",
    "VERIFICATION_FAILED": "Look at the items that differ (`asynctask items ID --manifest differences --status "
    'failed`) and at the disk; then submit the backup again with `"verify": "all", "repair": true` in its config. '
    "Without `repair`, the next run copies those items again that this run had copied. After a run with "
    '`"verify": "all"` it copies none of them again while their size and time are those of the sources.',
    "VERSION_CHANGED": "Look at the task as it is now (`asynctask get ID`), and repeat the command with its version if "
    "it is still meant.",
    "WRONG_STATE": "See where the task is with `asynctask get ID`: each command is for some states only.",
}
"""By reason; a test checks that every reason of the catalogue has one."""
INTENDED: Final = (
    "The handler ended the task on purpose. Mend what its message says, then `restart --from-checkpoint`."
)
"""For a failure that a handler raised with `Fail`, with a reason of its own or none."""


def remedy_for(reason: str, *, intended: bool) -> str:
    """What a person can do about a task's failure; empty for a reason that this version does not know.

    `intended` is true when the handler raised it itself, with `Fail`, `Postpone` or `RetryLater`.
    """
    if intended and (reason == "HANDLER_ERROR" or reason not in REMEDIES):
        return INTENDED
    return REMEDIES.get(reason, "")
