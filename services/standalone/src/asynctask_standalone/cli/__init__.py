"""The `asynctask` command line.

`app` puts the commands together; each module of commands is a thin layer over the SDK's client: `submit`, `tasks` (get,
list, attempts, items, events), `control` (pause to delete), `follow` (watch, logs), `cluster` (types, executors, drain,
queues), `doctor`, `executor` and `up`. They share `options`, `connection` (the client), `knock` (is anybody there?),
`given` (durations, times and labels as they are written), `exits` (what exit codes mean), `streams` (stdin, stdout and
stderr that fail), `output` (where output goes: text, tables, JSON), `plain` (text and tables as programs read them),
`console` (the same for people, by rich), `fitting` (tables as wide as a terminal), `hints` (sentences with commands, to
be copied), `shortening` (names that lose their middle), `waiting` (why a task does not go on), `due` (since when it
could), `unserved` (tasks that no executor runs), `starting` (the command that starts one), `show` (one task for
people), `whole` (changes of tasks for programs), `kinds` (one task type for people), `live` and `stage_bars` (tasks
while they run), `steady` (progress bars that do not step back), `cropping` (as much as the terminal has rows for) and
`echo` (no `^C` among what is redrawn), `completion` (what TAB offers) and `help` (how help pages look).

Every command loads only what it needs, since most of its time goes into loading: `plain_call` reads lines without
options of a command's own, so that they need no Typer (which is `lazy_typer` where it may not be needed), nothing here
imports grpc when it is loaded, output for programs needs no rich, and `deferred` puts off the halves of grpc and
protobuf that one call has no use for.
"""
