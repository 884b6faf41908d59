"""The rules of a task, shared by every service and by the SDK. No I/O, no asyncio, no clock of its own.

In the order in which a task needs them:

- `ids`        UUIDv7 ids: 16 bytes inside, text for people
- `limits`     every size and count limit, with its reason
- `bounds`     the bound of every field of every request
- `validate`   checks of names, priorities, labels and task types, all violations at once
- `json_text`  how JSON is read, and why a text is refused
- `task_title` the title of a task, filled in from its config
- `text_bytes` the text of files that people wrote
- `states`     the words for states of tasks, stages, attempts and items
- `state_words` the same words for programs that load no protobuf
- `task`       `TaskFacts`: the facts of a task for the life cycle, and `TypeRules`
- `commands`   what happens to an attempt
- `lifecycle`  the pure life cycle: (facts, command) -> decision
- `lease`      how the times of one lease fit together: renewals, stops, ends
- `retry`      when a failed attempt is tried again
- `item_warnings` warnings that the registry adds to a completed task: items that ended failed or skipped
- `warning_tally` warnings of one task, counted by stage and code
- `progress`   a task's percentage, and the rate of a stage; `remaining` its remaining time
- `errors`     the catalogue of errors
- `error_fingerprint` what errors of one kind have in common
- `remedies`   what a person can do about each reason of the catalogue
- `refusals`   what happens to an attempt when content of its program is refused
- `status`     errors to `google.rpc.Status` and back
- `wire`       timestamps and text between Python and protobuf
- `message_json` messages as JSON for people: REST, live events and `--json`
- `printable`  texts of others, made safe for terminals and logs
- `letter_case` texts without regard to the case of A to Z
- `listing`    names in a sentence: all of them, or the first of many
"""
