"""Examples in the OpenAPI document, by name of the message. A test sends and reads them."""

from collections.abc import Mapping
from typing import Any, Final

_ID: Final = "0198c0de-0000-7000-8000-000000000001"
_TASK: Final[Mapping[str, Any]] = {
    "task_id": _ID,
    "task_type": "backup_file",
    "queue": "default",
    "priority": 3,
    "task_status": "running",
    "version": 4,
    "submit_time": "2026-01-31T08:00:00.000Z",
    "start_time": "2026-01-31T08:00:00.120Z",
    "stage": "transfer",
    "percent": 62.5,
    "task_config": {"source": "/srv/photos", "destination": "/mnt/nas/photos"},
    "stages": [
        {
            "name": "transfer",
            "position": 2,
            "weight": 20,
            "state": "running",
            "progress": {
                "done": 318,
                "total": 512,
                "unit": "bytes",
                "message": "",
                "rate": 84,
                "remaining_s": 2.3,
            },
            "start_time": "2026-01-31T08:00:02.000Z",
            "left_out_bytes": 0,
        }
    ],
    "attempt_count": 1,
    "error_count": 0,
    "lost_count": 0,
    "release_count": 0,
    "run": 1,
    "executor_id": "nas-1-4f2a",
    "labels": {"nas": "basement"},
    "command_reason": "",
    "deleted": False,
    "manifests": [],
    "warning_count": 0,
    "warning_counts": {},
    "warnings": [],
}

EXAMPLES: Final[Mapping[str, Any]] = {
    "SubmitTaskRequest": {
        "task_type": "backup_file",
        "task_config": {"source": "/srv/photos", "destination": "/mnt/nas/photos"},
        "priority": 2,
        "labels": {"nas": "basement"},
    },
    "SubmitTaskResponse": {"task_id": _ID},
    "BatchSubmitTasksRequest": {
        "tasks": [{"task_type": "count", "task_config": {"to": 3}}, {"task_type": "count"}]
    },
    "Task": _TASK,
    "Explanation": {
        "task_id": _ID,
        "task_status": "queued",
        "summary": "All 2 slots of the executor that runs type backup_file in queue default are taken.",
        "reasons": [
            {
                "kind": "slots_full",
                "summary": "All 2 slots of the executor that runs type backup_file in queue default are taken.",
                "executors": {
                    "able": 1,
                    "slots": 2,
                    "running": 2,
                    "draining": 0,
                    "connected": 1,
                    "connected_types": [],
                    "connected_queues": [],
                },
            },
            {
                "kind": "behind_others",
                "summary": "Others go before it: 1 task of its type and queue, the first with priority 1. "
                "It has priority 3.",
                "position": {"ahead": 1, "first_priority": 1, "priority": 3, "ahead_elsewhere": 0},
            },
        ],
    },
    "PauseTaskRequest": {"reason": "the network is needed"},
    "RestartTaskRequest": {"from": "checkpoint"},
    "UpdateTaskRequest": {"priority": 1},
    "Problem": {
        "type": "urn:asynctask:reason:INVALID_INPUT",
        "title": "One or more fields are wrong; `violations` lists every one.",
        "status": 400,
        "detail": "priority: must be from 1 (first) to 5 (last); got 9",
        "reason": "INVALID_INPUT",
        "violations": [{"field": "priority", "description": "must be from 1 (first) to 5 (last); got 9"}],
        "request_id": "0198c0de-0000-7000-8000-0000000000ff",
    },
}
