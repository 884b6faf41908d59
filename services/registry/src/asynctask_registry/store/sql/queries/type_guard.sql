-- Take turns with everybody who stores task types, until the end of the transaction: their total has a bound.
-- @params key
SELECT pg_advisory_xact_lock(:key::bigint)
