"""The queues of a cell in Redis: what is ready, what is leased to whom until when.

In the order a task meets them:

    port             what the rest of the scheduler may ask (`Queue`), with atomicity, order and errors
    answers          the values that it is told and answers
    apply            a standing of the registry as the bytes that scripts compare and keep
    redis_queue      the port on Redis: standings, leases, hints; with redis_executors, redis_upkeep, redis_repair
    lua/*.lua        the verbs, one atomic step each; the only code that changes a key
    scripts          loads verbs and turns their heads into locals
    keys             every key and channel, with its type
    connection       the driver: one server, Sentinel or Cluster by URL; time-outs; its errors end here
                     address: its URL; gate: how many calls are under way at once, and who goes first
    lease_clock      which deadlines have passed: by Redis' clock and our own
    hints            the messages that scripts publish
    calls            what the parts of RedisQueue share
"""
