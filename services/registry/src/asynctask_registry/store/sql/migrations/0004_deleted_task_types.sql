-- Readers of task types ask for what changed since their last look, as watchers of tasks do. The row of a deleted type
-- stays, without its definition: readers learn of the deletion from it, and a type of that name that is declared anew
-- goes on with higher versions.
ALTER TABLE task_types
    ADD COLUMN deleted_at timestamptz,                                         -- no type any more since
    ADD COLUMN change_xid xid8 NOT NULL DEFAULT pg_current_xact_id();          -- transaction of the latest change

CREATE INDEX task_types_changed ON task_types (change_xid, name);
-- Every insert of tasks looks for its types here, where there is mostly nothing.
CREATE INDEX task_types_deleted ON task_types (name) WHERE deleted_at IS NOT NULL;
