"""Recovery: periodic loops that bring Redis back in line with the registry after a failure, without an operator.

All of them are idempotent and run on every replica. They change queues only by applying standings, making due tasks
ready, and ending attempts:

    reaper      ends the attempts of silent executors, so that other executors continue their tasks
    timers      loads the timers of the next minutes; its promoter makes tasks ready when they are due
    reconciler  looks up the tasks of calls that never completed, and applies their standings
    rebuild     refills a Redis that was lost, flushed, restarted or failed over: sessions, leases and marker; its
                loader the queued tasks
    sweep       compares everything periodically, with `comparison`

Beside the loops:

    doctor      compares everything on request, with `comparison`, and reports to a person
    presence    refuses to run replicas with different settings in one cell
    loops       constructs all loops
    ports       the calls of the registry that they use
"""
