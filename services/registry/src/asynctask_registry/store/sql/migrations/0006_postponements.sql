-- How often handlers postponed the task in this run, apart from what executors gave back. NULL where none did, so that
-- no other row grows by it. A registry of an older release that runs beside newer ones leaves the column as it is: what
-- is postponed or restarted there is not counted or reset, so such a run may end a little later or earlier.
ALTER TABLE tasks ADD COLUMN postpone_count integer;
