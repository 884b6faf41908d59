"""The bound of every field of every request, in one table.

`kinds` has the words of the table: what a bound is, how it is checked and how it reads. `task`, `scheduler` and
`registry` hold the rows, by package of the contracts, and `commands` those of people's commands in both. `table` puts
them together and says which calls are hot.
`checker` checks a whole message by the table: the services do that to every request before its handler sees it. Hot
messages, which come once a task, are checked by straight-line code with the same limits instead: `hot`. Chunks of
manifests, which have thousands of parts, are looked at by such code first: `chunk`. `definition` checks what no single
field of a task type says.

Fields that no table knows (of a newer peer) are dropped at the edge, so nothing without a bound goes any further.
Numbers of enums that this version does not know are refused.
"""
