-- Where a reader of changes must go on next time, up to where transactions have begun, and which database this is.
-- @params
SELECT
    pg_snapshot_xmin(pg_current_snapshot()) AS safe,
    pg_snapshot_xmax(pg_current_snapshot()) AS begun,
    (SELECT system_identifier FROM pg_control_system()) AS system_id
