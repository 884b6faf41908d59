"""What applications and executors call. Every service is thin: check, one call inwards, answer.

- `submit_validation`: a submit, checked as a whole: every wrong field at once.
- `submit_calls`: tasks accepted or refused, by calls and by streams.
- `task_service`: tasks, in a package; with `reading` (batched reads with live progress), `watching` (what a watch
  keeps: `running_cache`), `tailing`, `tokens` (page and resume tokens, bound to what they were made for) and `filters`.
- `actors`: who gives a command.
- `executor_service`, `queue_service`, `task_type_service`, `doctor_service`.
"""
