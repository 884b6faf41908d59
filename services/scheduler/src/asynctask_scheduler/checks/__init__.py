"""Checks configs against the schemas of their types, within a budget that no schema can exceed.

- `config_checks`     the entry: checks in the event loop if the cost has a small bound, otherwise in a process
- `schemas`           compiled schemas; `schema_words`: describes what is wrong with a config
- `schema_cost`       an upper bound of the cost of checks, computed from the schema alone
- `schema_processes`  processes that check schemas and configs; `schema_process` is one
- `title_templates`   the templates of titles that schemas have
- `turns`             one check at a time per type, or per connection
"""
