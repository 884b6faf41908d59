"""It went wrong: loops that bring every task back to where the registry says, without anybody's help.

All of them are idempotent, run on every replica, and change queues only through `Queue.apply`:

    reaper      an executor fell silent: its attempts are ended, its tasks go on elsewhere
    timers      tasks that start later: the next minutes are loaded, and what is due is put in line
    reconciler  a call never came back: what it may have changed is looked up
    rebuild     Redis was lost, flushed, restarted or failed over: sessions and leases, the marker, then queued tasks
    sweep       everything is compared now and then; `comparison` does it, also for
    doctor      which tells a person
    presence    replicas that were told different things are not to work side by side
    loops       puts them together
    ports       what they ask of the registry
"""
