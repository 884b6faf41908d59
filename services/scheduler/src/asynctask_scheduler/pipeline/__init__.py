"""The write pipeline: batches writes of callers and executors into commands of the registry, and applies the answers.

In the order in which a task visits them:

- `task_submitter`    submits of concurrent callers share `CreateTasks`; an intent in Redis bridges commit and apply
- `eager_start_port`  has tasks leased before they are created; `dispatch/sessions` implements this port
- `intents`           which tasks a call is about to change, for repair if its process dies
- `attempt_starter`   leases of all sessions share `StartAttempts`
- `lease_releaser`    leases are given back with `EndAttempts`
- `event_recorder`    executors' events share `RecordEvents`, in order; acknowledgements go back to the sending stream;
                      `received_events`: what a stream hands over; `quarantine`: events that the registry cannot record
- `task_commands`     pause, resume, cancel, restart, delete, update, with their intents
- `standing_applier`  the standings of every answer go to the one apply function, in the background
"""
