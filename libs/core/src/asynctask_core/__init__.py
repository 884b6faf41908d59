"""The rules of a task, shared by every service and by the SDK. No I/O, no asyncio, no clock of its own.

In the order in which a task meets them:

- `ids`        UUIDv7 ids: 16 bytes inside, text for people
- `limits`     every size and count limit, with its reason
- `validate`   checks of names, priorities, labels and task types, all violations at once
- `json_text`  how JSON is read, and what is wrong with one that is refused
- `text_bytes` the text of files that people wrote
- `states`     the words for where a task, stage, attempt or item is
- `state_words` the same words for programs that load no protobuf
- `task`       `TaskFacts`: what the life cycle needs to know of a task, and `TypeRules`
- `commands`   what happens to an attempt
- `lifecycle`  the pure life cycle: (facts, command) -> decision
- `retry`      when a failed attempt is tried again
- `item_warnings` what a completed task warns of by itself: items that ended failed or skipped
- `progress`   a task's percentage, rate and remaining time
- `errors`     the catalogue of errors
- `status`     errors to `google.rpc.Status` and back
- `wire`       timestamps and text between Python and protobuf
- `listing`    names in a sentence: all of them, or the first of very many
"""
