-- Write what the life cycle decided. The same transaction has locked the rows; arrays are sorted by task id.
-- A NULL result, failure, reason, labels or counts of warnings keeps the stored value. But a new run begins without
-- result and failure, and a new attempt without the failure of the previous one.
-- `moved_tasks` and the arrays after it say what the changes count as, see ledger/transition/moves.py.
-- @params task_ids statuses versions priorities waiting_fors requesteds ready_ats due_ats attempt_ids executor_ids epochs last_events last_chunks runs attempt_counts error_counts lost_counts undelivered_counts release_counts postpone_counts stages deleteds delete_requesteds results failures reasons labels warning_countss moved_tasks former_statuses moved_statuses moved_events low high
WITH written AS (
    UPDATE tasks AS t
    SET task_status = w.task_status,
        version = w.version,
        -- Unchanged if watchers need not see the change; then the update touches no index either.
        change_xid = CASE WHEN w.version = t.version THEN t.change_xid ELSE pg_current_xact_id() END,
        priority = w.priority,
        waiting_for = w.waiting_for,
        requested = w.requested,
        ready_at = w.ready_at,
        due_at = w.due_at,
        attempt_id = coalesce(w.attempt_id, t.attempt_id),
        executor_id = w.executor_id,
        lease_epoch = w.lease_epoch,
        last_event = w.last_event,
        last_chunk = w.last_chunk,
        run = w.run,
        attempt_count = w.attempt_count,
        error_count = w.error_count,
        lost_count = w.lost_count,
        undelivered_count = w.undelivered_count,
        release_count = w.release_count,
        postpone_count = nullif(w.postpone_count, 0),
        stage = w.stage,
        start_time = CASE
            WHEN w.run <> t.run THEN NULL
            WHEN w.task_status = 'running' THEN coalesce(t.start_time, now())
            ELSE t.start_time
        END,
        end_time = CASE
            WHEN w.task_status IN ('completed', 'failed', 'cancelled') THEN coalesce(t.end_time, now())
        END,
        deleted_at = CASE WHEN w.deleted THEN coalesce(t.deleted_at, now()) END,
        delete_requested = w.delete_requested,
        result = CASE WHEN w.run = t.run THEN coalesce(w.result, t.result) END,
        failure = CASE WHEN w.run = t.run AND w.task_status NOT IN ('running', 'completed') THEN coalesce(w.failure, t.failure) END,
        command_reason = coalesce(w.reason, t.command_reason),
        labels = coalesce(w.labels::jsonb, t.labels),
        warning_counts = CASE WHEN w.warning_counts IS NULL THEN t.warning_counts ELSE nullif(w.warning_counts, '') END
    FROM unnest(
        :task_ids::uuid[], :statuses::text[], :versions::text::bigint[], :priorities::text::smallint[], :waiting_fors::text[],
        :requesteds::text[], :ready_ats::timestamptz[], :due_ats::timestamptz[], :attempt_ids::uuid[],
        :executor_ids::text[], :epochs::text::bigint[], :last_events::text::bigint[], :last_chunks::text::bigint[],
        :runs::text::integer[], :attempt_counts::text::integer[], :error_counts::text::integer[],
        :lost_counts::text::integer[], :undelivered_counts::text::integer[], :release_counts::text::integer[],
        :postpone_counts::text::integer[], :stages::text[], :deleteds::boolean[], :delete_requesteds::boolean[],
        :results::text[], :failures::text[], :reasons::text[], :labels::text[], :warning_countss::text[]
    ) AS w (
        task_id, task_status, version, priority, waiting_for, requested, ready_at, due_at, attempt_id, executor_id,
        lease_epoch, last_event, last_chunk, run, attempt_count, error_count, lost_count, undelivered_count, release_count,
        postpone_count, stage, deleted, delete_requested, result, failure, reason, labels, warning_counts
    )
    WHERE t.task_id = w.task_id
        AND t.task_id = ANY (:task_ids)
        AND t.task_id BETWEEN :low AND :high
    RETURNING t.task_id, t.task_type, t.ready_at, t.start_time, t.end_time
), moved AS (
    INSERT INTO task_moves (task_type, former_status, task_status, event, bucket, tasks)
    SELECT
        w.task_type, m.former_status, m.task_status, m.event,
        CASE
            WHEN m.event = 'started' AND w.start_time = now() THEN duration_bucket(now() - w.ready_at)
            WHEN m.event = 'completed' THEN duration_bucket(w.end_time - w.start_time)
        END,
        count(*)
    FROM written AS w
    JOIN unnest(
        :moved_tasks::uuid[], :former_statuses::text[], :moved_statuses::text[], :moved_events::text[]
    ) AS m (task_id, former_status, task_status, event) ON m.task_id = w.task_id
    GROUP BY 1, 2, 3, 4, 5
)
SELECT count(*) AS tasks
FROM written
