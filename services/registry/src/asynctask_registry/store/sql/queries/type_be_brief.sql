-- Bound the time of the rest of the transaction, since other transactions wait for it.
-- @params lock_timeout statement_timeout
SELECT set_config('lock_timeout', :lock_timeout, true), set_config('statement_timeout', :statement_timeout, true)
