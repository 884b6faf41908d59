"""How the cluster is, as this replica sees it.

Loops read the parts, and GetHealth answers from what they read last:

    readiness        whether this replica may work: Redis answers and is rebuilt, and a registry is reachable
    description      what this replica says of itself
    replica_notes    tells the other schedulers that, through Redis, and reads what they say
    registry_looks   asks the registries in turn how they and Postgres are
    store_states     the state of a store as a message
    aged             states that were read a moment ago, as of now, and sums of them
    checks           what follows from all that: one fact for each check
    words            level, sentence, effect and repair of every fact
    cluster_health   puts it together, and remembers since when a fact holds
"""
