-- Block deletions of task types until the end of the transaction, which may write tasks.
-- @params
LOCK TABLE ONLY tasks IN ROW EXCLUSIVE MODE
