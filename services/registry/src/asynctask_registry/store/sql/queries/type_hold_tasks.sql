-- Let nobody write tasks until the end of the transaction, once those who write have ended; see catalogue/registrar.py.
-- @params
LOCK TABLE ONLY tasks IN SHARE MODE
