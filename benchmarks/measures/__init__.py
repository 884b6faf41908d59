"""One module for each measure, with a coroutine that takes the bench and records figures in it.

idle      processor time of an idle cluster, and its memory at rest
console   the same with a gateway and one open page of the console
latency   submit to handler start on an idle system; cancel and pause to a running handler
reports   progress calls and acknowledged checkpoints
live      a thousand event streams while tasks report; how long a change takes to its readers
recovery  a killed executor: how long until its tasks run elsewhere
submit    the three ways to submit, with no executor running; memory of the queued tasks
rest      submit and get over REST against plain gRPC
drain     a full queue without producers, then producers and executors together
depth     the same drain with 10,000 and with 1,000,000 queued
"""
