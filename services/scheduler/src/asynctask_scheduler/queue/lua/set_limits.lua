-- Set how many tasks of some types may run. `defined` are triples: type, limit (0: none), version of the definition.
-- An older definition than the kept one has no effect, so calls may come in any order.
-- @keys    root limits versions
-- @args    defined...
-- @include records
-- @returns how many limits changed; `wake` is published for their types, since these may have more room now
local changed = {}
for i = defined_from, #ARGV, 3 do
  local task_type, limit, version = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  if version >= tonumber(redis.call('HGET', versions, task_type) or 0) then
    redis.call('HSET', versions, task_type, version)
    if limit ~= tonumber(redis.call('HGET', limits, task_type) or 0) then
      changed[#changed + 1] = any_queue(task_type)
      if limit > 0 then
        redis.call('HSET', limits, task_type, limit)
      else
        redis.call('HDEL', limits, task_type)
      end
    end
  end
end
if #changed > 0 then
  redis.call('PUBLISH', root .. 'wake', table.concat(changed, '\n'))
end
return #changed
