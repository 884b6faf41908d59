-- Keep schedulers of the previous layout out of the cell: the two layouts do not know each other's leases. While one of
-- them is live, only return its name. Otherwise note this replica where they look for others, with options that none of
-- them has, so that none of them joins. If they worked after schedulers of this layout, the data here is outdated:
-- delete the marker, so that the store is rebuilt.
-- @keys    former_replicas former_reaper marker reaper
-- @args    replica fresh_ms:number
-- @include clock
-- @returns name of a live scheduler of the previous layout, or ''
local OURS = '0 0'
local now = clock()
local known = redis.call('HGETALL', former_replicas)
for i = 1, #known, 2 do
  local seen, told = string.match(known[i + 1], '^(%d+) (.*)$')
  -- A time in the future was written before the clock was set back: delete it, too.
  if math.abs(now - seen) > fresh_ms then
    redis.call('HDEL', former_replicas, known[i])
  elseif told ~= OURS then
    return known[i]
  end
end
local theirs = redis.call('HGET', former_reaper, 'tick_ms')
if theirs then
  if tonumber(theirs) > tonumber(redis.call('HGET', reaper, 'tick_ms') or '-inf') then
    redis.call('DEL', marker)
  end
  redis.call('DEL', former_reaper)
end
redis.call('HSET', former_replicas, replica, string.format('%.0f %s', now, OURS))
return ''
