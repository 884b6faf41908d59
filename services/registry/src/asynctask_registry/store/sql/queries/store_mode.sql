-- Whether this Postgres lets our role write: a standby does not, nor one that is set to read-only.
-- @params
SELECT
    pg_is_in_recovery() AS is_standby,
    current_setting('transaction_read_only') = 'on' AS is_read_only
