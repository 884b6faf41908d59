-- Wait for transactions that write tasks, then block others until this one ends; see catalogue/registrar.py.
-- @params
LOCK TABLE ONLY tasks IN SHARE MODE
