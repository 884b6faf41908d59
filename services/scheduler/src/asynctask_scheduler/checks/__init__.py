"""Configs checked against the schemas of their types, within a budget that no schema can exceed.

- `config_checks`     the entry: a check here, or in a process where there is no small bound
- `schemas`           compiled schemas; `schema_words`: what is wrong with a config, in words
- `schema_cost`       what a schema can cost at most, from the schema alone
- `schema_processes`  processes that look at schemas and check configs; `schema_process` is one
- `turns`             one at a time of each type, or connection
"""
