-- What handlers warned of although they went on. NULL where there is none, so that nobody else's rows grow by it.
ALTER TABLE tasks ADD COLUMN warning_counts text;     -- JSON: how often by code, over all stages
ALTER TABLE task_stages ADD COLUMN warnings text;     -- JSON of asynctask_core.warning_tally by code
