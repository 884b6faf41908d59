"""What is said of each fact that a check can find: how bad it is, the sentence, its effect on tasks, and the repair.

The contract lists the facts (`HealthCheck.fact`), and the console has the same sentences in its languages: tests
compare the three lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from asynctask_protos.scheduler.v1.health_service_pb2 import HealthLevel

OK: Final = HealthLevel.HEALTH_LEVEL_OK
UNKNOWN: Final = HealthLevel.HEALTH_LEVEL_UNKNOWN
ATTENTION: Final = HealthLevel.HEALTH_LEVEL_ATTENTION
BROKEN: Final = HealthLevel.HEALTH_LEVEL_BROKEN


@dataclass(frozen=True, slots=True)
class FactWords:
    """Texts with the names of values in braces."""

    level: HealthLevel.ValueType
    message: str
    effect: str = ""
    repair: str = ""


_NO_SUBMIT = (
    "Submits and commands fail. Running tasks go on; executors keep their outcomes until they can be stored."
)
_NO_WRITE_TO_REDIS = "No task is submitted, handed out or made ready."

WORDS: Final[Mapping[tuple[str, str], FactWords]] = {
    ("schedulers", "ready"): FactWords(OK, "Schedulers that work: {count}."),
    ("schedulers", "none_ready"): FactWords(
        BROKEN,
        "No scheduler works: {reason}.",
        "No task is submitted or handed out.",
        "Mend what is named here. Schedulers begin by themselves once it is there.",
    ),
    ("schedulers", "not_ready"): FactWords(
        ATTENTION,
        "Of {count} schedulers these do not work: {names} ({reason}).",
        "The other schedulers do the work.",
        "Mend what is named here, or look into the log of that scheduler.",
    ),
    ("schedulers", "versions_differ"): FactWords(
        ATTENTION,
        "Schedulers and registries are of different versions: {versions}.",
        "They work together, but what is new works only once all are of the newest version.",
        "Finish the upgrade: restart the older ones with the newest version.",
    ),
    ("schedulers", "unread"): FactWords(
        UNKNOWN,
        "Which other schedulers work cannot be read: {reason}.",
        repair="Mend Redis first.",
    ),
    ("registries", "answering"): FactWords(OK, "Registries that answer: {count}."),
    ("registries", "none_answers"): FactWords(
        BROKEN,
        "No registry answers: {reason}.",
        _NO_SUBMIT,
        "Start a registry, or look into the log of the one that should run.",
    ),
    ("registries", "some_fail"): FactWords(
        ATTENTION,
        "Of {count} registries these do not work: {names} ({reason}).",
        "The other registries do the work. Calls that reach these fail, or wait until their time is over.",
        "Look into the log of that registry and at its host, or restart it.",
    ),
    ("postgres", "well"): FactWords(OK, "Postgres answers within {latency_ms} ms and takes writes."),
    ("postgres", "slow"): FactWords(
        ATTENTION,
        "Postgres answers slowly: within {latency_ms} ms.",
        "Submits, starts and outcomes take longer.",
        "Look at the load of Postgres and of its disk.",
    ),
    ("postgres", "space_low"): FactWords(
        ATTENTION,
        "{state}.",
        "None yet. When the disk is full, submits and commands fail.",
        "Make room on that disk.",
    ),
    ("postgres", "refuses_writes"): FactWords(
        BROKEN,
        "{state}.",
        _NO_SUBMIT,
        "Mend the cause that is named here: make room, or make the server writable.",
    ),
    ("postgres", "unreachable"): FactWords(
        BROKEN, "{state}.", _NO_SUBMIT, "Start Postgres, or mend the way to it. Everything goes on by itself."
    ),
    ("postgres", "unread"): FactWords(
        UNKNOWN,
        "How Postgres is cannot be read, since no registry answers.",
        repair="Mend the registry first.",
    ),
    ("redis", "well"): FactWords(OK, "Redis answers within {latency_ms} ms and takes writes."),
    ("redis", "slow"): FactWords(
        ATTENTION,
        "Redis answers slowly: within {latency_ms} ms.",
        "Tasks start later, and renewals of leases take longer.",
        "Look at the load of Redis and of its host.",
    ),
    ("redis", "space_low"): FactWords(
        ATTENTION,
        "{state}.",
        "None yet. When the disk is full, Redis may refuse writes.",
        "Make room on that disk.",
    ),
    ("redis", "refuses_writes"): FactWords(
        BROKEN,
        "{state}.",
        _NO_WRITE_TO_REDIS + " Leases are not renewed, so executors stop their tasks.",
        "Mend the cause that is named here: more memory, room on the disk, or a master that accepts writes.",
    ),
    ("redis", "unreachable"): FactWords(
        BROKEN,
        "{state}.",
        _NO_WRITE_TO_REDIS + " Leases are not renewed, so executors stop their tasks.",
        "Start Redis, or mend the way to it. It is filled again by itself, and tasks go on from their checkpoints.",
    ),
    ("redis", "unread"): FactWords(UNKNOWN, "Redis was not asked yet."),
    ("queues", "complete"): FactWords(OK, "Redis has every task that waits."),
    ("queues", "loading"): FactWords(
        ATTENTION,
        "Queued tasks are being loaded into Redis, after a loss of its data.",
        "Tasks are handed out as they are loaded, in their order.",
        "Wait: it goes on by itself.",
    ),
    ("queues", "rebuilding"): FactWords(
        BROKEN,
        "Redis has lost its data, and leases and limits are being restored from the registry.",
        "No task is handed out until that is done. Running tasks go on.",
        "Wait: it takes seconds. If it lasts, look at the checks of Postgres and of the registries.",
    ),
    ("queues", "unread"): FactWords(
        UNKNOWN, "Whether Redis has every task that waits cannot be read.", repair="Mend Redis first."
    ),
    ("renewals", "in_time"): FactWords(
        OK,
        "Executors renew their leases in time: within the last hour at most {most_late_ms} ms late.",
    ),
    ("renewals", "idle"): FactWords(OK, "No executor has held a lease within the last hour."),
    ("renewals", "late"): FactWords(
        ATTENTION,
        "Renewals that came late within the last hour: {late} of {renewals}, the latest by {most_late_ms} ms.",
        "An executor that renews a whole lease ({lease_ms} ms) late loses its tasks.",
        "Look at the load of the executors' hosts and at the network between them and the schedulers.",
    ),
    ("renewals", "expired"): FactWords(
        ATTENTION,
        "Leases that ran out within the last hour: {expired}.",
        "Their tasks were given back to go on elsewhere; one that has lost its executor too often has failed.",
        "See which executors were killed or cut off: attempts that lost theirs name it.",
    ),
    ("renewals", "expired_before"): FactWords(
        OK, "Leases that ran out within the last hour: {expired}, none of them in the last ten minutes."
    ),
    ("loops", "running"): FactWords(OK, "All periodic work runs: {count} loops."),
    ("loops", "failing"): FactWords(
        ATTENTION,
        "Periodic work fails: {loops} ({reason}).",
        "What it does waits: repairs, due times or cleaning up.",
        "Mend the cause that is named here; it is tried again every two seconds.",
    ),
    ("drift", "none"): FactWords(OK, "No difference between the stores was found within the last day."),
    ("drift", "mended_before"): FactWords(
        OK, "Differences between the stores that were found and mended within the last day: {mended}."
    ),
    ("drift", "mended"): FactWords(
        ATTENTION,
        "Differences between the stores that were found and mended, the last one within the hour: {mended}.",
        "The tasks concerned may have waited longer; none was lost.",
        "Look for drift once more. If it comes back, the logs of schedulers and registries say what differed.",
    ),
}
"""By check and fact."""
