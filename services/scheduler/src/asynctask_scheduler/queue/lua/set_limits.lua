-- Replace the limits of running tasks by type: pairs of type and limit.
-- @keys    root limits kinds
-- @args    limited...
-- @returns how many there are; wakes every line, since any may have more room now
local before = redis.call('HGETALL', limits)
redis.call('DEL', limits)
if limited_from <= #ARGV then
  redis.call('HSET', limits, unpack(ARGV, limited_from))
end
local after = redis.call('HGETALL', limits)
local lines = redis.call('SMEMBERS', kinds)
if #lines > 0 and table.concat(before, '\31') ~= table.concat(after, '\31') then
  redis.call('PUBLISH', root .. 'wake', table.concat(lines, '\n'))
end
return #after / 2
