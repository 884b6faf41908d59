-- Let only one transaction at a time store task types: their total has a bound.
-- @params key
SELECT pg_advisory_xact_lock(:key::bigint)
