-- Use 1 MiB of disk until the transaction ends: fails like commands do while the disk is full.
-- @params
CREATE TEMP TABLE asynctask_store_try ON COMMIT DROP AS
SELECT repeat('x', 1900) AS filler
FROM generate_series(1, 512)
