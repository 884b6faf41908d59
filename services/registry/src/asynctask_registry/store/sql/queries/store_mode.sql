-- Whether this Postgres lets our role write: a standby and a read-only server do not.
-- @params
SELECT
    pg_is_in_recovery() AS is_standby,
    current_setting('transaction_read_only') = 'on' AS is_read_only
