-- Who gave a command, and under which request id: a repeat of it is known by that.
ALTER TABLE task_events
    ADD COLUMN request_id text NOT NULL DEFAULT '',
    ADD COLUMN actor text NOT NULL DEFAULT '';
