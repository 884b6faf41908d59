-- Counts of tasks and curves over time. A transaction that changes tasks appends rows to `task_moves` and updates no
-- counter, so no two transactions wait for one row, and a rollback counts nothing. A loop of the registry folds moves
-- into `task_counts` and `task_series` in the background; readers add the moves that are not folded yet.

-- So many tasks of a type went from one state to another, and what happened to them. No index: rows are appended, read
-- as a whole, and gone after seconds.
CREATE TABLE task_moves (
    moved_at timestamptz NOT NULL DEFAULT now(),
    task_type text NOT NULL,
    former_status text,                        -- NULL: they were not counted before
    task_status text,                          -- NULL: they are not counted any more, since they are deleted
    event text,                                -- what happened, for the curves; NULL: nothing that curves show
    bucket smallint,                           -- of the wait before a start, or of the run before a completion
    tasks bigint NOT NULL                      -- negative only where a recount corrects a count
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Tasks that are not deleted, by type and state.
CREATE TABLE task_counts (
    task_type text NOT NULL,
    task_status text NOT NULL,
    tasks bigint NOT NULL,
    CONSTRAINT task_counts_pkey PRIMARY KEY (task_type, task_status)
) WITH (fillfactor = 60);

-- What happened to tasks in each minute and in each hour (`step_s` is 60 or 3600), by type; the empty type is all types
-- together. Bucket -1 is an event without a duration.
CREATE TABLE task_series (
    task_type text NOT NULL,
    step_s integer NOT NULL,
    start_time timestamptz NOT NULL,
    event text NOT NULL,
    bucket smallint NOT NULL,
    tasks bigint NOT NULL,
    CONSTRAINT task_series_pkey PRIMARY KEY (task_type, step_s, start_time, event, bucket)
) WITH (fillfactor = 80);

CREATE INDEX task_series_by_time ON task_series (step_s, start_time);

-- When the tasks of a type are counted anew. Types of an older release begin as not counted: their tasks are counted in
-- the background, not here.
CREATE TABLE task_recounts (
    task_type text NOT NULL,
    due_at timestamptz NOT NULL,
    is_counted boolean NOT NULL,
    CONSTRAINT task_recounts_pkey PRIMARY KEY (task_type)
);

INSERT INTO task_recounts (task_type, due_at, is_counted)
SELECT name, now(), false FROM task_types;

-- Whether the latest attempt started the task from `pending`; NULL means from `queued`. An update answers new values
-- only, and a start must say which state it left.
ALTER TABLE tasks ADD COLUMN was_pending boolean;

-- The bucket of a duration: bucket b holds what is longer than 2^((b-1)/2) ms and at most 2^(b/2) ms, bucket 0 what is at
-- most 1 ms, bucket 62 everything beyond 17 days. `date_part` because `extract` computes in decimals, which is slow.
CREATE FUNCTION duration_bucket(spent interval) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
    SELECT least(62, greatest(0, ceil(
        2 * ln(greatest(date_part('epoch', spent) * 1000, 0.5)) / ln(2::float8)
    )))::smallint
$$;
