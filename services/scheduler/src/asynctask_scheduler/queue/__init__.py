"""The queues of a cell in Redis: ready tasks, timers, and leases with their executors and deadlines.

In the order a task meets them:

    port             the interface for the rest of the scheduler: `Queue` in four parts, with atomicity and errors
    answers          the values that its calls take and return
    apply            packs a standing of the registry into the bytes that scripts compare and keep
    redis_queue      the port on Redis, and hints; its parts: redis_tasks, redis_executors, redis_upkeep, redis_repair
    lua/*.lua        the verbs, one atomic step each. lua/include: what several share. Two single commands of
                     redis_upkeep are the only other changes of keys
    scripts          loads verbs and turns the tags in their heads into locals
    keys             every key and channel, with its type
    connection       the driver: one server, Sentinel or Cluster by URL; time-outs; translates the driver's errors
                     address: its URL; gate: bounds concurrent calls, and admits urgent ones first
    lease_clock      which deadlines have passed: by Redis' clock and our own
    refusals         errors with which Redis refuses writes, in words; executor_limit: the error when too many
                     executors are remembered
    lane_names       names of the queues that have lanes, for pages of a list
    hints            the messages that scripts publish
    calls            shared by the parts of RedisQueue
"""
