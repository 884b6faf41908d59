-- Ids of tasks changed by transactions from `first` on and before `end`, after the position of the previous page,
-- deleted tasks included. See ledger/changes.py for why this misses nothing.
-- @params first end after_xid after_id page_size
SELECT task_id, change_xid
FROM tasks
WHERE change_xid >= greatest(:first::xid8, :after_xid::xid8)
    AND change_xid < :end::xid8
    AND (change_xid > :after_xid OR task_id > :after_id::uuid)
ORDER BY change_xid, task_id
LIMIT :page_size::integer
