"""One module for each measure, with a coroutine that takes the bench and records figures in it.

idle      processor time of an idle cluster, and its memory at rest
latency   submit to handler start on an idle system; cancel and pause to a running handler
reports   progress calls and acknowledged checkpoints
recovery  a killed executor: how long until its tasks run elsewhere
submit    the three ways to submit, with no executor running; memory of the queued tasks
drain     a full queue without producers, then producers and executors together
depth     the same drain with 10,000 and with 1,000,000 queued
"""
