"""The `asynctask` command line.

`app` puts the commands together; each module of commands is a thin layer over the SDK's client: `submit`, `tasks`
(get, list, attempts, items, events), `explain` (why a task does not run), `overview` (the whole cluster), `failures`
(failed tasks by the kind of their error), `control` (pause to delete), `follow` (watch, logs), `cluster` (types,
executors, drain, queues), `doctor`, `executor`, `version` and `up` (which shows `panel`, and logs by `verbose`). They
share `options`, `connection` (the client), `knock` (does a scheduler answer?), `given` (parses durations, times and
labels), `exits` (what exit codes mean), `streams` (stdin, stdout and stderr that fail), `output` (where output goes:
text, tables, JSON), `plain` (text and tables as programs read them), `console` (the same for people, by rich),
`task_pages` (pages of a list, and how far back they looked), `fitting` (tables as wide as a terminal), `hints`
(sentences with commands to copy), `shortening` (names that lose their middle), `wording` and `typed` (words, numbers
and fields for people), `reasons` (reasons that only the command line gives), `warned` (warnings of a task), `waiting`
(why a task does not go on), `due` (since when it could have started), `unserved` (tasks that no executor runs),
`starting` (the command that starts an executor), `show` (one task for people), `whole` (changes of tasks for
programs), `kinds` (one task type for people), `live` and `stage_bars` (tasks while they run), `steady` (progress bars
that do not step back), `cropping` (output no higher than the terminal) and `echo` (no `^C` in what is redrawn),
`completion` (what TAB offers) and `help` (how help pages look).

Every command loads only what it needs, since most of its time goes into loading:

- `plain_call` parses command lines without command-specific options, which then need no Typer;
- modules that may not need Typer import it through `lazy_typer`;
- no module here imports grpc when it is loaded;
- output for programs needs no rich;
- `deferred` delays the parts of grpc and protobuf that a single call does not use.
"""
