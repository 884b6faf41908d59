"""`./dev demo`: a real backup on a throw-away cluster, with an executor killed half-way.

`__main__` reads the command line; `places` looks at the folders that were given, `source` finds one that is worth a
backup, `counting` counts for all; `story` plays it from the first start to the last stop; `executors` starts the two
executors; `backup` runs the task, kills one of them in the middle and sees the other go on; `trees` compares the copies
with their sources by its own eyes; `verdict` holds what happened against what was promised; `report` prints that, and
how to look further.
"""
