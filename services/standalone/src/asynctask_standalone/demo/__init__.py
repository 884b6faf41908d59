"""`./dev demo`: a real backup on a throw-away cluster, with an executor killed half-way.

`__main__` reads the command line; `source` finds a folder that is worth a backup; `executors` starts and kills the two
executors; `story` tells the run as it happens; `trees` compares the copies with their sources, by its own eyes;
`report` says what was promised and what came of it.
"""
