"""Which pages, lists and filters there are to look at: made of what the cluster holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

Read = Callable[[str], Awaitable[Any]]
"""Gives the JSON at a path of the API."""
STATES = ("running", "queued", "pending", "paused", "failed", "cancelled", "completed")
TASKS = "/api/v1/tasks"


@dataclass(slots=True)
class SeenCluster:
    """What filters and pages are made of."""

    samples: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """A task of each state that there is."""
    longest: str = ""
    """The task with a long log and manifest."""
    label: str = ""
    fingerprint: str = ""

    @property
    def some(self) -> dict[str, Any]:
        """Any task."""
        return next(iter(self.samples.values()))


async def look(read: Read, longest: str) -> SeenCluster:
    """See what the cluster holds. `longest` is the id of a task with a long log and manifest, or empty."""
    seen = SeenCluster(longest=longest)
    for state in STATES:
        if tasks := (await read(f"{TASKS}?task_status={state}&page_size=50"))["tasks"]:
            seen.samples[state] = tasks[0]
            labels = [f"{key}={value}" for task in tasks for key, value in task.get("labels", {}).items()]
            seen.label = seen.label or next(iter(labels), "")
    if groups := (await read("/api/v1/failures"))["failures"]:
        seen.fingerprint = groups[0]["fingerprint"]
    return seen


def filters(seen: SeenCluster) -> dict[str, str]:
    """By a name: the first page of a list with one condition, and with several."""
    some, time = seen.some, seen.some["submit_time"]
    conditions: dict[str, list[tuple[str, str]]] = {"all": []}
    conditions |= {f"state {state}": [("task_status", state)] for state in seen.samples}
    conditions |= {
        "every state that ends": [("task_status", state) for state in ("completed", "failed", "cancelled")],
        "type": [("task_type", some["task_type"])],
        "type and state": [("task_type", some["task_type"]), ("task_status", "failed")],
        "queue": [("queue", some["queue"])],
        "queue, type and state": [
            *(("queue", some["queue"]), ("task_type", some["task_type"]), ("task_status", "cancelled")),
        ],
        "text: whole id": [("text", some["task_id"])],
        "text: of a type": [("text", some["task_type"][:5])],
        "text: of nothing": [("text", "no such text")],
        "submitted before": [("submit_time_end", time)],
        "submitted since": [("submit_time_start", time)],
        "submitted before, state": [("submit_time_end", time), ("task_status", "failed")],
        "with warnings": [("has_warnings", "true")],
    }
    if seen.label:
        conditions["label"] = [("label", seen.label)]
        conditions["label and state"] = [("label", seen.label), ("task_status", "failed")]
        conditions["text: of a label"] = [("text", seen.label.partition("=")[2])]
    if seen.fingerprint:
        conditions["error fingerprint"] = [("error_fingerprint", seen.fingerprint)]
    return {name: f"{TASKS}?{urlencode(pairs)}" if pairs else TASKS for name, pairs in conditions.items()}


def calls(seen: SeenCluster) -> dict[str, str]:
    """By a name: what pages ask for besides lists of tasks."""
    found = {
        "overview": "/api/v1/overview",
        "curves of a day": "/api/v1/series?step_ms=3600000",
        "curves of a type": f"/api/v1/series?task_type={quote(seen.some['task_type'])}",
        "failures by kind": "/api/v1/failures",
        "executors": "/api/v1/executors",
        "queues": "/api/v1/queues",
        "task types": "/api/v1/task_types",
    }
    for state, task in seen.samples.items():
        found[f"task, {state}"] = f"{TASKS}/{task['task_id']}?view=full"
    if task := seen.samples.get("queued"):
        found["explanation"] = f"{TASKS}/{task['task_id']}/explanation"
    if seen.longest:
        task_path = f"{TASKS}/{seen.longest}"
        found["log"] = f"{task_path}/logs"
        found["log, newest first"] = f"{task_path}/logs?newest_first=true"
        found["log, errors"] = f"{task_path}/logs?min_level=error"
        found["items"] = f"{task_path}/items"
        found["items, failed"] = f"{task_path}/items?state=failed"
    return found


def pages(seen: SeenCluster) -> dict[str, str]:
    """By a name: the pages of the console."""
    found = {
        "Overview": "/",
        "Tasks": "/tasks",
        "Tasks, failed": "/tasks?state=failed",
        "Tasks, running": "/tasks?state=running",
        "Submit": "/submit",
        "Submit, a type": f"/submit?type={quote(seen.some['task_type'])}",
        "Executors": "/executors",
        "Queues": "/queues",
        "Type": f"/types/{quote(seen.some['task_type'])}",
        "Health": "/health",
    }
    for state, task in seen.samples.items():
        found[f"Task, {state}"] = f"/tasks/{task['task_id']}"
    for tab in ("log", "items", "attempts", "history", "data"):
        if seen.longest:
            found[f"Task, {tab}"] = f"/tasks/{seen.longest}?tab={tab}"
    return found
