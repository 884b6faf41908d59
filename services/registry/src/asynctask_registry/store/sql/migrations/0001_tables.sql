-- The tables of the registry. Partitions are made by store/partitions.py, never here: they follow the calendar.
-- JSON payloads are text, because nobody looks inside them here; `labels` is jsonb, because lists filter by it.
-- No foreign keys: partitions are dropped as a whole, and a parent and its rows may lie on both sides of midnight.

-- A task as it stands. Range-partitioned by its time-ordered id.
CREATE TABLE tasks (
    task_id uuid NOT NULL,
    submit_time timestamptz NOT NULL,          -- the id's time
    change_xid xid8 NOT NULL DEFAULT pg_current_xact_id(), -- transaction of the latest change of version: the change feed
    version bigint NOT NULL DEFAULT 1,         -- grows with every change that watchers or queues must learn of
    ready_at timestamptz,                      -- when it first was, or will be, ready in this run
    due_at timestamptz,                        -- earliest start of a pending task
    start_time timestamptz,                    -- of its first attempt
    end_time timestamptz,                      -- when it became final
    expires_at timestamptz,
    deleted_at timestamptz,                    -- hidden since
    attempt_id uuid,                           -- the running attempt; the latest one when not running
    lease_epoch bigint NOT NULL DEFAULT 0,     -- number of its latest attempt: the fencing token
    last_event bigint NOT NULL DEFAULT 0,      -- last event of that attempt
    last_chunk bigint NOT NULL DEFAULT 0,      -- last manifest chunk of that attempt
    run integer NOT NULL DEFAULT 1,
    attempt_count integer NOT NULL DEFAULT 0,
    error_count integer NOT NULL DEFAULT 0,
    lost_count integer NOT NULL DEFAULT 0,
    undelivered_count integer NOT NULL DEFAULT 0,
    release_count integer NOT NULL DEFAULT 0,
    priority smallint NOT NULL,
    delete_requested boolean NOT NULL DEFAULT false, -- hide it once its executor has stopped
    task_status text NOT NULL,
    task_type text NOT NULL,
    queue text NOT NULL,
    stage text NOT NULL DEFAULT '',            -- current stage; empty means the first
    executor_id text NOT NULL DEFAULT '',      -- who holds it while running
    waiting_for text,
    requested text,
    application text,
    task_config text NOT NULL,
    result text,
    failure text,                              -- JSON of asynctask.task.v1.Failure
    command_reason text NOT NULL DEFAULT '',
    labels jsonb,
    CONSTRAINT tasks_pkey PRIMARY KEY (task_id),
    CONSTRAINT tasks_priority CHECK (priority BETWEEN 1 AND 5),
    CONSTRAINT tasks_status CHECK (task_status IN (
        'pending', 'queued', 'running', 'awaiting_approval', 'paused', 'completed', 'failed', 'cancelled'
    )),
    CONSTRAINT tasks_held CHECK ((task_status = 'running') = (executor_id <> ''))
) PARTITION BY RANGE (task_id);

-- Partial indexes also because hot statements, which say nothing of their conditions, can then only go by the ids.
-- Lists by type, newest first.
CREATE INDEX tasks_by_type ON tasks (task_type, task_id) WHERE deleted_at IS NULL;
-- Lists by state and the sweep; nearly every row ends as completed, which the primary key serves as well.
CREATE INDEX tasks_by_status ON tasks (task_status, task_id) WHERE task_status <> 'completed';
-- Dispatch order within one priority, for the rebuild.
CREATE INDEX tasks_queued ON tasks (priority, ready_at, task_id) WHERE task_status = 'queued';
-- Timers.
CREATE INDEX tasks_due ON tasks (due_at, task_id) WHERE task_status = 'pending' AND due_at IS NOT NULL;
-- The change feed. Without the id: rows of one transaction share an entry.
CREATE INDEX tasks_changed ON tasks (change_xid);

-- One row an attempt: a lease of a task by an executor. Range-partitioned by its own time-ordered id.
CREATE TABLE task_execution_history (
    history_id uuid NOT NULL,                  -- the attempt id
    task_id uuid NOT NULL,
    start_time timestamptz,                    -- NULL for an attempt that was ended before it was ever started
    end_time timestamptz,                      -- NULL while running
    lease_epoch bigint NOT NULL,
    run integer NOT NULL,
    executor_id text NOT NULL,
    execution_result text,                     -- NULL while running
    failure text,                              -- JSON of asynctask.task.v1.Failure
    CONSTRAINT task_execution_history_pkey PRIMARY KEY (history_id),
    CONSTRAINT task_execution_history_result CHECK (execution_result IN (
        'success', 'failed', 'lost', 'released', 'undelivered', 'paused', 'cancelled'
    )),
    CONSTRAINT task_execution_history_ended CHECK ((end_time IS NULL) = (execution_result IS NULL))
) PARTITION BY RANGE (history_id);

