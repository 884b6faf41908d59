-- Let no task type be deleted until the end of the transaction: what holds this lock may write tasks.
-- @params
LOCK TABLE ONLY tasks IN ROW EXCLUSIVE MODE
