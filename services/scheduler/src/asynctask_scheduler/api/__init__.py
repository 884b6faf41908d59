"""The gRPC services for applications and executors. Each method only checks, makes one call inwards, and answers.

- `submit_validation`: checks a whole submit, and reports every wrong field at once.
- `submit_calls`: accepts or refuses tasks, from calls and from streams.
- `task_service`: a package; uses `reading` (batched reads with live progress), `watching` (which keeps running tasks in
  a `running_cache`), `tailing` (logs), `searching` (texts in logs and manifests), `tokens` (page and resume tokens,
  bound to their request), `pages` and `filters`.
- `explain`: why a task does not run now.
- `actors`: determines who gave a command.
- `executor_service`, `queue_service`, `task_type_service`, `overview_service`, `doctor_service`,
  `health_service`.
"""
