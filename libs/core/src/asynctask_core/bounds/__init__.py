"""The bound of every field of every request, in one table.

`kinds` has the kinds of bounds: how each is checked, and its words for people. `task`, `scheduler` and `registry` hold
the rows, by package of the contracts, and `commands` those of people's commands in both; `table` joins them and lists
the hot calls. `checker` checks a whole message by the table: the services do that to every request before its handler
sees it. Hot messages, which every task needs, are checked by straight-line code with the same limits instead: `hot`.
Such code also checks chunks of manifests first, since they have thousands of parts: `chunk`. `definition` checks a task
type across its fields.

Fields that the table does not have (of a newer peer) are dropped when a request arrives, so nothing without a bound
gets into a service. Numbers of enums that this version does not know are refused.
"""
