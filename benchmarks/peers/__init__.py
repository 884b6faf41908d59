"""Other task queues with the same work, each with its own Redis that writes to disk as ours does."""
