-- Notify the replica that holds an executor's stream about one of its attempts. `lost` is 1 if the lease was lost, or 2
-- if it ran out without ever having been renewed.
-- @keys    root
-- @include records
local function tell(executor, id, attempt, requested, lost)
  local to = struct.pack('>Hc0', #executor, executor)
  redis.call('PUBLISH', root .. 'control', to .. id .. attempt .. char(requested, lost))
end
