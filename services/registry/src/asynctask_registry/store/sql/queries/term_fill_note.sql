-- Note down to which id tasks have all their terms.
-- @params filled_from
UPDATE task_terms_filling
SET filled_from = :filled_from::uuid
