-- Learn how many tasks of some types may run. `defined` are triples: type, limit (0: none), version of that definition.
-- What comes from an older definition than the one known changes nothing, so calls may come in any order.
-- @keys    root limits versions kinds
-- @args    defined...
-- @returns how many limits changed; then every line is woken, since any may have more room now
local changed = 0
for i = defined_from, #ARGV, 3 do
  local task_type, limit, version = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  if version >= tonumber(redis.call('HGET', versions, task_type) or 0) then
    redis.call('HSET', versions, task_type, version)
    if limit ~= tonumber(redis.call('HGET', limits, task_type) or 0) then
      changed = changed + 1
      if limit > 0 then
        redis.call('HSET', limits, task_type, limit)
      else
        redis.call('HDEL', limits, task_type)
      end
    end
  end
end
local lines = redis.call('SMEMBERS', kinds)
if changed > 0 and #lines > 0 then
  redis.call('PUBLISH', root .. 'wake', table.concat(lines, '\n'))
end
return changed
