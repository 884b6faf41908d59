"""Other task queues on the same work, each with its own Redis that writes as ours does."""
