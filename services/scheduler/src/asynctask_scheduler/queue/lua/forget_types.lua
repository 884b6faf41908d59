-- Delete the limits of task types that were deleted. `deleted` are pairs: type, version of its deletion.
-- A type that was declared again since then has a higher version, and keeps its limit.
-- @keys    limits versions
-- @args    deleted...
-- @returns how many were deleted
local forgotten = 0
for i = deleted_from, #ARGV, 2 do
  local task_type, version = ARGV[i], tonumber(ARGV[i + 1])
  local known = tonumber(redis.call('HGET', versions, task_type) or 'inf')
  if known <= version then
    redis.call('HDEL', versions, task_type)
    redis.call('HDEL', limits, task_type)
    forgotten = forgotten + 1
  end
end
return forgotten
