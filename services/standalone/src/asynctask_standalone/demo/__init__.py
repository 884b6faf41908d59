"""`./dev demo`: a real backup on a throw-away cluster, with an executor killed half-way.

`__main__` reads the command line; `places` checks the given folders; `source` finds a folder to back up; `counting`
counts files and bytes; `story` runs the demo from the first start to the last stop; `executors` starts the two
executors; `backup` runs the task, kills one executor in the middle and watches the other go on; `trees` compares the
copies with their sources, without code of the backup; `verdict` checks every promise; `report` prints the result and
what to try next.
"""
