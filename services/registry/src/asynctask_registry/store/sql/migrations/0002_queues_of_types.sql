-- A task stays in the queue that its type had when it was submitted, so whoever serves the type must know that queue
-- after the type has moved to another one.
ALTER TABLE task_types ADD COLUMN queues text[] NOT NULL DEFAULT '{}'; -- every one that it was ever given