CREATE INDEX task_execution_history_by_task ON task_execution_history (task_id, history_id);

-- What is kept of a stage: its position, progress and result. A stage with nothing to keep has no row.
CREATE TABLE task_stages (
    task_id uuid NOT NULL,
    stage text NOT NULL,
    stage_status text NOT NULL,
    end_time timestamptz,
    position integer NOT NULL,                 -- in its type when it was written
    checkpoint_json text,
    checkpoint_raw bytea,
    result text,
    progress_done double precision,            -- NULL before the first report
    progress_total double precision,
    progress_unit text,
    progress_message text,
    CONSTRAINT task_stages_pkey PRIMARY KEY (task_id, stage),
    CONSTRAINT task_stages_status CHECK (stage_status IN ('running', 'completed'))
) PARTITION BY RANGE (task_id);

-- A stage's manifest: counts by state, kept with every chunk. A reset begins a new generation, so it costs one row;
-- items of older generations are deleted in the background.
CREATE TABLE task_manifests (
    task_id uuid NOT NULL,
    manifest text NOT NULL,
    generation integer NOT NULL DEFAULT 1,
    swept_generation integer NOT NULL DEFAULT 0, -- items of generations up to this one are gone
    sealed boolean NOT NULL DEFAULT false,
    todo_items bigint NOT NULL DEFAULT 0,
    todo_size numeric NOT NULL DEFAULT 0,
    done_items bigint NOT NULL DEFAULT 0,
    done_size numeric NOT NULL DEFAULT 0,
    failed_items bigint NOT NULL DEFAULT 0,
    failed_size numeric NOT NULL DEFAULT 0,
    skipped_items bigint NOT NULL DEFAULT 0,
    skipped_size numeric NOT NULL DEFAULT 0,
    excluded_items bigint NOT NULL DEFAULT 0,
    excluded_size numeric NOT NULL DEFAULT 0,
    CONSTRAINT task_manifests_pkey PRIMARY KEY (task_id, manifest)
) PARTITION BY RANGE (task_id);

CREATE INDEX task_manifests_unswept ON task_manifests (task_id) WHERE swept_generation < generation - 1;

CREATE TABLE task_manifest_items (
    task_id uuid NOT NULL,
    manifest text NOT NULL,
    generation integer NOT NULL,
    position bigint NOT NULL,
    key bytea NOT NULL,                        -- file names need not be UTF-8
    size bigint NOT NULL,
    item_status text NOT NULL,
    error text NOT NULL DEFAULT '',
    data text NOT NULL DEFAULT '',
    CONSTRAINT task_manifest_items_pkey PRIMARY KEY (task_id, manifest, generation, position),
    CONSTRAINT task_manifest_items_status CHECK (item_status IN ('todo', 'done', 'failed', 'skipped', 'excluded'))
) PARTITION BY RANGE (task_id);

-- What people and policies did; starts and ends of attempts are in task_execution_history.
CREATE TABLE task_events (
    task_id uuid NOT NULL,
    time timestamptz NOT NULL,
    version bigint NOT NULL,                   -- the row version that the event made
    kind text NOT NULL,
    detail text NOT NULL DEFAULT '{}',
    CONSTRAINT task_events_pkey PRIMARY KEY (task_id, version, time)
) PARTITION BY RANGE (time);

-- Handlers' log lines, by the time of their attempt.
CREATE TABLE task_logs (
    task_id uuid NOT NULL,
    attempt_id uuid NOT NULL,
    sequence bigint NOT NULL,
    time timestamptz NOT NULL,                 -- by the executor's clock
    level smallint NOT NULL,
    stage text NOT NULL,
    logger text NOT NULL,
    message text NOT NULL,
    CONSTRAINT task_logs_pkey PRIMARY KEY (task_id, attempt_id, sequence)
) PARTITION BY RANGE (attempt_id);

-- Request ids that are not task ids themselves, remembered for a day.
CREATE TABLE task_keys (
    application text NOT NULL,
    key text NOT NULL,
    task_id uuid NOT NULL,
    body_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT task_keys_pkey PRIMARY KEY (application, key)
);

CREATE INDEX task_keys_expiry ON task_keys (expires_at);

-- The kinds of tasks that executors have declared.
CREATE TABLE task_types (
    name text NOT NULL,
    version bigint NOT NULL,
    update_time timestamptz NOT NULL,
    definition text NOT NULL,                  -- JSON of asynctask.task.v1.TaskType
    CONSTRAINT task_types_pkey PRIMARY KEY (name)
);
