"""The write pipeline: what callers and executors want written, batched into commands of the registry, and what follows.

In the order in which a task visits them:

- `task_submitter`    submits of concurrent callers share `CreateTasks`; an intent in Redis bridges commit and apply
- `eager_start`       the port by which a submit has tasks leased before they are created; `dispatch` implements it
- `intents`           what a call was about to change, should it never come back
- `attempt_starter`   leases of all sessions share `StartAttempts`
- `lease_releaser`    leases are given back with `EndAttempts`
- `event_recorder`    executors' events share `RecordEvents`, in order, and acknowledgements find their way back;
                      `received_events`: what a stream hands over; `quarantine`: events at which the registry fails
- `task_commands`     pause, resume, cancel, restart, delete, update, with their intents
- `standing_applier`  the standings of every answer go to the one apply function, in the background
"""
