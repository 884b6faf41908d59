-- Take 1 MiB of disk, given back when the transaction ends: fails as commands do while the disk is full.
-- @params
CREATE TEMP TABLE asynctask_store_try ON COMMIT DROP AS
SELECT repeat('x', 1900) AS filler
FROM generate_series(1, 512)
