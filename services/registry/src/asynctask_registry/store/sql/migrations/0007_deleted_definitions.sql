-- The row of a deleted type keeps a definition of its name alone. A registry of an older release, which knows nothing of
-- deletions, reads every row: with an empty text in one of them it could read no type at all. The trigger would take
-- this change for a new definition, and so for the end of the deletion.
ALTER TABLE task_types DISABLE TRIGGER stamp_task_type;
UPDATE task_types SET definition = json_build_object('name', name)::text WHERE definition = '';
ALTER TABLE task_types ENABLE TRIGGER stamp_task_type;
